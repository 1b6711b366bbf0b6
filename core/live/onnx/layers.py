"""The nodes that are layers of PyTorch with weights or windows of their own: what changes a layer finds these."""

from collections.abc import Sequence
from typing import Any

from torch import nn

from ..layouts.layout import NotRuledError
from .file import OnnxNode
from .sliding import Sliding
from .spelling import OnnxCall, Value

_CONVOLUTIONS: dict[int, Any] = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
_TRANSPOSED: dict[int, Any] = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
_MAXIMA: dict[int, Any] = {1: nn.MaxPool1d, 2: nn.MaxPool2d, 3: nn.MaxPool3d}
_AVERAGES: dict[int, Any] = {1: nn.AvgPool1d, 2: nn.AvgPool2d, 3: nn.AvgPool3d}


def layer_of(node: OnnxNode, values: Sequence[Value | None], opset: int) -> nn.Module | None:
    """PyTorch's own layer, on the meta device, where the node is one with weights of its own; None where it is not.

    ``values``: what the node is given, None for what depends on the input.
    """
    call = OnnxCall(node, values, opset)
    try:
        if node.operator in ("Conv", "ConvTranspose") and len(values) > 1 and call.is_fixed(1):
            return _weighted(call)
        if node.operator in ("MaxPool", "AveragePool") and len(node.outputs) == 1:
            return _pool(call)
    except NotRuledError:
        pass  # told when the node is run
    return None


def _weighted(call: OnnxCall) -> nn.Module | None:
    weight = call[1]
    window = Sliding(call, tuple(weight.shape[2:]), weight.ndim - 2)
    pads, groups = window.around, int(call.attribute("group", 1))
    bias = len(call) > 2 and call.values[2] is not None
    if pads is None or window.auto != "NOTSET" or groups < 1 or (bias and not call.is_fixed(2)):
        return None
    options: dict[str, Any] = {"dilation": tuple(window.dilation), "groups": groups, "bias": bias, "device": "meta"}
    kernel, stride = tuple(window.kernel), tuple(window.stride)
    if call.node.operator == "Conv":
        channels, outputs, kinds = weight.shape[1] * groups, weight.shape[0], _CONVOLUTIONS
    else:
        channels, outputs, kinds = weight.shape[0], weight.shape[1] * groups, _TRANSPOSED
        more = call.whole("output_padding", None, [0] * window.axes)
        if call.whole("output_shape", None) is not None or more is None or len(more) != window.axes:
            return None
        options["output_padding"] = tuple(more)
    if not channels or not outputs or channels % groups or outputs % groups:
        raise NotRuledError("weights that do not fit its groups")
    layer: nn.Module = kinds[window.axes](channels, outputs, kernel, stride, pads, **options)
    return layer


def _pool(call: OnnxCall) -> nn.Module | None:
    window = Sliding(call, (), len(call.attribute("kernel_shape", ())))
    pads, average = window.around, call.node.operator == "AveragePool"
    if pads is None or window.auto != "NOTSET" or call.attribute("ceil_mode", 0):
        return None
    wide = any(2 * pad > kernel for pad, kernel in zip(pads, window.kernel, strict=True))
    if wide or (average and any(step > 1 for step in window.dilation)):
        return None
    kernel, stride = tuple(window.kernel), tuple(window.stride)
    layer: nn.Module
    if average:
        counted = bool(call.attribute("count_include_pad", 0))
        layer = _AVERAGES[window.axes](kernel, stride, pads, count_include_pad=counted)
    else:
        layer = _MAXIMA[window.axes](kernel, stride, pads, tuple(window.dilation))
    return layer
