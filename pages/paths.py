"""How many paths reach each pixel?"""

from functools import partial

import streamlit as st

from core.design.code import design_code
from core.exact.tower import MAX_LENGTH
from pages.bar import depth
from pages.frame import landing, settings, shell
from pages.parts import controls, share, tower
from pages.parts.words import count_rows, measure_rows
from pages.path_counts import border_theory, shares, views, words
from pages.work import apart

frame = shell.frame()
analysis, size = frame.analysis, frame.analysis.graph.input.size
flat = len(size) == 1
with frame.controls:
    steps = depth.control(frame.text, frame.design, plays=not frame.folded, slides=not frame.folded)
    view = controls.choice("view", "Show", label_visibility="collapsed" if frame.folded else "visible")
    if frame.folded:
        landing.offer_more()
    unit = None if frame.folded else controls.output_unit(analysis, "all")

if not frame.folded and settings.value("reading") == "shares":
    shares.draw(frame, unit, view)
    st.stop()
apart.count(analysis, unit)
counts, measures = analysis.path_counts(unit), analysis.measures(unit)
insight = words.insight(analysis, unit, by_axis=view == "tower")
frame.headline.header(insight, anchor=False)
picture = st.container(key="main_picture")
inspector = st.container(horizontal=True, vertical_alignment="bottom")
if not frame.folded:
    with inspector:
        controls.choice("reading", "Counting")

if view == "tower" and flat and size[0] > MAX_LENGTH:
    view = "profile"
    st.caption(words.too_long(size[0]))
if view == "tower":
    axis, each = len(size) - 1, False
    picked: tower.Cells = ()
    if not frame.folded or settings.value("cell"):
        with inspector:
            axis = controls.drawn_axis(len(size))
            each = controls.choice("colour", "Colours over") == "each row"
            picked = controls.tower_cells()
    drawn = tower.drawing(frame, steps, axis, unit, picked, each, insight)
    caption = words.tower_caption(drawn.whole, analysis.graph, picked, counts)
    page = partial(tower.page, insight, {"": drawn})
    with picture:
        tower.show(drawn)
else:
    drawn_as = "colours" if view == "map" and not flat else "heights"
    with picture:
        if drawn_as == "colours":
            figure, linear = views.draw_map(frame, counts, unit, insight)
        else:
            figure, linear = views.draw_profile(frame, counts, insight)
    caption = words.map_caption(counts, linear, drawn=drawn_as)
    page = partial(share.to_html, figure, insight)

st.caption(caption)
controls.folded_table("How unequal is it?", "_measures", partial(measure_rows, measures))
controls.folded_table("All counts", "_counts", partial(count_rows, counts))
if not frame.folded:
    border_theory.draw(frame, unit)
    with frame.corner:
        share.take_away(partial(design_code, frame.design), page, partial(share.exact_arrays, counts), "paths")
