"""Which keys the queries of an attention may read, along each axis: everything, the past, windows, neighbourhoods.

Attention is counted with its pattern frozen: each query reads every key that it may, once (:mod:`.exact.paths` and
``core/exact/README.md``). Over several axes a query may read what it may along each, so that each is an axis map.

* Windows divide the axis, and the last is cut off. Shifted ones begin earlier: the first is cut off too, and nothing is
  read around the border, as in Swin with its masks (Liu et al., ICCV 2021, arXiv 2103.14030).
* Neighbourhoods always hold as many keys: at a border they are pushed inwards, not padded (Hassani et al., CVPR 2023,
  arXiv 2204.07143). Dilated ones keep to every ``dilation``-th position (arXiv 2209.15001).
* Causal: no query reads what comes after it. With a window, it reads its own and so many less one before: they slide.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..errors import NetworkError
from . import limits
from .maps import Spans


@dataclass(frozen=True, slots=True)
class Keys:
    """What a query may read; tuples have one number for each axis, and are empty where nothing was said."""

    window: tuple[int, ...] = ()
    shift: tuple[int, ...] = ()  # of windows: by so much less than a window does the first begin before the axis
    near: tuple[int, ...] = ()  # keys of a neighbourhood
    dilation: tuple[int, ...] = ()  # of neighbourhoods
    causal: bool = False

    def __post_init__(self) -> None:
        for name, values, least in (
            ("window", self.window, 1),
            ("shift", self.shift, 0),
            ("neighbourhood", self.near, 1),
            ("dilation", self.dilation, 1),
        ):
            for value in values:
                if not least <= value <= limits.MAX_SIDE:
                    raise NetworkError(f"{name} {value} is outside {least} to {limits.MAX_SIDE}")
        if self.near and (self.window or self.causal):
            raise NetworkError(
                "a neighbourhood lies on both sides and has no windows; for the last 4 positions write causal w4, "
                "for windows of 4 write w4"
            )
        if any(self.shift) and (self.causal or not self.window):
            raise NetworkError("a shift moves windows that divide the axis; give them, as in w7 shift3, without causal")
        for window, shift in zip(self.window, self.shift, strict=False):
            if shift >= window:
                raise NetworkError(f"a shift of {shift} is a whole window of {window} or more; shift by less")
        if set(self.dilation) - {1} and not self.near:
            raise NetworkError("dilation is that of a neighbourhood; give one, as in near7 d2")

    def __str__(self) -> str:
        """
        >>> str(Keys(window=(7, 7), shift=(3, 3))), str(Keys(near=(7,), dilation=(2,))), str(Keys((4,), causal=True))
        ('w7 shift3', 'near7 d2', 'causal w4')
        """
        words = ["causal"] if self.causal else []
        for letter, values, default in (
            ("w", self.window, 0),
            ("shift", self.shift, 0),
            ("near", self.near, 0),
            ("d", self.dilation, 1),
        ):
            if set(values) - {default}:
                same = len(set(values)) == 1
                words.append(letter + (str(values[0]) if same else "x".join(map(str, values))))
        return " ".join(words)

    def along(self, axis: int) -> "Keys":
        """The same along one axis of several."""
        pick = slice(axis, axis + 1)
        return replace(
            self,
            window=self.window[pick],
            shift=self.shift[pick],
            near=self.near[pick],
            dilation=self.dilation[pick],
        )

    def maps(self, size: tuple[int, ...]) -> tuple[Spans, ...]:
        """The axis map of each axis.

        Raises :class:`~.errors.NetworkError` for a neighbourhood that does not fit, and for causal attention over
        several axes.
        """
        if self.causal and len(size) > 1:
            raise NetworkError(
                "causal attention reads the past, and a map of several axes has none; use an input of one"
            )
        return tuple(self.along(axis).over(side) for axis, side in enumerate(size))

    @lru_cache(maxsize=256)  # noqa: B019  # patterns are small, and repeated layers share their maps
    def over(self, n: int) -> Spans:
        """The axis map of ``n`` positions, if this is of one axis.

        >>> Keys(near=(3,)).over(5).first, Keys(window=(2,), shift=(1,)).over(5).last
        ((0, 0, 1, 2, 2), (0, 2, 2, 4, 4))
        """
        at = np.arange(n)
        step = self.dilation[0] if self.dilation else 1
        if self.near:
            first, last = _neighbourhoods(n, self.near[0], step)
        elif self.causal:
            first, last = np.maximum(at - self.window[0] + 1, 0) if self.window else np.zeros_like(at), at
        elif self.window:
            start = (at - self._shift) // self.window[0] * self.window[0] + self._shift
            first, last = np.maximum(start, 0), np.minimum(start + self.window[0], n) - 1
        else:
            first, last = np.zeros_like(at), np.full_like(at, n - 1)
        return Spans(tuple(first.tolist()), tuple(last.tolist()), n, step, self)

    @property
    def _shift(self) -> int:
        return self.shift[0] if self.shift else 0


def _neighbourhoods(n: int, keys: int, step: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last of the ``keys`` positions that each of ``n`` reads, every ``step``-th, pushed inwards."""
    if n // step < keys:
        apart = f", {step} apart," if step > 1 else ""
        raise NetworkError(
            f"a neighbourhood of {keys} positions{apart} does not fit {n}; use a smaller one"
            + (", or less dilation" if step > 1 else "")
        )
    turn, phase = np.divmod(np.arange(n), step)
    positions = (n - phase + step - 1) // step  # with this phase
    first = phase + step * np.clip(turn - keys // 2, 0, positions - keys)
    return first, first + step * (keys - 1)
