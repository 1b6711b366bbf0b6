"""Convolution and pooling: weights squared, and how a window hands back what its result received."""

from collections.abc import Sequence

import torch

from .registry import Call, Pull, rule

Pulls = Sequence[tuple[torch.Tensor, Pull]]


@rule("convolution.default", channel=1)
def convolution(call: Call) -> Pulls:
    """The transpose with squared weights. Weights that depend on the input (conditional convolution) are an operand."""
    source, weight = call["input"], call["weight"]
    settings = [call[name] for name in ("stride", "padding", "dilation", "transposed", "output_padding", "groups")]
    shapes = tuple(source.shape), tuple(weight.shape)
    pulls: list[tuple[torch.Tensor, Pull]] = []

    def to_source(squared: torch.Tensor) -> torch.Tensor:
        nothing = squared.new_empty(1).expand(shapes[0])
        return _backward(squared, nothing, held, settings, 0)

    def to_weight(squared: torch.Tensor) -> torch.Tensor:
        nothing = squared.new_empty(1).expand(shapes[1])
        return _backward(squared, seen, nothing, settings, 1)

    if call.known(source):
        held = weight.detach().square()
        pulls.append((source, to_source))
    if call.known(weight):
        seen = source.detach().square()
        pulls.append((weight, to_weight))
    if call.known(call["bias"]):
        axes = [at for at in range(len(call.shape)) if at != 1]
        pulls.append((call["bias"], lambda squared: squared.sum(axes)))
    return pulls


def _backward(
    squared: torch.Tensor, source: torch.Tensor, weight: torch.Tensor, settings: list[object], which: int
) -> torch.Tensor:
    mask = [at == which for at in range(3)]
    found = torch.ops.aten.convolution_backward(squared, source, weight, None, *settings, mask)
    return torch.as_tensor(found[which])


@rule(
    "max_pool2d_with_indices.default",
    assumes="max pool: each of the n samples of a window is equally likely to be the largest, 1/n each",
)
def max_pool(call: Call) -> Pulls:
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


@rule(
    "adaptive_max_pool2d.default",
    assumes="max pool: each of the n samples of a window is equally likely to be the largest, 1/n each",
)
def adaptive_max_pool(call: Call) -> Pulls:
    """Output i of m reads the samples from ⌊i n/m⌋ to ⌈(i+1) n/m⌉, each with its share."""
    source = call["self"]

    def pull(squared: torch.Tensor) -> torch.Tensor:
        for axis in (squared.ndim - 2, squared.ndim - 1):
            n, m = source.shape[axis], squared.shape[axis]
            result = squared.new_zeros(*squared.shape[:axis], n, *squared.shape[axis + 1 :])
            for at in range(m):
                first, last = at * n // m, -(-(at + 1) * n // m)
                result.narrow(axis, first, last - first).add_(squared.narrow(axis, at, 1) / (last - first))
            squared = result
        return squared

    return [(source, pull)]


def spread(
    squared: torch.Tensor, size: Sequence[int], kernel: Sequence[int], stride: Sequence[int],
    pad: Sequence[int], dilation: Sequence[int],
) -> torch.Tensor:  # fmt: skip
    """What every window received, given whole to each of its taps: the transpose of ``gathered``."""
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
    """Of an axis that holds every window and every padded sample: in ceil mode the last window looks further."""
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
