"""The command ``sizes``: which inputs fit a design, what each makes of it, and which stage sees which object whole."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from ..checks import findings_at_size
from ..design.object_table import ObjectSight, StageRow, object_table
from ..design.size_table import Size, SizeReport, SizeRow, finding_table, size_report, sizes_of
from ..exact.size_pattern import Pattern
from ..formatting import format_measure, format_percent, length_number, measure_number
from ..network.axes import axis_names
from ..network.graph import Graph, size_text
from .arguments import Parser
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

_NOTES = """\
A size divides evenly where every window ends with the last sample or padding: "left over" is what lies after the last
windows, of all layers and axes. Uneven padding are positions of padding that windows with a stride read on one side and
not on the other: where the last window drops them, or where they were given so. Each size of the table is counted, and
checked; the formula of the output, and the remainders of the possible and of the even sizes, are planned and left out
where a size of the table turns out otherwise.
--json prints {"design", "network", "gates", "formula", "possible", "even", "smallest", "demands", "reason", "sizes":
[{"input", "output", "even", "left_over", "uneven_padding", "unread", "unproductive", "parity", "corner_centre",
"multiply_adds", "reason", "findings": [{"code", "severity", "title", "number"}, ...]}, ...], "stages"}: formula,
possible, even and smallest have one value per axis, possible and even being {"modulus", "residues"}; demands,
[{"layer", "axis", "modulus", "residues"}, ...], are the layers that ask for even sizes. An input that is impossible has
output null, and its reason. stages, null without --objects: [{"stage", "output", "field", "stride", "objects":
[{"object", "share", "units"}, ...]}, ...], with the share of the places at which a unit sees the object whole, and the
least and the most units that do. A model has "model" and "stage" in place of "network".
"""


def run(argv: list[str]) -> None:
    """Prints the sizes near those asked about, and with ``--objects`` what each stage sees whole."""
    parser = Parser(
        "sizes",
        "Which input sizes fit, and which divide evenly.",
        "ResNet-50 --near 224,256 --objects 16,32,64",
        _NOTES,
    )
    parser.add_argument("--near", metavar="N,N", help="input sizes, as in 224,256 or 192x256; its own else")
    parser.add_argument("--objects", metavar="N,N", help="objects or anchor boxes, as in 16,32 or 16x32")
    arguments = parser.parse_args(argv)
    subject = design_argument(arguments)
    analysis = subject.analysis
    with prints_aside():
        graph = analysis.graph
        axes = len(graph.input.size)
        near = [graph.input.size] if arguments.near is None else sizes_of(arguments.near, axes)
        report = size_report(analysis, near, findings=findings_at_size)
        stages = None if arguments.objects is None else object_table(analysis, sizes_of(arguments.objects, axes))
    if arguments.json:
        print(json.dumps({**subject.document, "gates": subject.gates, **_document(report, stages, graph)}))
    else:
        print("\n".join(_text(subject, report, stages)))


def _document(report: SizeReport, stages: list[StageRow] | None, graph: Graph) -> dict[str, object]:
    patterns = report.patterns or ()
    known = report.patterns is not None
    demands = [
        {"layer": graph.name(demand.node), "axis": axis, **_pattern(demand.sizes)}
        for axis, pattern in enumerate(patterns)
        for demand in pattern.demands
    ]
    return {
        "formula": report.formulas,
        "possible": [pattern.possible and _pattern(pattern.possible) for pattern in patterns] if known else None,
        "even": [pattern.even and _pattern(pattern.even) for pattern in patterns] if known else None,
        "smallest": [pattern.smallest for pattern in patterns] if known else None,
        "demands": demands if known else None,
        "reason": report.reason,
        "sizes": [_row_document(row) for row in report.rows],
        "stages": None if stages is None else [_stage_document(row) for row in stages],
    }


def _pattern(pattern: Pattern) -> dict[str, object]:
    return {"modulus": pattern.modulus, "residues": pattern.residues}


def _row_document(row: SizeRow) -> dict[str, object]:
    measures = {name: measure_number(getattr(row, name)) for name in ("unread", "parity", "corner_centre")}
    return {
        "input": row.size,
        "output": row.output,
        "even": row.even if row.possible else None,
        "left_over": row.left_over,
        "uneven_padding": row.uneven_padding,
        "unproductive": row.unproductive,
        **measures,
        "multiply_adds": row.multiply_adds,
        "reason": row.reason,
        "findings": None if row.findings is None else [asdict(one) for one in row.findings],
    }


def _stage_document(row: StageRow) -> dict[str, object]:
    return {
        "stage": row.name,
        "output": row.output,
        "field": row.field,
        "stride": [None if stride is None else length_number(stride) for stride in row.stride],
        "objects": [{"object": one.size, "share": float(one.share), "units": one.units} for one in row.objects],
    }


def _text(subject: DesignArgument, report: SizeReport, stages: list[StageRow] | None) -> Iterator[str]:
    graph = subject.analysis.graph
    yield from columns([*subject.head, *subject.gate_rows, *_said(report, graph)], "<<")
    yield ""
    yield from columns([["input", "output", "evenly", "left over", "uneven padding", "unread", "unproductive", "parity",
                         "corner/centre", "multiply-adds", ""], *map(_cells, report.rows)], "<<<>>>>>>><")  # fmt: skip
    yield from _findings(report)
    if stages is not None:
        objects = [size_text(_short(one.size)) for one in stages[0].objects] if stages else []
        yield ""
        yield "Of the places of an object inside the input, those at which a unit sees it whole; and how many units do."
        head = ["stage", "output", "field", "stride", *objects]
        yield from columns([head, *map(_stage_cells, stages)], "<" + ">" * (len(head) - 1))


def _said(report: SizeReport, graph: Graph) -> Iterator[list[str]]:
    """What holds for all sizes, once where all axes agree."""
    if report.formulas is None or report.patterns is None:
        yield ["no formula", report.reason or ""]
        return
    said = []
    for formula, pattern in zip(report.formulas, report.patterns, strict=True):
        smallest = f", from {pattern.smallest} on" if pattern.smallest is not None else ""
        possible = "not known" if pattern.possible is None else f"{pattern.possible}{smallest}"
        rows = [["output", formula], ["possible", possible], ["evenly", str(pattern.even or "not known")]]
        rows += [["asked by", f"{graph.name(one.node)}: {one.sizes}"] for one in pattern.demands]
        said.append(rows)
    for name, rows in zip(
        axis_names(len(said)), said[:1] if all(rows == said[0] for rows in said) else said, strict=False
    ):
        mark = "" if all(other == said[0] for other in said) else f" in {name}"
        yield from ([f"{key}{mark}", words] for key, words in rows)


def _cells(row: SizeRow) -> list[str]:
    if row.output is None:
        return [size_text(row.size), "impossible", *[""] * 8, row.reason or ""]
    return [
        size_text(row.size),
        size_text(row.output),
        "yes" if row.even else "no",
        str(row.left_over),
        str(row.uneven_padding),
        "-" if row.unread is None else format_percent(row.unread),
        str(row.unproductive),
        format_measure(row.parity),
        format_measure(row.corner_centre),
        f"{row.multiply_adds:,}",
        row.reason or "",
    ]


def _findings(report: SizeReport) -> Iterator[str]:
    """What is found at each size, side by side: how much, or a dash."""
    rows = [row for row in report.rows if row.findings is not None]
    found = finding_table(report.rows)
    if found:
        yield ""
        head = ["found", *(size_text(row.size) for row in rows)]
        yield from columns([head, *([title, *cells] for title, cells in found)], "<" + ">" * len(rows))


def _stage_cells(row: StageRow) -> list[str]:
    strides = ["-" if stride is None else str(length_number(stride)) for stride in row.stride]
    stride = strides[0] if len(set(strides)) == 1 else "x".join(strides)
    return [row.name, size_text(row.output), size_text(_short(row.field)), stride, *map(_seen, row.objects)]


def _seen(one: ObjectSight) -> str:
    """``75 %, 0..4`` of an object; ``-`` where no unit sees it whole."""
    least, most = one.units
    return f"{format_percent(one.share)}, {least if least == most else f'{least}..{most}'}" if most else "-"


def _short(size: Size) -> Size:
    return size[:1] if len(set(size)) == 1 else size
