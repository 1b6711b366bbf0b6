"""How unequal a map of path counts is: measures as exact fractions, absent (None) where they have no value.

Four imbalances are told apart: centre bias and foveation (``corner_centre``, ``edge_centre``), parity (``parity``),
uneven padding (``asymmetry``); ``gini``, ``effective_share``, ``max_min`` and ``unread`` speak of all together.
The centre pixel is the one at ``side // 2`` on each axis.
"""

from fractions import Fraction
from itertools import combinations, product
from math import prod

import numpy as np

from ..network.axes import axis_names
from ..network.graph import Graph
from .counts import PathCounts
from .field import unit_stride

Measures = dict[str, Fraction | None]

# Positions are pixels where counts lead from the input, units where they lead to the output.
MEANINGS = {
    "unread": "share of the positions without any path",
    "max_min": "largest count over smallest, among positions with a path",
    "corner_centre": "smallest corner (1-D: end) over the centre",
    "edge_centre": "smallest middle of a side (1-D: end; 3-D: of an edge) over the centre",
    "face_centre": "smallest middle of a face over the centre",
    "gini": "0: all counts are equal; near 1: one position has nearly all paths",
    "effective_share": "share of the positions that, read equally, would count as much",
    "parity": "largest count over smallest within one stride period at the centre, or within a part of one wider than "
    "a quarter of the input; 1: no grid",
    "asymmetry": "share of the paths by which the right half exceeds the left",
    "asymmetry_depth": "share of the paths by which the later half along the depth exceeds the earlier",
    "asymmetry_height": "share of the paths by which the lower half exceeds the upper",
    "asymmetry_width": "share of the paths by which the right half exceeds the left",
}


def imbalance(counts: PathCounts, period: tuple[int, ...]) -> Measures:
    """Every measure, by name; ``period``: input positions after which the strides repeat, per axis.

    Those of three axes have the faces of the box beside its edges and corners.
    """
    axes = len(counts.size)
    names = ("",) if axes == 1 else tuple(f"_{name}" for name in axis_names(axes))
    return {
        "unread": unread(counts),
        "max_min": max_min(counts),
        "corner_centre": corner_centre(counts),
        "edge_centre": edge_centre(counts),
        **({"face_centre": face_centre(counts)} if axes == 3 else {}),
        "gini": gini(counts),
        "effective_share": effective_share(counts),
        "parity": parity(counts, period),
        **{f"asymmetry{name}": asymmetry(counts, axis) for axis, name in enumerate(names)},
    }


def stride_period(graph: Graph) -> tuple[int, ...]:
    """Input positions after which the pattern of strides repeats, per axis: the product of the strides.

    >>> stride_period(graph_of(parse("224x224; conv k7 s2 p3; maxpool k3 s2 p1")))
    (4, 4)
    """
    return tuple(unit_stride(graph, axis) for axis in range(len(graph.input.size)))


def unread(counts: PathCounts) -> Fraction:
    """Share of the pixels from which no path leads anywhere.

    >>> unread(_row(1, 0, 0, 1))
    Fraction(1, 2)
    """
    return 1 - Fraction(prod(map(int, counts.per_factor(np.count_nonzero))), prod(counts.size))


def max_min(counts: PathCounts) -> Fraction | None:
    """Largest count over smallest, among the pixels that are read; absent if none is.

    >>> max_min(_row(0, 2, 6, 3))
    Fraction(3, 1)
    """
    ends = counts.per_factor(_least_and_most)
    return Fraction(prod(most for _, most in ends), prod(least for least, _ in ends)) if all(map(any, ends)) else None


def corner_centre(counts: PathCounts) -> Fraction | None:
    """Smallest count of a corner (1-D: of an end) over the centre's; absent if the centre is not read.

    >>> corner_centre(_row(2, 6, 3))
    Fraction(1, 3)
    """
    return _over_centre(counts, border_middles(counts.size, free=0))


def edge_centre(counts: PathCounts) -> Fraction | None:
    """Smallest count in the middle of a side over the centre's; absent if the centre is not read.

    In 1-D the sides are the ends, in 3-D the twelve edges of the box.

    >>> edge_centre(PathCounts((_row(2, 6, 3).factors[0], _row(1, 4, 4).factors[0])))
    Fraction(1, 4)
    """
    return _over_centre(counts, border_middles(counts.size, free=min(len(counts.size) - 1, 1)))


