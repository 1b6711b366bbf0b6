"""Operators that slide a window: convolution, pooling, upsampling, padding."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

import numpy as np

from core.live.trace.canvas import refuse_huge
from core.live.trace.registry import Call, Result, rule
from core.live.trace.sheet import CHANNEL, NotRuledError, Part, Sheet, merged
from core.network.maps import AxisMap, Linear, Lookup, Slice, Transposed
from core.network.window import Border, Window


@rule("convolution.default", "_convolution.default", "convolution_overrideable.default")
def convolution(call: Call) -> Result:
    """Every tap is read, in every channel of the group; 1-D, 2-D, transposed."""
    call.constant(1, "weights")
    weight, stride, pad, dilation, transposed, more, groups = (call.args[1], *call.args[3:9])
    kernel = tuple(weight.shape[2:])
    dims = call.sheet().dims
    if len(kernel) == 1 and not dims[1] and dims[2] and all(part.role == CHANNEL for part in dims[2]):
        return _along_channels(call, kernel[0], stride[0], pad[0], dilation[0])
    sheet = call.canvas.as_map(call.sheet(), 1)
    maps: dict[int, AxisMap] = {}
    axes = _axes(call, sheet)
    for at, axis in enumerate(axes):
        n = call.canvas.node(sheet).size[axis]
        window = Window(kernel[at], stride[at], dilation[at], (pad[at], pad[at]))
        if transposed:
            maps[axis] = _transposed(Transposed(window), n, more[at])
        else:
            maps[axis] = window
    text = _words("tconv" if transposed else "conv", kernel, stride, pad, dilation, groups)
    channels = call.shape[1]
    node = call.canvas.through(sheet, text, maps, channels=channels, groups=groups)
    return _mapped(call, sheet, node, axes)


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
    return _lookup(rows, n)


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


@rule("max_pool2d_with_indices.default", "avg_pool2d.default", "avg_pool1d.default", "max_pool1d_with_indices.default")
def pooling(call: Call) -> Result:
    """Every tap is read, in each channel by itself; without a stride it is the kernel."""
    sheet = _spatial(call)
    axes = _axes(call, sheet)
    count = len(axes)
    average = call.name.startswith("avg")
    kernel = _each(call.arg(1, "kernel_size"), count)
    stride = _each(call.arg(2, "stride", []) or list(kernel), count)
    pad = _each(call.arg(3, "padding", 0), count)
    dilation = (1,) * count if average else _each(call.arg(4, "dilation", 1), count)
    maps: dict[int, AxisMap] = {}
    for at, axis in enumerate(axes):
        n, wanted = call.canvas.node(sheet).size[axis], call.shape[at - count]
        plain = Window(kernel[at], stride[at], dilation[at], (pad[at], pad[at]))
        # In ceil mode the last window may look further than the padding.
        reach = (wanted - 1) * stride[at] + plain.span - n - pad[at]
        maps[axis] = Window(kernel[at], stride[at], dilation[at], (pad[at], max(pad[at], reach)))
    text = _words("avgpool" if average else "maxpool", kernel, stride, pad, dilation, 1)
    node = call.canvas.through(sheet, text, maps)
    found = _mapped(call, sheet, node, axes)
    return found if average else (found, None)


@rule("_adaptive_avg_pool2d.default", "adaptive_max_pool2d.default", "adaptive_max_pool1d.default")
def adaptive_pooling(call: Call) -> Result:
    """Output i of m reads the positions from ⌊i n/m⌋ to ⌈(i+1) n/m⌉."""
    sheet = _spatial(call)
    axes = _axes(call, sheet)
    maps: dict[int, AxisMap] = {}
    for at, axis in enumerate(axes):
        n, m = call.canvas.node(sheet).size[axis], call.shape[at - len(axes)]
        if n % m == 0:
            maps[axis] = Window(n // m, stride=n // m)
        else:
            maps[axis] = _lookup([range(i * n // m, -(-(i + 1) * n // m)) for i in range(m)], n)
    found = _mapped(call, sheet, call.canvas.through(sheet, "adaptive pool", maps), axes)
    return (found, None) if "max" in call.name else found


@rule("upsample_nearest2d.default", "upsample_nearest1d.default", "_upsample_nearest_exact2d.default")
def nearest(call: Call) -> Result:
    """Each output reads one input."""
    exact = Fraction(1, 2) if "exact" in call.name else Fraction(0)

    def axis_map(n: int, m: int) -> AxisMap:
        if m % n == 0:
            return Transposed(Window(m // n, stride=m // n))
        return _lookup([[min(n - 1, floor((i + exact) * Fraction(n, m)))] for i in range(m)], n)

    return _resized(call, "upsample", axis_map)


@rule("upsample_bilinear2d.default", "upsample_linear1d.default")
def linear(call: Call) -> Result:
    """Each output reads its two neighbours along an axis, or the one that it falls on."""
    corners = call.arg(2, "align_corners", False)

    def axis_map(n: int, m: int) -> AxisMap:
        if not corners and m % n == 0:
            return Linear(m // n)
        return _lookup([_neighbours(_place(i, n, m, corners), n, 0) for i in range(m)], n)

    return _resized(call, "upsample bilinear", axis_map)


@rule("upsample_bicubic2d.default")
def cubic(call: Call) -> Result:
    """Each output reads its four neighbours along an axis, or the one that it falls on."""
    corners = call.arg(2, "align_corners", False)

    def axis_map(n: int, m: int) -> AxisMap:
        return _lookup([_neighbours(_place(i, n, m, corners), n, 1) for i in range(m)], n)

    return _resized(call, "upsample bicubic", axis_map)


def _place(i: int, n: int, m: int, corners: bool) -> Fraction:
    """Where output i of m lies among n samples."""
    if corners:
        return Fraction(i * (n - 1), m - 1) if m > 1 else Fraction(0)
    return (i + Fraction(1, 2)) * Fraction(n, m) - Fraction(1, 2)


def _neighbours(place: Fraction, n: int, more: int) -> list[int]:
    """Samples around a place, those past the border held to it; one that is met exactly stands alone."""
    before = floor(place)
    taps = [before] if place == before else list(range(before - more, before + 2 + more))
    return [min(max(tap, 0), n - 1) for tap in taps]


@rule(
    "constant_pad_nd.default",
    "reflection_pad2d.default",
    "reflection_pad1d.default",
    "replication_pad2d.default",
    "replication_pad1d.default",
)
def padding(call: Call) -> Result:
    """Pads, the last dimension's first; a negative one crops."""
    border: Border = {"refl": "reflect", "repl": "replicate"}.get(call.name[:4], "zeros")  # type: ignore[assignment]
    sheet = call.canvas.numbered(call.sheet())
    pads = call.args[1]
    maps: dict[int, AxisMap] = {}
    dims = list(sheet.dims)
    for back, (before, after) in enumerate(zip(pads[::2], pads[1::2], strict=True)):
        at = len(dims) - 1 - back
        if not before and not after:
            continue
        role = dims[at][0].role if len(dims[at]) == 1 else _axes(call, sheet)[at - len(dims)] if not dims[at] else None
        if role is None or (role >= 0 and dims[at] and dims[at][0] != Part(role, call.canvas.node(sheet).size[role])):
            raise NotRuledError("a padded dimension in which axes are mixed")
        if role < 0:
            return _padded_channels(call, sheet, at, before, after)
        n = call.canvas.node(sheet).size[role]
        if min(before, after) >= 0:
            maps[role] = Window(1, pad=(before, after), border=border)
        else:
            rows = [[tap] if 0 <= (tap := i - before) < n else [] for i in range(n + before + after)]
            maps[role] = _lookup(rows, n) if max(before, after) > 0 else Slice(-before, 1, n + before + after)
        dims[at] = merged([Part(role, n + before + after)])
    if not maps:
        return call.sheet()
    return Sheet(call.canvas.through(sheet, "pad" if border == "zeros" else f"pad {border}", maps), tuple(dims))


