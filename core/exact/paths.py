"""How many paths lead from each input pixel to the outputs, counted exactly.

A path follows one edge per layer; an edge is one kernel tap that lands on a sample, so a mirrored border tap is a
second edge. ``pull`` carries counts from the outputs back to the inputs, ``push`` from the inputs on to the outputs.
Counts of a graph whose axes never meet are made per axis, others over all positions at once; the code is the same.

With ``channels``, every path is weighed by the channels it may pass through, summed over the input's channels and
the chosen outputs' channels: for a linear network whose weights are all one, this is the gradient of the sum of the
chosen outputs, summed over the input's channels.

Of a long input the ends and one period of the inside are counted (:mod:`.exact.repeats`).
"""

from dataclasses import replace
from functools import partial, reduce
from math import prod
from typing import Literal

import numpy as np

from ..errors import UserError
from ..network.graph import Graph, Node, size_text
from ..network.operations import CONCAT
from .arriving import shortened_on
from .channels import ChannelCounts, pulled_channels
from .counts import PathCounts
from .packed import plain_run, pull_run
from .repeats import Cut, filled, shortened
from .tails import tail_of, tails
from .word_bound import fits_words
from .work import refuse_absurd

Counts = list[np.ndarray | None]  # one entry a node


def path_counts(graph: Graph, unit: tuple[int, ...] | None = None, channels: bool = False) -> PathCounts:
    """Paths from each input pixel to all outputs, or to one output ``unit``.

    Raises :class:`~.errors.UserError` for a unit outside the output, :class:`~.errors.LimitError` for a count
    that would take too long or too much memory (:mod:`.exact.work`).

    >>> path_counts(graph_of(parse("9; conv k3 x4")), unit=(0,)).array().tolist()
    [1, 4, 10, 16, 19, 16, 10, 4, 1]
    """
    _refuse_outside(graph, unit, -1)
    short, place, cuts = shortened(graph, unit)
    counts = _counted(short, place, channels, "back", all_nodes=False, start_node=-1)[0]
    return counts if not cuts else _filled(counts, cuts)


def reach_counts(graph: Graph, pixel: tuple[int, ...], channels: bool = False) -> PathCounts:
    """Paths from one input ``pixel`` to each output position.

    >>> reach_counts(graph_of(parse("9; conv k3 x2")), pixel=(4,)).array().tolist()
    [1, 2, 3, 2, 1]
    """
    return _counted(graph, pixel, channels, "on", all_nodes=False, start_node=0)[0]


def arriving_counts(graph: Graph) -> PathCounts:
    """Paths to each output position from all input pixels.

    >>> arriving_counts(graph_of(parse("5; conv k3 p1 x2"))).array().tolist()
    [5, 8, 9, 8, 5]
    """
    short, cuts = shortened_on(graph)
    counts = _counted(short, None, False, "on", all_nodes=False, start_node=0)[0]
    return counts if not cuts else _filled(counts, cuts)


def tower_to(graph: Graph, unit: tuple[int, ...] | None = None, node: int = -1) -> list[PathCounts]:
    """For every node, the paths from each of its positions to all positions of ``node``, or to one ``unit`` of it."""
    return _counted(graph, unit, False, "back", all_nodes=True, start_node=node)


def tower_from(graph: Graph, unit: tuple[int, ...] | None = None, node: int = 0) -> list[PathCounts]:
    """For every node, the paths that reach each of its positions from all of ``node``, or from one ``unit`` of it."""
    return _counted(graph, unit, False, "on", all_nodes=True, start_node=node)


