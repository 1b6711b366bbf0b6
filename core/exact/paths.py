"""How many paths lead from each input pixel to the outputs, counted exactly.

A path follows one edge per layer; an edge is one kernel tap that lands on a sample, so a mirrored border tap is a
second edge. ``pull`` carries counts from the outputs back to the inputs, ``push`` from the inputs on to the outputs.
Counts of a graph whose axes never meet are made per axis, others over all positions at once; the code is the same.

With ``channels``, every path is weighed by the channels it may pass through, summed over the input's channels and
the chosen outputs' channels: for a linear network whose weights are all one, this is the gradient of the sum of the
chosen outputs, summed over the input's channels.
"""

from collections.abc import Callable
from itertools import accumulate
from math import log2, prod

import numpy as np

from core.errors import LimitError, UserError
from core.exact.counts import PathCounts
from core.exact.packed import is_plain, pull_run
from core.network import limits
from core.network.graph import Graph, Node, size_text
from core.network.window import Window

# Counts of one node: (channels, counts of each of them), channels in order. Without ``channels`` one block of one.
Blocks = list[tuple[int, np.ndarray]]


def path_counts(graph: Graph, unit: tuple[int, ...] | None = None, channels: bool = False) -> PathCounts:
    """Paths from each input pixel to all outputs, or to one output ``unit``.

    Raises :class:`~core.errors.UserError` for a unit outside the output, :class:`~core.errors.LimitError` for more
    additions than ``limits.MAX_ADDITIONS``.

    >>> from core.network import graph_of, parse
    >>> path_counts(graph_of(parse("9; conv k3 x4")), unit=(0,)).array().tolist()
    [1, 4, 10, 16, 19, 16, 10, 4, 1]
    """
    return _counted(graph, unit, channels, pull, every=False, node=-1)[0]


def reach_counts(graph: Graph, pixel: tuple[int, ...], channels: bool = False) -> PathCounts:
    """Paths from one input ``pixel`` to each output position.

    >>> from core.network import graph_of, parse
    >>> reach_counts(graph_of(parse("9; conv k3 x2")), pixel=(4,)).array().tolist()
    [1, 2, 3, 2, 1]
    """
    return _counted(graph, pixel, channels, push, every=False, node=0)[0]


def tower_to(graph: Graph, unit: tuple[int, ...] | None = None, node: int = -1) -> list[PathCounts]:
    """For every node, the paths from each of its positions to all positions of ``node``, or to one ``unit`` of it."""
    return _counted(graph, unit, False, pull, every=True, node=node)


def tower_from(graph: Graph, unit: tuple[int, ...] | None = None, node: int = 0) -> list[PathCounts]:
    """For every node, the paths that reach each of its positions from all of ``node``, or from one ``unit`` of it."""
    return _counted(graph, unit, False, push, every=True, node=node)


def _counted(
    graph: Graph,
    position: tuple[int, ...] | None,
    channels: bool,
    walk: Callable[..., list[Blocks]],
    every: bool,
    node: int,
) -> list[PathCounts]:
    """Counts for every node, or only for the one at the end of the walk."""
    begin = graph.nodes[node]
    if position is not None and not _inside(position, begin.size):
        what = {-1: "output unit", 0: "input pixel"}.get(node, "unit")
        raise UserError(
            f"there is no {what} {','.join(map(str, position))} in a map of {size_text(begin.size)}; "
            f"each axis counts from 0, here to {','.join(str(side - 1) for side in begin.size)}"
        )
    refuse_absurd(graph)
    nodes = range(len(graph.nodes))
    wanted = nodes if every else nodes[:1] if walk is pull else nodes[-1:]
    axes = tuple(range(len(graph.input.size)))

    def walked(along: tuple[int, ...], channels: bool) -> list[np.ndarray]:
        start = _start(begin, position, along)
        found = walk(graph, nodes[node], along, start, channels, every)
        return [_summed(found[at], tuple(graph.nodes[at].size[axis] for axis in along)) for at in wanted]

    if not graph.separable:
        return [PathCounts((counts,)) for counts in walked(axes, channels)]
    rows: list[list[np.ndarray]] = []
    for axis in axes:
        rows.append(rows[0] if axis and _axes_alike(graph, position) else walked((axis,), False))
    if channels:  # in a chain all channels of a map are alike: one factor, counted without any axis
        rows[0] = [row * int(weight) for row, weight in zip(rows[0], walked((), True), strict=True)]
    return [PathCounts(factors) for factors in zip(*rows, strict=True)]


