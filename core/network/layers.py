"""What a network is made of: layers of some kind, and joins, each checking itself.

Per-axis values are tuples in the order of the axes: (length,), (height, width) or (depth, height,
width). The kinds that there are stand in
:mod:`.network.kinds`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from ..errors import NetworkError
from . import limits
from .keys import Keys
from .maps import AxisMap, Lookup
from .operations import Operation
from .window import BORDERS, Border, Window

Pad = tuple[tuple[int, int], ...] | Literal["same", "full"]


@dataclass(frozen=True, slots=True)
class Need:
    """An option that a layer cannot do without, as messages call and show it."""

    option: str
    noun: str
    example: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where a layer stands in a network, and how that is to be written, as its PyTorch text depends on them."""

    axes: int
    positions: int  # that the layer reads
    channels_in: int
    channels_out: int
    bias: bool
    partial_padding: bool  # convolutions divide by the share of their window that lies on samples


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class LayerKind(Operation):
    """All that is known of the layers of one kind, but for their PyTorch module (:mod:`.live.modules.layers`).

    A layer reads through ``maps``, one for each axis of an input of a size, or through the ``lookup`` of an input of
    so many positions; one of the two is there. ``code``: the expressions that make its PyTorch modules, in order.
    Rules are functions of a module, not lambdas: graphs are sent to other processes, kinds with them.
    """

    needs: Need | None = None
    takes: tuple[str, ...] = ()  # the other options, as texts begin them, in the order of messages
    maps: Callable[["Layer", tuple[int, ...]], tuple[AxisMap, ...]] | None = None
    lookup: Callable[["Layer", int], Lookup] | None = None
    code: Callable[["Layer", Site], list[str]]

    @property
    def options(self) -> tuple[str, ...]:
        """All that a layer may be given beside its name, what it needs first."""
        return (self.needs.option, *self.takes) if self.needs else self.takes


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as a user writes it; ``stride`` is also the factor of an upsampling."""

    op: LayerKind
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
    keys: Keys | None = None  # of an attention
    _text: str = field(init=False, compare=False, repr=False)
    _windows: tuple[Window, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
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
        object.__setattr__(self, "_windows", self._all_windows() if self.kernel else ())
        if self.kernel:
            for value in (side for sides in self.pads() for side in sides):
                if not 0 <= value <= limits.MAX_PAD:
                    raise NetworkError(f"padding {value} is outside 0 to {limits.MAX_PAD}")
        if self.op.pools:
            for (before, after), window in zip(self.pads(), self.windows(), strict=True):
                if max(before, after) >= window.span:
                    raise NetworkError(
                        f"padding {max(before, after)} lets a pooling window spanning {window.span} see padding only; "
                        f"pad by at most {window.span - 1}"
                    )
        object.__setattr__(self, "_text", self._written())

    def __str__(self) -> str:
        """The layer's canonical text, without repeats.

        >>> from .kinds import CONV
        >>> str(Layer(CONV, (3, 3), (1, 1), (1, 1), "same", "reflect"))
        'conv k3 same reflect'
        """
        return self._text

    def _written(self) -> str:
        kernel, ones = self.kernel, (1,) * len(self.kernel)
        words = [
            self.op.name,
            f"k{_joined(kernel)}" if kernel else "",
            f"s{_joined(self.stride)}" if self.stride != (kernel if self.op.pools else ones) else "",
            f"d{_joined(self.dilation)}" if self.dilation != ones else "",
            _padding_text(self.pad),
            self.border if self.border != "zeros" else "",
            "bilinear" if self.bilinear else "",
            str(self.keys or ""),
            f"c{self.channels}" if self.channels is not None else "",
            f"g{self.groups}" if self.groups != 1 else "",
            f"r{self.connections} seed{self.seed}" if self.op.lookup else "",
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

    def windows(self) -> tuple[Window, ...]:
        """The window of each axis."""
        return self._windows

    def _all_windows(self) -> tuple[Window, ...]:
        per_axis = zip(self.kernel, self.stride, self.dilation, self.pads(), strict=True)
        edges = self.op.edges
        return tuple(Window(k, s, d, pad, self.border, edges(k) if edges else None) for k, s, d, pad in per_axis)


@dataclass(frozen=True, slots=True)
class Join:
    """Branches that read the same map, joined by ``add`` or ``concat``; an empty branch is a skip connection."""

    op: Operation  # ADD or CONCAT
    branches: tuple[tuple["Item", ...], ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.branches) <= limits.MAX_BRANCHES:
            raise NetworkError(
                f"{self.op.name} joins {len(self.branches)} branches; it needs 2 to {limits.MAX_BRANCHES}, divided by |"
            )

    def __str__(self) -> str:
        return f"{self.op.name}({' | '.join(sequence_text(branch) or 'skip' for branch in self.branches)})"


Item = Layer | Join


def sequence_text(items: Sequence[Item]) -> str:
    """Layers divided by ``;``, equal neighbours written once with a repeat."""
    runs = ((str(item), len(list(run))) for item, run in groupby(items))
    return "; ".join(f"{text} x{times}" if times > 1 else text for text, times in runs)


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
