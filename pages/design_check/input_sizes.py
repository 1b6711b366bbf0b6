"""Input sizes side by side: which fit, which divide evenly, and what each makes of the design."""

import streamlit as st

from core.design.analysis import DesignAnalysis
from core.design.object_table import StageRow, object_table
from core.design.size_table import SizeReport, SizeRow, finding_table, sizes_of
from core.errors import UserError
from core.formatting import counted_noun, format_list, format_measure, format_percent, length_number
from core.network.axes import axis_names
from core.network.graph import size_text
from pages.design_check.words import Row, rounded, sentence, typeset
from pages.frame import settings
from pages.parts import controls
from pages.parts.tables import arrow_table
from pages.work import apart

_KEY = "_input_sizes"
_NEVER = " It never divides evenly: layers ask for sizes that exclude each other."


def fold(key: str, analysis: DesignAnalysis) -> None:
    """A fold with the table, open where the link names sizes; who follows a class sees the table of its link."""
    named = str(settings.value("sizes"))
    if settings.follows():
        if named:
            _draw(key, analysis, named)
        return
    place = st.expander("Which input sizes fit?", expanded=bool(named), on_change="rerun", key=_KEY)
    if place.open:
        with place:
            words = "up to eight, as in 224,256,384 or 192x256; none: the design's own, and those near it"
            _draw(
                key, analysis, controls.text("sizes", "Input sizes", width=300, placeholder="224,256,384", help=words)
            )


def _draw(key: str, analysis: DesignAnalysis, named: str) -> None:
    try:
        sizes = tuple(sizes_of(named, len(analysis.graph.input.size))) if named else ()
        report = apart.input_sizes(key, analysis, sizes)
    except UserError as error:
        st.error(str(error))
        return
    st.markdown(said(report, analysis))
    st.table(arrow_table(rows(report.rows)), hide_index=True, alt="What each input size makes of the design")
    if findings := found(report.rows):
        st.table(arrow_table(findings), hide_index=True, alt="What checks find at each input size")
    if reasons := [f"{_name(row)}: {typeset(row.reason)}" for row in report.rows if row.reason]:
        st.caption("  \n".join(reasons))
    st.caption(READING)
    if analysis.object_size:
        _objects(analysis, analysis.object_size)


READING = (
    "A size divides evenly where every window ends with the last sample or padding; uneven padding is what windows "
    "with a stride read on one side and not on the other. Neighbours and the corner are "
    "exact counts of paths at that size; none of it promises accuracy."
)


def said(report: SizeReport, analysis: DesignAnalysis) -> str:
    """The formula of the output and the sizes that fit, for each axis or for all."""
    if report.formulas is None or report.patterns is None:
        return sentence(report.reason or "")
    told = []
    for formula, pattern in zip(report.formulas, report.patterns, strict=True):
        words = f"An input of n positions gives **{formula.replace('-', '−').replace('*', '·')}**."
        if pattern.possible is not None and pattern.possible.modulus > 1:
            words += f" It is possible where **{pattern.possible}**."
        if pattern.even is not None:
            words += f" It divides evenly where **{pattern.even}**." if pattern.even.residues else _NEVER
            asked = [f"{analysis.graph.name(one.node)} asks for {one.sizes}" for one in pattern.demands]
            words += f"  \n:small[{sentence('; '.join(asked))}]" if asked else ""
        told.append(words)
    if len(set(told)) == 1:
        return told[0]
    return "\n\n".join(f"{name.capitalize()}: {words}" for name, words in zip(axis_names(len(told)), told, strict=True))


def rows(sizes: tuple[SizeRow, ...]) -> list[Row]:
    """One column for each size."""
    table = {
        "Output": [typeset(size_text(row.output)) if row.output else "impossible" for row in sizes],
        "Divides evenly": [_cell(row, "yes" if row.even else "no") for row in sizes],
        "Left over": [_cell(row, counted_noun(row.left_over or 0, "position")) for row in sizes],
        "Uneven padding": [_cell(row, counted_noun(row.uneven_padding or 0, "position")) for row in sizes],
        "Never read": ["–" if row.unread is None else format_percent(row.unread) for row in sizes],  # noqa: RUF001
        "Unproductive layers": [_cell(row, str(row.unproductive)) for row in sizes],
        "Neighbours differ": [_measure(row, "parity", " times") for row in sizes],
        "Corner over centre": [_measure(row, "corner_centre", "") for row in sizes],
        "Multiply-adds": [_cell(row, rounded(row.multiply_adds or 0)) for row in sizes],
    }
    return [{"Input": name, **dict(zip(map(_name, sizes), cells, strict=True))} for name, cells in table.items()]


def found(sizes: tuple[SizeRow, ...]) -> list[Row]:
    """What checks find at each size, one column for each; none where nothing is found at any."""
    names = [_name(row) for row in sizes if row.findings is not None]
    return [
        {"Found": title[0].upper() + title[1:], **dict(zip(names, map(typeset, cells), strict=True))}
        for title, cells in finding_table(sizes, "–")  # noqa: RUF001
    ]


def _cell(row: SizeRow, words: str) -> str:
    return words if row.possible else "–"  # noqa: RUF001


def _measure(row: SizeRow, name: str, unit: str) -> str:
    value = getattr(row, name)
    return "–" if value is None else f"{format_measure(value)}{unit}"  # noqa: RUF001


def _name(row: SizeRow) -> str:
    return typeset(size_text(row.size))


def _objects(analysis: DesignAnalysis, side: int) -> None:
    """Which stage sees an object of the stated side whole."""
    stages = object_table(analysis, [(side,) * len(analysis.graph.input.size)])
    st.markdown(object_words(stages, side))
    st.table(
        arrow_table(object_rows(stages)), hide_index=True, alt=f"Which stage sees an object of {side} pixels whole"
    )


def object_words(stages: list[StageRow], side: int) -> str:
    """The first stage that sees an object whole wherever it lies, if there is one."""
    first = next((row for row in stages if row.objects[0].share == 1), None)
    if first is not None:
        return f"An object of {side} pixels a side is seen whole by some unit, wherever it lies, **by {first.name}**."
    some = [row for row in stages if row.objects[0].share]
    if not some:
        return f"**No unit of any stage sees an object of {side} pixels a side whole.**"
    best = max(some, key=lambda row: row.objects[0].share)
    share = format_percent(best.objects[0].share)
    return f"An object of {side} pixels a side is seen whole at **{share}** of its places at most, by {best.name}."


def object_rows(stages: list[StageRow]) -> list[Row]:
    """One row for each stage."""
    return [
        {
            "Stage": row.name,
            "Map": typeset(size_text(row.output)),
            "Field": format_list(sorted({str(side) for side in row.field})),
            "Stride": format_list(sorted({"–" if one is None else str(length_number(one)) for one in row.stride})),  # noqa: RUF001
            "Seen whole at": format_percent(row.objects[0].share) + " of places",
            "By units": " to ".join(map(str, dict.fromkeys(row.objects[0].units))),
        }
        for row in stages
    ]
