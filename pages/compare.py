"""How do designs differ?"""

from functools import partial
from importlib import import_module

import streamlit as st

from core.design.code import design_code
from pages.bar import depth
from pages.design_comparison import layout, request, views, words
from pages.frame import shell
from pages.parts import controls, share
from pages.parts.tables import arrow_table

frame = shell.frame()
with frame.controls:
    depth.control(frame.text, frame.design)
    view = controls.choice("view", "Show")
designs = request.request(frame)
measures = view == "effective"  # bit by bit: what is drawn is drawn again
picture_place = st.empty() if measures else st.container()
inspector = st.container(horizontal=True, vertical_alignment="bottom")

usual = "centre" if view in ("field", "effective") else "all"
with inspector:
    unit = controls.text("unit", "Output unit", width=120, placeholder=usual, help="centre, all, or one unit: 7 or 7,7")
    cells = controls.tower_cells() if view == "tower" else ()
    pixel = layout.pixel(designs) if view in ("map", "profile", "effective") else ""
    axis = layout.axis(designs) if view in ("tower", "profile", "field") else 0
    linear = view in ("map", "profile") and controls.choice("scale", "Scale") == "linear"
columns = layout.columns(len(designs.panes))
if view == "tower":
    picture = views.towers(designs, axis, unit, cells)
elif view == "map":
    picture = views.maps(designs, linear, unit, pixel, columns)
elif view == "profile":
    picture = views.profiles(designs, linear, axis, unit, pixel)
elif view == "field":
    picture = views.fields(designs, axis, unit)
else:
    with inspector:
        seed = controls.number("seed", "Seed", width=120)
    effective = import_module("pages.design_comparison.effective")  # loads PyTorch
    picture = effective.effective(designs, unit, pixel, seed, columns, layout.progress(picture_place, designs, columns))

headline = picture.headline
frame.headline.header(headline, anchor=False)
with picture_place.container() if measures else picture_place:
    layout.draw(designs, picture, columns, shape="pane")
layout.differences(designs, picture, columns)
rows = layout.table(designs, view, unit, pixel)
if rows:
    st.dataframe(arrow_table(rows), hide_index=True, column_config=words.columns(), alt=headline.replace("**", ""))
    st.caption(words.TABLE_CAPTION)
with frame.corner:
    if picture.drawn and rows:
        more = [share.File("All figures, HTML", "comparison_all.html", partial(layout.handout, designs, picture))]
        code = partial(design_code, frame.design)
        first = partial(layout.handout, designs, picture, only_first=True)
        share.take_away(code, first, partial(words.arrays, rows), "comparison", more)
