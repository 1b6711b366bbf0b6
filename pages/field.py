"""How far does a unit see?"""

from functools import partial

import streamlit as st

from core.design.code import design_code
from core.figures.field import growth, nested
from core.network.axes import place_names
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
axes = len(frame.analysis.graph.input.size)
axis = 0 if view == "input" and axes == 2 else controls.drawn_axis(axes)
names, rows_shown = words.drawn_layers(analysis, frame.design)
fields = [analysis.fields[index] for index in rows_shown]
idle = set(analysis.unproductive)
if view == "input":
    seen = [index for index in range(axes) if axes == 2 or index != axis]  # of three axes those across the chosen one
    across = [tuple(along[index] for index in seen) for along in fields]
    figure = nested(names, across, (unit[seen[0]], unit[seen[1]]), tuple(place_names(axes)[index] for index in seen))
else:
    marked = {row for row, index in enumerate(rows_shown) if index in idle}
    figure = growth(names, [along[axis] for along in fields], unit[axis], marked)
with picture:
    picked = picks.named("receptive_field", "unit") if axes < 3 else None
    share.chart(figure, "receptive_field", insight, picked, "square" if view == "input" else "")
st.caption(words.caption(view, analysis, axis))
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
