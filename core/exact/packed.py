"""A run of plain windows counted inside one long integer, many times faster than position by position.

Kronecker substitution: the counts of a row stand side by side in the digits of one integer, each with room for the
largest count that can come; moving the row by a position is then a shift, and a window's pull is a sum of shifts.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

from ..network.window import Window


def is_plain(window: Window) -> bool:
    """Whether a window is of stride 1, pads with zeros and reads every tap once."""
    return (window.stride, window.border, window.weights) == (1, "zeros", None)


def pull_run(run: Sequence[tuple[Window, int]], counts: np.ndarray) -> np.ndarray:
    """Paths from each input position of a run of plain windows, given those from each output position.

    ``run``: windows and their input sizes, the last layer first; ``counts``: (positions,) of int.

    >>> pull_run([(Window(3), 3), (Window(3), 5)], np.array([1], dtype=object)).tolist()
    [1, 2, 3, 2, 1]
    """
    largest = int(counts.max()) * prod(window.kernel for window, _ in run)
    width = largest.bit_length() // 8 + 1
    row = int.from_bytes(b"".join(count.to_bytes(width, "little") for count in counts.tolist()), "little")
    kept = ones = 0
    for window, n in run:
        total = 0
        for tap in range(window.kernel):  # what a shift moves beyond the first position or the last is cropped
            ahead = 8 * width * (tap * window.dilation - window.pad[0])
            total += row << ahead if ahead >= 0 else row >> -ahead
        if n != kept:
            kept, ones = n, (1 << (8 * width * n)) - 1
        row = total & ones
    digits = row.to_bytes(width * run[-1][1], "little")
    starts = range(0, len(digits), width)
    return np.array([int.from_bytes(digits[at : at + width], "little") for at in starts], dtype=object)
