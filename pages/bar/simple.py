"""The simple view of a network: one convolution, repeated. Its controls and the network are two forms of one thing."""

from dataclasses import dataclass, replace
from functools import lru_cache

from core.design.repair import possible
from core.network import Network
from core.network.kinds import CONV
from core.network.layers import Layer

_DEEPEST = 64  # on the depth control; deeper networks are typed
PADDINGS = ("valid", "same", "full", "1", "2", "3", "4", "5", "6")


@dataclass(frozen=True, slots=True)
class Simple:
    """The settings of the simple controls."""

    axes: int = 2
    side: int = 15
    depth: int = 4
    kernel: int = 3
    stride: int = 1
    padding: str = "1"  # a word, or the number on each side
    border: str = "zeros"
    dilation: int = 1

    def text(self) -> str:
        """The network's text, not yet canonical, perhaps impossible."""
        pad = f"p{self.padding}" if self.padding.isdigit() else self.padding
        size = "x".join([str(self.side)] * self.axes)
        return f"{size}; conv k{self.kernel} s{self.stride} d{self.dilation} {pad} {self.border} x{self.depth}"

    def deepest(self) -> int:
        """The most layers that still fit, up to ``_DEEPEST``; at least the present depth."""
        return max(self.depth, _deepest(replace(self, depth=1)))


@lru_cache(maxsize=256)
def _deepest(form: Simple) -> int:
    low, high = 1, _DEEPEST
    if possible(replace(form, depth=high).text()):
        return high
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if possible(replace(form, depth=middle).text()) else (low, middle - 1)
    return low


def simple(network: Network) -> Simple | None:
    """The simple form of a network that has one: equal convolutions, square, without channels."""
    if not network.layers or network.channels is not None or len(set(network.size)) > 1:
        return None
    layer = network.layers[0]
    if len(set(network.layers)) > 1 or not isinstance(layer, Layer) or layer.op != CONV:
        return None
    values = (layer.kernel, layer.stride, layer.dilation)
    pads = {side for sides in layer.pad for side in sides} if not isinstance(layer.pad, str) else set()
    if any(len(set(axes)) > 1 for axes in values) or layer.channels is not None or layer.groups > 1 or len(pads) > 1:
        return None
    (padding,) = [layer.pad] if isinstance(layer.pad, str) else ["valid" if pads == {0} else str(*pads)]
    return Simple(
        len(network.size),
        network.size[0],
        len(network.layers),
        layer.kernel[0],
        layer.stride[0],
        padding,
        layer.border,
        layer.dilation[0],
    )
