"""Operators that slide a window: convolution, pooling, padding."""

from collections.abc import Callable, Sequence

import numpy as np

from ...network.graph import Op
from ...network.maps import AxisMap, Lookup, Transposed
from ...network.window import Border, Window
from .canvas import Canvas
from .layouts import as_map, untangled
from .registry import Call, Result, rule
from .sheet import CHANNEL, NotRuledError, Part, Sheet, merged
from .window_words import window_words


@rule("convolution.default")
def convolution(call: Call) -> Result:
    """Every tap is read, in every channel of the group; 1-D, 2-D, transposed."""
    call.constant(1, "weights")
    call.constant(2, "a bias")
    weight, stride, pad, dilation, transposed, more, groups = (call.args[1], *call.args[3:9])
    kernel = tuple(weight.shape[2:])
    dims = call.sheet().dims
    if len(kernel) == 1 and not dims[1] and dims[2] and all(part.role == CHANNEL for part in dims[2]):
        if transposed or len(call.sheet().parts(CHANNEL)) > len(dims[2]):
            raise NotRuledError("a convolution along a part of the channels, or a transposed one")
        return _along_channels(call, kernel[0], stride[0], pad[0], dilation[0])
    count = len(kernel)

    def along(at: int, n: int, _: int) -> AxisMap:
        window = Window(kernel[at], stride[at], dilation[at], (pad[at], pad[at]))
        return _transposed(Transposed(window), n, more[at]) if transposed else window

    op: Op = "tconv" if transposed else "conv"
    windows = [Window(k, s, d, (p, p)) for k, s, d, p in zip(kernel, stride, dilation, pad, strict=True)]
    text = window_words(op, windows, groups)
    return windowed(call, count, op, text, along, channels=call.shape[len(call.shape) - count - 1], groups=groups)


def _transposed(plain: Transposed, n: int, more: int) -> AxisMap:
    """``more``: output positions added after the last (``output_padding``)."""
    if not more:
        return plain
    if plain.window.pad[1] >= more:
        before, after = plain.window.pad
        return Transposed(
            Window(plain.window.kernel, plain.window.stride, plain.window.dilation, (before, after - more))
        )
    rows = [[tap for tap in plain.taps(at) if 0 <= tap < n] for at in range(plain.out_size(n) + more)]
    return lookup(rows, n)


def _along_channels(call: Call, kernel: int, stride: int, pad: int, dilation: int) -> Result:
    """A convolution whose positions are channels (efficient channel attention)."""
    sheet = call.canvas.numbered(call.sheet())
    if call.shape[1] != 1:
        raise NotRuledError("a convolution along channels into several channels")
    length = call.canvas.node(sheet).channels
    taps = np.arange(call.shape[2])[:, None] * stride - pad + np.arange(kernel) * dilation
    reads = np.where((taps >= 0) & (taps < length), taps, -1)
    dims = sheet.with_dim(2, merged([Part(CHANNEL, call.shape[2])])).dims
    return call.canvas.rewired(Sheet(sheet.node, dims), f"conv k{kernel} along channels", reads)


@rule("max_pool2d_with_indices.default", "avg_pool2d.default")
def pooling(call: Call) -> Result:
    """Every tap is read, in each channel by itself; without a stride it is the kernel."""
    average, count = call.name.startswith("avg"), 2
    kernel = _each(call.arg(1, "kernel_size"), count)
    stride = _each(call.arg(2, "stride", []) or list(kernel), count)
    pad = _each(call.arg(3, "padding", 0), count)
    dilation = (1,) * count if average else _each(call.arg(4, "dilation", 1), count)

    def along(at: int, n: int, wanted: int) -> AxisMap:
        plain = Window(kernel[at], stride[at], dilation[at], (pad[at], pad[at]))
        # In ceil mode the last window may look further than the padding.
        reach = (wanted - 1) * stride[at] + plain.span - n - pad[at]
        return Window(kernel[at], stride[at], dilation[at], (pad[at], max(pad[at], reach)))

    op: Op = "avgpool" if average else "maxpool"
    windows = [Window(k, s, d, (p, p)) for k, s, d, p in zip(kernel, stride, dilation, pad, strict=True)]
    found = windowed(call, count, op, window_words(op, windows), along)
    return found if average else (found, None)


