"""Counts whose channels differ, in blocks of equal channels: what ``push`` carries where channels are counted."""

from itertools import accumulate

import numpy as np

Blocks = list[tuple[int, np.ndarray]]  # (channels, counts of each of them), channels in order


def total(blocks: Blocks) -> np.ndarray:
    """The counts of all channels together."""
    weighed = [block if width == 1 else block * width for width, block in blocks]
    return sum(weighed[1:], start=weighed[0])


def added(left: Blocks, right: Blocks) -> Blocks:
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


def gathered(blocks: Blocks, channels: int, groups: int) -> Blocks:
    """Through a convolution: each of its ``channels`` holds the sum over the channels of its group.

    >>> one, two = np.array([1], dtype=object), np.array([2], dtype=object)
    >>> gathered([(2, one), (2, two)], 4, 2)
    [(2, array([2], dtype=object)), (2, array([4], dtype=object))]
    """
    here, there = sum(width for width, _ in blocks) // groups, channels // groups
    result: Blocks = []
    group = 0
    while group < groups:
        inside = _cut(blocks, group * here, (group + 1) * here)
        alike = 1
        if len(inside) == 1:  # the groups that follow inside the same block gather the same sum
            end = next(end for end in _ends(blocks) if end > group * here)
            alike = end // here - group
        result.append((alike * there, total(inside)))
        group += alike
    return result
