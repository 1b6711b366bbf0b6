"""A map of path counts: one whole number for every position of a feature map.

The counts of a separable network are kept as one factor per axis (their outer product is the map), others as the
array itself. Every number is a Python integer; nothing here rounds.
"""

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from math import log10, prod

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class PathCounts:
    """Counts over positions, row 0 at the top, column 0 at the left.

    ``factors``: one array (side,) of int per axis, whose outer product is the map; or, for a network with branches,
    the single array (height, width) itself.
    """

    factors: tuple[np.ndarray, ...]

    @property
    def size(self) -> tuple[int, ...]:
        """Positions per axis: (length,) or (height, width)."""
        return sum((factor.shape for factor in self.factors), ())

    @property
    def separable(self) -> bool:
        """Whether the map is the outer product of one row and one column."""
        return len(self.factors) == len(self.size)

    def at(self, position: tuple[int, ...]) -> int:
        """The count of one position.

        >>> PathCounts((np.array([1, 2], dtype=object), np.array([3, 5], dtype=object))).at((1, 1))
        10
        """
        if not self.separable:
            return int(self.factors[0][position])
        return prod(int(factor[index]) for factor, index in zip(self.factors, position, strict=True))

    def array(self) -> np.ndarray:
        """All counts, the shape of ``size``, dtype object holding Python integers."""
        return reduce(np.multiply.outer, self.factors)

    def total(self) -> int:
        """The sum of all counts."""
        return prod(int(factor.sum()) for factor in self.factors)

    def log10_counts(self) -> np.ndarray:
        """Logarithms to base 10 in float64, -inf where no path leads; for colour, never for numbers shown."""
        return reduce(np.add.outer, [_log10(factor) for factor in self.factors])

    def multiplicities(self) -> Counter[int]:
        """How many positions hold each count.

        >>> PathCounts((np.array([1, 2, 1], dtype=object),)).multiplicities()
        Counter({1: 2, 2: 1})
        """
        result = Counter({1: 1})
        for factor in self.factors:
            per_axis = Counter(factor.ravel().tolist())
            product: Counter[int] = Counter()
            for left, left_times in result.items():
                for right, right_times in per_axis.items():
                    product[left * right] += left_times * right_times
            result = product
        return result


def _log10(counts: np.ndarray) -> np.ndarray:
    flat = [log10(count) if count else -np.inf for count in counts.ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(counts.shape)
