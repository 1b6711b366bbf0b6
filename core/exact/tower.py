"""The tower of a 1-D network: every unit of every layer, the paths through it and the edges between them.

A drawing's data: positions and shares are floats made from exact counts; the counts themselves stay whole numbers.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ..errors import UserError
from ..network.graph import Graph, Node
from .field import AxisField, axis_fields
from .paths import tower_from, tower_to

MAX_UNITS = 900  # units, edges and rows that can still be told apart in a drawing
MAX_EDGES = 3600
MAX_ROWS = 26


Place = tuple[int, int, int, int]  # row below, unit there, row above, unit there


@dataclass(frozen=True, slots=True)
class Row:
    """One feature map: its name and, for each unit, its place, its paths and whether the picked unit meets it."""

    label: str
    places: tuple[float, ...]  # centre of each unit's field, in input positions
    spacing: float  # input positions between neighbouring units
    counts: tuple[int, ...]
    lit: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """A read: unit ``target`` of row ``above`` reads unit ``source`` of row ``below``."""

    below: int
    source: int
    above: int
    target: int
    share: float  # of the most paths that any edge carries: of all paths, or, if lit, of those of the picked unit
    lit: bool


@dataclass(frozen=True, slots=True)
class Tower:
    """Rows from the input up, and their edges; ``edges`` is None where they are too many to tell apart."""

    rows: tuple[Row, ...]
    edges: tuple[Edge, ...] | None


def tower(graph: Graph, unit: int | None = None, picked: tuple[int, int] | None = None) -> Tower:
    """The tower of a 1-D graph, its counts being paths to all outputs or to one output ``unit``.

    With a ``picked`` (row, position) the counts are the paths between each unit and the picked one, above and below,
    and what has such a path is lit.

    >>> [row.counts for row in tower(graph_of(parse("5; conv k3 x2"))).rows]
    [(1, 2, 3, 2, 1), (1, 1, 1), (1,)]
    """
    if len(graph.input.size) != 1:
        raise UserError("a tower shows one axis; take the network along its height or its width")
    if picked is not None and not (
        0 <= picked[0] < len(graph.nodes) and 0 <= picked[1] < graph.nodes[picked[0]].size[0]
    ):
        raise UserError(
            f"there is no unit {picked[0]}:{picked[1]}; give a row from 0 (the input) to {len(graph.nodes) - 1} "
            "and a position inside it"
        )
    to_output = [counts.array() for counts in tower_to(graph, None if unit is None else (unit,))]
    from_input = [counts.array() for counts in tower_from(graph)]
    shown, met = to_output, None
    if picked is not None:
        row, at = picked
        below, above = tower_to(graph, (at,), node=row), tower_from(graph, (at,), node=row)
        shown = [(below if index <= row else above)[index].array() for index in range(len(graph.nodes))]
        met = [counts * (to_output[index] if index > row else 1) > 0 for index, counts in enumerate(shown)]
    rows = tuple(
        Row(
            graph.name(index),
            *_places(field, node.size[0]),
            tuple(shown[index].tolist()),
            tuple(met[index].tolist()) if met else (False,) * node.size[0],
        )
        for index, (node, field) in enumerate(zip(graph.nodes, axis_fields(graph, 0), strict=True))
    )
    if not _legible(graph):
        return Tower(rows, None)
    return Tower(rows, _edges(graph, from_input, to_output, shown, picked))


def _legible(graph: Graph) -> bool:
    units = sum(node.size[0] for node in graph.nodes)
    reads = sum(node.size[0] * (len(node.maps[0].taps(0)) if node.maps else 1) for node in graph.nodes)
    return units <= MAX_UNITS and reads <= MAX_EDGES and len(graph.nodes) <= MAX_ROWS


def _places(field: AxisField, units: int) -> tuple[tuple[float, ...], float]:
    """Where units stand, and how far apart: at the centre of what they see, where each has a place of its own there.

    In a decoder several units see the same pixels, and after a global layer all do: they stand in the order of their
    positions then, evenly, about the middle of what they see.

    >>> field = axis_fields(graph_of(parse("8; maxpool k2; upsample s2")), 0)[-1]
    >>> _places(field, 8)[0]
    (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
    """
    spacing = field.stride or Fraction(field.input_side, max(units, 1))
    centres = [field.centre(unit) for unit in range(units)]
    known = [centre for centre in centres if centre is not None]
    apart = pairwise(known)
    if len(known) == units and all(10 * (after - before) >= 9 * spacing for before, after in apart):
        return tuple(map(float, known)), float(spacing)
    middle = (min(known) + max(known)) / 2 if known else Fraction(field.input_side - 1, 2)
    first = middle - spacing * Fraction(units - 1, 2)
    return tuple(float(first + spacing * unit) for unit in range(units)), float(spacing)


def _edges(
    graph: Graph,
    from_input: list[np.ndarray],
    to_output: list[np.ndarray],
    shown: list[np.ndarray],
    picked: tuple[int, int] | None,
) -> tuple[Edge, ...]:
    """Every read, with the paths that run along it; of those, where a unit is picked, the ones that meet it."""
    found: list[tuple[Place, int, int]] = []
    for index, node in enumerate(graph.nodes):
        for source in node.inputs:
            for target in range(node.size[0]):
                for at, times in _reads(graph, node, source, target):
                    paths = from_input[source][at] * times * to_output[index][target]
                    met = 0
                    if picked is not None and index <= picked[0]:
                        met = from_input[source][at] * times * shown[index][target]
                    elif picked is not None and source >= picked[0]:
                        met = shown[source][at] * times * to_output[index][target]
                    found.append(((source, at, index, target), paths, met))
    most = max((paths for _, paths, _ in found), default=0) or 1
    most_met = max((met for *_, met in found), default=0) or 1
    return tuple(Edge(*place, met / most_met if met else paths / most, met > 0) for place, paths, met in found)


def _reads(graph: Graph, node: Node, source: int, target: int) -> list[tuple[int, int]]:
    """What one unit reads: positions of the map below, with how many taps land on each."""
    if not node.maps and node.lookup is None:
        return [(target, 1)]
    one = np.zeros(node.size[0], dtype=object)
    one[target] = 1
    below = graph.nodes[source].size[0]
    times = node.lookup.pull(one, below) if node.lookup is not None else node.maps[0].pull(one, below)
    return [(at, times[at]) for at in np.flatnonzero(times != 0).tolist()]
