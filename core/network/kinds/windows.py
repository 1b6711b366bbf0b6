"""What all kinds that slide a window share: their options and their axis maps."""

from ..layers import Layer, Need
from ..maps import AxisMap

KERNEL = Need("k", "kernel", "k3")
WINDOW = ("s", "d", "p", "border")


def window_maps(layer: Layer, size: tuple[int, ...]) -> tuple[AxisMap, ...]:
    """The layer's windows, whatever the size of its input."""
    return layer.windows()
