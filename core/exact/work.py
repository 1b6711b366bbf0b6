"""What a count takes: seconds and bytes, estimated from sizes and kernels before anything is allocated.

The estimate follows the steps of :mod:`.exact.paths` node by node. What a step takes depends on how many reads it
has and on how long its numbers are: Python keeps an integer in words of 30 bits, and adding two takes a fixed time
plus a time for each word. The rates below were measured, each alone, on the computer of the README's benchmarks.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import log2, prod

from ..errors import LimitError
from ..network import limits
from ..network.graph import Graph, Node
from ..network.maps import AxisMap, Linear, Lookup, Transposed
from ..network.window import Window
from .channels import channel_kinds
from .packed import Run, plain_run

_WORD = 30  # bits
_ADD = 18e-9  # seconds for adding two short numbers in an array
_WORDS = 0.75e-9  # for each word more; for a product, for each pair of words
_FAR = 2.0  # times that an addition takes where the map is larger than the processor's cache
_CACHE = 4e6  # bytes
_SCATTER = 25e-9  # for a read of listed inputs, beside its addition
_CALL = 4e-6  # for an operation on arrays, however short
_STEP = 25e-6  # for a node, whatever it does
_SHIFT = 1.4e-9  # for moving and adding a word of a packed row
_PACK = 6e-9  # for a word of a packed row, into it and out again
_PRODUCT = 1.8e-9  # for a pair of words, where a map is a product that is written out
_CELL = 250e-9  # for a position of the map that is measured and drawn
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


@dataclass(frozen=True, slots=True)
class Reads:
    """What an axis map over samples of a known number has to do, one position of the other axes at a time."""

    additions: int
    edges: int  # paths that run along them: a weighted read is several
    calls: int = 1  # operations on whole arrays
    scattered: bool = False  # one listed read at a time
    weight: float = 0.0  # words of a tap's weight; 0: none is multiplied
    seconds: float = 0.0  # what does not depend on the counts


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


def refuse_absurd(graph: Graph, every: bool = False, channels: bool = False, back: bool = True) -> None:
    """Raises :class:`~.errors.LimitError` before a count beyond ``limits.MAX_SECONDS`` or ``limits.MAX_BYTES``.

    The arguments are those of :func:`work`.
    """
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
                growths[key] = sum(
                    max(0.0, log2(reads.edges or 1) - log2(shown)) for reads, shown in _reads(node, axes, size)
                )
            arrived = logs[index] + growths[key]
            if source in reached:
                most = max(arrived, logs[source])
                arrived = most + log2(1 + 2 ** (min(arrived, logs[source]) - most))
            reached.add(source)
            logs[source] = arrived
    return logs


def _reads(node: Node, axes: tuple[int, ...], size: tuple[int, ...]) -> list[tuple[Reads, int]]:
    """The reads of a node from a map of ``size`` along each axis, and the positions that share them."""
    if node.lookup is not None and axes:
        return [(_axis_reads(node.lookup, node.lookup.inputs), prod(size))]
    if not node.maps:
        return []
    return [(_axis_reads(node.maps[axis], size[axis]), size[axis]) for axis in axes]


def _axis_reads(axis_map: AxisMap, n: int) -> Reads:
    match axis_map:
        case Window():
            return _window_reads(axis_map, n)
        case Transposed(window):
            return _window_reads(window, axis_map.out_size(n))
        case Lookup():
            return Reads(axis_map.sources.size, axis_map.sources.size, axis_map.sources.shape[1], scattered=True)
        case Linear():
            reads = 2 * axis_map.out_size(n)
            return Reads(reads, reads, 2, scattered=True, seconds=reads * 1e-6)
        case _:
            return Reads(axis_map.out_size(n), axis_map.out_size(n))


@lru_cache(maxsize=1024)
def _window_reads(window: Window, n: int) -> Reads:
    """Taps on zeros are left out; what mirrored or wrapped padding received is folded back one position at a time."""
    zeros = window.border == "zeros"
    side = n if zeros else n + sum(window.pad)
    additions = edges = calls = 0
    for tap, outputs, _ in window.meetings(window.out_size(n), window.pad[0] if zeros else 0, side):
        times = outputs.stop - outputs.start
        additions += times
        edges += times * (window.weights[tap] if window.weights else 1)
        calls += 1
    weight = sum(row.bit_length() for row in window.weights) / window.kernel / _WORD + 1 if window.weights else 0.0
    folded = 0 if zeros else sum(window.pad)
    return Reads(additions + folded, edges, calls, weight=weight, seconds=folded * 1e-6)


def _walk(graph: Graph, axes: tuple[int, ...], logs: list[float], every: bool, packs: bool, kinds: list[int]) -> Work:
    """The steps back through all nodes, and the most that is held between two of them."""
    seconds = 0.0
    index = len(graph.nodes) - 1
    repeated: dict[tuple[int, tuple[int, ...]], tuple[float, float]] = {}  # of a node's maps: fixed, for each word
    sizes = [
        kinds[at] * prod(node.size[axis] for axis in axes) * (_NUMBER + 4 * logs[at] / _WORD)
        for at, node in enumerate(graph.nodes)
    ]
    started: set[int] = set()
    held = most = sizes[index]
    while index > 0:
        node = graph.nodes[index]
        if index in graph.ancestors:
            run, begin = plain_run(graph, axes[0], index) if packs else ([], index)
            if len(run) > 1:
                seconds += _run_seconds(run, logs[index])
                index = begin
                continue
            for source in node.inputs:
                size = graph.nodes[source].size
                key = id(node.maps or node.lookup), size
                if key not in repeated:
                    repeated[key] = _rates(node, axes, size)
                fixed, by_word = repeated[key]
                far = _FAR if max(sizes[source], sizes[index]) > _CACHE else 1.0
                seconds += kinds[index] * far * (fixed + by_word * logs[source] / _WORD) + _STEP
                seconds += kinds[index] * kinds[source] * (kinds[index] > 1) * sizes[source] / _NUMBER * 3 * _ADD
                if source not in started:
                    started.add(source)
                    held += sizes[source]
            most = max(most, held)
            if not every:
                held -= sizes[index]
        index -= 1
    return Work(seconds, most)


def _rates(node: Node, axes: tuple[int, ...], size: tuple[int, ...]) -> tuple[float, float]:
    """Seconds of a node's step from a map of ``size``: those that it takes in any case, and those for each word."""
    fixed = by_word = 0.0
    here = [node.size[axis] for axis in axes]
    if node.lookup is not None and axes:
        here = [1]
    for place, (reads, _) in enumerate(_reads(node, axes, size)):
        others = prod(here[:place] + here[place + 1 :])
        fixed += reads.seconds + reads.calls * _CALL
        fixed += others * reads.additions * (_ADD + _SCATTER * reads.scattered + _ADD * (reads.weight > 0))
        by_word += others * reads.additions * _WORDS * (1 + reads.weight)
        if node.lookup is None:
            here[place] = size[axes[place]]
    positions = prod(size[axis] for axis in axes)  # added to what other nodes brought
    return fixed + positions * _ADD, by_word + positions * _WORDS


