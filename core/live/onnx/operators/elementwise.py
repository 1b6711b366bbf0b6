"""Operators that work position by position: activations, arithmetic, comparisons, casts."""

from collections.abc import Callable
from functools import partial, reduce

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, broadcast, spelled
from ..tensors import DTYPES

_UNARY: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "Abs": torch.abs, "Acos": torch.acos, "Acosh": torch.acosh, "Asin": torch.asin, "Asinh": torch.asinh,
    "Atan": torch.atan, "Atanh": torch.atanh, "Ceil": torch.ceil, "Cos": torch.cos, "Cosh": torch.cosh,
    "Erf": torch.erf, "Exp": torch.exp, "Floor": torch.floor, "HardSwish": F.hardswish, "IsNaN": torch.isnan,
    "Log": torch.log, "Mish": F.mish, "Neg": torch.neg, "Not": torch.logical_not, "Reciprocal": torch.reciprocal,
    "Relu": F.relu, "Round": torch.round, "Sigmoid": torch.sigmoid, "Sign": torch.sign, "Sin": torch.sin,
    "Sinh": torch.sinh, "Softplus": F.softplus, "Softsign": F.softsign, "Sqrt": torch.sqrt, "Tan": torch.tan,
    "Tanh": torch.tanh,
}  # fmt: skip
_BINARY: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "Add": torch.add, "And": torch.logical_and, "Equal": torch.eq, "Greater": torch.gt, "GreaterOrEqual": torch.ge,
    "Less": torch.lt, "LessOrEqual": torch.le, "Mul": torch.mul, "Or": torch.logical_or, "Sub": torch.sub,
    "Xor": torch.logical_xor,
}  # fmt: skip


def _unary(function: Callable[[torch.Tensor], torch.Tensor], call: OnnxCall) -> torch.Tensor:
    return function(call[0])


def _binary(function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], call: OnnxCall) -> torch.Tensor:
    return function(call[0], call[1])


def _registered() -> None:
    for name, unary in _UNARY.items():
        spelled(name)(partial(_unary, unary))
    for name, binary in _BINARY.items():
        spelled(name)(partial(_binary, binary))


_registered()


@spelled("Identity")
def identity(call: OnnxCall) -> torch.Tensor:
    """The same tensor."""
    return call[0]


@spelled("Dropout")
def dropout(call: OnnxCall) -> torch.Tensor:
    """Nothing, in evaluation."""
    training = call.constant(2, "a training mode")
    if training is not None and bool(training.any()):
        raise NotRuledError("a dropout in training")
    return call[0]


@spelled("Div")
def divide(call: OnnxCall) -> torch.Tensor:
    """Whole numbers are divided towards zero."""
    one, other = call[0], call[1]
    whole = not one.is_floating_point() and not other.is_floating_point()
    if whole and call.real and not other.all():
        raise NotRuledError("a division by zero")
    return torch.div(one, other, rounding_mode="trunc") if whole else torch.div(one, other)


@spelled("Mod")
def modulo(call: OnnxCall) -> torch.Tensor:
    """With the sign of the divisor, or as in C of the number divided."""
    if call.real and not call[1].all():
        raise NotRuledError("a division by zero")
    return (torch.fmod if call.attribute("fmod", 0) else torch.remainder)(call[0], call[1])


@spelled("Pow")
def power(call: OnnxCall) -> torch.Tensor:
    """In the type of the base; a number as exponent stays one."""
    base = call[0]
    exponent = None if call.real or not call.is_fixed(1) else call.values[1].known()  # type: ignore[union-attr]
    raised = base ** exponent.item() if exponent is not None and exponent.numel() == 1 else torch.pow(base, call[1])
    return raised.to(base.dtype)


@spelled("Max")
def largest(call: OnnxCall) -> torch.Tensor:
    """Of any number of operands."""
    return reduce(torch.maximum, call.tensors())


@spelled("Min")
def smallest(call: OnnxCall) -> torch.Tensor:
    """Of any number of operands."""
    return reduce(torch.minimum, call.tensors())


@spelled("Sum")
def total(call: OnnxCall) -> torch.Tensor:
    """Of any number of operands."""
    return reduce(torch.add, call.tensors())


