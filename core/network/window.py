"""The axis map of a sliding window: which input positions each output position reads, along one axis.

Conventions: position 0 is the first sample; padding and border mode follow PyTorch; arrays of counts hold Python
integers (dtype object) with the axis of the map first, any further axes after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import NetworkError

Border = Literal["zeros", "reflect", "symmetric", "replicate", "circular"]
BORDERS: tuple[Border, ...] = ("zeros", "reflect", "symmetric", "replicate", "circular")


@dataclass(frozen=True, slots=True)
class Window:
    """A kernel sliding along one axis; lengths count samples of that axis."""

    kernel: int
    stride: int = 1
    dilation: int = 1
    pad: tuple[int, int] = (0, 0)  # before, after: "same" padding need not be even
    border: Border = "zeros"
    weights: tuple[int, ...] | None = None  # edges per tap; None: one each (a binomial blur has more)

    @property
    def span(self) -> int:
        """Samples from the first tap to the last, both included."""
        return self.dilation * (self.kernel - 1) + 1

    def out_size(self, n: int) -> int:
        """Positions the window takes over ``n`` samples.

        >>> Window(kernel=3, stride=2, pad=(1, 1)).out_size(224)
        112
        """
        free = n + sum(self.pad) - self.span
        if free < 0:
            raise NetworkError(
                f"a window spanning {self.span} does not fit {n} samples padded by {self.pad}; "
                "use more padding, or a smaller kernel or dilation"
            )
        widest = {"reflect": n - 1, "symmetric": n, "circular": n}.get(self.border)
        if widest is not None and max(self.pad) > widest:
            raise NetworkError(
                f"{self.border} padding of {max(self.pad)} is wider than the {widest} samples it may mirror or wrap; "
                f"pad by at most {widest}, or use replicate or zeros"
            )
        return free // self.stride + 1

    def left_over(self, n: int) -> int:
        """Padded positions after the last window, read by no output: first the padding's, then the input's.

        >>> Window(kernel=3, stride=2, pad=(1, 1)).left_over(224)
        1
        """
        return (n + sum(self.pad) - self.span) % self.stride

    def period(self) -> tuple[int, int]:
        """``(outputs, inputs)``: moving on by so many outputs moves the taps by so many inputs."""
        return 1, self.stride

    def taps(self, position: int) -> Sequence[int]:
        """Input positions that output ``position`` reads, as if the input went on for ever."""
        first = position * self.stride - self.pad[0]
        return range(first, first + self.span, self.dilation)

    def sources(self, n: int) -> np.ndarray:
        """The input position that each padded position shows, -1 for a zero: (before + n + after,) of int.

        >>> Window(kernel=3, pad=(2, 2), border="reflect").sources(4).tolist()
        [2, 1, 0, 1, 2, 3, 2, 1]
        """
        before, after = self.pad
        at = np.arange(-before, n + after)
        match self.border:
            case "zeros":
                return np.where((at >= 0) & (at < n), at, -1)
            case "replicate":
                return np.clip(at, 0, n - 1)
            case "circular":
                return at % n
            case "reflect":
                return np.where(at < 0, -at, np.where(at >= n, 2 * (n - 1) - at, at))
            case "symmetric":
                return np.where(at < 0, -at - 1, np.where(at >= n, 2 * n - 1 - at, at))

    def pull(self, counts: np.ndarray, n: int) -> np.ndarray:
        """Paths from each of ``n`` input positions, given the paths from each output position.

        >>> Window(kernel=3, pad=(1, 1)).pull(np.array([1, 1, 1, 1], dtype=object), 4).tolist()
        [2, 3, 3, 2]
        """
        padded = np.zeros((n + sum(self.pad), *counts.shape[1:]), dtype=object)
        for tap, part in self._parts(len(counts)):
            weight = self._weight(tap)
            padded[part] += counts if weight == 1 else counts * weight
        return self._fold(padded, n)

    def push(self, counts: np.ndarray) -> np.ndarray:
        """Paths to each output position, given the paths to each input position.

        >>> Window(kernel=3, pad=(1, 1)).push(np.array([0, 1, 0, 0], dtype=object)).tolist()
        [1, 1, 1, 0]
        """
        n = len(counts)
        if self.border == "zeros":
            padded = np.zeros((n + sum(self.pad), *counts.shape[1:]), dtype=object)
            padded[self.pad[0] : self.pad[0] + n] = counts
        else:
            padded = counts[self.sources(n)]
        outputs = self.out_size(n)
        result = np.zeros((outputs, *counts.shape[1:]), dtype=object)
        for tap, part in self._parts(outputs):
            weight = self._weight(tap)
            result += padded[part] if weight == 1 else padded[part] * weight
        return result

    def _weight(self, tap: int) -> int:
        return 1 if self.weights is None else self.weights[tap]

    def _parts(self, outputs: int) -> list[tuple[int, slice]]:
        """For every tap, the padded positions it lies on over all outputs."""
        reach = self.stride * (outputs - 1) + 1
        firsts = range(0, self.span, self.dilation)
        return [(tap, slice(first, first + reach, self.stride)) for tap, first in enumerate(firsts)]

    def _fold(self, padded: np.ndarray, n: int) -> np.ndarray:
        """Adds what reached the padding to the samples that the padding shows."""
        before, after = self.pad
        inside = padded[before : before + n]
        if self.border == "zeros" or not (before or after):
            return inside
        sources = self.sources(n)
        for at in (*range(before), *range(before + n, before + n + after)):
            inside[sources[at]] += padded[at]
        return inside
