"""What helps?"""

from functools import partial

import streamlit as st

from core.comparison import ranked
from core.design.code import design_code
from pages.bar import depth
from pages.frame import shell
from pages.parts import controls, share
from pages.parts.tables import arrow_table
from pages.remedy_ranking import request, views, words

frame = shell.frame()
with frame.controls:
    depth.control(frame.text, frame.design, plays=False)
    view = controls.choice("view", "Show")
    rank = controls.choose("rank", "Rank by", width=180, help=words.RANK_HELP)
chosen, place = st.container(key="remedies_chosen"), st.container(key="main_picture").container()
below = st.container()

if view == "question":
    with place:
        insight, figure, rows = views.question(frame.headline, frame.design.network)
else:
    comparison = request.comparison(request.request(frame, chosen))
    order = ranked(comparison, rank)
    insight = words.insight(order, comparison, rank)
    frame.headline.header(insight, anchor=False)
    with below.container(horizontal=True, vertical_alignment="bottom"):
        pixel = controls.input_pixel(frame.analysis.graph.input.size)
    with place:
        if view == "field":
            from pages.remedy_ranking import fields

            figure = fields.fields(comparison, order, pixel)
        else:
            draw = views.differences if view == "differences" else views.maps
            figure = draw(comparison, order, pixel, rank)
    rows = words.rows(order, rank)
    st.dataframe(arrow_table(rows), hide_index=True, column_config=words.columns(), alt=insight.replace("**", ""))
    st.caption(words.TABLE_CAPTION)
    about = partial(words.remedy_rows, comparison)
    controls.folded_table("What each does, what it costs, where it comes from", "_about", about)
with frame.corner:
    share.take_away(
        partial(design_code, frame.design),
        partial(share.to_html, figure, insight),
        partial(words.arrays, rows),
        "remedies",
    )
