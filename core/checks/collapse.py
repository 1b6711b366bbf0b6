"""Feature maps that shrink to one position while windows still follow."""

from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..exact.input_sizes import reading_one, uncollapsed_size
from ..formatting import counted_noun
from ..network.axes import place_names
from .measure import Measure, at_inputs
from .registry import Observation, rule


def _reading(analysis: DesignAnalysis) -> dict[int, list[int]]:
    """The axes along which each window of several taps reads a single position; of an input of one, none."""
    graph = analysis.graph
    readers: dict[int, list[int]] = {}
    for axis, side in enumerate(graph.input.size):
        for index in reading_one(graph, axis, [node.size[axis] for node in graph.nodes]) if side > 1 else ():
            readers.setdefault(index, []).append(axis)
    return dict(sorted(readers.items()))


_MEASURE = Measure("windows of several taps that read one position", lambda x: Fraction(len(_reading(x))))


@rule(
    "collapse",
    title="The map shrinks to one position too early",
    number=lambda analysis: counted_noun(len(_reading(analysis)), "window"),
    why="beside a single position a window reads nothing but padding, so that all its other taps learn nothing "
    "of the image (the end of the unproductive layers of Richter et al., ICMLA 2021)",
    reference='Richter et al., "Should You Go Deeper?", ICMLA 2021',
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """An error where the map is one position, a warning where it is one along an axis."""
    readers = _reading(analysis)
    if not readers:
        return None
    graph = analysis.graph
    first, axes = next(iter(readers.items()))
    node = _collapsed(analysis, first, axes[0])
    whole = graph.nodes[node].positions == 1
    left = "one position" if whole else f"one {place_names(len(graph.input.size))[axes[0]]}"
    message = (
        f"{graph.name(node)} leaves {left}, and {counted_noun(len(readers), 'window')} of several taps "
        f"follow{'s' * (len(readers) == 1)}, the first in {graph.name(first)}"
    )
    larger = uncollapsed_size(graph)
    fixes = _MEASURE.fixes(analysis, at_inputs(analysis, [larger] if larger else []))
    return Observation("error" if whole else "warning", node, message, fixes)


def _collapsed(analysis: DesignAnalysis, index: int, axis: int) -> int:
    """The first map of one position along ``axis`` on the way to what node ``index`` reads."""
    nodes = analysis.graph.nodes
    source = nodes[index].inputs[0]
    while nodes[source].inputs and nodes[nodes[source].inputs[0]].size[axis] == 1:
        source = nodes[source].inputs[0]
    return source
