"""The numbers that a search counts of every member: each one entry, exact, and that of the design's own analysis.

A measure is a fraction, kept as text with all its digits and beside it as the nearest float; all else is a whole
number of at most 63 bits. None where there is no value.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..design.analysis import DesignAnalysis
from ..errors import LimitError, UserError
from ..exact.imbalance import MEANINGS
from ..expressions import Value

Better = Literal["larger", "smaller", "nearest 1"]
Row = dict[str, Value | None]

MAX_BITS = 63  # of a whole number, as the columns of the results hold them


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a design, and which way is better unless one says otherwise; ``fraction``: whether it may be one."""

    name: str
    meaning: str
    better: Better
    of: Callable[[DesignAnalysis], Value | None]
    fraction: bool = False


def _measure(name: str, better: Better) -> Quantity:
    return Quantity(name, MEANINGS[name], better, lambda analysis: analysis.measures()[name], fraction=True)


def _asymmetry(analysis: DesignAnalysis) -> Value | None:
    found = (value for name, value in analysis.measures().items() if name.startswith("asymmetry"))
    return max((abs(value) for value in found if value is not None), default=None)


def _halo(analysis: DesignAnalysis) -> int | None:
    found = analysis.halo
    if not found.exact or found.axes is None:
        return None
    return max(max(axis.before, axis.after) for axis in found.axes)


def _latency(analysis: DesignAnalysis) -> int | None:
    try:
        stream = analysis.stream(len(analysis.graph.input.size) - 1)
    except UserError:
        return None  # it has no stream
    return None if stream.reasons else stream.latency


_ALL = (
    _measure("corner_centre", "nearest 1"),
    _measure("edge_centre", "nearest 1"),
    _measure("parity", "smaller"),
    _measure("max_min", "smaller"),
    _measure("unread", "smaller"),
    _measure("gini", "smaller"),
    _measure("effective_share", "larger"),
    Quantity(
        "asymmetry",
        "share of the paths by which one half exceeds the other, along the axis where that is most",
        "smaller",
        _asymmetry,
        fraction=True,
    ),
    Quantity(
        "field",
        "pixels that the centre unit sees, padding's included, along the axis where they are fewest",
        "larger",
        lambda analysis: min(analysis.unit_field),
    ),
    Quantity(
        "stride", "pixels after which the strides repeat, at most", "smaller", lambda analysis: max(analysis.period)
    ),
    Quantity("output", "positions of the output", "larger", lambda analysis: analysis.graph.output.positions),
    Quantity("layers", "layers and joins", "smaller", lambda analysis: len(analysis.graph.nodes) - 1),
    Quantity(
        "unproductive",
        "layers that read maps whose field covers the whole input already, and enlarge it",
        "smaller",
        lambda analysis: len(analysis.unproductive),
    ),
    Quantity(
        "left_over",
        "positions after the last windows, of all layers and axes",
        "smaller",
        lambda analysis: analysis.left_over,
    ),
    Quantity("parameters", "weights", "smaller", lambda analysis: analysis.cost.parameters),
    Quantity("multiply_adds", "multiply-adds of one input", "smaller", lambda analysis: analysis.cost.multiply_adds),
    Quantity(
        "halo",
        "pixels by which tiles must overlap at most on a side; none where no overlap makes them exact",
        "smaller",
        _halo,
    ),
    Quantity(
        "latency",
        "samples along the last axis until all has come that an output reads; none where there is no stream",
        "smaller",
        _latency,
    ),
)
QUANTITIES: dict[str, Quantity] = {quantity.name: quantity for quantity in _ALL}


def quantity_of(name: str) -> Quantity:
    """The quantity of that name; raises :class:`~.errors.UserError` where there is none."""
    if name not in QUANTITIES:
        near = difflib.get_close_matches(name, QUANTITIES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(QUANTITIES)}"
        raise UserError(f"there is no {name[:40]!r} to search by; {hint}")
    return QUANTITIES[name]


def row_of(analysis: DesignAnalysis) -> Row:
    """Every quantity of a design, by name.

    Raises :class:`~.errors.UserError` for a design that cannot be counted, and where a whole number is too long.

    >>> row = row_of(DesignAnalysis(design_of("15x15; conv k3 p1 x4")))
    >>> row["corner_centre"], row["field"], row["halo"], row["multiply_adds"]
    (Fraction(1225, 6561), 9, 4, 8100)
    """
    row: Row = {}
    for quantity in _ALL:
        value = quantity.of(analysis)
        if not quantity.fraction and value is not None and int(value).bit_length() > MAX_BITS:
            raise LimitError(f"{quantity.name} has more than {MAX_BITS} binary digits; use fewer or smaller strides")
        row[quantity.name] = value
    return row
