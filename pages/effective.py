"""What does it really look at?"""

from functools import partial

import streamlit as st
from pages.shared import compute, controls, erf_words, jobs, live, picks, share, shell

from core.figures.erf import convergence
from core.live import Measurement, measure, prove
from core.network.pytorch_code import pytorch_code

frame = shell.require()
network = frame.network
with st.container(horizontal=True, vertical_alignment="bottom"):
    counted = controls.depth(network)
    typed = controls.text("target", "Output", width=100, help="centre, all, or one unit: 7 or 7,7")
    controls.number("samples", "Samples", width=118)

net = str(counted)
goal = live.target(typed, compute.graph(net).output.size)
recipe, caption, key = live.recipe(counted, goal)
picture, details = st.empty(), st.container()


def draw(part: Measurement) -> None:
    """The picture so far."""
    picture.plotly_chart(live.figure(net, goal, part)[0])


result = jobs.measurement(partial(measure, counted, recipe), key, draw)
figure, view = live.figure(net, goal, result)
insight = erf_words.erf_insight(view, result)
frame.headline.subheader(insight, anchor=False)
with picture.container():
    share.chart(figure, "effective_field", insight, picks.pixel("effective_field"))
with details:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pixel = controls.position(
            controls.text("pixel", "Pixel", width=130, help="row,column, or click the measured map"),
            network.size,
            "pixel",
        )
        st.button("Clear", on_click=picks.clear, args=("pixel",), disabled=pixel is None)
        if pixel is not None:
            st.markdown(erf_words.pixel_sentence(view, result, pixel), width="content")
    st.caption(erf_words.recipe_caption(caption, result, view))
    if view.prediction.share is None:
        st.info(f"No prediction: {view.prediction.reason}.")
    left, right = st.columns(2)
    with left:
        share.chart(live.profile(view), "erf_profile", "the middle row of the measured map, and its prediction")
    with right:
        if len(result.history) > 2:
            share.chart(convergence(result.history), "convergence", "the relative standard error falls like 1/√n")
    if st.button("Prove it", icon=":material/check_circle:", help="All weights one: the gradient is the path count"):
        proof = prove(counted, goal)
        (st.success if proof.equal else st.error)(erf_words.proof_sentence(proof))
controls.folded_table("Values along the middle", "_values", lambda: erf_words.value_rows(view))
controls.folded_table("How large is it?", "_sizes", lambda: erf_words.size_rows(view))
with frame.corner:
    share.take_away(
        lambda: pytorch_code(counted), figure, insight, lambda: live.arrays(result, view), "effective_field"
    )
