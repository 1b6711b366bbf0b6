"""How windows read a map: the node of a sliding window, and sums over windows with their transpose."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from ...network.maps import AxisMap, Lookup
from ...network.operations import Operation
from ..layouts.builder import GraphBuilder
from ..layouts.feature_maps import as_map
from ..layouts.layout import CHANNEL, NotRuledError, Part, TensorLayout, merged
from .registry import ExactCall


def windowed(
    call: ExactCall, count: int, op: Operation, text: str, along: Callable[[int, int, int], AxisMap], **changed: object
) -> TensorLayout:
    """A map read through windows over the last ``count`` dimensions; the dimension before them holds the channels.

    ``along``: gives the axis map of a dimension, from its index among the last, its size and its size in the result.
    """
    layout = as_map(call.builder, call.layout(), len(call.shape) - count - 1)
    axes = axes_of(call.builder, layout, count)
    maps: dict[int, AxisMap] = {}
    for place, axis in enumerate(axes):
        n = 1 if axis is None else call.builder.node(layout).size[axis]
        axis_map = along(place, n, call.shape[place - count])
        if axis is not None:
            maps[axis] = axis_map
        elif axis_map.pull(np.ones(axis_map.out_size(1), dtype=object), 1).tolist() != [1]:
            raise NotRuledError("a window over a dimension of size 1 that is no axis of the map")
    node = call.builder.through(layout, op, text, maps, **changed)
    after = call.builder.nodes[node]
    sizes = [() if axis is None else merged([Part(axis, after.size[axis])]) for axis in axes]
    return TensorLayout(
        node, (*layout.dims[: len(call.shape) - count - 1], merged([Part(CHANNEL, after.channels)]), *sizes)
    )


def axes_of(builder: GraphBuilder, layout: TensorLayout, count: int) -> list[int | None]:
    """The axis that each of the last ``count`` dimensions runs over.

    A dimension of size 1 stands for an axis of one position that no other dimension shows. Such axes are given out from
    the last dimension to the first; a dimension for which none is left has None.
    """
    last = layout.dims[len(layout.dims) - count :]
    if any(len(dim) > 1 or any(part.role < 0 for part in dim) for dim in last):
        raise NotRuledError("a window over a dimension in which axes are mixed")
    free = builder.free_axes(layout)
    return [dim[0].role if dim else free.pop() if free else None for dim in reversed(last)][::-1]


def lookup(rows: Sequence[Sequence[int]], n: int) -> Lookup:
    """The axis map whose output i reads the inputs ``rows[i]`` of ``n``."""
    widest = max(max(map(len, rows)), 1)
    return Lookup(np.array([[*row, *[-1] * (widest - len(row))] for row in rows]), n)


def spread(
    squared: torch.Tensor, size: Sequence[int], kernel: Sequence[int], stride: Sequence[int],
    pad: Sequence[int], dilation: Sequence[int],
) -> torch.Tensor:  # fmt: skip
    """The value of every window added to the sample under each of its taps: the transpose of ``gathered``."""
    for axis, n in enumerate(size):
        dim = squared.ndim - len(size) + axis
        length = _length(squared.shape[dim], kernel[axis], stride[axis], dilation[axis], n + 2 * pad[axis])
        result = squared.new_zeros(*squared.shape[:dim], length, *squared.shape[dim + 1 :])
        for tap in range(kernel[axis]):
            _taps(result, dim, tap * dilation[axis], stride[axis], squared.shape[dim]).add_(squared)
        squared = result.narrow(dim, pad[axis], n)
    return squared


def gathered(
    values: torch.Tensor, size: Sequence[int], kernel: Sequence[int], stride: Sequence[int],
    pad: Sequence[int], dilation: Sequence[int],
) -> torch.Tensor:  # fmt: skip
    """The sum under every window; padding is zero. ``size``: of the result."""
    for axis, m in enumerate(size):
        dim = values.ndim - len(size) + axis
        n = values.shape[dim]
        length = _length(m, kernel[axis], stride[axis], dilation[axis], n + 2 * pad[axis])
        padded = values.new_zeros(*values.shape[:dim], length, *values.shape[dim + 1 :])
        padded.narrow(dim, pad[axis], n).copy_(values)
        parts = (_taps(padded, dim, tap * dilation[axis], stride[axis], m) for tap in range(kernel[axis]))
        values = sum(parts, start=values.new_zeros(()))
    return values


def _length(windows: int, kernel: int, stride: int, dilation: int, padded: int) -> int:
    """The length of an axis with room for every window and every padded sample; in ceil mode windows reach further."""
    return max((windows - 1) * stride + dilation * (kernel - 1) + 1, padded)


def _taps(values: torch.Tensor, dim: int, first: int, stride: int, count: int) -> torch.Tensor:
    """The sample under one tap of every window."""
    index: list[slice] = [slice(None)] * values.ndim
    index[dim] = slice(first, first + (count - 1) * stride + 1, stride)
    return values[tuple(index)]


def counted(n: int, kernel: int, stride: int, pad: int, windows: int, reach: int) -> torch.Tensor:
    """Taps of every window that fall on one of n samples, or on padding up to ``reach`` from them."""
    first = torch.arange(windows) * stride - pad
    inside = torch.minimum(first + kernel, torch.tensor(n + reach)) - torch.maximum(first, torch.tensor(-reach))
    return inside.clamp(min=1).to(torch.float64)
