"""A map of path counts: one whole number for every position of a feature map.

The counts of a separable network are kept as one factor per axis (their outer product is the map), others as the
array itself. Every number is a Python integer; nothing here rounds.
"""

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from math import log10, prod

import numpy as np

_CHUNK = 4000  # digits that are surely written at once
_LARGE = 10**_CHUNK


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


def decimal(count: int) -> str:
    """All digits of ``count``, however many: ``str`` alone refuses more than 4300.

    >>> len(decimal(10**5000))
    5001
    """
    if count < _LARGE:
        return str(count)
    high, low = divmod(count, _LARGE)
    return decimal(high) + str(low).zfill(_CHUNK)


def short(count: int) -> str:
    """A count for a small space: up to six digits, else scientific and rounded.

    >>> short(1234567), short(39366), short(6561)
    ('1.2e6', '39,366', '6561')
    """
    if count < 10**6:
        return f"{count:,}" if count >= 10**4 else str(count)
    exponent = len(decimal(count)) - 1
    tenths = (count + 10**exponent // 20) * 10 // 10**exponent
    if tenths >= 100:
        tenths, exponent = tenths // 10, exponent + 1
    return f"{tenths // 10}.{tenths % 10}e{exponent}"


def grouped(count: int) -> str:
    """All digits of a count, in groups of three.

    >>> grouped(1142761)
    '1,142,761'
    """
    digits = decimal(count)
    first = len(digits) % 3 or 3
    return ",".join([digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))])


def told(count: int) -> str:
    """All digits, grouped, where they fit a line; else rounded, and said to be.

    >>> told(1142761), told(10**30)
    ('1,142,761', 'about 1.0e30')
    """
    return grouped(count) if count < 10**24 else f"about {short(count)}"
