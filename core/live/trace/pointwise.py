"""Operators that read position by position: activations, normalisation in evaluation mode, arithmetic with numbers."""

import torch

from .joins import joined, spread_over
from .registry import Blank, Call, Result, pointwise, rule
from .sheet import COPY, NotRuledError, repeated

pointwise(
    "an activation",
    *("relu.default", "relu_.default", "gelu.default", "gelu_.default", "silu.default", "silu_.default"),
    *("sigmoid.default", "sigmoid_.default", "tanh.default", "tanh_.default", "hardswish.default"),
    *("hardswish_.default", "hardsigmoid.default", "hardsigmoid_.default", "hardtanh.default", "hardtanh_.default"),
    *("leaky_relu.default", "leaky_relu_.default", "elu.default", "elu_.default", "softplus.default"),
    *("mish.default", "mish_.default", "_prelu_kernel.default", "threshold.default", "threshold_.default"),
    *("hardshrink.default", "softshrink.default", "celu.default", "celu_.default"),
    *("log_sigmoid_forward.default", "rrelu_with_noise.default"),
)
pointwise(
    "normalisation: its statistics are constants in evaluation mode, or count as such",
    *("native_batch_norm.default", "_native_batch_norm_legit_no_training.default"),
    *("_native_batch_norm_legit.no_stats", "native_layer_norm.default", "native_group_norm.default"),
)
pointwise(
    "arithmetic with numbers",
    *("add.Scalar", "add_.Scalar", "sub.Scalar", "sub_.Scalar", "rsub.Scalar", "mul.Scalar", "mul_.Scalar"),
    *("div.Scalar", "div_.Scalar", "pow.Tensor_Scalar", "pow_.Scalar", "pow.Scalar", "clamp.default", "clamp_.default"),
    *(
        "clamp_min.default",
        "clamp_min_.default",
        "clamp_max.default",
        "clamp_max_.default",
        "abs.default",
        "abs_.default",
    ),
    *("neg.default", "neg_.default", "exp.default", "exp_.default", "sqrt.default", "sqrt_.default", "rsqrt.default"),
    *("reciprocal.default", "log.default", "log1p.default", "sin.default", "cos.default", "erf.default"),
    *("ceil.default", "trunc.default", "frac.default", "logit.default", "atan.default", "tan.default"),
    *("remainder.Scalar", "masked_fill.Scalar", "masked_fill_.Scalar"),
    *("sign.default", "floor.default", "round.default", "expm1.default", "log2.default"),
)
pointwise(
    "a copy",
    *("clone.default", "alias.default", "detach.default", "_to_copy.default", "lift_fresh.default"),
    "native_dropout.default",
)


@rule(
    *("add.Tensor", "add_.Tensor", "sub.Tensor", "sub_.Tensor", "rsub.Tensor", "mul.Tensor", "mul_.Tensor"),
    *("div.Tensor", "div_.Tensor", "div.Tensor_mode", "maximum.default", "minimum.default", "pow.Tensor_Tensor"),
    *(
        "clamp.Tensor",
        "addcmul.default",
        "addcmul_.default",
        "addcdiv.default",
        "lerp.Tensor",
        "lerp.Scalar",
        "where.self",
    ),
    *("atan2.default", "hypot.default", "fmax.default", "fmin.default", "logaddexp.default"),
    *("addcdiv_.default", "lerp_.Scalar", "lerp_.Tensor", "remainder.Tensor"),
)
def elementwise(call: Call) -> Result:
    """Each operand that depends on the input is an edge; constants are none."""
    tensors = [arg for arg in (*call.args, *call.options.values()) if isinstance(arg, torch.Tensor)]
    sheets = [found for tensor in tensors if (found := call.known(tensor)) is not None]
    return joined(call.canvas, sheets, call.name, call.shape)


@rule(
    *("new_empty.default", "new_zeros.default", "new_ones.default", "new_full.default", "empty_like.default"),
    *("zeros_like.default", "ones_like.default", "full_like.default", "rand_like.default", "randn_like.default"),
    *("zero_.default", "fill_.Scalar", "fill_.Tensor", "bernoulli.p"),
)
def blank(call: Call) -> Result:
    """Numbers that do not depend on the input, in a new tensor or in place of an old one's."""
    if len(call.args) > 1 and isinstance(call.args[1], torch.Tensor):
        call.constant(1, "a tensor filled with a number")
    return Blank()


@rule("copy_.default")
def written(call: Call) -> Result:
    """Another tensor in place of this one; the recorder knows what else lies in that memory."""
    source = call.known(call.args[1])
    return Blank() if source is None else repeated(source, call.shape)


@rule("glu.default")
def gated(call: Call) -> Result:
    """One half times the sigmoid of the other."""
    sheet, dim = call.sheet(), call.arg(1, "dim", -1) % len(call.shape)
    half = call.shape[dim]
    halves = [call.canvas.sliced(sheet, dim, first, first + half) for first in (0, half)]
    return joined(call.canvas, halves, "glu", call.shape)


@rule("_softmax.default", "_log_softmax.default", "_safe_softmax.default")
def softmax(call: Call) -> Result:
    """Every entry along the dimension reads all of them."""
    sheet = call.sheet()
    dim = call.args[1] % max(len(call.shape), 1)
    if not sheet.dims or not sheet.dims[dim]:
        return sheet
    if any(part.role == COPY for part in sheet.dims[dim]):
        raise NotRuledError("a softmax over copies")
    total = call.canvas.summed(sheet, "softmax", [dim], keep=True)
    return spread_over(call.canvas, total, sheet)
