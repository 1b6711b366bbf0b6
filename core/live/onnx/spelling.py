"""One table from an operator of ONNX to what it is in PyTorch, whose own rules say what that reads.

A spelling is called with tensors of the meta device, where the tracer hears it; where nothing that it is given depends
on the input, once more with numbers, which is how shapes and masks are worked out. What a spelling does not surely know
it refuses, and the node becomes a gap.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import torch

from ..layouts.layout import NotRuledError
from .file import OnnxNode
from .tensors import MAX_ELEMENTS, Numbers

MAX_WORKED_OUT = 2**22  # elements of a constant that is worked out from others


@dataclass(slots=True, eq=False)
class Value:
    """What a name of the file stands for.

    ``meta``: its shape. ``fixed``: whether it does not depend on the input. ``source``: what gives a constant's
    numbers when they are first asked for, from those of ``given``.
    """

    meta: torch.Tensor
    fixed: bool = False
    numbers: torch.Tensor | None = None
    source: Callable[[], torch.Tensor | None] | None = None
    given: tuple["Value", ...] = ()

    def known(self) -> torch.Tensor | None:
        """The numbers of a constant; None where there are none. A long chain of constants is no deep recursion."""
        left = [self]
        while left:
            value = left[-1]
            waiting = [one for one in value.given if one.source is not None]
            if value.source is None:
                left.pop()
            elif waiting:
                left += waiting
            else:
                source, value.source, value.given = value.source, None, ()
                value.numbers = source()
        return self.numbers


@dataclass(frozen=True, slots=True)
class OnnxCall:
    """One node with what it is given. ``real``: whether it is worked out with numbers."""

    node: OnnxNode
    values: Sequence[Value | None]
    opset: int
    real: bool = False

    def __getitem__(self, index: int) -> torch.Tensor:
        """An operand that must be there."""
        tensor = self.optional(index)
        if tensor is None:
            raise NotRuledError(f"it is given {len(self.values)} operands, and needs more")
        return tensor

    def __len__(self) -> int:
        return len(self.values)

    def optional(self, index: int) -> torch.Tensor | None:
        """An operand that may be left out."""
        value = self.values[index] if index < len(self.values) else None
        if value is None or not self.real:
            return None if value is None else value.meta
        numbers = value.known()
        if numbers is None:
            raise NotRuledError("numbers that are not known")
        return numbers

    def tensors(self) -> list[torch.Tensor]:
        """All operands, of an operator that takes any number of them."""
        return [self[index] for index in range(len(self))]

    def is_fixed(self, index: int) -> bool:
        """Whether an operand is there and does not depend on the input."""
        value = self.values[index] if index < len(self.values) else None
        return value is not None and value.fixed

    def attribute(self, name: str, default: Any = None) -> Any:
        """As the node states it."""
        value = self.node.attributes.get(name, default)
        return default if value is None else value

    def constant(self, index: int, what: str) -> torch.Tensor | None:
        """The numbers of an operand that says how, not what; None where it is left out."""
        value = self.values[index] if index < len(self.values) else None
        if value is None:
            return None
        if not value.fixed:
            raise NotRuledError(f"{what} computed from the input")
        if (numbers := value.known()) is None:
            raise NotRuledError(f"{what} whose numbers are not in the file, or are not worked out")
        return numbers

    def whole(self, name: str, index: int | None, default: Sequence[int] | None = None) -> list[int] | None:
        """Whole numbers of an attribute, or in later opsets of an operand."""
        if name in self.node.attributes:
            given = self.node.attributes[name]
            if given is None or isinstance(given, (str, Numbers, float)):
                raise NotRuledError(f"{name} that are no whole numbers")
            return [given] if isinstance(given, int) else list(map(int, given))
        numbers = None if index is None else self.constant(index, name)
        if numbers is None:
            return None if default is None else list(default)
        if numbers.is_floating_point() or numbers.ndim > 1 or numbers.numel() > 64:
            raise NotRuledError(f"{name} that are no short list of whole numbers")
        return [int(number) for number in numbers.reshape(-1).tolist()]

    def axis(self, default: int, rank: int, name: str = "axis") -> int:
        """One dimension, counted from the first."""
        axis = int(self.attribute(name, default))
        if not -rank <= axis < max(rank, 1):
            raise NotRuledError(f"{name} {axis} of a tensor of {rank} dimensions")
        return axis % max(rank, 1)


def axes_in(axes: Sequence[int], rank: int) -> list[int]:
    """Dimensions counted from the first, in order; refused where one is missing or there twice."""
    found = sorted(axis % max(rank, 1) for axis in axes)
    if any(not -rank <= axis < rank for axis in axes) or len(set(found)) != len(found):
        raise NotRuledError(f"axes {list(axes)[:8]} of a tensor of {rank} dimensions")
    return found


def broadcast(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """The shape of two that are repeated to fit each other; refused where they do not."""
    try:
        return np.broadcast_shapes(tuple(one), tuple(other))
    except ValueError:
        raise NotRuledError(f"shapes {tuple(one)[:8]} and {tuple(other)[:8]}, which do not fit") from None


def listed(places: Sequence[int]) -> torch.Tensor:
    """Whole numbers as a tensor of the device in use; the tracer can tell them again."""
    return torch.tensor(list(places), dtype=torch.int64, device="cpu").to(torch.empty(0).device)


def refuse_large(shape: Sequence[int], real: bool = False) -> None:
    """Raises before a tensor is made that no network needs, or a constant that is too large to work out."""
    if any(side < 0 for side in shape):
        raise NotRuledError(f"a shape of {list(shape)[:8]}")
    if prod(shape) > (MAX_WORKED_OUT if real else MAX_ELEMENTS):
        raise NotRuledError(f"a tensor of {prod(shape):,} elements")


Outcome = torch.Tensor | Sequence[torch.Tensor]
Spelling = Callable[[OnnxCall], Outcome]

SPELLINGS: dict[str, Spelling] = {}
SHAPES: set[str] = set()  # operators of which the result never depends on the input, as they read shapes alone
UNWORKED: set[str] = set()  # operators whose results are never worked out in numbers


def spelled(*operators: str, shapes: bool = False, worked_out: bool = True) -> Callable[[Spelling], Spelling]:
    """Registers the spelling of operators by their names in ONNX."""

    def register(function: Spelling) -> Spelling:
        for operator in operators:
            SPELLINGS[operator] = function
            if shapes:
                SHAPES.add(operator)
            if not worked_out:
                UNWORKED.add(operator)
        return function

    return register
