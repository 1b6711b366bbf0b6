"""What a count takes: seconds and bytes, estimated from sizes and kernels before anything is allocated.

The estimate follows the steps of :mod:`.exact.paths` node by node; what each takes is told in :mod:`.exact.steps`.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import log2, prod

from ..errors import LimitError
from ..network import limits
from ..network.graph import Graph, Node
from ..network.operations import INPUT
from ..network.window import Window
from .channels import channel_kinds
from .packed import Run, edges_per_output, is_plain, plain_run
from .repeats import shortened
from .steps import ADD, CELL, WORD, growth, run_seconds, step_seconds

_FAR = 2.0  # times that an addition takes where the map is larger than the processor's cache
_CACHE = 4e6  # bytes
_STEP = 25e-6  # for a node, whatever it does
_PRODUCT = 1.8e-9  # for a pair of words, where a map is a product that is written out
_GCD = 45e-9  # for a pair of words of the largest counts: measures are fractions in lowest terms
_NUMBER = 44  # bytes of a short number and of the place that points to it


@dataclass(frozen=True, slots=True)
class Work:
    """``seconds`` of one processor, and ``bytes`` held at once."""

    seconds: float
    bytes: float

    def __add__(self, other: "Work") -> "Work":
        """One after the other."""
        return Work(self.seconds + other.seconds, max(self.bytes, other.bytes))


def work(graph: Graph, every: bool = False, channels: bool = False, back: bool = True) -> Work:
    """What the paths from every pixel to the outputs take, with the measures of their map.

    ``every``: the counts of all nodes are wanted, as in a tower. ``channels``: paths are weighed by channels.
    ``back``: paths are counted from the outputs to the input; on from the input no run of windows is packed.

    >>> work(graph_of(parse("224x224; conv k3 p1 x50"))).seconds < 0.1 < 10 < work(
    ...     graph_of(parse("224x224; add(skip | conv k3 p1) x500"))
    ... ).seconds
    True
    """
    axes = tuple(range(len(graph.input.size)))
    if not graph.separable:
        logs = _log2_paths(graph, axes)
        kinds = channel_kinds(graph) if channels else [1] * len(graph.nodes)
        return _walk(graph, axes, logs, every, packs=False, kinds=kinds) + _map_work(graph, logs[:1], every)
    result, largest = Work(0.0, 0.0), []
    for axis in axes:
        logs = _log2_paths(graph, (axis,))
        largest.append(logs[0])
        if axis == 0 or not graph.axes_alike:
            result += _walk(graph, (axis,), logs, every, packs=back and not every, kinds=[1] * len(graph.nodes))
    return result + _map_work(graph, largest, every)


def work_bound(graph: Graph, every: bool = False) -> Work:
    """At least what :func:`work` estimates for a separable graph, and quicker than that: layers of a kind are one.

    Every node is taken to hold counts as long as the longest, and to be counted twice, in a packed row and beside it.

    >>> chain = graph_of(parse("224x224; conv k3 p1 x50"))
    >>> work(chain).seconds < work_bound(chain).seconds < 1
    True
    """
    alike: dict[tuple[int, tuple[int, ...], tuple[int, ...]], list[Node]] = {}
    for index in graph.ancestors:
        node = graph.nodes[index]
        for source in node.inputs:
            kind = id(node.maps or node.lookup), node.size, graph.nodes[source].size
            alike.setdefault(kind, []).append(node)
    kinds = [(nodes[0], len(nodes), size) for (_, _, size), nodes in alike.items()]
    result, logs = Work(0.0, 0.0), []
    for axis in range(1 if graph.axes_alike else len(graph.input.size)):
        most = [(times, _most(node, axis, size)) for node, times, size in kinds]
        log = sum(times * bits for times, (bits, _, _) in most)
        positions = graph.input.size[axis] + sum(times * node.size[axis] for node, times, _ in kinds)
        seconds = sum(times * (fixed + by_bit * log) for times, (_, fixed, by_bit) in most)
        result += Work(seconds, positions * (_NUMBER + 4 * log / WORD))
        logs.append(log)
    return result + _map_work(graph, logs * (len(graph.input.size) // len(logs)), every)


def _most(node: Node, axis: int, size: tuple[int, ...]) -> tuple[float, float, float]:
    """Of a node's step back, packed or not: bits by which counts grow, seconds, and seconds for each bit of them."""
    if len(node.maps) and isinstance(window := node.maps[axis], Window):
        return _most_of_window(window, size[axis])
    return _most_seconds(node, axis, size)


@lru_cache(maxsize=4096)
def _most_of_window(window: Window, n: int) -> tuple[float, float, float]:
    node = Node(INPUT, "", (0,), (window.out_size(n),), 1, (window,))
    return _most_seconds(node, 0, (n,))


def _most_seconds(node: Node, axis: int, size: tuple[int, ...]) -> tuple[float, float, float]:
    fixed, by_word = step_seconds(node, (axis,), size)
    run = _alone(node, axis, size)
    packed, longer = (run_seconds(run, log) if run else 0.0 for log in (0, WORD))
    bits = max(growth(node, (axis,), size), sum(log2(edges_per_output(window)) for window, _ in run))
    return bits, _FAR * fixed + _STEP + packed, (_FAR * by_word + longer - packed) / WORD


