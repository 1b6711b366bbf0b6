"""Padding and cropping; squared, the operator's own transpose."""

import numpy as np

from ...network.window import Border
from ..layouts.feature_maps import untangled
from ..layouts.layout import CHANNEL, TensorLayout
from .pulls import zeros_and_ones
from .registry import ExactCall, Result, exact, squared
from .windows import axes_of

_PADS = (
    "constant_pad_nd.default",
    "reflection_pad1d.default",
    "reflection_pad2d.default",
    "reflection_pad3d.default",
    "replication_pad1d.default",
    "replication_pad2d.default",
    "replication_pad3d.default",
)
squared(*_PADS, results=0)(zeros_and_ones)


@exact(*_PADS)
def padding(call: ExactCall) -> Result:
    """Pads, the last dimension's first; a negative one crops; channels may be padded too."""
    borders: dict[str, Border] = {"refl": "reflect", "repl": "replicate"}
    border = borders.get(call.name[:4], "zeros")
    layout = untangled(call.builder, call.layout())
    rank = len(layout.dims)
    tables = {
        rank - 1 - back: _padded(layout.shape[rank - 1 - back], *pad, border)
        for back, pad in enumerate(zip(call.args[1][::2], call.args[1][1::2], strict=True))
        if any(pad)
    }

    def role(layout: TensorLayout, dim: int) -> int | None:
        axes = axes_of(call.builder, layout, min(rank - 1, len(call.builder.node(layout).size)))
        return CHANNEL if dim < rank - len(axes) else axes[dim - rank]

    return call.builder.arranged(layout, tables, "pad", role, border)


def _padded(n: int, before: int, after: int, border: Border) -> np.ndarray:
    """What each padded position shows, -1 for a zero."""
    positions = np.arange(-before, n + after)
    if border == "replicate":
        return np.clip(positions, 0, n - 1)
    if border == "reflect":
        return np.where(positions < 0, -positions, np.where(positions >= n, 2 * (n - 1) - positions, positions))
    return np.where((positions >= 0) & (positions < n), positions, -1)
