"""What one step of a count takes, along one axis or over all positions: reads, the bits they add, and seconds.

What a step takes depends on how many reads it has and on how long its numbers are: Python keeps an integer in words
of 30 bits, and adding two takes a fixed time plus a time for each word. The rates below, and those of
:mod:`.exact.work`, were measured, each alone, on the computer of the README's benchmarks.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import log2, prod

from ..network.graph import Node
from ..network.maps import AxisMap, Linear, Lookup, Spans, Transposed
from ..network.weighed import Weighed
from ..network.window import Window
from .packed import Run, edges_per_output

WORD = 30  # bits
ADD = 18e-9  # seconds for adding two short numbers in an array
_WORDS = 0.75e-9  # for each word more; for a product, for each pair of words
_SCATTER = 25e-9  # for a read of listed inputs, beside its addition
_CALL = 4e-6  # for an operation on arrays, however short
_SHIFT = 1.4e-9  # for moving and adding a word of a packed row
_PACK = 6e-9  # for a word of a packed row, into it and out again
CELL = 250e-9  # for a position of the map that is measured and drawn


@dataclass(frozen=True, slots=True)
class Reads:
    """What an axis map over samples of a known number has to do, one position of the other axes at a time."""

    additions: int
    edges: int  # paths that run along them: a weighted read is several
    calls: int = 1  # operations on whole arrays
    scattered: bool = False  # one listed read at a time
    weight: float = 0.0  # words of a tap's weight; 0: none is multiplied
    seconds: float = 0.0  # what does not depend on the counts


def growth(node: Node, axes: tuple[int, ...], size: tuple[int, ...]) -> float:
    """By how many bits the mean count grows from a node to a map of ``size`` that it reads."""
    return sum(max(0.0, log2(reads.edges or 1) - log2(shown)) for reads, shown in _reads(node, axes, size))


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
        case Spans(first):  # running sums: as long as both its ends, whatever is read
            return Reads(3 * n + 4 * len(first), axis_map.reads, axis_map.step + 8, scattered=True)
        case Weighed(inner):
            read = _axis_reads(inner, n)
            words = max(axis_map.weights).bit_length() / WORD + 1
            return replace(read, additions=read.additions + len(axis_map.weights), edges=axis_map.edges, weight=words)
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
    weight = sum(row.bit_length() for row in window.weights) / window.kernel / WORD + 1 if window.weights else 0.0
    folded = 0 if zeros else sum(window.pad)
    return Reads(additions + folded, edges, calls, weight=weight, seconds=folded * 1e-6)


def step_seconds(node: Node, axes: tuple[int, ...], size: tuple[int, ...]) -> tuple[float, float]:
    """Seconds of a node's step from a map of ``size``: those that it takes in any case, and those for each word."""
    fixed = by_word = 0.0
    here = [node.size[axis] for axis in axes]
    if node.lookup is not None and axes:
        here = [1]
    for place, (reads, _) in enumerate(_reads(node, axes, size)):
        others = prod(here[:place] + here[place + 1 :])
        fixed += reads.seconds + reads.calls * _CALL
        fixed += others * reads.additions * (ADD + _SCATTER * reads.scattered + ADD * (reads.weight > 0))
        by_word += others * reads.additions * _WORDS * (1 + reads.weight)
        if node.lookup is None:
            here[place] = size[axes[place]]
    positions = prod(size[axis] for axis in axes)  # added to what other nodes brought
    return fixed + positions * ADD, by_word + positions * _WORDS


def run_seconds(run: Run, log: float) -> float:
    """A packed run whose outputs have counts of ``log`` bits: every number has room for the largest at the end."""
    bits = log + sum(log2(edges_per_output(window)) for window, _ in run) + 8
    words = bits / WORD
    seconds = (run[0][1] + run[-1][1]) * (words * _PACK + CELL)
    for window, n in run:
        reads = _axis_reads(window, n)
        slots = window.out_size(n)
        if window.weights is None:
            doublings = 2 * max(reads.calls, 1).bit_length() - 1
            seconds += doublings * (_SHIFT * words * (slots + reads.calls * window.dilation / 2) + _CALL / 8)
        else:
            seconds += reads.calls * (2 * _SHIFT * words * slots + _CALL / 8)
    return seconds
