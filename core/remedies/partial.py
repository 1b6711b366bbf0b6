"""Partial-convolution padding: every output is divided by the share of its window that lies on samples.

Liu et al., "Partial Convolution based Padding", 2018, arXiv 1811.11718. A path then weighs, at each zero-padded
convolution, taps over taps on samples, a fraction; along an axis it is the same for all taps of one output, and in two
dimensions the product of the two. So every such window becomes one that weighs its outputs, and the axes stay apart.

To stay in whole numbers, each window weighs by its least common denominator more, and where branches meet they are
brought to one denominator: a graph counts ``scale`` times the true, rational counts. Ratios are the true ones. No text
form writes this: it is a change of graphs, of typed and of traced ones, and of one input size.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil, gcd, lcm, prod

import numpy as np

from ..exact.repeats import Ends, inside_rule, through_window
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
        taps, weights, _ = _output_weights(self, n)
        return np.asarray(np.array(weights, dtype=object)[taps])

    def scale(self, n: int) -> int:
        """The least number that makes every weight whole."""
        return _output_weights(self, n)[2]

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


@lru_cache(maxsize=32)
def _output_weights(window: PartialWindow, n: int) -> tuple[np.ndarray, tuple[int, ...], int]:
    """The taps of each output that lie on ``n`` samples, the weight of so many, and the factor that made it whole."""
    taps = np.zeros(window.out_size(n), dtype=np.uint16)
    for _, outputs, _ in window.meetings(len(taps), window.pad[0], n):
        taps[outputs] += 1
    numbers = np.flatnonzero(np.bincount(taps)).tolist()
    scale = lcm(*(number // gcd(window.kernel, number) for number in numbers if number))
    return taps, (0, *(window.kernel * scale // number for number in range(1, window.kernel + 1))), scale


@inside_rule(PartialWindow)
def _through_partial(window: PartialWindow, side: int, here: Ends) -> Ends | None:
    """Back through a window whose outputs weigh otherwise where they read padding."""
    before, after = (ceil(Fraction(pad, window.stride)) for pad in window.pad)
    return through_window(
        window, side, replace(here, before=max(here.before, before), after=max(here.after, after + 1))
    )


def with_partial_padding(graph: Graph) -> tuple[Graph, int]:
    """The graph with partial padding in every zero-padded convolution, and how many times the true counts it counts.

    Raises :class:`~.errors.NetworkError` where nothing is padded with zeros.

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
