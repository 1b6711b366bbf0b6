"""Operators that read position by position: activations, normalisation in evaluation mode, arithmetic with numbers."""

import torch

from .joins import joined, multiplied, spread_over, squashed
from .registry import Blank, Call, Result, pointwise, rule
from .sheet import COPY, NotRuledError, Sheet, repeated

pointwise(
    "an activation",
    *("relu.default", "relu_.default", "gelu.default", "gelu_.default", "silu.default", "silu_.default"),
    *("hardswish.default", "hardswish_.default", "hardtanh.default", "hardtanh_.default"),
    *("leaky_relu.default", "leaky_relu_.default", "elu.default", "elu_.default", "softplus.default"),
    *("mish.default", "mish_.default", "_prelu_kernel.default", "threshold.default", "threshold_.default"),
    *("hardshrink.default", "softshrink.default", "celu.default", "celu_.default"),
    *("log_sigmoid_forward.default", "rrelu_with_noise.default"),
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
    *("add.Tensor", "add_.Tensor", "sub.Tensor", "sub_.Tensor", "rsub.Tensor"),
    *("maximum.default", "minimum.default", "pow.Tensor_Tensor", "clamp.Tensor", "where.self"),
    *("lerp.Tensor", "lerp.Scalar", "lerp_.Scalar", "lerp_.Tensor", "remainder.Tensor"),
    *("atan2.default", "hypot.default", "fmax.default", "fmin.default", "logaddexp.default"),
)
def elementwise(call: Call) -> Result:
    """Each operand that depends on the input is an edge; constants are none."""
    return joined(call.canvas, _operands(call), call.name, call.shape)


@rule("mul.Tensor", "mul_.Tensor", "div.Tensor", "div_.Tensor", "div.Tensor_mode")
def product(call: Call) -> Result:
    """Each factor that depends on the input is an edge or a gate."""
    return multiplied(call.canvas, _operands(call), call.name, call.shape)


@rule("addcmul.default", "addcmul_.default", "addcdiv.default", "addcdiv_.default")
def product_added(call: Call) -> Result:
    """A summand and a product or quotient."""
    summand = call.known(call.args[0])
    factors = [sheet for tensor in call.args[1:3] if (sheet := call.known(tensor)) is not None]
    if not factors:
        return joined(call.canvas, _operands(call), call.name, call.shape)
    scaled = multiplied(call.canvas, factors, call.name, call.shape)
    return joined(call.canvas, [sheet for sheet in (summand, scaled) if sheet], call.name, call.shape)


def _operands(call: Call) -> list[Sheet]:
    """The arguments that depend on the input."""
    tensors = [arg for arg in (*call.args, *call.options.values()) if isinstance(arg, torch.Tensor)]
    return [sheet for tensor in tensors if (sheet := call.known(tensor)) is not None]


@rule(
    *("sigmoid.default", "sigmoid_.default", "hardsigmoid.default", "hardsigmoid_.default"),
    *("tanh.default", "tanh_.default"),
)
def squashing(call: Call) -> Result:
    """An activation whose result, as a factor, is a gate."""
    return squashed(call.canvas, call.sheet(), call.name)


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
    """One half, and as its gate the sigmoid of the other."""
    sheet, dim = call.sheet(), call.arg(1, "dim", -1) % len(call.shape)
    half = call.shape[dim]
    passing, scaling = (call.canvas.sliced(sheet, dim, first, first + half) for first in (0, half))
    return multiplied(call.canvas, [passing, squashed(call.canvas, scaling, "glu")], "glu", call.shape)


@rule("_softmax.default", "_log_softmax.default", "_safe_softmax.default")
def softmax(call: Call) -> Result:
    """Every entry along the dimension reads all of them."""
    sheet = call.sheet()
    dim = call.args[1] % max(len(call.shape), 1)
    if sheet.dims and sheet.dims[dim]:
        if any(part.role == COPY for part in sheet.dims[dim]):
            raise NotRuledError("a softmax over copies")
        total = call.canvas.summed(sheet, "softmax", [dim], keep=True)
        sheet = spread_over(call.canvas, total, sheet)
    return sheet if "log" in call.name else squashed(call.canvas, sheet, "softmax")
