"""Partial-convolution padding: every output is divided by the share of its window that lies on samples.

Liu et al., "Partial Convolution based Padding", 2018, arXiv 1811.11718. A path then weighs, at each zero-padded
convolution, taps over taps on samples, a fraction; along an axis it is the same for all taps of one output, and in two
dimensions the product of the two. So every such window becomes one that weighs its outputs, and the axes stay apart.

To stay in whole numbers, each window weighs by its least common denominator more, and where branches meet they are
brought to one denominator: a graph counts ``scale`` times the true, rational counts. Ratios are the true ones. No text
form writes this: it is a change of graphs, of typed and of traced ones, and of one input size.
"""

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import gcd, lcm, prod

import numpy as np

from ..network.graph import Graph, Node
from ..network.maps import AxisMap
from ..network.operations import SCALE
from ..network.window import Window
from .registry import remedy
from .rewrite import Rewrite, nothing

PARTIAL_PADDING = "partial-padding"


@remedy(
    PARTIAL_PADDING,
    noun="partial padding",
    does="divide every output of a zero-padded convolution by the share of its window that lies on samples",
    cost="a mask's sum at each layer; outputs at the border rest on fewer samples, which then weigh more",
    reference='Liu et al., "Partial Convolution based Padding", 2018, arXiv 1811.11718',
)
def partial_padding(graph: Graph) -> Rewrite:
    """A change of the counts alone, by :func:`with_partial_padding`: no text form writes it."""
    _ = with_partial_padding(graph)
    return Rewrite(partial=True)


@dataclass(frozen=True, slots=True)
class PartialWindow(Window):
    """A zero-padded window whose outputs weigh ``scale`` · kernel / taps on samples; ``weights`` holds ones.

    ``weights`` is given, though every tap has one edge, as what is asked of windows by their fields (whether they are
    plain enough to be counted several at once, say) is not to overlook that this one differs.
    """

    def shares(self, n: int) -> np.ndarray:
        """The weight of each output over ``n`` samples, times ``scale(n)``: (outputs,) of int, 0 without a sample.

        >>> window = PartialWindow(kernel=3, pad=(1, 1), weights=(1, 1, 1))
        >>> window.shares(5).tolist(), window.scale(5)
        ([3, 2, 2, 2, 3], 2)
        """
        return np.array(_output_weights(self, n)[0], dtype=object)

    def scale(self, n: int) -> int:
        """The least number that makes every weight whole."""
        return _output_weights(self, n)[1]

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        """Paths from each of ``n`` input positions, times ``scale(n)``, given the paths from each output position."""
        return Window.pull(self, counts * self._along(n, counts), n)

    def push(self, counts: np.ndarray) -> np.ndarray:
        """Paths to each output position, times the scale, given the paths to each input position."""
        plain = Window.push(self, counts)
        weighed: np.ndarray = plain * self._along(len(counts), plain)
        return weighed

    def _along(self, n: int, counts: np.ndarray) -> np.ndarray:
        """The weights in the shape that multiplies ``counts`` along its first axis."""
        return self.shares(n).reshape(-1, *(1,) * (counts.ndim - 1))


@lru_cache(maxsize=64)
def _output_weights(window: PartialWindow, n: int) -> tuple[tuple[int, ...], int]:
    """The weight of each output over ``n`` samples, made whole by a factor, and that factor; 0 without a sample."""
    on_samples = Window.push(window, np.ones(n, dtype=object)).tolist()
    scale = lcm(*(taps // gcd(window.kernel, taps) for taps in on_samples if taps))
    return tuple(window.kernel * scale // taps if taps else 0 for taps in on_samples), scale


def with_partial_padding(graph: Graph) -> tuple[Graph, int]:
    """The graph with partial padding in every zero-padded convolution, and how many times the true counts it counts.

    Raises :class:`~.errors.NetworkError` where nothing is padded with zeros.

    >>> from fractions import Fraction
    >>> graph, scale = with_partial_padding(graph_of(parse("5; conv k3 p1")))
    >>> [str(Fraction(count, scale)) for count in path_counts(graph).array()]
    ['5/2', '7/2', '3', '7/2', '5/2']
    """
    nodes: list[Node] = []
    scales: list[int] = []  # of the counts from the input to each new node
    places: list[int] = []  # of each old node among the new ones
    partial = cache(lambda maps: tuple(map(_partial, maps)))  # repeated layers share theirs
    for node in graph.nodes:
        inputs = [places[source] for source in node.inputs]
        scale = lcm(*(scales[branch] for branch in inputs))
        for which, branch in enumerate(inputs):
            if scales[branch] != scale:
                inputs[which] = len(nodes)
                nodes.append(_times(nodes[branch], branch, scale // scales[branch]))
                scales.append(scale)
        sizes = nodes[inputs[0]].size if inputs else ()
        maps = partial(node.maps) if node.groups is not None else node.maps
        windows = [(window, n) for window, n in zip(maps, sizes, strict=False) if isinstance(window, PartialWindow)]
        places.append(len(nodes))
        nodes.append(replace(node, inputs=tuple(inputs), maps=maps))
        scales.append(scale * prod(window.scale(n) for window, n in windows))
    if all(not isinstance(axis_map, PartialWindow) for node in nodes for axis_map in node.maps):
        raise nothing("convolution padded with zeros")
    return Graph(tuple(nodes)), scales[-1]


def _partial(axis_map: AxisMap) -> AxisMap:
    if not isinstance(axis_map, Window) or axis_map.border != "zeros" or not any(axis_map.pad):
        return axis_map
    window = axis_map
    return PartialWindow(
        window.kernel, window.stride, window.dilation, window.pad, weights=window.weights or (1,) * window.kernel
    )


def _times(node: Node, source: int, factor: int) -> Node:
    """A node that reads node ``at`` position by position, each with ``factor`` edges."""
    maps = (Window(1, weights=(factor,)), *(Window(1) for _ in node.size[1:]))
    return Node(SCALE, f"times {factor}", (source,), node.size, node.channels, maps)
