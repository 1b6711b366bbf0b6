"""The four imbalances told apart, one number each: a share from 0 to 1, and 1 says that this one is gone, exactly.

* Centre bias looks at the paths to the centre unit alone: their mean over the pixels that it reads, over the most.
* Parity looks at one period of the strides around the centre pixel: the least of all paths over the most.
* Foveation and uneven padding look at the way from the centre to the border, among pixels on the same place of the
  stride grid, so that parity does not show: the least over the most. It is taken within each half (in 2-D: quarter) of
  the input. What the best of them lacks is on all sides: foveation. What the worst lacks beside the best is on one side
  only: uneven padding, or padding that was asked for on one side.

The grid is that of the design check: where the strides' period is wider than a quarter of the input, a part of it, so
that some parity then counts as foveation. Random connections are uneven by chance, and all of that counts as well.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from ..checks.parity import contrast
from ..design.analysis import DesignAnalysis
from ..exact.counts import PathCounts

Share = Fraction | None


@dataclass(frozen=True, slots=True)
class ImbalanceScores:
    """1: gone; towards 0: the worse; None: there is no path."""

    centre_bias: Share
    foveation: Share
    parity: Share
    uneven_padding: Share


def imbalance_scores(analysis: DesignAnalysis) -> ImbalanceScores:
    """The four shares.

    >>> scores = imbalance_scores(DesignAnalysis(design_of("32; conv k3 s2 p1")))
    >>> [str(share) for share in (scores.centre_bias, scores.foveation, scores.parity, scores.uneven_padding)]
    ['1', '1', '1/2', '1/2']
    """
    counts = analysis.counts
    if not counts.total():
        return ImbalanceScores(_centre(analysis.unit_counts), None, None, None)
    grid = analysis.grid if analysis.uneven else (1,) * len(counts.size)
    sides = _sides(counts, grid)
    best, worst = max(sides), min(sides)
    return ImbalanceScores(
        _centre(analysis.unit_counts), best, _parity(analysis), worst / best if best else Fraction(1)
    )


def _centre(counts: PathCounts) -> Share:
    """Mean over most, among the pixels with a path."""
    share = Fraction(1)
    for factor in counts.factors:
        if not (read := int(np.count_nonzero(factor))):
            return None
        share *= Fraction(int(factor.sum()), read * int(factor.max()))
    return share


def _parity(analysis: DesignAnalysis) -> Fraction:
    """Least over most within the grid around the centre; 1 where every stride divides its kernel."""
    if not analysis.uneven:
        return Fraction(1)
    ratio = contrast(analysis)
    return 1 / ratio if ratio else Fraction(0)  # no contrast: one of them is not read


def _sides(counts: PathCounts, grid: tuple[int, ...]) -> list[Fraction]:
    """Least over most on any one place of the grid, within each half or quarter of the input."""
    axes = range(len(counts.size))
    halves: list[tuple[slice, slice]] = [(slice(0, (side + 1) // 2), slice(side // 2, side)) for side in counts.size]
    if not counts.separable:
        return [_told(_least_over_most(counts.factors[0][part], grid)) for part in product(*halves)]
    per_axis = [
        [_least_over_most(counts.factors[axis][half], grid[axis : axis + 1]) for half in halves[axis]] for axis in axes
    ]
    return [_told(*shares) for shares in product(*per_axis)]


def _told(*shares: Share) -> Fraction:
    """The share of a part from those along its axes; where it has no path, nothing in it is read less than the rest."""
    known = [share for share in shares if share is not None]
    return prod(known, start=Fraction(1)) if len(known) == len(shares) else Fraction(1)


def _least_over_most(counts: np.ndarray, grid: tuple[int, ...]) -> Share:
    """The smallest share of least over most among the places of the grid that have a path at all; None: none has."""
    shares = []
    for place in product(*map(range, grid)):
        same = counts[tuple(slice(first, None, step) for first, step in zip(place, grid, strict=True))]
        if same.size and same.max():
            shares.append(Fraction(int(same.min()), int(same.max())))
    return min(shares, default=None)
