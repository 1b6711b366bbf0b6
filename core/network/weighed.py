"""Axis maps whose outputs weigh: what one reads counts as often as its weight says.

As of shares, where an output divides evenly among all that it reads: its weight is a common multiple over its reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .maps import AxisMap, Lookup


@dataclass(frozen=True, slots=True)
class Weighed:
    """``inner``, output i of which counts ``weights[i]`` times; ``edges``: of all its outputs, weights included."""

    inner: AxisMap
    weights: tuple[int, ...]
    edges: int

    def out_size(self, n: int) -> int:
        return self.inner.out_size(n)

    def period(self) -> tuple[int, int]:
        return self.inner.period()

    def taps(self, position: int) -> Sequence[int]:
        return self.inner.taps(position)

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        """Paths from each of ``n`` input positions, given the paths from each output position."""
        return self.inner.pull(counts * _along(self.weights, counts), n)

    def push(self, counts: np.ndarray) -> np.ndarray:
        """Paths to each output position, given the paths to each input position."""
        plain = self.inner.push(counts)
        return np.asarray(plain * _along(self.weights, plain))


@dataclass(frozen=True, slots=True, eq=False)
class WeighedLookup(Lookup):
    """A lookup whose output i counts ``weights[i]`` times."""

    weights: tuple[int, ...] = ()

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        return Lookup.pull(self, counts * _along(self.weights, counts), n)

    def push(self, counts: np.ndarray) -> np.ndarray:
        plain = Lookup.push(self, counts)
        return np.asarray(plain * _along(self.weights, plain))


def weighed_lookup(lookup: Lookup, weights: Sequence[int]) -> WeighedLookup:
    """The lookup with a weight for each output."""
    return WeighedLookup(lookup.sources, lookup.inputs, tuple(weights))


def _along(weights: Sequence[int], counts: np.ndarray) -> np.ndarray:
    """The weights in the shape that multiplies ``counts`` along its first axis."""
    return np.array(weights, dtype=object).reshape(-1, *(1,) * (counts.ndim - 1))
