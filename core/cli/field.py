"""The command ``field``: how far the units of each layer see, the theoretical receptive field."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..formatting import length_number
from ..network.graph import size_text
from ..network.operations import JOINS
from .arguments import Parser
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

Number = int | float | None
Cell = Number | list[Number]  # one value, or least and most

_NOTES = """\
The field of unit u begins at input position u * stride - padding and is size long; centre is the middle of unit 0's
field; unread are the positions, padding's included, that lie after a layer's last window.
--json prints {"design", "network", "gates", "layers": [{"layer", "output", "size", "stride", "padding", "centre",
"unread", ...}, ...]}, one value per axis in each list. size is [least, most] where units differ, and 0 for a unit that
sees nothing; padding and centre are null where unit 0 sees nothing; stride is null where branches of several strides
meet. Also given: "unread_input" (how many of the unread are samples, not padding), "branch_strides" (where several
meet, else null), "misaligned" ([least, most] distance between the centres of a join's branches, null where they agree),
"unproductive" (the layer reads maps whose field covers the whole input, and enlarges it; pooling a whole map does not
count), "gate" (the layer only makes a gate).
A model has "model" and "stage" in place of "network". A gate (squeeze-and-excitation, say) weighs a map by numbers made
from all of it, and the statistics of a normalisation over positions do so too; with them every later field would be the
whole input. So they are left out unless --gates is given, and named: "gates": {"read", "layers", "statistics"}.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What is told of one layer: a list with one entry per axis wherever there are axes."""

    name: str  # of the layer, short
    layer: str
    output: list[int]
    size: list[Cell]
    stride: list[Cell]
    padding: list[Cell]
    centre: list[Cell]
    unread: list[int]
    unread_input: list[int]
    branch_strides: list[Cell]
    misaligned: list[Cell]
    unproductive: bool
    gate: bool  # whether it only makes the numbers by which a map is weighed
    gated: bool  # whether such numbers weigh it, and are left out

    @property
    def document(self) -> dict[str, object]:
        """The row as JSON."""
        return {name: getattr(self, name) for name in Row.__slots__ if name not in ("name", "gated")}


def run(argv: list[str]) -> None:
    """Prints the field of every layer."""
    parser = Parser("field", "How far the units of each layer see: the theoretical receptive field.", "VGG-16", _NOTES)
    arguments = parser.parse_args(argv)
    subject = design_argument(arguments)
    with prints_aside():
        rows = list(rows_of(subject.analysis))
    if not arguments.json:
        print("\n".join(_text(subject, rows)))
        return
    layers = ",\n".join(json.dumps(row.document) for row in rows)
    head = json.dumps({**subject.document, "gates": subject.gates})
    print(f'{head[:-1]}, "layers": [{layers}]}}')


def rows_of(analysis: DesignAnalysis) -> Iterator[Row]:
    """The layers in order, those that only make a gate among them."""
    graph = analysis.graph
    for index in range(1, len(graph.nodes)):
        yield _row(analysis, index)


def _row(analysis: DesignAnalysis, index: int) -> Row:
    node, axes = analysis.graph.nodes[index], analysis.fields[index]
    short = node.op.name if node.op in JOINS else node.text  # a join's text repeats its branches
    strides = [tuple(dict.fromkeys(pattern.rate for pattern in axis.periodic_spans)) for axis in axes]
    return Row(
        name=f"{node.path}: {short}" if node.path else short,
        layer=f"{node.path}: {short}" if node.path else node.text,
        output=list(node.size),
        size=[_range(axis.sizes) for axis in axes],
        stride=[_number(axis.stride) if len(rates) == 1 else None for axis, rates in zip(axes, strides, strict=True)],
        padding=[axis.padding for axis in axes],
        centre=[_number(axis.centre(0)) for axis in axes],
        unread=[axis.left_over for axis in axes],
        unread_input=[axis.left_over_input for axis in axes],
        branch_strides=[[_number(stride) for stride in rates] if len(rates) > 1 else None for rates in strides],
        misaligned=[axis.misaligned and [_number(offset) for offset in axis.misaligned] for axis in axes],
        unproductive=index in analysis.unproductive,
        gate=index not in analysis.graph.ancestors,
        gated=bool(node.gates),
    )


def _text(subject: DesignArgument, rows: list[Row]) -> list[str]:
    table = [["", "layer", "output", "size", "stride", "padding", "centre", "unread", ""]]
    for index, row in enumerate(rows, start=1):
        numbers = [_cells(values) for values in (row.size, row.stride, row.padding, row.centre, row.unread)]
        table.append([str(index), row.name, size_text(tuple(row.output)), *numbers, "; ".join(_remarks(row))])
    head = [*subject.head, subject.input_row, *subject.gate_rows]
    return [*columns(head, "<<"), "", *columns(table, "><>>>>>><")]


def _remarks(row: Row) -> Iterator[str]:
    """What is out of the ordinary about a layer, in words."""
    if row.gate:
        yield "in a gate"
    if row.gated:
        yield "without its gate"
    if any(row.unread_input):
        yield f"{_cells(row.unread_input)} of its input's last positions are not read"
    if any(row.branch_strides):
        yield f"branches of strides {_cells(row.branch_strides)} meet"
    if any(row.misaligned):
        yield f"its branches' centres are {_cells(row.misaligned)} apart"
    if row.unproductive:
        yield "what it reads has seen the whole input already"


def _cells(values: list[Cell] | list[int]) -> str:
    """One value for all axes where they agree, else one per axis; ``-`` where there is none.

    >>> _cells([3, 3]), _cells([[1, 3], None])
    ('3', '1..3x-')
    """
    texts = [_cell(value) for value in values]
    return texts[0] if len(set(texts)) == 1 else "x".join(texts)


def _cell(value: Cell) -> str:
    if isinstance(value, list):
        return "..".join(map(str, dict.fromkeys(value)))
    return "-" if value is None else str(value)


def _range(sizes: tuple[int, int]) -> Cell:
    least, most = sizes
    return least if least == most else [least, most]


def _number(value: Fraction | None) -> Number:
    return None if value is None else length_number(value)
