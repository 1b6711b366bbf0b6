"""Axis maps: every layer, along one axis, is an integer matrix that is never built.

It can be asked how many outputs it gives (``out_size``), how many paths reach each input (``pull``) or output
(``push``), and what an output reads (``taps``, ``period``). :class:`~.network.window.Window` is the first;
the others are here. Arrays of counts hold Python integers, the axis of the map first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from ..errors import NetworkError
from .window import Window


class AxisMap(Protocol):
    """What every axis map answers; see :class:`Window` for the meaning of each."""

    def out_size(self, n: int) -> int: ...
    def pull(self, counts: np.ndarray, n: int) -> np.ndarray: ...
    def push(self, counts: np.ndarray) -> np.ndarray: ...
    def period(self) -> tuple[int, int]: ...
    def taps(self, position: int) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True)
class Transposed:
    """A window with its two ends exchanged: transposed convolution, nearest-neighbour upsampling.

    The window's padding crops the output (before, after), as in PyTorch, whose ``output_padding`` is before - after.
    """

    window: Window

    def out_size(self, n: int) -> int:
        """Positions after spreading ``n`` samples.

        >>> Transposed(Window(kernel=4, stride=2, pad=(1, 1))).out_size(7)
        14
        """
        size = (n - 1) * self.window.stride + self.window.span - sum(self.window.pad)
        if size < 1:
            raise NetworkError(
                f"{n} samples spread by stride {self.window.stride} and cropped by {self.window.pad} leave nothing; "
                "use less padding, or a larger kernel or stride"
            )
        return size

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        """Paths from each of ``n`` input positions, given the paths from each output position."""
        return self.window.push(counts)

    def push(self, counts: np.ndarray) -> np.ndarray:
        """Paths to each output position, given the paths to each input position."""
        return self.window.pull(counts, self.out_size(len(counts)))

    def period(self) -> tuple[int, int]:
        return self.window.stride, 1

    def taps(self, position: int) -> Sequence[int]:
        """Input positions that output ``position`` reads; none where stride and dilation leave it out.

        >>> Transposed(Window(kernel=3, stride=2)).taps(2)
        [1, 0]
        """
        window = self.window
        reached = (position + window.pad[0] - window.dilation * tap for tap in range(window.kernel))
        return [at // window.stride for at in reached if at % window.stride == 0]


@dataclass(frozen=True, slots=True)
class Slice:
    """Every ``step``-th position from ``start`` on, ``length`` of them."""

    start: int
    step: int
    length: int

    def out_size(self, n: int) -> int:
        return self.length

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        """Paths from each of ``n`` input positions, given the paths from each output position.

        >>> Slice(1, 2, 2).pull(np.array([5, 6], dtype=object), 5).tolist()
        [0, 5, 0, 6, 0]
        """
        result = np.zeros((n, *counts.shape[1:]), dtype=counts.dtype)
        result[self._kept] = counts
        return result

    def push(self, counts: np.ndarray) -> np.ndarray:
        """Paths to each output position, given the paths to each input position."""
        return counts[self._kept]

    def period(self) -> tuple[int, int]:
        return 1, self.step

    def taps(self, position: int) -> Sequence[int]:
        return (self.start + self.step * position,)

    @property
    def _kept(self) -> slice:
        return slice(self.start, self.start + self.step * (self.length - 1) + 1, self.step)


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Every output reads listed inputs: ``sources`` is (outputs, reads) of input positions, -1 for no read."""

    sources: np.ndarray
    inputs: int

    def out_size(self, n: int) -> int:
        return len(self.sources)

    def period(self) -> tuple[int, int]:
        """The whole map: beyond it, the same again."""
        return len(self.sources), self.inputs

    def taps(self, position: int) -> Sequence[int]:
        turns, at = divmod(position, len(self.sources))
        return [source + turns * self.inputs for source in self.sources[at].tolist() if source >= 0]

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        """Paths from each input position, given the paths from each output position."""
        result = np.zeros((n, *counts.shape[1:]), dtype=counts.dtype)
        for column in self.sources.T:
            read = column >= 0
            np.add.at(result, column[read], counts[read])
        return result

    def push(self, counts: np.ndarray) -> np.ndarray:
        """Paths to each output position, given the paths to each input position."""
        nothing = np.zeros((1, *counts.shape[1:]), dtype=counts.dtype)
        result: np.ndarray = np.concatenate([counts, nothing])[self.sources].sum(axis=1)
        return result


class SpansRule(Protocol):
    """Which spans are read of any number of positions."""

    def over(self, n: int) -> "Spans": ...


