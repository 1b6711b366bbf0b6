"""How large the effective field of a unit is, as its path counts alone predict it.

For random independent weights the expected squared gradient at a pixel is proportional to its paths (Luo et al.,
NeurIPS 2016, arXiv 1701.04128), so that the paths are the mass. The size is, along each axis, that of the shortest run
about the field's centre which holds 95 % of the mass.
"""

from bisect import bisect_left
from fractions import Fraction

import numpy as np

from .counts import PathCounts

_SHARE = Fraction(95, 100)


def effective_size(counts: PathCounts, centre: tuple[Fraction | None, ...]) -> tuple[int, ...] | None:
    """Positions along each axis that hold 95 % of ``counts``, the paths to one unit; None if there are none.

    ``centre``: the middle of the unit's field, in input positions; None: the middle of the input.

    >>> row = PathCounts((np.array([1, 4, 10, 16, 19, 16, 10, 4, 1], dtype=object),))
    >>> effective_size(row, (Fraction(4),))
    (7,)
    """
    if not counts.total():
        return None
    axes = range(len(counts.size))
    if counts.separable:
        profiles = list(counts.factors)
    else:
        profiles = [counts.factors[0].sum(axis=tuple(other for other in axes if other != axis)) for axis in axes]
    return tuple(
        _length(profile, Fraction(len(profile) - 1, 2) if middle is None else middle)
        for profile, middle in zip(profiles, centre, strict=True)
    )


def _length(profile: np.ndarray, centre: Fraction) -> int:
    """The shortest run about ``centre``, cut at the borders, that holds the share of the profile's sum."""
    away = np.abs(centre.denominator * np.arange(len(profile)) - centre.numerator)
    nearest = np.argsort(away, kind="stable")
    held = np.cumsum(profile[nearest])
    taken = nearest[: bisect_left(held, _SHARE * held[-1]) + 1]
    return int(taken.max() - taken.min()) + 1
