"""Which operators have a squared twin: one entry for each, keyed by its full name; what is not here becomes a gap.

The squared twin of an operator whose derivative is the matrix J has the matrix J∘J. A rule says how squared gradients
go back through it: for every operand that depends on the input, a *pull*, which takes the squared gradient of the
results, c, to that of the operand, (J∘J)ᵀ c. Where J depends on data it is taken at the values of the forward pass;
where its expectation is taken instead, the rule *assumes* something, in words that are shown beside the field.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

Pull = Callable[..., torch.Tensor]  # one argument for each result
Rule = Callable[["Call"], Sequence[tuple[torch.Tensor, Pull]]]


class NotRuledError(Exception):
    """A use of an operator that its rule does not cover; becomes a gap."""


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded operator. ``out`` is the argument itself where the operator works in place: its rule comes first."""

    operator: Any
    args: tuple[Any, ...]
    options: dict[str, Any]
    out: Any  # a tensor, or several
    known: Callable[[Any], bool]  # whether it is a tensor that depends on the input
    channel: int = 1  # the dimension of channels: 1 after a convolution, -1 after a dense layer
    names: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for at, argument in enumerate(self.operator._schema.arguments):
            given = self.args[at] if at < len(self.args) else self.options.get(argument.name, argument.default_value)
            self.names[argument.name] = given

    def __getitem__(self, name: str) -> Any:
        """An argument by its name in the operator's schema."""
        return self.names[name]

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the first result."""
        return tuple((self.out if isinstance(self.out, torch.Tensor) else self.out[0]).shape)

    def over_positions(self, values: torch.Tensor) -> torch.Tensor:
        """The mean of every channel, an expectation with less noise than single values; dimensions stay."""
        if values.ndim < 2:
            return values
        dims = [dim for dim in range(values.ndim) if dim != self.channel % values.ndim]
        return values.mean(dims, keepdim=True)

    def frozen(self) -> tuple[Any, ...]:
        """The arguments by place, with copies of those that depend on the input: later operators may change them."""
        return tuple(arg.detach().clone() if self.known(arg) else arg for arg in self.args)


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule and what it assumes, empty where it is exact at the values of the forward pass."""

    rule: Rule
    assumes: str = ""
    results: int = 1  # that the rule covers; 0: all of them
    channel: int | None = None  # which dimension of the result has the channels; None: as before


RULES: dict[Any, Entry] = {}


def rule(*operators: str, assumes: str = "", results: int = 1, channel: int | None = None) -> Callable[[Rule], Rule]:
    """Registers a rule for operators named as ``convolution.default``, of ``torch.ops.aten``."""

    def register(function: Rule) -> Rule:
        for name in operators:
            RULES[operator(name)] = Entry(function, assumes, results, channel)
        return function

    return register


def operator(name: str) -> Any:
    """``torch.ops.aten``'s operator of a full name."""
    packet, overload = name.split(".")
    return getattr(getattr(torch.ops.aten, packet), overload)


def gradient(function: Callable[[torch.Tensor], Any], at: torch.Tensor, *cotangents: torch.Tensor) -> torch.Tensor:
    """The gradient of ``function``'s results, weighted by ``cotangents`` (ones where none are given)."""
    with torch.enable_grad():
        leaf = at.detach().requires_grad_()
        found = function(leaf)
        results = [found] if isinstance(found, torch.Tensor) else list(found)[: len(cotangents) or 1]
        return torch.autograd.grad(results, leaf, list(cotangents) or [torch.ones_like(results[0])])[0]
