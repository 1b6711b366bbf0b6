"""Pools: every sample of a window is read; squared, the largest is any of them, and an average has equal shares."""

from collections.abc import Sequence

import torch

from ...network.kinds import AVGPOOL, GLOBAL, MAXPOOL
from ...network.maps import AxisMap
from ...network.operations import ADAPTIVE_POOL
from ...network.window import Window
from .pulls import EQUALLY_LIKELY, separable
from .registry import ExactCall, Pulls, Result, SquaredCall, exact, squared
from .window_words import window_words
from .windows import counted, gathered, lookup, spread, windowed


@exact(
    *("max_pool2d_with_indices.default", "avg_pool2d.default"),
    *("max_pool3d_with_indices.default", "avg_pool3d.default"),
)
def pooling(call: ExactCall) -> Result:
    """Every tap is read, in each channel by itself; without a stride it is the kernel."""
    average, count = call.name.startswith("avg"), _axes(call)
    kernel = _per_axis(call.arg(1, "kernel_size"), count)
    stride = _per_axis(call.arg(2, "stride", []) or list(kernel), count)
    pad = _per_axis(call.arg(3, "padding", 0), count)
    dilation = (1,) * count if average else _per_axis(call.arg(4, "dilation", 1), count)

    def along(axis: int, n: int, wanted: int) -> AxisMap:
        plain = Window(kernel[axis], stride[axis], dilation[axis], (pad[axis], pad[axis]))
        # In ceil mode the last window may look further than the padding.
        reach = (wanted - 1) * stride[axis] + plain.span - n - pad[axis]
        return Window(kernel[axis], stride[axis], dilation[axis], (pad[axis], max(pad[axis], reach)))

    op = AVGPOOL if average else MAXPOOL
    windows = [Window(k, s, d, (p, p)) for k, s, d, p in zip(kernel, stride, dilation, pad, strict=True)]
    result = windowed(call, count, op, window_words(op, windows), along)
    return result if average else (result, None)


def _axes(call: ExactCall) -> int:
    """How many axes an operator is for, as its name says."""
    return 3 if "3d" in call.name else 2


def _per_axis(value: int | Sequence[int], count: int) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value,) * count
    return tuple(value) * (count if len(value) == 1 else 1)


@squared(
    *("max_pool2d_with_indices.default", "max_pool3d_with_indices.default"),
    assumes=EQUALLY_LIKELY,
)
def max_pool_squared(call: SquaredCall) -> Pulls:
    """1/n to each of the n samples of a window; padding, also padding by minus infinity, is none."""
    source = call["self"]
    axes = len(call["kernel_size"])
    kernel, stride = call["kernel_size"], call["stride"] or call["kernel_size"]
    pad, dilation = (value * (axes // len(value)) for value in (call["padding"], call["dilation"]))
    shape = call.shape
    samples = gathered((source > -torch.inf).to(source.dtype), shape[-axes:], kernel, stride, pad, dilation)
    share = samples.clamp(min=1).reciprocal()

    def pull(squared: torch.Tensor) -> torch.Tensor:
        return spread(squared * share, source.shape[-axes:], kernel, stride, pad, dilation)

    return [(source, pull)]


@squared("avg_pool1d.default", "avg_pool2d.default", "avg_pool3d.default")
def average_pool_squared(call: SquaredCall) -> Pulls:
    """1/n² to each of the n samples of a window: 1/k⁴ per tap of a k by k pool."""
    source = call.args[0]
    axes = len(call["kernel_size"])
    size = source.shape[-axes:]
    kernel, stride = call["kernel_size"], call["stride"] or call["kernel_size"]
    pad = call["padding"]
    divisor = torch.tensor(float(call.names.get("divisor_override") or 1))
    if not call.names.get("divisor_override"):
        for axis in range(axes):
            # In ceil mode the last window may reach past the padding, which never counts.
            reach = pad[axis] if call["count_include_pad"] else 0
            taps = counted(size[axis], kernel[axis], stride[axis], pad[axis], call.shape[axis - axes], reach)
            divisor = divisor * taps.view(-1, *(1,) * (axes - 1 - axis))

    def pull(squared: torch.Tensor) -> torch.Tensor:
        return spread(squared / divisor.to(squared.dtype).square(), size, kernel, stride, pad, (1,) * axes)

    return [(source, pull)]


@exact(
    *("_adaptive_avg_pool2d.default", "adaptive_max_pool2d.default"),
    *("_adaptive_avg_pool3d.default", "adaptive_max_pool3d.default"),
)
def adaptive_pooling(call: ExactCall) -> Result:
    """Output i of m reads the positions from ⌊i n/m⌋ to ⌈(i+1) n/m⌉."""

    def along(_: int, n: int, m: int) -> AxisMap:
        if n % m == 0:
            return Window(n // m, stride=n // m)
        return lookup([range(i * n // m, -(-(i + 1) * n // m)) for i in range(m)], n)

    count = _axes(call)
    op = GLOBAL if set(call.shape[-count:]) == {1} else ADAPTIVE_POOL
    result = windowed(call, count, op, op.name, along)
    return (result, None) if "max" in call.name else result


@squared(
    *("adaptive_max_pool2d.default", "adaptive_max_pool3d.default"),
    assumes=EQUALLY_LIKELY,
)
def adaptive_max_pool_squared(call: SquaredCall) -> Pulls:
    """Output i of m reads the samples from ⌊i n/m⌋ to ⌈(i+1) n/m⌉, each with its share."""
    source = call["self"]
    axes = len(call["output_size"])

    def pull(squared: torch.Tensor) -> torch.Tensor:
        for axis in range(squared.ndim - axes, squared.ndim):
            n, m = source.shape[axis], squared.shape[axis]
            result = squared.new_zeros(*squared.shape[:axis], n, *squared.shape[axis + 1 :])
            for output in range(m):
                first, last = output * n // m, -(-(output + 1) * n // m)
                result.narrow(axis, first, last - first).add_(squared.narrow(axis, output, 1) / (last - first))
            squared = result
        return squared

    return [(source, pull)]


@squared("_adaptive_avg_pool2d.default", "_adaptive_avg_pool3d.default")
def adaptive_average_pool_squared(call: SquaredCall) -> Pulls:
    """Output i of m averages the samples from ⌊i n/m⌋ to ⌈(i+1) n/m⌉."""
    source, axes = call.args[0], len(call["output_size"])
    averages = [_averages(n, m) for n, m in zip(source.shape[-axes:], call.shape[-axes:], strict=True)]
    return [(source, separable(*(average.square() for average in averages)))]


def _averages(n: int, m: int) -> torch.Tensor:
    """One row for each of m outputs."""
    matrix = torch.zeros(m, n, dtype=torch.float64)
    for row in range(m):
        first, last = row * n // m, -(-(row + 1) * n // m)
        matrix[row, first:last] = 1 / (last - first)
    return matrix
