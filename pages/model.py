"""What does your model see?"""

from functools import partial

import streamlit as st

from core.figures.erf import comparison
from core.figures.field import growth
from core.figures.maps import pathway_map, profile
from core.live import Measurement
from pages.shared import controls, effective, jobs, model_words, models, picks, share, shell, words

frame = shell.require()
design, key = models.chosen(frame.side)
models.refuse_gaps(design)
size = design.graph.input.size
flat = len(size) == 1
controls_row = st.container(horizontal=True, vertical_alignment="bottom")
with controls_row:
    view = controls.choice("aspect", "Show")
    typed = ""
    if view == "map":
        typed = controls.text("outputs", "Paths to", width=110, help="all outputs, or one unit: 7 or 7,7")
unit = controls.position(typed, design.graph.output.size, "output unit")
counts, measures = models.counts(key, unit), models.measures(key, unit)
insight = model_words.model_insight(design, counts, measures, unit)
arrays = partial(share.exact_arrays, counts)

if view == "effective":
    with controls_row:
        target = controls.text("target", "Output", width=100, help="centre, all, or one unit: 3 or 3,3")
        controls.number("samples", "Samples", width=118)
    of = effective.subject(frame.side, design, key, target)
    closed, picture = effective.told(of), st.empty()
    expected, box = effective.shares(closed.expected), effective.box(design, closed.expected)
    picture.plotly_chart(comparison(expected, None, box))

    def draw(part: Measurement) -> None:
        """The picture so far."""
        picture.plotly_chart(comparison(effective.measured_shares(part), expected, box))

    count = controls.current("samples")
    found = jobs.measurement(partial(effective.samples, of, count), f"{of.key}|{count}", draw)
    insight = model_words.effective_insight(design, closed, found)
    arrays = partial(model_words.effective_arrays, closed, found)
    figure = comparison(effective.measured_shares(found), expected, box)
    with picture.container():
        share.chart(figure, "effective_field", insight)
    st.caption(model_words.effective_caption(closed, found, of))
elif view == "fields":
    names, fields, at = models.stage_fields(key)
    insight = model_words.fields_insight(design, names[-1], fields[-1])
    figure = growth(names, fields, at, set())
    share.chart(figure, "stage_fields", insight)
    st.caption("Each bar: what the middle unit of a stage sees, its gates left out. Grey: the input. Pale: padding.")
elif view == "map":
    picture = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        linear = controls.choice("scale", "Scale") == "linear"
        pixel = controls.position(controls.text("pixel", "Pixel", width=130), size, "pixel")
        st.button("Clear", on_click=picks.clear, args=("pixel",), disabled=pixel is None)
        if pixel is not None:
            st.markdown(model_words.pixel_sentence(counts, pixel), width="content")
            controls.digits(st.container(), counts.at(pixel))
    with picture:
        if flat:
            figure = profile(counts, linear, pixel)
            share.chart(figure, "profile", insight)
        else:
            figure = pathway_map(counts, linear, pixel)
            share.chart(figure, "path_map", insight, picks.pixel("path_map"))
    told = words.map_caption(counts, linear, drawn="heights" if flat else "colours")
    st.caption(told + model_words.gates_caption(design))
frame.headline.subheader(insight, anchor=False)
if design.model.changes:
    st.info(models.padding_sentence(key), icon=":material/compare_arrows:")
controls.folded_table("How unequal is it?", "_measures", lambda: words.measure_rows(measures))
controls.folded_table("Every stage", "_stages", lambda: models.stage_rows(key))
with frame.corner:
    share.take_away(lambda: models.code(key), figure, insight, arrays, "path_counts")
