"""The graph of a tile: the same layers on another input, in which a path is counted only if it is one of the image's.

What a tile's layers read past its edges (zeros, mirrored samples, a repeated last one) is no sample of the image there:
no edge leads to it. So the paths of a tile are those of the image that never leave it.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from ..network.graph import Graph, Node
from ..network.maps import AxisMap, Linear, Lookup, Slice, Transposed
from ..network.window import Window
from .halo import Halo


def tile_graph(halo: Halo, size: tuple[int, ...]) -> Graph:
    """Up to the map whose halo is told; ``size`` differs from the input's by multiples of the grid.

    >>> [node.size for node in tile_graph(DesignAnalysis(design_of("64; conv k3 s2 p1; conv k3")).halo, (20,)).nodes]
    [(20,), (10,), (8,)]
    """
    graph = halo.graph
    kept = sorted(_before(graph, halo.end))
    place = {old: new for new, old in enumerate(kept)}
    sizes = {index: size_at(halo, index, size) for index in kept}
    return Graph(tuple(_node(graph.nodes[index], place, sizes[index], sizes) for index in kept))


def size_at(halo: Halo, index: int, size: tuple[int, ...]) -> tuple[int, ...]:
    """The size of a map of the tile."""
    sides = []
    for axis, side in enumerate(size):
        more = Fraction(side - halo.graph.input.size[axis]) / halo.fields[index][axis].stride
        assert more.denominator == 1, (index, side)
        sides.append(halo.graph.nodes[index].size[axis] + int(more))
    return tuple(sides)


def _before(graph: Graph, end: int) -> set[int]:
    """The nodes that one depends on, itself and the input included."""
    found = {0, end}
    for index in range(end, 0, -1):
        if index in found:
            found.update(graph.nodes[index].inputs)
    return found


def _node(node: Node, place: dict[int, int], size: tuple[int, ...], sizes: dict[int, tuple[int, ...]]) -> Node:
    if not node.inputs:
        return replace(node, size=size)
    below = sizes[node.inputs[0]]
    maps = tuple(map(_inside, node.maps, below, size))
    return replace(node, inputs=tuple(place[source] for source in node.inputs), size=size, maps=maps, lookup=None)


def _inside(axis_map: AxisMap, n: int, outputs: int) -> AxisMap:
    """What a map reads of ``n`` samples of a tile; past them nothing."""
    match axis_map:
        case Window():
            return replace(axis_map, border="zeros")
        case Slice():
            return replace(axis_map, length=outputs)
        case Linear():
            return _listed([list(axis_map.taps(position)) for position in range(outputs)], n)
        case Lookup():
            return _listed(_rows(axis_map, outputs), n)
        case Transposed():
            return axis_map
    return _listed([[position * n // outputs] for position in range(outputs)], n)  # of attention, its own place alone


def _listed(rows: list[list[int]], n: int) -> Lookup:
    widest = max(map(len, rows))
    reads = np.array([row + [-1] * (widest - len(row)) for row in rows])
    return Lookup(np.where((reads >= 0) & (reads < n), reads, -1), n)


def _rows(lookup: Lookup, outputs: int) -> list[list[int]]:
    """The pattern of a list's middle, gone on with."""
    common = int(np.gcd(len(lookup.sources), lookup.inputs))
    period, inputs = len(lookup.sources) // common, lookup.inputs // common
    turn = common // 2
    rows = []
    for position in range(outputs):
        turns, phase = divmod(position, period)
        row = lookup.sources[turn * period + phase]
        rows.append((row[row >= 0] + (turns - turn) * inputs).tolist())
    return rows
