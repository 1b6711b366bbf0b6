"""Long inputs on the way up: far enough from both ends, the paths that arrive at outputs repeat with the strides.

A unit whose field, at every layer, lies on samples has as many paths from all pixels together as the one a period on.
Which these are the margins say (:mod:`.halo`): as tiles do, what shows samples where there are none counts as an end.
"""

from fractions import Fraction
from math import floor, lcm

from ..network.graph import Graph
from ..network.window import Window
from .halo import node_margins
from .pattern import pattern
from .repeats import LONG, Cut, rates_along, without


def shortened_on(graph: Graph) -> tuple[Graph, list[Cut]]:
    """The graph on a shorter input, and the cuts that fill the paths to its outputs up; itself where there are none.

    >>> short, (cut,) = shortened_on(graph_of(parse("960000; conv k3 p1 x4; conv k2 s2")))
    >>> short.input.size, cut.length
    ((10,), 479995)
    """
    cuts = []
    for axis, side in enumerate(graph.input.size):
        if side >= LONG and (found := _cut(graph, axis)) is not None:
            graph, cut = found
            cuts.append(cut)
    return graph, cuts


def _cut(graph: Graph, axis: int) -> tuple[Graph, Cut] | None:
    rates = rates_along(graph, axis)
    nodes = graph.nodes
    moved = [index for index in sorted(graph.ancestors) if nodes[index].maps]
    if rates is None or rates[-1] is None or any(pattern(nodes[index].maps[axis]) is None for index in moved):
        return None
    known = [(index, rate) for index, rate in enumerate(rates) if rate is not None]
    step = lcm(*(rate.numerator for _, rate in known))
    margins = node_margins(graph, axis)
    folded = dict.fromkeys(range(len(nodes)), 0)  # of each map: how far from its ends padding shows samples
    for index in moved:
        if isinstance(window := nodes[index].maps[axis], Window) and window.border != "zeros":
            source = nodes[index].inputs[0]
            folded[source] = max(folded[source], *window.pad) + 1
    spare = min(
        floor((margins[index].end - margins[index].first - 2 * folded[index]) * rate) - step for index, rate in known
    )
    if (length := spare // step * step) <= 0:
        return None
    rate = rates[-1]
    period = int(Fraction(step) / rate)
    cut = Cut(axis, margins[-1].first + period, int(length / rate), period)
    return without(graph, axis, rates, length), cut
