"""Arithmetic, position by position: with numbers, of several operands, and products, whose factors may be gates."""

from collections.abc import Sequence

import torch

from ..layouts.joins import joined, multiplied
from ..layouts.layout import TensorLayout
from .pulls import AT_VALUES, at_values
from .registry import ExactCall, Pull, Pulls, Result, SquaredCall, exact, pointwise, squared

pointwise(
    "arithmetic with numbers",
    *("add.Scalar", "add_.Scalar", "sub.Scalar", "sub_.Scalar", "rsub.Scalar", "mul.Scalar", "mul_.Scalar"),
    *("div.Scalar", "div_.Scalar", "pow.Tensor_Scalar", "pow_.Scalar", "pow.Scalar", "clamp.default", "clamp_.default"),
    *("clamp_min.default", "clamp_min_.default", "clamp_max.default", "clamp_max_.default", "abs.default"),
    *("abs_.default", "neg.default", "neg_.default", "exp.default", "exp_.default", "sqrt.default", "sqrt_.default"),
    *("rsqrt.default", "reciprocal.default", "log.default", "log1p.default", "sin.default", "cos.default"),
    *("erf.default", "ceil.default", "trunc.default", "frac.default", "logit.default", "atan.default", "tan.default"),
    *("remainder.Scalar", "masked_fill.Scalar", "masked_fill_.Scalar"),
    *("sign.default", "floor.default", "round.default", "expm1.default", "log2.default"),
)
squared(
    *("mul.Scalar", "mul_.Scalar", "div.Scalar", "div_.Scalar", "div.Tensor", "div_.Tensor", "add.Scalar"),
    *("add_.Scalar", "sub.Scalar", "sub_.Scalar", "rsub.Scalar", "neg.default", "neg_.default", "abs.default"),
    *("pow.Tensor_Scalar", "pow_.Scalar", "square.default", "exp.default", "log.default", "log1p.default"),
    *("sqrt.default", "rsqrt.default", "reciprocal.default", "sin.default", "cos.default", "erf.default"),
    *("clamp.default", "clamp_.default", "clamp_min.default", "clamp_min_.default", "clamp_max.default"),
    *("maximum.default", "minimum.default", "where.self", "addcmul.default", "lerp.Tensor", "lerp.Scalar"),
    assumes=AT_VALUES,
)(at_values)


@exact(
    *("add.Tensor", "add_.Tensor", "sub.Tensor", "sub_.Tensor", "rsub.Tensor"),
    *("maximum.default", "minimum.default", "pow.Tensor_Tensor", "clamp.Tensor", "where.self"),
    *("lerp.Tensor", "lerp.Scalar", "lerp_.Scalar", "lerp_.Tensor", "remainder.Tensor"),
    *("atan2.default", "hypot.default", "fmax.default", "fmin.default", "logaddexp.default"),
)
def elementwise(call: ExactCall) -> Result:
    """Each operand that depends on the input is an edge; constants are none."""
    return joined(call.builder, _operands(call), call.name, call.shape)


@squared("add.Tensor", "add_.Tensor", "sub.Tensor", "sub_.Tensor", "rsub.Tensor")
def add_squared(call: SquaredCall) -> Pulls:
    """Every operand is an edge of its own, scaled by ``alpha``; an operand of size 1 is read by all."""
    scaled = 0 if call.name == "rsub" else 1
    return [
        (operand, _summed(operand.shape, call["alpha"] ** 2 if index == scaled else 1))
        for index, operand in enumerate(call.args[:2])
        if call.known(operand)
    ]


def _summed(shape: Sequence[int], weight: float) -> Pull:
    def pull(squared: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = squared.sum_to_size(shape)
        return result if weight == 1 else result * weight

    return pull


@exact("mul.Tensor", "mul_.Tensor", "div.Tensor", "div_.Tensor", "div.Tensor_mode")
def product(call: ExactCall) -> Result:
    """Each factor that depends on the input is an edge or a gate."""
    return multiplied(call.builder, _operands(call), call.name, call.shape)


@squared("mul.Tensor", "mul_.Tensor", assumes=AT_VALUES)
def product_squared(call: SquaredCall) -> Pulls:
    """Each operand takes the other's squares: of weights, or of a gate's values, averaged over positions."""
    pulls = []
    for operand, other in (call.args[:2], call.args[1::-1]):
        if call.known(operand):
            factor = torch.as_tensor(other).detach().square()
            pulls.append(
                (operand, _scaled(operand.shape, call.over_positions(factor) if call.known(other) else factor))
            )
    return pulls


def _scaled(shape: Sequence[int], factor: torch.Tensor) -> Pull:
    def pull(squared: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = (squared * factor).sum_to_size(shape)
        return result

    return pull


@exact("addcmul.default", "addcmul_.default", "addcdiv.default", "addcdiv_.default")
def product_added(call: ExactCall) -> Result:
    """A summand and a product or quotient."""
    summand = call.known(call.args[0])
    factors = [layout for tensor in call.args[1:3] if (layout := call.known(tensor)) is not None]
    if not factors:
        return joined(call.builder, _operands(call), call.name, call.shape)
    scaled = multiplied(call.builder, factors, call.name, call.shape)
    return joined(call.builder, [layout for layout in (summand, scaled) if layout], call.name, call.shape)


def _operands(call: ExactCall) -> list[TensorLayout]:
    """The arguments that depend on the input."""
    tensors = [arg for arg in (*call.args, *call.options.values()) if isinstance(arg, torch.Tensor)]
    return [layout for tensor in tensors if (layout := call.known(tensor)) is not None]
