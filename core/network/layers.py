"""What a network is made of: layers and joins, each checking itself.

Per-axis values are tuples in the order of the axes: (length,) or (height, width).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from ..errors import NetworkError
from . import limits
from .maps import AxisMap, Linear, Transposed
from .window import BORDERS, Border, Window

Pad = tuple[tuple[int, int], ...] | Literal["same", "full"]

LayerOp = Literal["conv", "maxpool", "avgpool", "blur", "tconv", "upsample", "global", "random"]

# What each layer may be given beside its name; the first of each tuple is required where it is upper case.
OPTIONS: dict[LayerOp, str] = {
    "conv": "K s d p border c g",
    "maxpool": "K s d p border",
    "avgpool": "K s d p border",
    "blur": "K s d p border",
    "tconv": "K s d p c g",
    "upsample": "S mode",
    "global": "",
    "random": "R seed",
}
POOLS = ("maxpool", "avgpool")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as a user writes it; ``stride`` is also the factor of an upsampling."""

    op: LayerOp
    kernel: tuple[int, ...] = ()
    stride: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()
    pad: Pad = ()
    border: Border = "zeros"
    channels: int | None = None  # None: as many as come in
    groups: int = 1
    bilinear: bool = False
    connections: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.op not in OPTIONS:
            raise NetworkError(f"there is no layer {self.op!r}; there are {', '.join(OPTIONS)}")
        for name, values, least, most in (
            ("kernel", self.kernel, 1, limits.MAX_KERNEL),
            ("stride", self.stride, 1, limits.MAX_KERNEL),
            ("dilation", self.dilation, 1, limits.MAX_KERNEL),
            ("channels", () if self.channels is None else (self.channels,), 1, limits.MAX_CHANNELS),
            ("groups", (self.groups,), 1, limits.MAX_CHANNELS),
            ("connections", (self.connections,), 0, limits.MAX_CONNECTIONS),
            ("seed", (self.seed,), 0, limits.MAX_SEED),
        ):
            for value in values:
                if not least <= value <= most:
                    raise NetworkError(f"{name} {value} is outside {least} to {most}")
        if self.border not in BORDERS:
            raise NetworkError(f"there is no border mode {self.border!r}; there are {', '.join(BORDERS)}")
        if self.kernel:
            for value in (side for sides in self.pads() for side in sides):
                if not 0 <= value <= limits.MAX_PAD:
                    raise NetworkError(f"padding {value} is outside 0 to {limits.MAX_PAD}")
        if self.op in POOLS:
            for (before, after), window in zip(self.pads(), self._windows(), strict=True):
                if max(before, after) >= window.span:
                    raise NetworkError(
                        f"padding {max(before, after)} lets a pooling window spanning {window.span} see padding only; "
                        f"pad by at most {window.span - 1}"
                    )

    def __str__(self) -> str:
        """The layer's canonical text, without repeats.

        >>> str(Layer("conv", (3, 3), (1, 1), (1, 1), "same", "reflect"))
        'conv k3 same reflect'
        """
        kernel, ones = self.kernel, (1,) * len(self.kernel)
        words = [
            self.op,
            f"k{_joined(kernel)}" if kernel else "",
            f"s{_joined(self.stride)}" if self.stride != (kernel if self.op in POOLS else ones) else "",
            f"d{_joined(self.dilation)}" if self.dilation != ones else "",
            _padding_text(self.pad),
            self.border if self.border != "zeros" else "",
            "bilinear" if self.bilinear else "",
            f"c{self.channels}" if self.channels is not None else "",
            f"g{self.groups}" if self.groups != 1 else "",
            f"r{self.connections} seed{self.seed}" if self.op == "random" else "",
        ]
        return " ".join(word for word in words if word)

    def pads(self) -> tuple[tuple[int, int], ...]:
        """Padding per axis, (before, after); ``same`` pads span - 1 in total, the odd one after."""
        if not isinstance(self.pad, str):
            return self.pad
        spans = [dilation * (kernel - 1) for kernel, dilation in zip(self.kernel, self.dilation, strict=True)]
        if self.pad == "full":
            return tuple((extra, extra) for extra in spans)
        return tuple((extra // 2, extra - extra // 2) for extra in spans)

    def maps(self, size: tuple[int, ...]) -> tuple[AxisMap, ...]:
        """The layer as one axis map per axis of an input of ``size``; not for ``random``, which mixes the axes."""
        match self.op:
            case "global":
                return tuple(Window(kernel=n, stride=n) for n in size)
            case "upsample" if self.bilinear:
                return tuple(Linear(factor) for factor in self.stride)
            case "upsample":
                return tuple(Transposed(Window(kernel=factor, stride=factor)) for factor in self.stride)
            case "tconv":
                return tuple(Transposed(window) for window in self._windows())
            case _:
                return self._windows()

    def _windows(self) -> tuple[Window, ...]:
        per_axis = zip(self.kernel, self.stride, self.dilation, self.pads(), strict=True)
        return tuple(
            Window(k, s, d, pad, self.border, binomial(k) if self.op == "blur" else None) for k, s, d, pad in per_axis
        )


@dataclass(frozen=True, slots=True)
class Join:
    """Branches that read the same map, joined by ``add`` or ``concat``; an empty branch is a skip connection."""

    op: Literal["add", "concat"]
    branches: tuple[tuple["Item", ...], ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.branches) <= limits.MAX_BRANCHES:
            raise NetworkError(
                f"{self.op} joins {len(self.branches)} branches; it needs 2 to {limits.MAX_BRANCHES}, divided by |"
            )

    def __str__(self) -> str:
        return f"{self.op}({' | '.join(sequence_text(branch) or 'skip' for branch in self.branches)})"


Item = Layer | Join


def sequence_text(items: Sequence[Item]) -> str:
    """Layers divided by ``;``, equal neighbours written once with a repeat."""
    runs = ((str(item), len(list(run))) for item, run in groupby(items))
    return "; ".join(f"{text} x{times}" if times > 1 else text for text, times in runs)


def binomial(taps: int) -> tuple[int, ...]:
    """A row of Pascal's triangle: the paths through ``taps - 1`` stacked windows of two.

    >>> binomial(4)
    (1, 3, 3, 1)
    """
    row = [1]
    for index in range(taps - 1):
        row.append(row[-1] * (taps - 1 - index) // (index + 1))
    return tuple(row)


def layer_count(items: tuple[Item, ...]) -> int:
    """Layers and joins in ``items``, those inside branches included."""
    return sum(1 + sum(map(layer_count, item.branches)) if isinstance(item, Join) else 1 for item in items)


def _padding_text(pad: Pad) -> str:
    if isinstance(pad, str):
        return pad
    if not any(side for sides in pad for side in sides):
        return ""
    return "p" + _joined(pad, lambda sides: str(sides[0]) if sides[0] == sides[1] else f"{sides[0]}:{sides[1]}")


def _joined(values: Sequence[Any], show: Callable[[Any], str] = str) -> str:
    """One number for all axes where they agree, else one per axis."""
    return show(values[0]) if len(set(values)) == 1 else "x".join(map(show, values))
