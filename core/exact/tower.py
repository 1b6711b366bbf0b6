"""The tower of a 1-D network: every unit of every layer, what each reads tap by tap, and the paths between them.

A drawing's data: positions and shares are floats made from exact counts; the counts themselves stay whole numbers.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ..errors import UserError
from ..network.graph import Graph, Node
from ..network.maps import AxisMap, Spans
from ..network.window import Window
from .field import AxisField, axis_fields
from .paths import tower_to

MAX_UNITS = 900  # units, taps and rows that can still be told apart in a drawing
MAX_TAPS = 3600
MAX_ROWS = 26
MAX_LENGTH = 4096  # input positions from which on no tower is drawn, not even as strips


@dataclass(frozen=True, slots=True, eq=False)
class Taps:
    """How a row reads the row ``below``, tap by tap: arrays of one length, of whole numbers.

    ``positions`` are those of the padded row: outside it lies its padding. ``sources`` are the units that show there,
    -1 where the padding is zeros and no path runs. ``times``: edges that the tap stands for.
    """

    below: int
    targets: np.ndarray
    positions: np.ndarray
    sources: np.ndarray
    times: np.ndarray

    @property
    def read(self) -> np.ndarray:
        """Which taps land on a unit."""
        return np.asarray(self.sources >= 0)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One feature map: its name, where its units stand, and how they read the rows below.

    ``places``: the centre of each unit's field, in input positions; ``spacing``: between neighbouring units.
    """

    label: str
    places: np.ndarray
    spacing: float
    taps: tuple[Taps, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Tower:
    """Rows from the input up, with the paths from each unit; ``whole``: the rows hold their taps."""

    rows: tuple[Row, ...]
    counts: tuple[tuple[int, ...], ...]
    whole: bool


def tower(graph: Graph, unit: int | None = None) -> Tower:
    """The tower of a 1-D graph, its counts being paths to all outputs or to one output ``unit``.

    >>> tower(graph_of(parse("5; conv k3 x2"))).counts
    ((1, 2, 3, 2, 1), (1, 1, 1), (1,))
    """
    if len(graph.input.size) != 1:
        raise UserError("a tower shows one axis; take the network along its height or its width")
    found = tower_to(graph, None if unit is None else (unit,))
    counts = tuple(tuple(part.array().tolist()) for part in found)
    return Tower(tower_rows(graph), counts, legible(graph))


def tower_rows(graph: Graph) -> tuple[Row, ...]:
    """The rows of a tower, without counts; without taps where these are too many to tell apart.

    >>> [taps.positions.tolist() for taps in tower_rows(graph_of(parse("2; conv k3 p1")))[1].taps]
    [[-1, 0, 1, 0, 1, 2]]
    """
    whole = legible(graph)
    known: dict[tuple[int, int], tuple[np.ndarray, ...]] = {}  # repeated layers share their maps
    rows = []
    for index, (node, field) in enumerate(zip(graph.nodes, axis_fields(_standing(graph), 0), strict=True)):
        taps = []
        for below in node.inputs if whole else ():
            units, read = node.size[0], graph.nodes[below].size[0]
            axis_map = node.lookup if node.lookup is not None else node.maps[0] if node.maps else None
            key = id(axis_map), read
            if key not in known:
                known[key] = _taps(axis_map, units, read)
            taps.append(Taps(below, *known[key]))
        rows.append(Row(graph.name(index), *_places(field, node.size[0]), tuple(taps)))
    return tuple(rows)


def _standing(graph: Graph) -> Graph:
    """The graph by which units are placed: a query stands where it is, whatever it reads from elsewhere."""
    own = (Window(1),)
    attends = [node.op.attends and graph.nodes[node.inputs[0]].size == node.size for node in graph.nodes]
    if not any(attends):
        return graph
    pairs = zip(graph.nodes, attends, strict=True)
    return Graph(tuple(replace(node, maps=own) if stands else node for node, stands in pairs))


def legible(graph: Graph) -> bool:
    """Whether the units and taps of a 1-D graph can be told apart in a drawing."""
    return legible_rows(graph) == len(graph.nodes)


def legible_rows(graph: Graph) -> int:
    """How many rows from the input on can be told apart together."""
    units = taps = 0
    for index, node in enumerate(graph.nodes):
        units += node.size[0]
        taps += _reads(node)
        if units > MAX_UNITS or taps > MAX_TAPS or index >= MAX_ROWS:
            return index
    return len(graph.nodes)


def _reads(node: Node) -> int:
    """Taps of all units."""
    units = node.size[0]
    if node.lookup is not None:
        return units * int(node.lookup.sources.shape[1])
    if node.maps and isinstance(spans := node.maps[0], Spans):
        return spans.reads
    return units * (len(node.maps[0].taps(0)) if node.maps else len(node.inputs))


def refuse_outside(graph: Graph, picked: tuple[int, int]) -> None:
    """Raises :class:`~.errors.UserError` for a (row, position) that the tower of a graph has not."""
    row, at = picked
    if not (0 <= row < len(graph.nodes) and 0 <= at < graph.nodes[row].size[0]):
        raise UserError(
            f"there is no unit {row}:{at}; give a row from 0 (the input) to {len(graph.nodes) - 1} "
            "and a position inside it"
        )


def _places(field: AxisField, units: int) -> tuple[np.ndarray, float]:
    """Where units stand, and how far apart: at the centre of what they see, where each has a place of its own there.

    In a decoder several units see the same pixels, and after a global layer all do: they stand in the order of their
    positions then, evenly, about the middle of what they see.

    >>> field = axis_fields(graph_of(parse("8; maxpool k2; upsample s2")), 0)[-1]
    >>> _places(field, 8)[0].tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    """
    spacing = field.stride or Fraction(field.input_side, max(units, 1))
    patterns = field.periodic_spans
    if len(patterns) == 1 and len(patterns[0].spans) == 1 and field.stride and (first := field.centre(0)) is not None:
        return float(first) + float(spacing) * np.arange(units), float(spacing)
    centres = [field.centre(unit) for unit in range(units)]
    known = [centre for centre in centres if centre is not None]
    apart = pairwise(known)
    if len(known) == units and all(10 * (after - before) >= 9 * spacing for before, after in apart):
        return np.array(known, dtype=float), float(spacing)
    middle = (min(known) + max(known)) / 2 if known else Fraction(field.input_side - 1, 2)
    first = middle - spacing * Fraction(units - 1, 2)
    return float(first) + float(spacing) * np.arange(units), float(spacing)


def _taps(axis_map: AxisMap | None, units: int, read: int) -> tuple[np.ndarray, ...]:
    """Targets, positions, sources and times of the taps of ``units`` that read a row of ``read``; by target."""
    if axis_map is None:
        each = np.arange(units)
        return each, each, each, np.ones(units, dtype=object)
    if isinstance(axis_map, Window):
        taps = np.arange(axis_map.kernel)
        targets = np.repeat(np.arange(units), axis_map.kernel)
        positions = targets * axis_map.stride - axis_map.pad[0] + np.tile(taps * axis_map.dilation, units)
        weights = np.array([1] * axis_map.kernel if axis_map.weights is None else axis_map.weights, dtype=object)
        return targets, positions, axis_map.sources(read)[positions + axis_map.pad[0]], np.tile(weights, units)
    times = axis_map.pull(np.eye(units, dtype=int).astype(object), read)
    targets, sources = np.nonzero(times.T)
    return targets, sources, sources, times[sources, targets]