def pull(graph: Graph, at: int, axes: tuple[int, ...], start: np.ndarray, channels: bool, every: bool) -> list[Blocks]:
    """Carries ``start``, counts at the positions of node ``at`` along ``axes``, back through the graph.

    Returns the blocks of each node; unless ``every`` node is asked for, they are dropped once used.
    """
    counts: list[Blocks] = [[] for _ in graph.nodes]
    counts[at] = [(graph.nodes[at].channels if channels else 1, start)]
    packable = not every and len(axes) == 1 and graph.separable
    index = at
    while index > 0:
        if packable and len(run := _plain_run(graph, axes[0], index)) > 1:
            counts[index - len(run)] = [(1, pull_run(run, counts[index][0][1]))]
            index -= len(run)
            continue
        node = graph.nodes[index]
        first = 0
        for source in node.inputs:
            there = graph.nodes[source]
            if channels and node.kind == "concat":
                blocks = _cut(counts[index], first, first + there.channels)
                first += there.channels
            else:
                blocks = _mixed(counts[index], there.channels, node) if channels else counts[index]
            sizes = [there.size[axis] for axis in axes]
            moved = [(width, _pulled(node, axes, block, sizes)) for width, block in blocks]
            counts[source] = _added(counts[source], moved)
        if not every:
            counts[index] = []
        index -= 1
    return counts


def _plain_run(graph: Graph, axis: int, index: int) -> list[tuple[Window, int]]:
    """The unbroken run of plain windows that ends at node ``index``, last first, with their input sizes."""
    run: list[tuple[Window, int]] = []
    while index > 0 and graph.nodes[index].maps:
        window = graph.nodes[index].maps[axis]
        if not (isinstance(window, Window) and is_plain(window)):
            break
        index -= 1
        run.append((window, graph.nodes[index].size[axis]))
    return run


def _axes_alike(graph: Graph, position: tuple[int, ...] | None) -> bool:
    """Whether both axes have the same maps, sizes and chosen position, hence the same counts."""
    if position is not None and len(set(position)) > 1:
        return False
    return all(len(set(node.size)) == 1 and len(set(node.maps)) <= 1 for node in graph.nodes)


def push(graph: Graph, at: int, axes: tuple[int, ...], start: np.ndarray, channels: bool, every: bool) -> list[Blocks]:
    """Carries ``start``, counts at the positions of node ``at``, on through the graph, as ``pull`` back."""
    counts: list[Blocks] = [[] for _ in graph.nodes]
    counts[at] = [(graph.nodes[at].channels if channels else 1, start)]
    for index, node in enumerate(graph.nodes[at + 1 :], start=at + 1):
        for source in node.inputs:
            blocks = _mixed(counts[source], node.channels, node) if channels else counts[source]
            moved = [(width, _pushed(node, axes, block)) for width, block in blocks]
            joined = channels and node.kind == "concat"
            counts[index] = counts[index] + moved if joined else _added(counts[index], moved)
    return counts


def _pulled(node: Node, axes: tuple[int, ...], block: np.ndarray, sizes: list[int]) -> np.ndarray:
    if node.lookup is not None and axes:
        return node.lookup.pull(block.ravel(), prod(sizes)).reshape(sizes)
    for at, axis in enumerate(axes):
        if node.maps:  # a map works along the first axis
            block = node.maps[axis].pull(block.swapaxes(0, at), sizes[at]).swapaxes(0, at)
    return block


