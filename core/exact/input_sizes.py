"""What other input sizes would do: the sizes of every map, planned from the graph alone, along one axis.

Nothing is built. A plan is a prediction, quick enough to try hundreds of sizes; whoever uses one builds the graph at
that size and looks. A window over a whole map (global pooling) is taken to cover the whole map at any size, and what
is spread from its one position to fit whatever it is joined with.
"""

from collections.abc import Callable, Iterator

from ..errors import UserError
from ..network.graph import Graph, Node
from ..network.maps import AxisMap
from ..network.operations import BROADCAST
from ..network.window import Window
from .field import unit_stride

_REACH = 256  # input positions to either side that are tried
_FAR = 1024  # and how many more where the smallest that will do is looked for
ANY = 0  # the size of a map that fits any other

Sizes = list[int]


def is_global(node: Node, axis: int, side: int) -> bool:
    """Whether a node pools all ``side`` positions of its input, whatever their number."""
    axis_map = node.maps[axis] if node.maps else None
    whole = isinstance(axis_map, Window) and axis_map.kernel == axis_map.stride == side
    return node.op.whole and whole and (side > 1 or node.layer is not None)


def sizes_at(graph: Graph, axis: int, side: int) -> Sizes | None:
    """The positions of every map along ``axis`` if the input had ``side``, 0 for one that fits any size.

    None where a window does not fit, or branches give maps of different sizes.

    >>> sizes_at(graph_of(parse("224; conv k7 s2 p3; maxpool k3 s2 p1")), 0, 225)
    [225, 113, 57]
    """
    sizes = [side]
    for node in graph.nodes[1:]:
        sources = [sizes[source] for source in node.inputs]
        below = graph.nodes[node.inputs[0]].size[axis]
        if not node.maps:
            known = {size for size in sources if size != ANY}
            if len(known) > 1:
                return None
            sizes.append(max(known, default=ANY))
        elif is_global(node, axis, below):
            sizes.append(1)
        elif sources[0] == ANY or (node.op == BROADCAST and below == 1 < node.size[axis]):
            sizes.append(ANY)
        elif (size := _out_size(node.maps[axis], sources[0])) is not None:
            sizes.append(size)
        else:
            return None
    return sizes


def left_over_at(graph: Graph, axis: int, sizes: Sizes) -> int:
    """Positions after the last window, padding's included, of all windows together."""
    windows = ((node, node.maps[axis], sizes[node.inputs[0]]) for node in graph.nodes if node.maps)
    return sum(
        window.left_over(side)
        for node, window, side in windows
        if isinstance(window, Window) and side and not is_global(node, axis, graph.nodes[node.inputs[0]].size[axis])
    )


def reading_one(graph: Graph, axis: int, sizes: Sizes) -> list[int]:
    """The windows of several taps that read a map of one position along ``axis``."""
    return [
        index
        for index, node in enumerate(graph.nodes)
        if node.maps
        and isinstance(window := node.maps[axis], Window)
        and window.kernel > 1
        and sizes[node.inputs[0]] == 1
    ]


def exact_fit_sizes(graph: Graph) -> list[tuple[int, ...]]:
    """The nearest input sizes, above and below, at which no window leaves anything over; the nearest one first.

    Only axes that leave something over change; empty where none does, or no such size is near.

    >>> exact_fit_sizes(graph_of(parse("224x96; conv k7 s2 p3; maxpool k3 s2 p1; conv k3 s2 p1 x3")))
    [(225, 97), (193, 65)]
    """

    def even(axis: int, side: int) -> bool:
        sizes = sizes_at(graph, axis, side)
        return sizes is not None and left_over_at(graph, axis, sizes) == 0

    nearby = [_chosen(graph, even, step) for step in (1, -1)]
    kept = [size for size in nearby if size is not None and size != graph.input.size]
    return sorted(kept, key=lambda size: sum(abs(new - old) for new, old in zip(size, graph.input.size, strict=True)))


def uncollapsed_size(graph: Graph) -> tuple[int, ...] | None:
    """The smallest larger input at which no window of several taps reads a single position; None if none is known."""

    def kept(axis: int, side: int) -> bool:
        sizes = sizes_at(graph, axis, side)
        return sizes is not None and not reading_one(graph, axis, sizes)

    return _chosen(graph, kept, 1, _FAR)


def _chosen(
    graph: Graph, fits: Callable[[int, int], bool], step: int, reach: int | None = None
) -> tuple[int, ...] | None:
    """Per axis the first side, from the present one on by ``step``, that fits."""
    chosen: list[int] = []
    for axis, side in enumerate(graph.input.size):
        if axis and _alike(graph):
            chosen.append(chosen[0])
            continue
        most = reach or min(_REACH, 2 * unit_stride(graph, axis))
        nearest = next((new for new in _sides(side, step, most) if fits(axis, new)), None)
        if nearest is None:
            return None
        chosen.append(nearest)
    return tuple(chosen)


def _sides(side: int, step: int, most: int) -> Iterator[int]:
    return (new for new in range(side, side + step * (most + 1), step) if new >= 1)


def _alike(graph: Graph) -> bool:
    """Whether both axes have the same sizes and maps, so that a plan for one is a plan for the other."""
    return all(len(set(node.size)) == 1 and len(set(node.maps)) <= 1 for node in graph.nodes)


def _out_size(axis_map: AxisMap, side: int) -> int | None:
    """What a map makes of ``side`` samples; None where it cannot be applied."""
    try:
        return axis_map.out_size(side)
    except UserError:
        return None