@spelled("Mean")
def mean(call: OnnxCall) -> torch.Tensor:
    """Of any number of operands."""
    return reduce(torch.add, call.tensors()) / len(call)


@spelled("Clip")
def clip(call: OnnxCall) -> torch.Tensor:
    """Between bounds that are numbers, operands or left out."""
    low, high = (_bound(call, index, name) for index, name in ((1, "min"), (2, "max")))
    return call[0] if low is None and high is None else torch.clamp(call[0], low, high)


def _bound(call: OnnxCall, index: int, name: str) -> float | None:
    number = call.constant(index, "a bound")
    if number is not None and number.numel() != 1:
        raise NotRuledError("bounds that are no single numbers")
    return call.attribute(name) if number is None else number.item()


@spelled("LeakyRelu")
def leaky_relu(call: OnnxCall) -> torch.Tensor:
    """A small slope below zero."""
    return F.leaky_relu(call[0], call.attribute("alpha", 0.01))


@spelled("PRelu")
def prelu(call: OnnxCall) -> torch.Tensor:
    """A slope below zero for all, or for each channel."""
    slope = call[1]
    wide = [dim for dim in range(slope.ndim) if slope.shape[dim] > 1]
    if not call.is_fixed(1) or (wide and wide != [slope.ndim - call[0].ndim + 1]):
        raise NotRuledError("slopes that are not those of channels")
    return F.prelu(call[0], slope.reshape(-1))


@spelled("Elu")
def elu(call: OnnxCall) -> torch.Tensor:
    """Exponential below zero."""
    return F.elu(call[0], call.attribute("alpha", 1.0))


@spelled("Activation", "Selu", "ThresholdedRelu", "Shrink", worked_out=False)
def activation(call: OnnxCall) -> torch.Tensor:
    """An activation, whatever its numbers."""
    return F.elu(call[0])


@spelled("Celu")
def celu(call: OnnxCall) -> torch.Tensor:
    """Exponential below zero."""
    return F.celu(call[0], call.attribute("alpha", 1.0))


@spelled("Gelu")
def gelu(call: OnnxCall) -> torch.Tensor:
    """Exact, or with a hyperbolic tangent."""
    return F.gelu(call[0], approximate=call.attribute("approximate", "none"))


@spelled("HardSigmoid", worked_out=False)
def hard_sigmoid(call: OnnxCall) -> torch.Tensor:
    """Whatever its slope."""
    return F.hardsigmoid(call[0])


@spelled("Cast")
def cast(call: OnnxCall) -> torch.Tensor:
    """To another type."""
    wanted = DTYPES.get(int(call.attribute("to", 0)))
    if wanted is None:
        raise NotRuledError("a type that PyTorch has not")
    return call[0].to(wanted)


@spelled("CastLike")
def cast_like(call: OnnxCall) -> torch.Tensor:
    """To the type of another operand."""
    return call[0].to(call[1].dtype)


@spelled("Where")
def where(call: OnnxCall) -> torch.Tensor:
    """One operand or the other; one number put in place of some entries fills them."""
    chosen, one, other = call[0], call[1], call[2]
    if call.real or not call.is_fixed(0):
        return torch.where(chosen, one, other)
    for index, tensor, turned in ((1, other, False), (2, one, True)):
        number = call.values[index].known() if call.is_fixed(index) else None  # type: ignore[union-attr]
        fits = broadcast(chosen.shape, tensor.shape) == tensor.shape
        if number is not None and number.numel() == 1 and number.is_floating_point() and fits:
            return tensor.masked_fill(torch.logical_not(chosen) if turned else chosen, number.item())
    return torch.where(chosen, one, other)


@spelled("QuantizeLinear", "DequantizeLinear", worked_out=False)
def quantise(call: OnnxCall) -> torch.Tensor:
    """Every entry by itself, with a scale that is a constant."""
    if not all(call.is_fixed(index) for index in range(1, len(call)) if call.values[index] is not None):
        raise NotRuledError("a scale computed from the input")
    return call[0].to(torch.float32, copy=True)
