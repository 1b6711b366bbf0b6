"""How many paths reach each pixel?"""

import streamlit as st

from core.figures.maps import pathway_map, profile
from core.network.pytorch_code import pytorch_code
from pages.shared import compute, controls, picks, share, shell, words

frame = shell.require()
network = frame.network
flat = len(network.size) == 1
with st.container(horizontal=True, vertical_alignment="bottom"):
    counted = controls.depth(network)
    view = controls.choice("view", "Show")
    outputs = controls.text("outputs", "Paths to", width=110, help="all outputs, or one unit: 7 or 7,7")

net = str(counted)
unit = controls.position(outputs, compute.graph(net).output.size, "output unit")
counts = compute.path_counts(net, unit)
measures = compute.imbalance(net, unit)
insight = words.paths_insight(counts, measures, unit)
frame.headline.subheader(insight, anchor=False)
picture = st.container()
inspector = st.container(horizontal=True, vertical_alignment="bottom")

if view == "tower":
    with inspector:
        axis = 0 if flat else ("height", "width").index(controls.choice("axis", "Along the"))
        picked = controls.cell(controls.text("cell", "Unit", width=130, help="row:position, or click a cell"))
        st.button("Clear", on_click=picks.clear, args=("cell",), disabled=picked is None)
    figure, drawn = compute.tower_drawing(str(counted.along(axis)), unit and unit[axis], picked)
    caption = words.tower_caption(drawn, counted, picked, counts)
    with picture:
        share.chart(figure, "tower", insight, picks.named("tower", "cell"))
else:
    with inspector:
        linear = controls.choice("scale", "Scale") == "linear"
        typed = controls.text("pixel", "Pixel", width=130, help="row,column, or click the map")
        pixel = controls.position(typed, counts.size, "pixel")
        st.button("Clear", on_click=picks.clear, args=("pixel",), disabled=pixel is None)
    caption = words.map_caption(counts, linear, drawn="heights" if view == "profile" or flat else "colours")
    with picture:
        if view == "profile" or flat:
            figure = profile(counts, linear, pixel)
            share.chart(figure, "profile", insight)
        else:
            figure = compute.path_map(net, unit, linear, pixel)
            left, right = st.columns([4, 3] if pixel else [1, 0.01])
            with left:
                share.chart(figure, "path_map", insight, picks.pixel("path_map"))
    if pixel is not None:
        reach = compute.reach_counts(net, pixel)
        told = words.pixel_sentence(counts, pixel, reach)
        inspector.markdown(told, width="content")
        controls.digits(inspector, counts.at(pixel))
        if view == "map" and not flat:
            with right:
                name = f"the outputs that pixel {typed} reaches"
                share.chart(pathway_map(reach, linear, height=480, name=name), "reach_map", told)

st.caption(caption)
controls.folded_table("How unequal is it?", "_measures", lambda: words.measure_rows(measures))
controls.folded_table("All counts", "_counts", lambda: words.count_rows(counts))
with frame.corner:
    share.take_away(lambda: pytorch_code(counted), figure, insight, lambda: share.exact_arrays(counts), "path_counts")
