"""What a user edits: an input size and the layers after it."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

from ..errors import LimitError, NetworkError
from . import limits
from .axes import MOST
from .layers import Item, Join, layer_count, sequence_text


@dataclass(frozen=True)
class Network:
    """A convolutional network as typed. ``str(network)`` is its canonical text (read by ``network.text``)."""

    size: tuple[int, ...]  # (length,), (height, width) or (depth, height, width)
    layers: tuple[Item, ...] = ()
    channels: int | None = None  # of the input; None: one, or the width chosen for a live model

    def __post_init__(self) -> None:
        if not 1 <= len(self.size) <= MOST:
            raise NetworkError(
                f"the input has {len(self.size)} axes; it may have 1 (as in 64), 2 (as in 64x48) or 3 (as in 16x64x48)"
            )
        for side in self.size:
            if not 1 <= side <= limits.MAX_SIDE:
                raise LimitError(f"an input side of {side} is outside 1 to {limits.MAX_SIDE}; choose one inside")
        if prod(self.size) > limits.MAX_MAP_POSITIONS:
            size = "x".join(map(str, self.size))
            raise LimitError(
                f"an input of {size} has more than {limits.MAX_MAP_POSITIONS} positions; choose a smaller one"
            )
        if self.channels is not None and not 1 <= self.channels <= limits.MAX_CHANNELS:
            raise LimitError(f"{self.channels} input channels are outside 1 to {limits.MAX_CHANNELS}")
        count = layer_count(self.layers)
        if count > limits.MAX_LAYERS:
            raise LimitError(f"{count} layers are more than {limits.MAX_LAYERS}; use fewer repeats")

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        size = "x".join(map(str, self.size))
        start = size if self.channels is None else f"{size} c{self.channels}"
        return f"{start}; {sequence_text(self.layers)}" if self.layers else start

    def prefix(self, steps: int) -> "Network":
        """The network up to its first ``steps`` layers or joins (those inside branches not counted)."""
        return replace(self, layers=self.layers[:steps])

    def along(self, axis: int) -> "Network":
        """The same layers along one of its axes, as a 1-D network."""
        return replace(self, size=(self.size[axis],), layers=tuple(_along(item, axis) for item in self.layers))


def _along(item: Item, axis: int) -> Item:
    if isinstance(item, Join):
        return replace(item, branches=tuple(tuple(_along(part, axis) for part in branch) for branch in item.branches))
    pick = slice(axis, axis + 1)
    return replace(
        item,
        kernel=item.kernel[pick],
        stride=item.stride[pick],
        dilation=item.dilation[pick],
        pad=item.pad if isinstance(item.pad, str) else item.pad[pick],
        keys=item.keys and item.keys.along(axis),
    )
