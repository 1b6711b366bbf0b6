"""The axis map of a sliding window: which input positions each output position reads, along one axis.

Conventions: position 0 is the first sample; padding and border mode follow PyTorch; arrays of counts hold Python
integers (dtype object), or words where no count leaves one, with the axis of the map first, any further axes after it.
"""

from collections.abc import Iterator, Sequence
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

    def plain(self) -> "Window":
        """The same reads in one of several spellings: no border without padding, no dilation of one tap.

        Repeating the last sample once is mirroring one sample with it.

        >>> Window(1, dilation=2, border="circular", weights=(1,)).plain()
        Window(kernel=1, stride=1, dilation=1, pad=(0, 0), border='zeros', weights=None)
        """
        border = self.border if any(self.pad) else "zeros"
        border = "symmetric" if border == "replicate" and max(self.pad) == 1 else border
        weights = None if self.weights is None or set(self.weights) == {1} else self.weights
        return Window(self.kernel, self.stride, self.dilation if self.kernel > 1 else 1, self.pad, border, weights)

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

    def padding_read(self, n: int) -> tuple[int, int]:
        """Positions of padding before and after ``n`` samples that windows read: the last one may drop some.

        >>> Window(kernel=3, stride=2, pad=(1, 1)).padding_read(224), Window(3, 2, pad=(0, 1)).padding_read(224)
        ((1, 0), (0, 1))
        """
        return self.pad[0], max(self.pad[1] - self.left_over(n), 0)

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
        before, side = self._shown(n)
        padded = np.zeros((side, *counts.shape[1:]), dtype=counts.dtype)
        for tap, outputs, inputs in self.meetings(len(counts), before, side):
            weight = self._weight(tap)
            padded[inputs] += counts[outputs] if weight == 1 else counts[outputs] * weight
        return self._fold(padded, n)

    def push(self, counts: np.ndarray) -> np.ndarray:
        """Paths to each output position, given the paths to each input position.

        >>> Window(kernel=3, pad=(1, 1)).push(np.array([0, 1, 0, 0], dtype=object)).tolist()
        [1, 1, 1, 0]
        """
        n = len(counts)
        before, side = self._shown(n)
        padded = counts if self.border == "zeros" else counts[self.sources(n)]
        result = np.zeros((self.out_size(n), *counts.shape[1:]), dtype=counts.dtype)
        for tap, outputs, inputs in self.meetings(len(result), before, side):
            weight = self._weight(tap)
            result[outputs] += padded[inputs] if weight == 1 else padded[inputs] * weight
        return result

    def meetings(self, outputs: int, before: int, side: int) -> Iterator[tuple[int, slice, slice]]:
        """For every tap that meets a sample: the tap, the outputs for which it does, and the samples that it meets.

        ``before``: padding before the first of the ``side`` samples, none of which is met.

        >>> list(Window(kernel=2, pad=(1, 0)).meetings(outputs=3, before=1, side=3))
        [(0, slice(1, 3, None), slice(0, 2, 1)), (1, slice(0, 3, None), slice(0, 3, 1))]
        """
        for tap in range(self.kernel):
            offset = tap * self.dilation - before
            first = max(0, -(offset // self.stride))
            count = min(outputs - 1, (side - 1 - offset) // self.stride) - first + 1
            if count > 0:
                start = first * self.stride + offset
                reach = start + self.stride * (count - 1) + 1
                yield tap, slice(first, first + count), slice(start, reach, self.stride)

    def _shown(self, n: int) -> tuple[int, int]:
        """The zeros before the samples that taps may meet, and how many samples: padding that shows some is among them.

        So wide kernels on few samples, whose taps lie on zeros mostly, cost what they meet.
        """
        return (self.pad[0], n) if self.border == "zeros" else (0, n + sum(self.pad))

    def _weight(self, tap: int) -> int:
        return 1 if self.weights is None else self.weights[tap]

    def _fold(self, padded: np.ndarray, n: int) -> np.ndarray:
        """Adds what reached the padding to the samples that the padding shows."""
        before, after = self.pad
        if self.border == "zeros":
            return padded
        inside = padded[before : before + n]
        sources = self.sources(n)
        for at in (*range(before), *range(before + n, before + n + after)):
            inside[sources[at]] += padded[at]
        return inside


def binomial(taps: int) -> tuple[int, ...]:
    """A row of Pascal's triangle: the paths through ``taps - 1`` stacked windows of two.

    >>> binomial(4)
    (1, 3, 3, 1)
    """
    row = [1]
    for index in range(taps - 1):
        row.append(row[-1] * (taps - 1 - index) // (index + 1))
    return tuple(row)