def _pushed(node: Node, axes: tuple[int, ...], block: np.ndarray) -> np.ndarray:
    if node.lookup is not None and axes:
        return node.lookup.push(block.ravel()).reshape(block.shape)
    for at, axis in enumerate(axes):
        if node.maps:
            block = node.maps[axis].push(block.swapaxes(0, at)).swapaxes(0, at)
    return block


def _start(end: Node, position: tuple[int, ...] | None, axes: tuple[int, ...]) -> np.ndarray:
    """Ones everywhere, or at one position."""
    shape = tuple(end.size[axis] for axis in axes)
    start = np.zeros(shape, dtype=object)
    start[... if position is None else tuple(position[axis] for axis in axes)] = 1
    return start


def _inside(position: tuple[int, ...], size: tuple[int, ...]) -> bool:
    return len(position) == len(size) and all(0 <= at < side for at, side in zip(position, size, strict=True))


def _summed(blocks: Blocks, shape: tuple[int, ...]) -> np.ndarray:
    """The counts of all channels together; zeros where no path came by."""
    weighed = [block if width == 1 else block * width for width, block in blocks]
    return np.asarray(sum(weighed[1:], start=weighed[0]) if weighed else np.zeros(shape, dtype=int), dtype=object)


def _added(left: Blocks, right: Blocks) -> Blocks:
    """Two maps of the same channels, added; block borders of both are kept."""
    if not left or not right:
        return left or right
    ends = sorted({*_ends(left), *_ends(right)})
    result: Blocks = []
    for first, last in zip([0, *ends], ends, strict=False):
        (_, one), (_, other) = _cut(left, first, last)[0], _cut(right, first, last)[0]
        result.append((last - first, one + other))
    return result


def _ends(blocks: Blocks) -> list[int]:
    return list(accumulate(width for width, _ in blocks))


def _cut(blocks: Blocks, first: int, last: int) -> Blocks:
    """Channels ``first`` to ``last`` (not included)."""
    result: Blocks = []
    begin = 0
    for width, block in blocks:
        inside = min(begin + width, last) - max(begin, first)
        if inside > 0:
            result.append((inside, block))
        begin += width
    return result


def _mixed(blocks: Blocks, channels: int, node: Node) -> Blocks:
    """Every one of ``channels`` channels on the far side of ``node`` gathers the sum of its group on this side."""
    if node.groups is None:
        return blocks
    here, there = sum(width for width, _ in blocks) // node.groups, channels // node.groups
    result: Blocks = []
    group = 0
    while group < node.groups:
        inside = _cut(blocks, group * here, (group + 1) * here)
        alike = 1
        if len(inside) == 1:  # the groups that follow inside the same block gather the same sum
            end = next(end for end in _ends(blocks) if end > group * here)
            alike = end // here - group
        result.append((alike * there, _summed(inside, inside[0][1].shape)))
        group += alike
    return result


def refuse_absurd(graph: Graph) -> None:
    """Raises before a count whose additions, estimated from sizes alone, are beyond ``limits.MAX_ADDITIONS``."""
    additions = bits = 0.0
    separable = graph.separable
    for node in graph.nodes[1:]:
        taps = [len(axis_map.taps(0)) for axis_map in node.maps] or [1] * len(node.size)
        edges = node.positions * sum(taps) if node.lookup is None else node.lookup.sources.size
        if separable:
            edges = sum(n * k for n, k in zip(node.size, taps, strict=True))
        bits += log2(prod(taps) + 1)
        additions += edges * (1 + bits / 4096)  # long numbers take longer to add
    if additions > limits.MAX_ADDITIONS:
        raise LimitError(
            f"counting this network needs about {additions:.1e} additions, more than {limits.MAX_ADDITIONS:.1e}; "
            "use a smaller input, fewer layers or smaller kernels"
        )