def _run_seconds(run: Run, log: float) -> float:
    """A packed run whose outputs have counts of ``log`` bits: every number has room for the largest at the end."""
    bits = log + sum(log2(sum(window.weights) if window.weights else window.kernel) for window, _ in run) + 8
    words = bits / _WORD
    seconds = (run[0][1] + run[-1][1]) * (words * _PACK + _CELL)
    for window, n in run:
        reads = _axis_reads(window, n)
        slots = window.out_size(n)
        if window.weights is None:
            doublings = 2 * max(reads.calls, 1).bit_length() - 1
            seconds += doublings * (_SHIFT * words * (slots + reads.calls * window.dilation / 2) + _CALL / 8)
        else:
            seconds += reads.calls * (2 * _SHIFT * words * slots + _CALL / 8)
    return seconds


def _map_work(graph: Graph, logs: list[float], every: bool) -> Work:
    """What follows a count: all numbers of the map, how many there are of each, and measures in lowest terms."""
    if every:
        return Work(0.0, 0.0)
    words = [log / _WORD + 1 for log in logs]
    positions = graph.input.positions
    seconds = positions * (_CELL + _PRODUCT * prod(words)) + _GCD * sum(words) ** 2
    return Work(seconds, positions * (_NUMBER + 4 * sum(words)))
