"""How far does a unit see?"""

from functools import partial

import streamlit as st

from core.design.code import design_code
from core.figures.field import growth, nested
from pages.bar import depth
from pages.frame import shell
from pages.parts import controls, picks, share
from pages.parts.words import columns
from pages.receptive_field import words

frame = shell.frame()
analysis, flat = frame.analysis, len(frame.analysis.graph.input.size) == 1
with frame.controls:
    depth.control(frame.text, frame.design)
    view = "layers" if flat else controls.choice("view", "Show")
    unit = controls.output_unit(analysis, "centre") or analysis.unit

insight = words.insight(analysis, unit)
frame.headline.header(insight, anchor=False)
picture = st.container(key="main_picture")
axis = 0 if view == "input" else controls.drawn_axis(1 if flat else 2)
names, rows_shown = words.drawn_layers(analysis, frame.design)
fields = [analysis.fields[index] for index in rows_shown]
idle = set(analysis.unproductive)
if view == "input":
    figure = nested(names, fields, (unit[0], unit[1]))
else:
    marked = {row for row, index in enumerate(rows_shown) if index in idle}
    figure = growth(names, [along[axis] for along in fields], unit[axis], marked)
with picture:
    picked = picks.named("receptive_field", "unit")
    share.chart(figure, "receptive_field", insight, picked, "square" if view == "input" else "")
st.caption(words.caption(view, analysis))
for sentence in words.remarks(analysis):
    st.markdown(sentence)

rows = words.rows(analysis)
controls.folded_table("Every layer", "_layers", lambda: rows)
with frame.corner:
    share.take_away(
        partial(design_code, frame.design),
        partial(share.to_html, figure, insight),
        partial(columns, rows),
        "receptive_fields",
    )
