"""Shares: how much of an output unit comes from each pixel, if every unit is the mean of what it reads.

Each row of each layer is divided by its length: a unit divides evenly among all its edges, a join among its branches.
So it is the chance that a walk back from the unit, which takes each edge as likely as any other, ends at the pixel
(Xu et al., ICML 2018, arXiv 1806.03536); of attention with uniform weights it is attention rollout, with a shortcut
½(A + I) for each layer (Abnar, Zuidema 2020, arXiv 2005.00928). The shares of a unit add up to 1, unless some of what
it reads reads nothing, as a window does that lies on zeros alone.

Shares are exact. As with partial padding, every output weighs by a common multiple of the row lengths over its own,
branches are brought to one denominator, and a graph counts ``scale`` times the shares.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm, prod

import numpy as np

from ..errors import LimitError
from ..network.graph import Graph, Node
from ..network.maps import AxisMap
from ..network.operations import SCALE
from ..network.weighed import Weighed, weighed_lookup
from ..network.window import Window
from .counts import PathCounts
from .paths import path_counts

MAX_BITS = 200_000  # of the common denominator: beyond, adding shares takes minutes


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """The share of a pixel is its number in ``numerators`` over ``denominator``; ratios of numerators are exact."""

    numerators: PathCounts
    denominator: int

    def at(self, position: tuple[int, ...]) -> Fraction:
        """
        >>> path_shares(graph_of(parse("4; attn causal")), (3,)).at((0,))
        Fraction(1, 4)
        """
        return Fraction(self.numerators.at(position), self.denominator)

    def total(self) -> Fraction:
        """Of all pixels together: 1, unless something reads nothing."""
        return Fraction(self.numerators.total(), self.denominator)


def path_shares(graph: Graph, unit: tuple[int, ...] | None = None) -> Shares:
    """The share of each pixel in output ``unit``, or the mean of its shares in all units.

    Raises :class:`~.errors.LimitError` for numbers too long to be added, and as :func:`~.exact.paths.path_counts` does.

    >>> [str(Fraction(count, 6)) for count in path_shares(graph_of(parse("3; conv k3 p1")), (0,)).numerators.array()]
    ['1/2', '1/2', '0']
    """
    divided, scale = evenly_divided(graph)
    units = 1 if unit is not None else graph.output.positions
    return Shares(path_counts(divided, unit), scale * units)


def evenly_divided(graph: Graph) -> tuple[Graph, int]:
    """The graph whose counts are the shares to single units times a whole number, and that number."""
    nodes: list[Node] = []
    scales: list[int] = []  # of the counts from the input to each new node
    places: list[int] = []  # of each old node among the new ones
    known: dict[tuple[int, tuple[int, ...]], tuple[Node, int]] = {}  # repeated layers share their maps
    for index, node in enumerate(graph.nodes):
        inputs = [places[source] for source in node.inputs]
        scale = lcm(*(scales[branch] for branch in inputs))
        if index in graph.ancestors:
            for which, branch in enumerate(inputs):
                if scales[branch] != scale:
                    inputs[which] = len(nodes)
                    nodes.append(_times(nodes[branch], branch, scale // scales[branch]))
                    scales.append(scale)
        size = graph.nodes[node.inputs[0]].size if node.inputs else ()
        key = id(node.maps or node.lookup), size
        if key not in known:
            known[key] = _rows_divided(node, size)
        like, times = known[key]
        scale *= times * max(len(inputs), 1)
        if scale.bit_length() > MAX_BITS:
            raise LimitError(
                f"the common denominator of these shares has more than {MAX_BITS:,} binary digits; "
                "use a smaller input, fewer layers, or attention over less"
            )
        places.append(len(nodes))
        nodes.append(replace(node, inputs=tuple(inputs), maps=like.maps, lookup=like.lookup, gates=()))
        scales.append(scale)
    return Graph(tuple(nodes)), scales[-1]


def _rows_divided(node: Node, size: tuple[int, ...]) -> tuple[Node, int]:
    """A node that reads a map of ``size``, each output weighing a common multiple of all row lengths over its own."""
    if node.lookup is not None:
        lengths = (node.lookup.sources >= 0).sum(axis=1).tolist()
        scale = _common(lengths)
        if len(set(lengths)) == 1:
            return node, scale
        return replace(node, lookup=weighed_lookup(node.lookup, _weights(lengths, scale))), scale
    parts = [_axis_divided(axis_map, n) for axis_map, n in zip(node.maps, size, strict=False)]
    return replace(node, maps=tuple(axis_map for axis_map, _ in parts)), prod(scale for _, scale in parts)


def _axis_divided(axis_map: AxisMap, n: int) -> tuple[AxisMap, int]:
    lengths = axis_map.push(np.ones(n, dtype=object)).tolist()
    scale = _common(lengths)
    if len(set(lengths)) == 1:  # nothing weighs otherwise than another
        return axis_map, scale
    weights = _weights(lengths, scale)
    edges = sum(weight * length for weight, length in zip(weights, lengths, strict=True))
    return Weighed(axis_map, weights, edges), scale


def _common(lengths: list[int]) -> int:
    """A common multiple of all lengths but 0."""
    return lcm(*{length for length in lengths if length})


def _weights(lengths: list[int], scale: int) -> tuple[int, ...]:
    return tuple(scale // length if length else 0 for length in lengths)


def _times(node: Node, source: int, factor: int) -> Node:
    """A node that reads ``source`` position by position, each with ``factor`` edges."""
    maps = (Window(1, weights=(factor,)), *(Window(1) for _ in node.size[1:]))
    return Node(SCALE, f"times {factor}", (source,), node.size, node.channels, maps)
