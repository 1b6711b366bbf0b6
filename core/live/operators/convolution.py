"""Convolutions: every tap of every channel of the group is read; squared, the transpose with squared weights."""

import numpy as np
import torch

from ...network.kinds import CONV, TCONV
from ...network.maps import AxisMap, Transposed
from ...network.window import Window
from ..layouts.layout import CHANNEL, NotRuledError, Part, TensorLayout, merged
from .registry import ExactCall, Pull, Pulls, Result, SquaredCall, exact, squared
from .window_words import window_words
from .windows import lookup, windowed


@exact("convolution.default")
def convolution(call: ExactCall) -> Result:
    """Every tap is read, in every channel of the group; along one axis to three, transposed or not."""
    call.refuse_if_input_dependent(1, "weights")
    call.refuse_if_input_dependent(2, "a bias")
    weight, stride, pad, dilation, transposed, more, groups = (call.args[1], *call.args[3:9])
    kernel = tuple(weight.shape[2:])
    dims = call.layout().dims
    if len(kernel) == 1 and not dims[1] and dims[2] and all(part.role == CHANNEL for part in dims[2]):
        if transposed or len(call.layout().parts(CHANNEL)) > len(dims[2]):
            raise NotRuledError("a convolution along a part of the channels, or a transposed one")
        return _along_channels(call, kernel[0], stride[0], pad[0], dilation[0])
    count = len(kernel)

    def along(axis: int, n: int, _: int) -> AxisMap:
        window = Window(kernel[axis], stride[axis], dilation[axis], (pad[axis], pad[axis]))
        return _transposed(Transposed(window), n, more[axis]) if transposed else window

    op = TCONV if transposed else CONV
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
    rows = [[tap for tap in plain.taps(output) if 0 <= tap < n] for output in range(plain.out_size(n) + more)]
    return lookup(rows, n)


def _along_channels(call: ExactCall, kernel: int, stride: int, pad: int, dilation: int) -> Result:
    """A convolution whose positions are channels (efficient channel attention)."""
    layout = call.builder.numbered(call.layout())
    if call.shape[1] != 1:
        raise NotRuledError("a convolution along channels into several channels")
    length = call.builder.node(layout).channels
    taps = np.arange(call.shape[2])[:, None] * stride - pad + np.arange(kernel) * dilation
    reads = np.where((taps >= 0) & (taps < length), taps, -1)
    dims = layout.with_dim(2, merged([Part(CHANNEL, call.shape[2])])).dims
    return call.builder.rewired(TensorLayout(layout.node, dims), f"conv k{kernel} along channels", reads)


@squared("convolution.default", channel=1)
def convolution_squared(call: SquaredCall) -> Pulls:
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
        axes = [dim for dim in range(len(call.shape)) if dim != 1]
        pulls.append((call["bias"], lambda squared: squared.sum(axes)))
    return pulls


def _backward(
    squared: torch.Tensor, source: torch.Tensor, weight: torch.Tensor, settings: list[object], which: int
) -> torch.Tensor:
    mask = [operand == which for operand in range(3)]
    gradients = torch.ops.aten.convolution_backward(squared, source, weight, None, *settings, mask)
    return torch.as_tensor(gradients[which])