def _counted(
    graph: Graph,
    position: tuple[int, ...] | None,
    channels: bool,
    direction: Literal["back", "on"],
    all_nodes: bool,
    start_node: int,
) -> list[PathCounts]:
    """Counts of paths back from ``start_node`` to the input, or on from it to the output.

    ``position``: one position of that node, None for all. Counts of all nodes, or only of the one where paths end.
    """
    _refuse_outside(graph, position, start_node)
    start = graph.nodes[start_node]
    back = direction == "back"
    refuse_absurd(graph, all_nodes, channels, back)
    indices = range(len(graph.nodes))
    ends = indices if all_nodes else indices[:1] if back else indices[-1:]
    axes = tuple(range(len(graph.input.size)))
    whole = graph.separable and position is None and ends == indices[:1] and start is graph.output and not channels

    def walked(along: tuple[int, ...], channels: bool) -> list[np.ndarray]:
        words = len(along) > 1 and not channels and fits_words(graph, start_node, back)
        begin = _start(start, position, along, words)
        if back and whole:
            return [_pulled_whole(graph, along[0], begin)]
        if back:
            counts = pull(graph, indices[start_node], along, begin, channels, all_nodes)
        else:
            counts = push(graph, indices[start_node], along, begin, channels)
        return [_or_zeros(counts[end], [graph.nodes[end].size[axis] for axis in along]) for end in ends]

    if not graph.separable:
        return [PathCounts((counts,)) for counts in walked(axes, channels)]
    rows: list[list[np.ndarray]] = []
    alike = graph.axes_alike and (position is None or len(set(position)) == 1)  # hence the same counts
    for axis in axes:
        rows.append(rows[0] if axis and alike else walked((axis,), False))
    if channels:  # in a chain all channels of a map are alike: one factor, counted without any axis
        rows[0] = [row * int(weight) for row, weight in zip(rows[0], walked((), True), strict=True)]
    return [PathCounts(factors) for factors in zip(*rows, strict=True)]


def _pulled_whole(graph: Graph, axis: int, ones: np.ndarray) -> np.ndarray:
    """Paths from each input position of a chain to all outputs, ``ones``; shared tails are counted once."""
    last, axes = len(graph.nodes) - 1, (axis,)
    kept, tail = tails(), None
    if kept is None or (tail := tail_of(graph, axis)) is None:
        counts = pull(graph, last, axes, ones, channels=False, all_nodes=False)[0]
    else:
        node, key = tail
        if (behind := kept.counts(key)) is None:
            pulled = pull(graph, last, axes, ones, channels=False, all_nodes=False, end=node)[node]
            behind = _or_zeros(pulled, [graph.nodes[node].size[axis]])
            kept.keep(key, behind)
        counts = pull(graph, node, axes, behind, channels=False, all_nodes=False)[0]
    return _or_zeros(counts, [graph.input.size[axis]])


def pull(
    graph: Graph,
    start_node: int,
    axes: tuple[int, ...],
    start: np.ndarray,
    channels: bool,
    all_nodes: bool,
    end: int = 0,
) -> Counts:
    """Carries ``start``, counts at the positions of ``start_node`` along ``axes``, back through the graph to ``end``.

    Returns the counts of each node, None where no path leads; unless those of ``all_nodes`` are kept, they are
    dropped once used.
    """
    if channels:
        return _pull_channels(graph, start_node, axes, start)
    counts: Counts = [None] * len(graph.nodes)
    counts[start_node] = start
    packable = not all_nodes and len(axes) == 1 and graph.separable
    index = start_node
    while index > end:
        here, node = counts[index], graph.nodes[index]
        if here is not None and packable:
            run, begin = plain_run(graph, axes[0], index, end)
            if len(run) > 1:
                index, counts[begin] = begin, pull_run(run, here)
                continue
        if here is not None:
            for source in node.inputs:
                moved = _pulled(node, axes, here, [graph.nodes[source].size[axis] for axis in axes])
                before = counts[source]
                counts[source] = moved if before is None else before + moved
        if not all_nodes:
            counts[index] = None
        index -= 1
    return counts


def _pull_channels(graph: Graph, start_node: int, axes: tuple[int, ...], start: np.ndarray) -> Counts:
    """As ``pull``, for every channel that a path may pass through; each node's counts are those of all its channels."""

    def moved(node: Node, below: Node, counts: np.ndarray) -> np.ndarray:
        return _pulled(node, axes, counts, [below.size[axis] for axis in axes])

    return [known if known is None else known.total() for known in pulled_channels(graph, start_node, start, moved)]


