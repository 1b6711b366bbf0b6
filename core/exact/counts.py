"""A map of path counts: one whole number for every position of a feature map.

The counts of a separable network are kept as one factor per axis (their outer product is the map), others as the
array itself. Every number is a Python integer; nothing here rounds.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from math import log10, prod
from typing import TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class PathCounts:
    """Counts over positions, row 0 at the top, column 0 at the left.

    ``factors``: one array (side,) of int per axis, whose outer product is the map; or, for a network with branches,
    the single array of all axes itself.
    """

    factors: tuple[np.ndarray, ...]

    @property
    def size(self) -> tuple[int, ...]:
        """Positions per axis: (length,), (height, width) or (depth, height, width)."""
        return sum((factor.shape for factor in self.factors), ())

    @property
    def separable(self) -> bool:
        """Whether the map is the outer product of one row for each axis."""
        return len(self.factors) == len(self.size)

    def at(self, position: tuple[int, ...]) -> int:
        """The count of one position.

        >>> PathCounts((np.array([1, 2], dtype=object), np.array([3, 5], dtype=object))).at((1, 1))
        10
        """
        if not self.separable:
            return int(self.factors[0][position])
        return prod(int(factor[index]) for factor, index in zip(self.factors, position, strict=True))

    def cut(self, axis: int, place: int) -> "PathCounts":
        """The counts at one place along an axis: a map of the other axes, of which there is one at least.

        >>> PathCounts(tuple(np.array(row, dtype=object) for row in ([1, 2], [3, 5], [1, 7]))).cut(0, 1).at((1, 1))
        70
        """
        if not self.separable:
            return PathCounts((self.factors[0].take(place, axis=axis),))
        first, *others = self.factors[:axis] + self.factors[axis + 1 :]
        return PathCounts((first * int(self.factors[axis][place]), *others))

    def array(self) -> np.ndarray:
        """All counts, the shape of ``size``, dtype object holding Python integers."""
        return reduce(np.multiply.outer, self.factors)

    def total(self) -> int:
        """The sum of all counts."""
        return prod(self.per_factor(_sum))

    def per_factor(self, of: Callable[[np.ndarray], T]) -> list[T]:
        """``of`` of every factor; asked once where axes that are alike have one factor.

        >>> row = np.array([1, 2], dtype=object)
        >>> PathCounts((row, row)).per_factor(len)
        [2, 2]
        """
        known = {id(factor): factor for factor in self.factors}
        values = {key: of(factor) for key, factor in known.items()}
        return [values[id(factor)] for factor in self.factors]

    def log10_counts(self) -> np.ndarray:
        """Logarithms to base 10 in float64, -inf where no path leads; for colour, never for numbers shown."""
        return reduce(np.add.outer, [_log10(factor) for factor in self.factors])

    def multiplicities(self) -> Counter[int]:
        """How many positions hold each count.

        >>> PathCounts((np.array([1, 2, 1], dtype=object),)).multiplicities()
        Counter({1: 2, 2: 1})
        """
        first, *others = self.per_factor(_values)
        result = first
        for per_axis in others:
            result = _squared(result) if per_axis is result else _multiplied(result, per_axis)
        return result


def _sum(factor: np.ndarray) -> int:
    return int(factor.sum())


def _values(factor: np.ndarray) -> Counter[int]:
    return Counter(factor.ravel().tolist())


def _multiplied(left: Counter[int], right: Counter[int]) -> Counter[int]:
    """How often each product stands in an outer product."""
    product: Counter[int] = Counter()
    for value, times in left.items():
        for other, other_times in right.items():
            product[value * other] += times * other_times
    return product


def _squared(row: Counter[int]) -> Counter[int]:
    """As ``_multiplied`` of a row with itself: half of it is the other half."""
    product: Counter[int] = Counter()
    items = list(row.items())
    for place, (value, times) in enumerate(items):
        product[value * value] += times * times
        for other, other_times in items[:place]:
            product[value * other] += 2 * times * other_times
    return product


def _log10(counts: np.ndarray) -> np.ndarray:
    flat = [log10(count) if count else -np.inf for count in counts.ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(counts.shape)
