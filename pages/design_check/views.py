"""One finding on the page: its head, its small pictures, its words, its fixes, and its large picture once opened."""

import plotly.graph_objects as go
import streamlit as st

from core.checks import Finding, Fix, tiling
from core.checks.pictures import named_layers, pictures
from core.design.analysis import DesignAnalysis
from core.figures.field import growth
from core.figures.finding import finding_maps, overlap_figure, scale_words
from core.figures.thumbnails import svg_image
from pages.design_check import words
from pages.design_check.report import Report
from pages.frame import settings
from pages.parts import share
from pages.receptive_field.words import drawn_layers, layer_name


def draw(report: Report, finding: Finding, is_open: bool) -> None:
    """One finding of a report, with its large picture and a button for every fix where it is open.

    What stands still is one element: each takes a fifth of a millisecond of the processor, and a report has many.
    """
    with st.container(border=True, key=f"finding_{finding.code}"):
        st.markdown(words.card(finding, _thumbnails(report, finding), with_fixes=not is_open), unsafe_allow_html=True)
        if is_open:
            for place, fix in enumerate(_fixes(finding)):
                with st.container(
                    horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False
                ):
                    st.markdown(words.fix_words(fix))
                    _apply(finding, fix, place, "Apply")
        with st.container(horizontal=True):
            if finding.fix is not None and not is_open:
                _apply(finding, finding.fix, 0, "Apply the first fix" if finding.others else "Apply the fix")
            _open_button(finding, is_open)
        if is_open:
            _large(report.analysis, finding)


def _thumbnails(report: Report, finding: Finding) -> list[str]:
    drawings = report.thumbnails[finding.code]
    names = [f"{finding.title}, {when}" for when in ("before", "after")]
    return [svg_image(drawing, name) for drawing, name in zip(drawings, names, strict=False)]


def _fixes(finding: Finding) -> list[Fix]:
    return [] if finding.fix is None else [finding.fix, *finding.others]


def _open_button(finding: Finding, is_open: bool) -> None:
    st.button(
        "Close" if is_open else "Open",
        key=f"_open_{finding.code}",
        icon=":material/close_fullscreen:" if is_open else ":material/open_in_full:",
        on_click=_open,
        args=("" if is_open else finding.code,),
        help="its large picture, and a button for every fix",
        type="tertiary",
    )


def _apply(finding: Finding, fix: Fix, place: int, label: str) -> None:
    st.button(
        label,
        key=f"_apply_{finding.code}_{place}",
        on_click=settings.put_design,
        args=(str(fix.design.text),),
        help=words.sentence(fix.words),
    )


def picture_page(report: Report, finding: Finding, caption: str) -> str:
    """The large picture of a finding, of the design as it is, as a page of HTML."""
    return share.to_html(_figures(report.analysis, finding)[0][0], caption)


def _large(analysis: DesignAnalysis, finding: Finding) -> None:
    """The picture of a finding, with axes, and how it is read."""
    figures, reading = _figures(analysis, finding)
    names = ("Before", "After the first fix") if len(figures) > 1 else ("",)
    for column, figure, name in zip(st.columns(len(figures)), figures, names, strict=True):
        with column:
            if name:
                st.markdown(f"**{name}**")
            share.chart(figure, f"finding_map_{name[:6].lower()}", f"{finding.message}: {name}".removesuffix(": "))
    st.caption(reading)


def _figures(analysis: DesignAnalysis, finding: Finding) -> tuple[list[go.Figure], str]:
    """The large pictures of a finding, before and, where there is one, after the first fix; and how they are read."""
    if parts := pictures(finding, analysis):
        reading = f"{words.sentence(parts[0].shows)} Counts are exact; {scale_words(parts)} (floats)."
        return finding_maps(parts), reading
    if finding.code == "tiling" and (overlap := tiling.stated_overlap(analysis)) is not None:
        return [overlap_figure(analysis.graph.input.size, overlap)], words.tile(len(analysis.graph.input.size))
    return [_growth(analysis, named_layers(finding, analysis))], words.FIELDS


def _growth(analysis: DesignAnalysis, marked: set[int]) -> go.Figure:
    names, layers = drawn_layers(analysis, analysis.design)
    first = min(marked, default=0)
    if first not in layers:
        place = sum(layer < first for layer in layers)
        layers.insert(place, first)
        names.insert(place, layer_name(analysis.graph, first))
    rows = {row for row, layer in enumerate(layers) if layer in marked}
    return growth(names, [analysis.fields[layer][-1] for layer in layers], analysis.unit[-1], rows)


def opened(report: Report) -> str:
    """The code of the finding whose picture is large, as the URL has it; nothing where the design has no such one."""
    if st.session_state.pop("finding", None) == "":  # let go of, with the design or by a reset
        _open("")
    code = str(settings.value("finding"))
    if code and report.finding(code) is None:
        st.info(f"The link opens the finding {code!r}, which this design does not have.", icon=":material/info:")
    return code


def _open(code: str) -> None:
    """Makes the picture of a finding large, or with no code none; a callback."""
    settings.go_alone()
    if code:
        st.query_params["finding"] = code
    elif "finding" in st.query_params:
        del st.query_params["finding"]