def face_centre(counts: PathCounts) -> Fraction | None:
    """Smallest count in the middle of a face of a box over the centre's; absent if the centre is not read.

    >>> face_centre(PathCounts(tuple(_row(*row).factors[0] for row in ((2, 6, 3), (1, 4, 4), (5, 5, 5)))))
    Fraction(1, 4)
    """
    return _over_centre(counts, border_middles(counts.size, free=2))


def border_middles(size: tuple[int, ...], free: int) -> list[tuple[int, ...]]:
    """The middles of the border's parts that run along ``free`` axes: 0 its corners, 1 its edges, 2 the faces of a box.

    >>> border_middles((5, 7), free=1)
    [(0, 3), (4, 3), (2, 0), (2, 6)]
    """
    parts = []
    for along in combinations(reversed(range(len(size))), free):
        ends = ((side // 2,) if axis in along else (0, side - 1) for axis, side in enumerate(size))
        parts += list(product(*ends))
    return parts


def gini(counts: PathCounts) -> Fraction | None:
    """Gini coefficient of the counts: 0 when all pixels are equal, near 1 when one has everything.

    With counts in rising order c_1 … c_N it is Σ (2i - N - 1) c_i / (N Σ c_i); absent if there is no path.

    >>> gini(_row(0, 0, 0, 1))
    Fraction(3, 4)
    """
    n, total = prod(counts.size), counts.total()
    if not total:
        return None
    weighed = before = 0
    for count, times in sorted(counts.multiplicities().items()):
        weighed += count * times * (2 * before + times - n)
        before += times
    return Fraction(weighed, n * total)


def effective_share(counts: PathCounts) -> Fraction | None:
    """(Σ c)² / (N Σ c²): the share of the pixels that would do, were their counts equal; absent if there is no path.

    >>> effective_share(_row(1, 1, 0, 0))
    Fraction(1, 2)
    """
    squares = prod(counts.per_factor(_sum_of_squares))
    return Fraction(counts.total() ** 2, prod(counts.size) * squares) if squares else None


def parity(counts: PathCounts, period: tuple[int, ...]) -> Fraction | None:
    """Largest count over smallest within one stride period around the centre.

    Absent where the period does not fit the input, or holds a pixel that is not read (``unread`` tells).

    >>> parity(_row(1, 2, 1, 2, 1, 2), (2,))
    Fraction(2, 1)
    """
    if any(step > side for step, side in zip(period, counts.size, strict=True)):
        return None
    begins = [middle - step // 2 for middle, step in zip(_centre(counts.size), period, strict=True)]
    near = [slice(first, first + step) for first, step in zip(begins, period, strict=True)]
    if counts.separable:
        parts = [factor[part] for factor, part in zip(counts.factors, near, strict=True)]
    else:
        parts = [counts.factors[0][tuple(near)]]
    most, least = (prod(int(extreme(part)) for part in parts) for extreme in (np.max, np.min))
    return Fraction(most, least) if least else None


def asymmetry(counts: PathCounts, axis: int) -> Fraction | None:
    """(paths in the after half - paths in the before half) / all paths, along ``axis``; absent if there is no path.

    The middle position of an odd side belongs to neither half. 0 is even; positive leans right or
    down, along the depth to the later planes.

    >>> asymmetry(_row(1, 5, 3), 0)
    Fraction(2, 9)
    """
    total = counts.total()
    if not total:
        return None
    if counts.separable:
        sums = counts.factors[axis]
    else:
        sums = counts.factors[0].sum(axis=tuple(other for other in range(len(counts.size)) if other != axis))
    half = len(sums) // 2
    difference = int(sums[len(sums) - half :].sum()) - int(sums[:half].sum())
    return Fraction(difference, int(sums.sum()))


def _least_and_most(factor: np.ndarray) -> tuple[int, int]:
    """Of the counts that are not 0; zeros where all are."""
    read = [count for count in factor.ravel().tolist() if count]
    return min(read, default=0), max(read, default=0)


def _sum_of_squares(factor: np.ndarray) -> int:
    return sum(count * count for count in factor.ravel().tolist())


def _centre(size: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(side // 2 for side in size)


def _over_centre(counts: PathCounts, positions: list[tuple[int, ...]]) -> Fraction | None:
    centre = counts.at(_centre(counts.size))
    return Fraction(min(counts.at(position) for position in positions), centre) if centre else None


def _row(*values: int) -> PathCounts:
    """A 1-D map for the examples above."""
    return PathCounts((np.array(values, dtype=object),))
