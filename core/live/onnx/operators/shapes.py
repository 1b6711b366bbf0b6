"""Shapes as numbers, and constants made of numbers."""

import torch

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, refuse_large, spelled
from ..tensors import Numbers


@spelled("Shape", shapes=True)
def shape(call: OnnxCall) -> torch.Tensor:
    """The sides of a tensor, or some of them."""
    sides = list(call[0].shape)
    return torch.tensor(sides[slice(call.attribute("start", 0), call.attribute("end"))], dtype=torch.int64)


@spelled("Size", shapes=True)
def size(call: OnnxCall) -> torch.Tensor:
    """How many elements a tensor has."""
    return torch.tensor(call[0].numel(), dtype=torch.int64)


@spelled("ConstantOfShape")
def filled(call: OnnxCall) -> torch.Tensor:
    """One number, as often as a shape says."""
    wanted = call.whole("", 0)
    assert wanted is not None
    refuse_large(wanted, call.real)
    value = call.attribute("value")
    if value is None:
        return torch.zeros(wanted)
    number = value.read() if isinstance(value, Numbers) else None
    if number is None or number.numel() != 1:
        raise NotRuledError("a value that is no single number")
    return torch.full(wanted, number.item(), dtype=number.dtype)


@spelled("Range")
def range_(call: OnnxCall) -> torch.Tensor:
    """Numbers at equal steps."""
    start, limit, delta = (call.constant(index, "the limits of a range") for index in range(3))
    if start is None or limit is None or delta is None or any(one.numel() != 1 for one in (start, limit, delta)):
        raise NotRuledError("limits of a range that are not three numbers")
    first, last, step = start.item(), limit.item(), delta.item()
    if not step:
        raise NotRuledError("a range of steps of nothing")
    refuse_large([max(int((last - first) // step), 0)], call.real)
    return torch.arange(first, last, step, dtype=start.dtype) if (last - first) / step > 0 else torch.zeros(0).to(start)