def push(graph: Graph, start_node: int, axes: tuple[int, ...], start: np.ndarray, channels: bool) -> Counts:
    """Carries ``start``, counts at the positions of ``start_node``, on through the graph, as ``pull`` back."""
    counts: list[ChannelCounts | None] = [None] * len(graph.nodes)
    counts[start_node] = ChannelCounts.alike(graph.nodes[start_node].channels if channels else 1, start)
    for index in (index for index in range(start_node + 1, len(graph.nodes)) if index in graph.ancestors):
        node = graph.nodes[index]
        if channels and node.op == CONCAT:
            counts[index] = _concatenated(graph, node, counts, axes)
            continue
        for source in node.inputs:
            below, before = counts[source], counts[index]
            if below is not None:
                mixed = below.mixed(node, graph.nodes[source].channels, back=False) if channels else below
                moved = mixed.moved(partial(_pushed, node, axes))
                counts[index] = moved if before is None else before + moved
    return [there if there is None else there.total() for there in counts]


def _concatenated(
    graph: Graph, node: Node, counts: list[ChannelCounts | None], axes: tuple[int, ...]
) -> ChannelCounts | None:
    """The channels of all branches, side by side; those of a branch that no path reaches hold zeros."""
    if all(counts[source] is None for source in node.inputs):
        return None
    nothing = np.zeros([node.size[axis] for axis in axes], dtype=object)
    parts = [counts[source] or ChannelCounts.alike(graph.nodes[source].channels, nothing) for source in node.inputs]
    return reduce(ChannelCounts.joined, parts)


def _pulled(node: Node, axes: tuple[int, ...], block: np.ndarray, sizes: list[int]) -> np.ndarray:
    if node.lookup is not None and axes:
        return node.lookup.pull(block.ravel(), prod(sizes)).reshape(sizes)
    for place, axis in enumerate(axes):
        if node.maps:  # a map works along the first axis
            block = node.maps[axis].pull(block.swapaxes(0, place), sizes[place]).swapaxes(0, place)
    return block


def _pushed(node: Node, axes: tuple[int, ...], block: np.ndarray) -> np.ndarray:
    if node.lookup is not None and axes:
        return node.lookup.push(block.ravel()).reshape(block.shape)
    for place, axis in enumerate(axes):
        if node.maps:
            block = node.maps[axis].push(block.swapaxes(0, place)).swapaxes(0, place)
    return block


def _start(end: Node, position: tuple[int, ...] | None, axes: tuple[int, ...], words: bool) -> np.ndarray:
    """Ones everywhere, or at one position; ``words``: machine words, not Python integers."""
    shape = tuple(end.size[axis] for axis in axes)
    start = np.zeros(shape, dtype=np.int64 if words else object)
    start[... if position is None else tuple(position[axis] for axis in axes)] = 1
    return start


def _refuse_outside(graph: Graph, position: tuple[int, ...] | None, node: int) -> None:
    size = graph.nodes[node].size
    if position is not None and not _inside(position, size):
        what = {-1: "output unit", 0: "input pixel"}.get(node, "unit")
        raise UserError(
            f"there is no {what} {','.join(map(str, position))} in a map of {size_text(size)}; "
            f"each axis counts from 0, here to {','.join(str(side - 1) for side in size)}"
        )


def _filled(counts: PathCounts, cuts: list[Cut]) -> PathCounts:
    """The counts of the whole input, from those of a shorter one."""
    if not counts.separable:
        return PathCounts((filled(counts.factors[0], cuts),))
    along = ([replace(cut, axis=0) for cut in cuts if cut.axis == axis] for axis in range(len(counts.factors)))
    return PathCounts(tuple(filled(factor, part) for factor, part in zip(counts.factors, along, strict=True)))


def _inside(position: tuple[int, ...], size: tuple[int, ...]) -> bool:
    return len(position) == len(size) and all(0 <= index < side for index, side in zip(position, size, strict=True))


def _or_zeros(counts: np.ndarray | None, shape: list[int]) -> np.ndarray:
    return np.zeros(shape, dtype=object) if counts is None else np.asarray(counts, dtype=object)
