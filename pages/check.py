"""What is wrong with my design?"""

from functools import partial

import streamlit as st

from core.design.code import design_code
from core.figures.cuts import profile
from pages.bar import depth
from pages.design_check import input_sizes, views, words
from pages.frame import shell
from pages.parts import controls, share
from pages.parts.tables import arrow_table
from pages.parts.words import columns
from pages.work import apart, cache

frame = shell.frame()
with frame.controls:
    depth.control(frame.text, frame.design, plays=False)
    smallest = controls.number("object", "Object side", width=150, help="pixels a unit must see whole; 0: not stated")

report = apart.report(frame.key, frame.analysis, smallest)
insight = words.insight(report.findings)
frame.headline.header(insight, anchor=False)
code = partial(design_code, frame.design)
if not report.findings:
    input_sizes.fold(frame.key, report.analysis)
    counts = report.analysis.counts
    flat = len(counts.size) == 1
    figure = profile(counts, True) if flat else cache.path_map(str(frame.text), frame.analysis.gates, None, False, ())
    share.chart(figure, "clean", insight)
    st.caption("Paths from each pixel to all outputs are counted exactly; colours and heights are floats.")
    with frame.corner:
        share.take_away(code, partial(share.to_html, figure, insight), partial(share.exact_arrays, counts), "paths")
    st.stop()

opened = views.opened(report)
for finding in report.findings:
    views.draw(report, finding, finding.code == opened)
st.markdown(f":small[:gray[{words.READING}]]\n\n**All findings**")
st.table(arrow_table(words.summary(report.findings)), hide_index=True, alt="All findings, one row each")
input_sizes.fold(frame.key, report.analysis)
with frame.corner:
    shown = report.finding(opened) or report.findings[0]
    picture = partial(views.picture_page, report, shown, insight)
    share.take_away(code, picture, lambda: columns(words.rows(report.findings)), "findings")