def _alone(node: Node, axis: int, size: tuple[int, ...]) -> Run:
    """A packed run of this node and no other; empty if it cannot be packed."""
    window = node.maps[axis] if node.maps else None
    return [(window, size[axis])] if isinstance(window, Window) and is_plain(window) else []


def takes_long(graph: Graph, every: bool = False) -> bool:
    """Whether a count is for a process of its own, where others wait for this one: ``limits.SECONDS_AT_ONCE``.

    >>> takes_long(graph_of(parse("15x15; conv k3 p1 x4"))), takes_long(graph_of(parse("64; blur k1024 same x40")))
    (False, True)
    """
    counted = graph if every else shortened(graph)[0]
    if counted.separable and work_bound(counted, every).seconds <= limits.SECONDS_AT_ONCE:
        return False
    return work(counted, every).seconds > limits.SECONDS_AT_ONCE


def refuse_absurd(graph: Graph, every: bool = False, channels: bool = False, back: bool = True) -> None:
    """Raises :class:`~.errors.LimitError` before a count beyond ``limits.MAX_SECONDS`` or ``limits.MAX_BYTES``.

    The arguments are those of :func:`work`.
    """
    if back and not every:
        graph, _, _ = shortened(graph)
    if graph.separable:  # a chain is mostly counted faster than its work is estimated
        most = work_bound(graph, every)
        if most.seconds < limits.MAX_SECONDS / 2 and most.bytes < limits.MAX_BYTES / 2:
            return
    estimate = work(graph, every, channels, back)
    remedy = "use a smaller input, fewer layers or smaller kernels"
    if estimate.seconds > limits.MAX_SECONDS:
        raise LimitError(
            f"counting this network would take about {estimate.seconds:,.0f} seconds, "
            f"more than {limits.MAX_SECONDS}; {remedy}"
        )
    if estimate.bytes > limits.MAX_BYTES:
        raise LimitError(
            f"counting this network would take about {estimate.bytes / 2**30:,.1f} GiB of memory, "
            f"more than {limits.MAX_BYTES / 2**30:g}; {remedy}"
        )


def _log2_paths(graph: Graph, axes: tuple[int, ...]) -> list[float]:
    """For every node, the logarithm to base 2 of the mean paths from a position of it to the outputs, at least 0."""
    logs = [0.0] * len(graph.nodes)
    reached = {len(graph.nodes) - 1}
    growths: dict[tuple[int, tuple[int, ...]], float] = {}  # repeated layers share their maps
    for index in range(len(graph.nodes) - 1, 0, -1):
        node = graph.nodes[index]
        if index not in reached:
            continue
        for source in node.inputs:
            size = graph.nodes[source].size
            key = id(node.maps or node.lookup), size
            if key not in growths:
                growths[key] = growth(node, axes, size)
            arrived = logs[index] + growths[key]
            if source in reached:
                most = max(arrived, logs[source])
                arrived = most + log2(1 + 2 ** (min(arrived, logs[source]) - most))
            reached.add(source)
            logs[source] = arrived
    return logs


def _walk(graph: Graph, axes: tuple[int, ...], logs: list[float], every: bool, packs: bool, kinds: list[int]) -> Work:
    """The steps back through all nodes, and the most that is held between two of them."""
    seconds = 0.0
    index = len(graph.nodes) - 1
    repeated: dict[tuple[int, tuple[int, ...]], tuple[float, float]] = {}  # of a node's maps: fixed, for each word
    sizes = [
        kinds[place] * prod(node.size[axis] for axis in axes) * (_NUMBER + 4 * logs[place] / WORD)
        for place, node in enumerate(graph.nodes)
    ]
    started: set[int] = set()
    held = most = sizes[index]
    while index > 0:
        node = graph.nodes[index]
        if index in graph.ancestors:
            run, begin = plain_run(graph, axes[0], index) if packs else ([], index)
            if len(run) > 1:
                seconds += run_seconds(run, logs[index])
                index = begin
                continue
            for source in node.inputs:
                size = graph.nodes[source].size
                key = id(node.maps or node.lookup), size
                if key not in repeated:
                    repeated[key] = step_seconds(node, axes, size)
                fixed, by_word = repeated[key]
                far = _FAR if max(sizes[source], sizes[index]) > _CACHE else 1.0
                seconds += kinds[index] * far * (fixed + by_word * logs[source] / WORD) + _STEP
                seconds += kinds[index] * kinds[source] * (kinds[index] > 1) * sizes[source] / _NUMBER * 3 * ADD
                if source not in started:
                    started.add(source)
                    held += sizes[source]
            most = max(most, held)
            if not every:
                held -= sizes[index]
        index -= 1
    return Work(seconds, most)


def _map_work(graph: Graph, logs: list[float], every: bool) -> Work:
    """What follows a count: all numbers of the map, how many there are of each, and measures in lowest terms."""
    if every:
        return Work(0.0, 0.0)
    words = [log / WORD + 1 for log in logs]
    positions = graph.input.positions
    seconds = positions * (CELL + _PRODUCT * prod(words)) + _GCD * sum(words) ** 2
    return Work(seconds, positions * (_NUMBER + 4 * sum(words)))
