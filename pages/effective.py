"""What does it really look at?"""

from functools import partial
from itertools import count

import streamlit as st

from core.design.code import design_code
from core.figures.erf import convergence
from core.live import Measurement, prove
from pages.bar import depth
from pages.effective_field import views, words
from pages.effective_field.request import arrays, request, view
from pages.frame import screen, shell
from pages.parts import controls, picks, share
from pages.work import jobs

frame = shell.frame()
with frame.controls:
    depth.control(frame.text, frame.design, plays=False)
    unit = controls.output_unit(frame.analysis, "centre")
    controls.number("samples", "Samples", width=118)

wanted = request(frame, unit)
picture, details = st.container(key="main_picture").empty(), st.container()


pictures = count()


def draw(part: Measurement) -> None:
    """The picture so far. Each has a place of its own: of one key there may be one place in a run."""
    with picture.container(), screen.figure_place(f"effective_part_{next(pictures)}", "row"):
        st.plotly_chart(views.maps(view(wanted, part)), height="stretch")


result = jobs.run_job(
    wanted.samples, wanted.key, draw, lambda done, total, _: f"{done} of {total} samples", "Building the model"
)
shown = view(wanted, result)
figure = views.maps(shown)
insight = words.insight(shown, result)
frame.headline.header(insight, anchor=False)
with picture.container():
    share.chart(figure, "effective_field", insight, picks.pixel("effective_field"), shape="row")
with details:
    left, right = st.columns(2)
    with left:
        profile = "the middle row of the measured map, and its prediction"
        share.chart(views.profile(shown), "erf_profile", profile, shape="lower")
    with right:
        if len(result.history) > 2:
            falls = "the relative standard error falls like 1/√n"
            share.chart(convergence(result.history), "convergence", falls, shape="lower")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pixel = controls.input_pixel(frame.analysis.graph.input.size)
        if pixel is not None:
            st.markdown(words.pixel_sentence(shown, result, pixel), width="content")
    st.caption(words.recipe_caption(wanted, result, shown))
    if shown.prediction.share is None:
        st.info(f"No prediction: {shown.prediction.reason}.")
    typed = frame.design.network
    why = "All weights one: the gradient is the path count" if typed else "Proofs are of typed networks"
    if st.button("Prove it", icon=":material/check_circle:", help=why, disabled=typed is None) and typed:
        proof = prove(typed, "all" if unit is None else unit)
        (st.success if proof.equal else st.error)(words.proof_sentence(proof))
controls.folded_table("Values along the middle", "_values", partial(words.value_rows, shown))
controls.folded_table("How large is it?", "_sizes", partial(words.size_rows, shown))
with frame.corner:
    code = partial(design_code, frame.design)
    share.take_away(code, partial(share.to_html, figure, insight), partial(arrays, result, shown), "effective_field")