def _padded_channels(call: Call, sheet: Sheet, at: int, before: int, after: int) -> Sheet:
    """Channels of zeros before and after (a shortcut into more channels)."""
    if at != 1 or len(sheet.parts(CHANNEL)) > 1 or any(call.args[1][: 2 * (len(sheet.dims) - 2)]):
        raise NotRuledError("channels padded together with positions")
    taps = np.arange(-before, sheet.dims[at][0].size + after)
    reads = np.where((taps >= 0) & (taps < sheet.dims[at][0].size), taps, -1).reshape(-1, 1)
    dims = sheet.with_dim(at, merged([Part(CHANNEL, len(reads))])).dims
    return call.canvas.rewired(Sheet(sheet.node, dims), "pad channels", reads)


def _resized(call: Call, text: str, axis_map: object) -> Result:
    refuse_huge(call.shape[2:])
    sheet = _spatial(call)
    axes = _axes(call, sheet)
    sizes = call.canvas.node(sheet).size
    maps = {axis: axis_map(sizes[axis], call.shape[at - len(axes)]) for at, axis in enumerate(axes)}  # type: ignore[operator]
    return _mapped(call, sheet, call.canvas.through(sheet, text, maps), axes)


def _spatial(call: Call) -> Sheet:
    """The argument as a map; pools and resizing also take one without a batch."""
    return call.canvas.as_map(call.sheet(), len(call.sheet().dims) - len(call.shape[2:]) - 1)


