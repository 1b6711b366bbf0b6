"""What helps?"""

from functools import partial

import streamlit as st
from pages.shared import controls, models, picks, remedy_fields, remedy_views, remedy_words, remedying, share, shell

from core.comparison import ranked
from core.design.design import Design
from core.design.typed import TypedDesign
from core.network.pytorch_code import pytorch_code

frame = shell.require()
with st.container(horizontal=True, vertical_alignment="bottom"):
    subject = controls.choice("subject", "Change the")
    view = controls.choice("compare", "Show")
    rank = controls.choose("rank", "Rank by", width=180)
chosen, place = st.container(), st.container()
below = st.container(horizontal=True, vertical_alignment="bottom")
network = frame.network
if subject == "network":
    with below:
        network = controls.depth(network)
design: Design = TypedDesign(network)
name, code = str(network), partial(pytorch_code, network)
if subject == "model":
    design, key = models.chosen(frame.side)
    models.refuse_gaps(design)
    name, code = str(key), partial(models.code, key)

if view == "question":
    with place:
        insight, figure, rows = remedy_views.question(frame.headline, network)
else:
    with frame.side:
        remedying.written()
    with chosen:
        wanted = remedying.asked(design, name)
        found = remedying.comparison(wanted)
    order = ranked(found, rank)
    insight = remedy_words.insight(order, found, rank)
    if view == "pins":
        best = next((each.network for each in order if each.network and each.remedies), None)
        with chosen:
            found = remedying.pins(network, best)
        order = ranked(found, rank)
        insight = remedy_words.pinned_insight(found, rank)
    frame.headline.subheader(insight, anchor=False)
    with below:
        typed = controls.text("pixel", "Pixel", width=130, help="row,column, or click any map")
        pixel = controls.position(typed, found.original.analysis.counts.size, "pixel")
        st.button("Clear", on_click=picks.clear, args=("pixel",), disabled=pixel is None)
    with place:
        draw = {"maps": remedy_views.maps, "differences": remedy_views.differences, "pins": remedy_views.pins}
        figure = (draw.get(view) or remedy_fields.fields)(found, order, pixel, rank)
    names = remedy_words.labels(found) if view == "pins" else {}
    rows = remedy_words.rows(order, rank, names)
    st.dataframe(rows, hide_index=True, column_config=remedy_words.columns(), alt=insight.replace("**", ""))
    st.caption(remedy_words.TABLE_CAPTION)
    if subject == "model":
        st.caption("All other remedies rewrite the text of a typed network; a PyTorch model has none.")
    if view != "pins":
        about = partial(remedy_words.remedy_rows, found)
        controls.folded_table("What each does, what it costs, where it comes from", "_remedies", about)
with frame.corner:
    share.take_away(code, figure, insight, partial(remedy_words.arrays, rows), "remedies")
