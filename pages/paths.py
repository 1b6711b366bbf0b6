"""How many paths reach each pixel?"""

from functools import partial

import streamlit as st

from core.design.code import design_code
from core.figures.maps import pathway_map, profile
from pages.bar import depth
from pages.frame import shell
from pages.parts import controls, picks, share, tower
from pages.parts.words import count_rows, measure_rows
from pages.path_counts import words
from pages.work import apart, cache

frame = shell.frame()
analysis, size = frame.analysis, frame.analysis.graph.input.size
flat = len(size) == 1
with st.container(horizontal=True, vertical_alignment="bottom"):
    steps = depth.control(frame.text, frame.design)
    view = controls.choice("view", "Show")
    unit = controls.output_unit(analysis, "all")

apart.count(analysis, unit)
counts, measures = analysis.path_counts(unit), analysis.measures(unit)
insight = words.insight(analysis, unit)
frame.headline.header(insight, anchor=False)
picture = st.container()
inspector = st.container(horizontal=True, vertical_alignment="bottom")

if view == "tower":
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
    with inspector:
        linear = controls.choice("scale", "Scale") == "linear"
        pixel = controls.input_pixel(counts.size)
    caption = words.map_caption(counts, linear, drawn="heights" if view == "profile" or flat else "colours")
    with picture:
        if view == "profile" or flat:
            figure = profile(counts, linear, pixel)
            share.chart(figure, "profile", insight)
        else:
            figure = cache.path_map(str(frame.text), analysis.gates, unit, linear, pixel)
            left, right = st.columns([4, 3] if pixel else [1, 0.01])
            with left:
                share.chart(figure, "path_map", insight, picks.pixel("path_map"))
    page = partial(share.to_html, figure, insight)
    if pixel is not None:
        reach = analysis.reach_counts(pixel)
        sentence = words.pixel_sentence(counts, pixel, reach)
        inspector.markdown(sentence, width="content")
        controls.digits(inspector, counts.at(pixel))
        if view == "map" and not flat and len(reach.size) == 2:
            with right:
                share.chart(pathway_map(reach, linear, height=480, name=words.reached(pixel)), "reach_map", sentence)

st.caption(caption)
controls.folded_table("How unequal is it?", "_measures", partial(measure_rows, measures))
controls.folded_table("All counts", "_counts", partial(count_rows, counts))
with frame.corner:
    share.take_away(partial(design_code, frame.design), page, partial(share.exact_arrays, counts), "paths")
