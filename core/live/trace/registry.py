"""Which operators are ruled: one entry for each, keyed by its full name; what is not here becomes a gap."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from .canvas import Canvas
from .sheet import NotRuledError, Sheet


@dataclass(frozen=True, slots=True)
class Blank:
    """A result that does not depend on the input, though an argument does: a new buffer of its shape, say."""


Result = Sheet | Blank | None | tuple[Sheet | None, ...] | list[Sheet]


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded operator: its arguments, its results, and what is known of its tensors."""

    canvas: Canvas
    name: str  # of the operator, without its overload
    args: tuple[Any, ...]
    options: dict[str, Any]
    out: Any  # the tensor, or the tuple or list of them, on the meta device
    known: Callable[[Any], Sheet | None]  # None: does not depend on the input

    def arg(self, at: int, name: str = "", default: Any = None) -> Any:
        """An argument by place or by name."""
        return self.args[at] if at < len(self.args) else self.options.get(name, default)

    def sheet(self, at: int = 0) -> Sheet:
        """The sheet of a tensor argument that depends on the input."""
        sheet = self.known(self.args[at])
        if sheet is None:
            raise NotRuledError("a constant where a map is expected")
        return sheet

    def constant(self, at: int, what: str) -> None:
        """Refuses an argument that depends on the input."""
        if self.known(self.arg(at)) is not None:
            raise NotRuledError(f"{what} computed from the input")

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the first result."""
        first = self.out if isinstance(self.out, torch.Tensor) else self.out[0]
        return tuple(first.shape)


Rule = Callable[[Call], Result]

RULES: dict[Any, Rule] = {}
POINTWISE: dict[Any, str] = {}  # operators whose result reads its argument position by position, and why


def rule(*operators: str) -> Callable[[Rule], Rule]:
    """Registers a rule for operators named as ``convolution.default``, of ``torch.ops.aten``."""

    def register(function: Rule) -> Rule:
        for name in operators:
            RULES[operator(name)] = function
        return function

    return register


def pointwise(reason: str, *operators: str) -> None:
    """Registers operators that leave positions and channels where they are: a single edge, hence no node."""
    for name in operators:
        POINTWISE[operator(name)] = reason
        RULES[operator(name)] = unchanged


def unchanged(call: Call) -> Result:
    """The first argument as it is, where no other depends on the input; further results are unknown."""
    tensors = [arg for arg in (*call.args, *call.options.values()) if isinstance(arg, torch.Tensor)]
    sheet, *others = [call.known(tensor) for tensor in tensors]
    if sheet is None or any(others):
        raise NotRuledError("statistics, weights or bounds computed from the input")
    return sheet if isinstance(call.out, torch.Tensor) else (sheet, *([None] * (len(call.out) - 1)))


def operator(name: str) -> Any:
    """``torch.ops.aten``'s operator of a full name."""
    packet, overload = name.split(".")
    return getattr(getattr(torch.ops.aten, packet), overload)
