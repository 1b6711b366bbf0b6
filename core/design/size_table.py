"""A design at other input sizes: which are possible, what each makes of the design, and which divide evenly.

What is said of one size is counted at that size. What is said of all, the formula of the output and the remainders of
possible and of even sizes, is planned from the graph at hand (:mod:`.exact.input_sizes`), and left out with the reason
where a size in the table turns out otherwise than planned, as traced models may.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import LimitError, UserError
from ..exact.input_sizes import ANY, left_over_at, sizes_at
from ..exact.size_formula import formula_text, size_formula
from ..exact.size_pattern import SizePatterns, nearest, size_patterns
from ..network.graph import Graph, size_text
from .analysis import DesignAnalysis

Size = tuple[int, ...]
_SEVERITIES = ("error", "warning", "note")
MOST = 8  # sizes that are asked about at once


@dataclass(frozen=True, slots=True)
class SizeFinding:
    """What a check finds at one size: its code, how bad it is, in words, and how much of it."""

    code: str
    severity: str
    title: str
    number: str


FindingsOf = Callable[[DesignAnalysis], tuple[SizeFinding, ...]]


@dataclass(frozen=True, slots=True)
class SizeRow:
    """The design at one input. ``reason``: why it is impossible; or, with an ``output``, why it is not counted.

    ``left_over``: positions after the last windows, of all layers and axes. ``uneven_padding``: positions of padding
    that windows with a stride read on one side and not on the other. The measures are those of :mod:`.exact.imbalance`,
    to all outputs. ``findings``: what checks find there; None where nobody asked, or it is not counted.
    """

    size: Size
    output: Size | None = None
    left_over: int | None = None
    uneven_padding: int | None = None
    unproductive: int | None = None
    multiply_adds: int | None = None
    unread: Fraction | None = None
    parity: Fraction | None = None
    corner_centre: Fraction | None = None
    reason: str | None = None
    findings: tuple[SizeFinding, ...] | None = None

    @property
    def possible(self) -> bool:
        return self.output is not None

    @property
    def even(self) -> bool:
        """Whether every window ends with the last sample or padding."""
        return self.left_over == 0


@dataclass(frozen=True, slots=True)
class SizeReport:
    """``formulas`` of the output and ``patterns`` of sizes, one per axis; None where ``reason`` says why."""

    rows: tuple[SizeRow, ...]
    formulas: tuple[str, ...] | None
    patterns: tuple[SizePatterns, ...] | None
    reason: str | None = None


def sizes_of(text: str, axes: int) -> list[Size]:
    """Sizes as users write them, a single side being that of all axes.

    Raises :class:`~.errors.UserError` for what is no list of sizes, or has other axes.

    >>> sizes_of("224, 192x256", 2)
    [(224, 224), (192, 256)]
    """
    if not re.fullmatch(r"\s*\d{1,6}(x\d{1,6}){0,2}\s*(,\s*\d{1,6}(x\d{1,6}){0,2}\s*)*", text, re.ASCII):
        raise UserError(f"{text[:40]!r} is no list of sizes; give sides, as in 224,256 or 192x256")
    sizes = [tuple(map(int, part.split("x"))) for part in text.split(",")]
    for size in sizes:
        if len(size) not in (1, axes):
            raise UserError(f"{size_text(size)} has {len(size)} sides, the input has {axes}; give one number")
    return [size * axes if len(size) == 1 else size for size in sizes]


def size_report(
    analysis: DesignAnalysis, asked: Sequence[Size], neighbours: bool = True, findings: FindingsOf | None = None
) -> SizeReport:
    """The sizes that are ``asked`` about, one side per axis; with ``neighbours`` also what lies near each.

    ``findings``: what says what is found at each size (:func:`~.checks.findings_at_size`). The neighbours are the next
    size, the nearest ones that divide evenly, and of an impossible one the nearest possible ones.
    Raises :class:`~.errors.UserError` for sizes of other axes, or too many.

    >>> report = size_report(DesignAnalysis(design_of("224; conv k3 s2 p1 x5")), [(224,)])
    >>> report.formulas, [(row.size, row.output, row.left_over) for row in report.rows]
    (('floor((n - 1)/32) + 1',), [((193,), (7,), 0), ((224,), (7,), 5), ((225,), (8,), 0)])
    """
    graph = analysis.graph
    axes = len(graph.input.size)
    refuse_misfits(asked, axes, MOST, "an input", "input sizes")
    sizes = sorted({size for one in asked for size in ([one, *_neighbours(graph, one)] if neighbours else [one])})
    designs = {size: _at(analysis, size) for size in sizes}
    rows = tuple(_row(size, here, findings) for size, here in designs.items())
    otherwise = next((size for size, here in designs.items() if not _is_as_planned(graph, size, here)), None)
    if otherwise is not None:
        return SizeReport(
            rows,
            None,
            None,
            f"at an input of {size_text(otherwise)} its layers read otherwise than at {size_text(graph.input.size)}; "
            "no formula, and no pattern of sizes, holds for all",
        )
    try:
        formulas = tuple(formula_text(size_formula(graph, axis)) for axis in range(axes))
        patterns = tuple(size_patterns(graph, axis, asked[0][axis]) for axis in range(axes))
    except UserError as error:
        return SizeReport(rows, None, None, str(error))
    return SizeReport(rows, formulas, patterns)


def finding_table(rows: Sequence[SizeRow], none: str = "-") -> list[tuple[str, list[str]]]:
    """What is found at any of the sizes that were checked, the worst first: in words, and how much of it at each.

    Where it is less bad at one size than at another, that stands beside the number.
    """
    checked = [row.findings for row in rows if row.findings is not None]
    seen = sorted((one for found in checked for one in found), key=lambda one: _SEVERITIES.index(one.severity))
    worst = {one.code: one for one in reversed(seen)}
    table = []
    for code in dict.fromkeys(one.code for one in seen):
        severity, at_sizes = worst[code].severity, [{one.code: one for one in found}.get(code) for found in checked]
        cells = [none if one is None else _number(one, severity) for one in at_sizes]
        table.append((f"{severity}: {worst[code].title}", cells))
    return table


def _number(found: SizeFinding, severity: str) -> str:
    number = found.number or "yes"
    return number if found.severity == severity else f"{number} ({found.severity})"


def refuse_misfits(sizes: Sequence[Size], axes: int, most: int, one: str, several: str) -> None:
    """Refuses no sizes, more than ``most``, and one of other axes; ``one`` and ``several`` say what has them."""
    if not 1 <= len(sizes) <= most:
        raise UserError(f"{len(sizes)} {several} are asked about; give 1 to {most}")
    for size in sizes:
        if len(size) != axes or min(size) < 1:
            raise UserError(f"{one} of {size_text(size)} does not fit {axes} axes; give a side from 1 on for each")


def _neighbours(graph: Graph, size: Size) -> list[Size]:
    """The next size; the nearest that divide evenly on all axes, on either side; the nearest possible ones."""
    axes = range(len(size))
    found = [tuple(side + 1 for side in size)]
    possible = all(sizes_at(graph, axis, size[axis]) is not None for axis in axes)
    for step in (1, -1):
        for evenly in (True,) if possible else (True, False):
            sides = [nearest(graph, axis, size[axis], step, evenly) for axis in axes]
            known = tuple(side for side in sides if side is not None)
            found += [known] if len(known) == len(size) else []
    return found


def _at(analysis: DesignAnalysis, size: Size) -> DesignAnalysis | UserError:
    """The design at one size, or why that is impossible."""
    try:
        here = analysis if size == analysis.graph.input.size else analysis.at_input(size)
        here = here or DesignAnalysis(analysis.design.at_input(size))  # raises again what the analysis does not tell
        _ = here.graph
    except UserError as error:
        return error
    return here


def _row(size: Size, here: DesignAnalysis | UserError, findings: FindingsOf | None) -> SizeRow:
    if isinstance(here, UserError):
        return SizeRow(size, reason=str(here))
    graph = here.graph
    uneven, idle = here.uneven_padding, len(here.unproductive)
    known = (size, graph.output.size, here.left_over, uneven, idle, here.cost.multiply_adds)
    try:
        measures = here.measures()
    except UserError as error:
        return SizeRow(*known, reason=str(error))
    row = SizeRow(*known, measures["unread"], measures["parity"], measures["corner_centre"])
    try:
        return row if findings is None else replace(row, findings=findings(here))
    except UserError as error:
        return replace(row, reason=str(error))


def _is_as_planned(graph: Graph, size: Size, here: DesignAnalysis | UserError) -> bool:
    """Whether a design turns out at another size as its graph lets one plan; what is beyond a limit is not known."""
    plans = [sizes_at(graph, axis, side) for axis, side in enumerate(size)]
    if isinstance(here, UserError):
        return None in plans or isinstance(here, LimitError)
    for axis, plan in enumerate(plans):
        sizes = [node.size[axis] for node in here.graph.nodes]
        if plan is None or plan[-1] not in (ANY, sizes[-1]):
            return False
        if left_over_at(graph, axis, plan) != left_over_at(here.graph, axis, sizes):
            return False
    return True
