"""Convolutions and pools: PyTorch's own layers, so that what changes a layer's window finds them."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses

from ...layouts.layout import NotRuledError
from ..sliding import MOST, Sliding
from ..spelling import OnnxCall, spelled

_CONVOLVE = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_SPREAD = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
_LARGEST = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
_AVERAGE = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


@spelled("Conv", worked_out=False)
def convolution(call: OnnxCall) -> torch.Tensor:
    """Padding that is not the same on both sides comes before."""
    x, weight, bias = call[0], call[1], call.optional(2)
    window = Sliding(call, tuple(weight.shape[2:]), x.ndim - 2)
    window.fit(x.shape[2:])
    groups, pads = int(call.attribute("group", 1)), window.around
    if pads is None:
        x, pads = window.padded(x), (0,) * window.axes
    return _CONVOLVE[window.axes](x, weight, bias, window.stride, pads, window.dilation, groups)


@spelled("ConvTranspose", worked_out=False)
def transposed(call: OnnxCall) -> torch.Tensor:
    """What it pads is cut off; an output that is to have a shape is cut to it."""
    x, weight, bias = call[0], call[1], call.optional(2)
    window = Sliding(call, tuple(weight.shape[2:]), x.ndim - 2)
    more = call.whole("output_padding", None, [0] * window.axes)
    wanted = call.whole("output_shape", None)
    assert more is not None
    if len(more) != window.axes or not all(0 <= one <= MOST for one in more):
        raise NotRuledError(f"output_padding {more[:8]} of a window over {window.axes} axes")
    if wanted is not None or window.auto.startswith("SAME"):
        _cut_to(window, x.shape[2:], more, wanted)
    groups, pads, cut = int(call.attribute("group", 1)), window.around, False
    if pads is None:
        pads, cut = (0,) * window.axes, True
    result = _SPREAD[window.axes](x, weight, bias, window.stride, pads, more, groups, window.dilation)
    if not cut:
        return result
    for axis, (before, after) in enumerate(window.pads):
        result = result.narrow(axis + 2, before, result.shape[axis + 2] - before - after)
    return result


def _cut_to(window: Sliding, size: Sequence[int], more: Sequence[int], wanted: list[int] | None) -> None:
    """The padding that leaves outputs of a shape: of SAME, of as many samples as strides."""
    sizes = wanted or [n * stride for n, stride in zip(size, window.stride, strict=True)]
    sizes = sizes[-window.axes :]
    if len(sizes) != window.axes:
        raise NotRuledError(f"an output_shape of {sizes}")
    for axis, wished in enumerate(sizes):
        total = window.stride[axis] * (size[axis] - 1) + more[axis] + window.spans[axis] - wished
        if total < 0:
            raise NotRuledError(f"an output_shape of {wished}, which is more than there is")
        if total % 2:  # versions of the specification differ, and so do those who follow them
            raise NotRuledError(
                f"an output of {wished}: {total} samples are cut off, and which side loses more is open"
            )
        window.pads[axis] = (total // 2, total // 2)


@spelled("MaxPool", worked_out=False)
def largest(call: OnnxCall) -> torch.Tensor:
    """Its second result, the places of the largest samples, is not known."""
    window = Sliding(call, (), call[0].ndim - 2)
    _fit(call, window)
    pads, x = window.around, call[0]
    if pads is None or any(2 * pad > kernel for pad, kernel in zip(pads, window.kernel, strict=True)):
        x, pads = window.padded(x, -torch.inf), (0,) * window.axes
    ceil = bool(call.attribute("ceil_mode", 0))
    return _LARGEST[window.axes](x, window.kernel, window.stride, pads, window.dilation, ceil)


@spelled("AveragePool", worked_out=False)
def average(call: OnnxCall) -> torch.Tensor:
    """Whether padding counts changes what samples weigh, and not which are read."""
    window = Sliding(call, (), call[0].ndim - 2)
    if any(step > 1 for step in window.dilation):
        raise NotRuledError("an average of samples apart")
    _fit(call, window)
    pads, x = window.around, call[0]
    if pads is None or any(2 * pad > kernel for pad, kernel in zip(pads, window.kernel, strict=True)):
        x, pads = window.padded(x), (0,) * window.axes
    ceil, counted = bool(call.attribute("ceil_mode", 0)), bool(call.attribute("count_include_pad", 0))
    return _AVERAGE[window.axes](x, window.kernel, window.stride, pads, ceil, counted)


def _fit(call: OnnxCall, window: Sliding) -> None:
    """Settles what pools pad, and refuses a last window of ceil mode of which implementations disagree."""
    window.fit(call[0].shape[2:])
    if not call.attribute("ceil_mode", 0):
        return
    for n, (before, after), span, stride in zip(
        call[0].shape[2:], window.pads, window.spans, window.stride, strict=True
    ):
        windows = -(-(n + before + after - span) // stride) + 1
        if (windows - 1) * stride >= n + before and (call.opset < 22 or before != after):
            raise NotRuledError("a last window that would begin in the padding, which some leave out and some do not")


@spelled("GlobalAveragePool", worked_out=False)
def mean_of_all(call: OnnxCall) -> torch.Tensor:
    """Every position."""
    return call[0].mean(tuple(range(2, call[0].ndim)), keepdim=True)


@spelled("GlobalMaxPool", worked_out=False)
def largest_of_all(call: OnnxCall) -> torch.Tensor:
    """Every position."""
    return call[0].amax(tuple(range(2, call[0].ndim)), keepdim=True)