@rule("_adaptive_avg_pool2d.default", "adaptive_max_pool2d.default")
def adaptive_pooling(call: Call) -> Result:
    """Output i of m reads the positions from ⌊i n/m⌋ to ⌈(i+1) n/m⌉."""

    def along(_: int, n: int, m: int) -> AxisMap:
        if n % m == 0:
            return Window(n // m, stride=n // m)
        return lookup([range(i * n // m, -(-(i + 1) * n // m)) for i in range(m)], n)

    op: Op = "global" if set(call.shape[-2:]) == {1} else "adaptive pool"
    found = windowed(call, 2, op, op, along)
    return (found, None) if "max" in call.name else found


@rule(
    "constant_pad_nd.default",
    "reflection_pad2d.default",
    "reflection_pad1d.default",
    "replication_pad2d.default",
    "replication_pad1d.default",
)
def padding(call: Call) -> Result:
    """Pads, the last dimension's first; a negative one crops; channels may be padded too."""
    borders: dict[str, Border] = {"refl": "reflect", "repl": "replicate"}
    border = borders.get(call.name[:4], "zeros")
    sheet = untangled(call.canvas, call.sheet())
    rank = len(sheet.dims)
    tables = {
        rank - 1 - back: _padded(sheet.shape[rank - 1 - back], *pad, border)
        for back, pad in enumerate(zip(call.args[1][::2], call.args[1][1::2], strict=True))
        if any(pad)
    }

    def role(sheet: Sheet, at: int) -> int | None:
        axes = axes_of(call.canvas, sheet, min(rank - 1, len(call.canvas.node(sheet).size)))
        return CHANNEL if at < rank - len(axes) else axes[at - rank]

    return call.canvas.arranged(sheet, tables, "pad", role, border)


def _padded(n: int, before: int, after: int, border: Border) -> np.ndarray:
    """What each padded position shows, -1 for a zero."""
    at = np.arange(-before, n + after)
    if border == "replicate":
        return np.clip(at, 0, n - 1)
    if border == "reflect":
        return np.where(at < 0, -at, np.where(at >= n, 2 * (n - 1) - at, at))
    return np.where((at >= 0) & (at < n), at, -1)


def windowed(
    call: Call, count: int, op: Op, text: str, along: Callable[[int, int, int], AxisMap], **changed: object
) -> Sheet:
    """A map read through windows over the last ``count`` dimensions; in front of them the channels.

    ``along``: the axis map of a dimension, from its place among them, its size and the result's.
    """
    sheet = as_map(call.canvas, call.sheet(), len(call.shape) - count - 1)
    axes = axes_of(call.canvas, sheet, count)
    maps: dict[int, AxisMap] = {}
    for at, axis in enumerate(axes):
        n = 1 if axis is None else call.canvas.node(sheet).size[axis]
        found = along(at, n, call.shape[at - count])
        if axis is not None:
            maps[axis] = found
        elif found.pull(np.ones(found.out_size(1), dtype=object), 1).tolist() != [1]:
            raise NotRuledError("a window over a dimension of size 1 that is no axis of the map")
    node = call.canvas.through(sheet, op, text, maps, **changed)
    after = call.canvas.nodes[node]
    sizes = [() if axis is None else merged([Part(axis, after.size[axis])]) for axis in axes]
    return Sheet(node, (*sheet.dims[: len(call.shape) - count - 1], merged([Part(CHANNEL, after.channels)]), *sizes))


def axes_of(canvas: Canvas, sheet: Sheet, count: int) -> list[int | None]:
    """The map's axes in the order of the last ``count`` dimensions.

    A dimension of size 1 is an axis of one position that no dimension shows, the last for the last; or none, None.
    """
    last = sheet.dims[len(sheet.dims) - count :]
    if any(len(dim) > 1 or any(part.role < 0 for part in dim) for dim in last):
        raise NotRuledError("a window over a dimension in which axes are mixed")
    free = canvas.free_axes(sheet)
    return [dim[0].role if dim else free.pop() if free else None for dim in reversed(last)][::-1]


def _each(value: int | Sequence[int], count: int) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value,) * count
    return tuple(value) * (count if len(value) == 1 else 1)


def lookup(rows: Sequence[Sequence[int]], n: int) -> Lookup:
    widest = max(max(map(len, rows)), 1)
    return Lookup(np.array([[*row, *[-1] * (widest - len(row))] for row in rows]), n)