@dataclass(frozen=True, slots=True)
class Spans:
    """Every output reads all inputs of a span, one edge each: ``first[i]``, ``first[i] + step``, … up to ``last[i]``.

    As of attention, whose queries read every key that they may. ``last`` before ``first``: nothing is read.
    ``rule``: what makes the same of another number of inputs; None where this one alone is known.
    """

    first: tuple[int, ...]
    last: tuple[int, ...]
    inputs: int
    step: int = 1
    rule: "SpansRule | None" = field(default=None, compare=False)

    @property
    def reads(self) -> int:
        """Edges of all outputs together.

        >>> Spans((0, 0, 1), (0, 1, 2), 3).reads
        5
        """
        return int(self.lengths.sum())

    @property
    def lengths(self) -> np.ndarray:
        """How many inputs each output reads: (outputs,) of int."""
        steps: np.ndarray = (np.array(self.last) - np.array(self.first)) // self.step + 1
        return np.asarray(np.maximum(steps, 0))

    def out_size(self, n: int) -> int:
        if n == self.inputs:
            return len(self.first)
        if self.rule is None:
            raise NetworkError(f"attention over {self.inputs} positions does not fit {n}")
        return len(self.rule.over(n).first)

    def period(self) -> tuple[int, int]:
        """The whole map: beyond it, the same again."""
        return len(self.first), self.inputs

    def taps(self, position: int) -> Sequence[int]:
        """
        >>> Spans((0, 1), (4, 5), 6, step=2).taps(1)
        range(1, 6, 2)
        """
        turns, index = divmod(position, len(self.first))
        moved = turns * self.inputs
        return range(self.first[index] + moved, self.last[index] + moved + 1, self.step)

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        """Paths from each input position, given the paths from each output position.

        >>> Spans((0, 0, 1), (0, 1, 2), 3).pull(np.array([1, 1, 1], dtype=object), 3).tolist()
        [2, 2, 1]
        """
        changes = np.zeros((n + self.step, *counts.shape[1:]), dtype=counts.dtype)
        first, after, read = self._ends()
        np.add.at(changes, first, counts[read])
        np.subtract.at(changes, after, counts[read])
        return self._totals(changes)[:n]

    def push(self, counts: np.ndarray) -> np.ndarray:
        """Paths to each output position, given the paths to each input position."""
        nothing = np.zeros((self.step, *counts.shape[1:]), dtype=counts.dtype)
        totals = np.concatenate([nothing, self._totals(counts)])  # at i: of all inputs before i in steps from it
        first, after, read = self._ends()
        result = np.zeros((len(self.first), *counts.shape[1:]), dtype=counts.dtype)
        result[read] = totals[after] - totals[first]
        return result

    def _ends(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the outputs that read: their first input, that one step after their last, and which outputs they are."""
        first, last = np.array(self.first), np.array(self.last)
        read = np.flatnonzero(last >= first)
        steps = (last - first) // self.step + 1
        return first[read], (first + steps * self.step)[read], read

    def _totals(self, values: np.ndarray) -> np.ndarray:
        """Running sums in steps: at i the sum of i, i - step, and so on."""
        result = np.array(values)
        for start in range(self.step):
            result[start :: self.step] = np.cumsum(result[start :: self.step], axis=0)
        return result


@dataclass(frozen=True, slots=True)
class Linear:
    """Linear interpolation by a whole factor (PyTorch's ``bilinear``, ``align_corners=False``).

    Each output reads its two neighbours, one edge each, both on the border sample where it looks past the border;
    an output that falls on a sample reads that sample alone.
    """

    factor: int

    def out_size(self, n: int) -> int:
        return n * self.factor

    def period(self) -> tuple[int, int]:
        return self.factor, 1

    def taps(self, position: int) -> Sequence[int]:
        """The neighbours of output ``position``, not yet held to the border.

        >>> [Linear(2).taps(position) for position in range(3)]
        [range(-1, 1), range(0, 2), range(0, 2)]
        """
        before, rest = divmod(2 * position + 1 - self.factor, 2 * self.factor)
        return range(before, before + (2 if rest else 1))

    def lookup(self, n: int) -> Lookup:
        """The same map for ``n`` samples, as a list of reads."""
        reads = [self.taps(position) for position in range(self.out_size(n))]
        sources = [[min(max(tap, 0), n - 1) for tap in taps] + [-1] * (2 - len(taps)) for taps in reads]
        return Lookup(np.array(sources), n)

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        return self.lookup(n).pull(counts, n)

    def push(self, counts: np.ndarray) -> np.ndarray:
        return self.lookup(len(counts)).push(counts)


def random_connections(inputs: int, extra: int, seed: int) -> Lookup:
    """Every position keeps its own edge and gains ``extra`` edges from random positions, drawn with replacement.

    Krizhevsky, "Convolutional Deep Belief Networks on CIFAR-10" (2010): globally connected units beside local ones.

    >>> random_connections(4, 2, seed=0).sources.shape
    (4, 3)
    """
    drawn = np.random.default_rng(seed).integers(0, inputs, size=(inputs, extra))
    return Lookup(np.concatenate([np.arange(inputs)[:, None], drawn], axis=1), inputs)