def _axes(call: Call, sheet: Sheet) -> list[int]:
    """The map's axes in the order of the tensor's last dimensions; one of a single position shows no axis."""
    rank = len(call.canvas.node(sheet).size)
    last = sheet.dims[-min(rank, len(sheet.dims) - 2) :]
    shown = [dim[0].role if dim else None for dim in last]
    if any(len(dim) > 1 for dim in last) or len(call.shape[2:]) != len(last):
        raise NotRuledError("a window over a dimension in which axes are mixed")
    free = iter(axis for axis in range(rank) if axis not in shown)
    return [next(free) if axis is None else axis for axis in shown]


def _mapped(call: Call, sheet: Sheet, node: int, axes: Sequence[int]) -> Sheet:
    """The result of a window: its channels, then its axes, at the end of the dimensions."""
    after = call.canvas.nodes[node]
    dims = [merged([Part(CHANNEL, after.channels)]), *(merged([Part(axis, after.size[axis])]) for axis in axes)]
    return Sheet(node, (*sheet.dims[: len(sheet.dims) - len(dims)], *dims))


def _each(value: int | Sequence[int], count: int) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value,) * count
    return tuple(value) * (count if len(value) == 1 else 1)


def _lookup(rows: Sequence[Sequence[int]], n: int) -> Lookup:
    widest = max(max(map(len, rows)), 1)
    return Lookup(np.array([[*row, *[-1] * (widest - len(row))] for row in rows]), n)


def _words(
    op: str, kernel: Sequence[int], stride: Sequence[int], pad: Sequence[int], dilation: Sequence[int], groups: int
) -> str:
    """A window in the words of a network's text."""

    def word(letter: str, values: Sequence[int], usual: int | None) -> str:
        if set(values) == {usual}:
            return ""
        return f" {letter}" + (str(values[0]) if len(set(values)) == 1 else "x".join(map(str, values)))

    strided = word("s", stride, 1) if op in ("conv", "tconv") or tuple(stride) != tuple(kernel) else ""
    grouped = f" g{groups}" if groups > 1 else ""
    return op + word("k", kernel, None) + strided + word("d", dilation, 1) + word("p", pad, 0) + grouped
