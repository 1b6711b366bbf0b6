"""Operators that read position by position: activations, normalisation in evaluation mode, arithmetic with numbers."""

import torch

from core.live.trace.registry import Call, Result, pointwise, rule
from core.live.trace.sheet import COPY, NotRuledError

pointwise(
    "an activation",
    *("relu.default", "relu_.default", "gelu.default", "gelu_.default", "silu.default", "silu_.default"),
    *("sigmoid.default", "sigmoid_.default", "tanh.default", "tanh_.default", "hardswish.default"),
    *("hardswish_.default", "hardsigmoid.default", "hardsigmoid_.default", "hardtanh.default", "hardtanh_.default"),
    *("leaky_relu.default", "leaky_relu_.default", "elu.default", "elu_.default", "softplus.default"),
    *("mish.default", "mish_.default", "_prelu_kernel.default", "threshold.default", "threshold_.default"),
    *("hardshrink.default", "softshrink.default", "celu.default", "celu_.default", "selu.default", "selu_.default"),
    *("log_sigmoid_forward.default", "relu6.default", "rrelu_with_noise.default"),
)
pointwise(
    "normalisation: its statistics are constants in evaluation mode, or count as such",
    *("native_batch_norm.default", "_native_batch_norm_legit_no_training.default"),
    *("_native_batch_norm_legit.no_stats", "native_layer_norm.default", "native_group_norm.default"),
    *("cudnn_batch_norm.default", "_fused_rms_norm.default"),
)
pointwise(
    "arithmetic with numbers",
    *("add.Scalar", "add_.Scalar", "sub.Scalar", "sub_.Scalar", "rsub.Scalar", "mul.Scalar", "mul_.Scalar"),
    *("div.Scalar", "div_.Scalar", "pow.Tensor_Scalar", "pow_.Scalar", "pow.Scalar", "clamp.default", "clamp_.default"),
    *("clamp_min.default", "clamp_min_.default", "clamp_max.default", "clamp.Tensor", "abs.default", "abs_.default"),
    *("neg.default", "neg_.default", "exp.default", "exp_.default", "sqrt.default", "sqrt_.default", "rsqrt.default"),
    *("reciprocal.default", "log.default", "log1p.default", "sin.default", "cos.default", "erf.default"),
    *("sign.default", "floor.default", "round.default", "square.default", "expm1.default", "log2.default"),
)
pointwise(
    "a copy",
    *("clone.default", "alias.default", "detach.default", "_to_copy.default", "lift_fresh.default"),
    *("contiguous.default", "native_dropout.default", "dropout.default", "copy.default"),
)


@rule(
    *("add.Tensor", "add_.Tensor", "sub.Tensor", "sub_.Tensor", "rsub.Tensor", "mul.Tensor", "mul_.Tensor"),
    *("div.Tensor", "div_.Tensor", "div.Tensor_mode", "maximum.default", "minimum.default", "pow.Tensor_Tensor"),
    *("addcmul.default", "addcmul_.default", "addcdiv.default", "lerp.Tensor", "lerp.Scalar", "where.self"),
    *("atan2.default", "hypot.default"),
)
def elementwise(call: Call) -> Result:
    """Each operand that depends on the input is an edge; constants are none."""
    sheets = [found for arg in call.args if isinstance(arg, torch.Tensor) and (found := call.known(arg)) is not None]
    return call.canvas.joined(sheets, call.name, call.shape)


@rule("glu.default")
def gated(call: Call) -> Result:
    """One half times the sigmoid of the other."""
    sheet, dim = call.sheet(), call.arg(1, "dim", -1) % len(call.shape)
    half = call.shape[dim]
    halves = [call.canvas.sliced(sheet, dim, first, first + half) for first in (0, half)]
    return call.canvas.joined(halves, "glu", call.shape)


@rule("_softmax.default", "_log_softmax.default", "_safe_softmax.default")
def softmax(call: Call) -> Result:
    """Every entry along the dimension reads all of them."""
    sheet = call.sheet()
    dim = call.args[1] % len(call.shape)
    if not sheet.dims[dim]:
        return sheet
    if any(part.role == COPY for part in sheet.dims[dim]):
        raise NotRuledError("a softmax over copies")
    total = call.canvas.summed(sheet, "softmax", [dim], keep=True)
    return call.canvas.spread_over(total, sheet)
