"""A run of plain windows counted inside one long integer, many times faster than position by position.

Kronecker substitution: the counts of a row stand side by side in the digits of one integer, each with room for the
largest count that can come; moving the row by a position is then a shift, and a window's pull is a sum of shifts.
"""

from collections.abc import Sequence
from math import prod
from struct import iter_unpack

import numpy as np

from ..network.graph import Graph
from ..network.window import Window

_WIDEST_WEIGHTED = 16  # taps of a binomial blur; the weights of wider ones are long, and multiplying zeros costs too

Run = list[tuple[Window, int]]  # windows and their input sizes, the last layer first


def is_plain(window: Window) -> bool:
    """Whether a window is of stride 1, pads with zeros and has no long weights, nor weighs its outputs."""
    short = window.weights is None or window.kernel <= _WIDEST_WEIGHTED
    return type(window) is Window and (window.stride, window.border) == (1, "zeros") and short


def plain_run(graph: Graph, axis: int, index: int, end: int = 0) -> tuple[Run, int]:
    """The unbroken run of plain windows of a chain from node ``index`` back, and the node that it begins to read.

    ``end``: a node beyond which it does not go.
    """
    run: Run = []
    plain = None
    while index > end and graph.nodes[index].maps:
        window = graph.nodes[index].maps[axis]
        if window is not plain and not (isinstance(window, Window) and is_plain(window)):
            break
        plain = window  # repeated layers share theirs
        (index,) = graph.nodes[index].inputs
        run.append((plain, graph.nodes[index].size[axis]))
    return run, index


def edges_per_output(window: Window) -> int:
    """Edges of a window that lies on samples alone."""
    return window.kernel if window.weights is None else sum(window.weights)


def pull_run(run: Sequence[tuple[Window, int]], counts: np.ndarray) -> np.ndarray:
    """Paths from each input position of a run of plain windows, given those from each output position.

    ``run``: as of :func:`plain_run`; ``counts``: (positions,) of int.

    >>> pull_run([(Window(3), 3), (Window(3), 5)], np.array([1], dtype=object)).tolist()
    [1, 2, 3, 2, 1]
    """
    begin = counts.tolist()
    largest = max(begin) * prod(edges_per_output(window) for window, _ in run)
    width = largest.bit_length() // 8 + 1
    row = int.from_bytes(b"".join([count.to_bytes(width, "little") for count in begin]), "little")
    outputs = len(counts)
    known = None
    for window, n in run:
        if known != (window, n, outputs):
            known = window, n, outputs
            taps = [tap for tap, *_ in window.meetings(outputs, window.pad[0], n)]  # of a wide window most lie on zeros
            ahead = 8 * width * (taps[0] * window.dilation - window.pad[0]) if taps else 0
            ones = (1 << (8 * width * n)) - 1
        total = _weighted(window, taps, row, 8 * width)
        total = total << ahead if ahead >= 0 else total >> -ahead
        row, outputs = total & ones, n  # what a shift moved beyond the last position is cropped
    digits = row.to_bytes(width * run[-1][1], "little")
    return np.array([int.from_bytes(digit, "little") for (digit,) in iter_unpack(f"{width}s", digits)], dtype=object)


def _weighted(window: Window, taps: list[int], row: int, bits: int) -> int:
    """The sum of ``row`` moved to every one of ``taps``, which follow each other, times the tap's weight.

    ``bits``: room of one position. The first tap leaves the row where it is.
    """
    step = bits * window.dilation
    if window.weights is not None:
        return sum((row * window.weights[tap]) << (step * place) for place, tap in enumerate(taps))
    return _repeated(row, len(taps), step)


def _repeated(row: int, times: int, step: int) -> int:
    """The sum of ``row << step * place`` for ``times`` places, by doubling: two sums of half as many are one.

    >>> _repeated(1, 5, 4) == 0x11111
    True
    """
    total = place = 0
    block, size = row, 1
    while True:
        if times & size:
            total = total + (block << (step * place)) if place else block
            place += size
        if 2 * size > times:
            return total
        block += block << (step * size)
        size *= 2
