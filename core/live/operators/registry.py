"""Which operators are ruled: one entry in each table, keyed by the operator; an operator that is missing is a gap.

``EXACT``: which positions and channels the results read, from shapes alone. ``SQUARED``: how squared gradients go back
through the operator. A rule of ``SQUARED`` transposes J∘J, where J is the matrix of the operator's derivative: for
every operand that depends on the input it gives a *pull*, which takes the squared gradient c of the results to
(J∘J)ᵀ c, that of the operand. Where J depends on data it is taken at the values of the forward pass; where its
expectation is taken instead, the rule *assumes* something, in words that are shown beside the field.

A rule file holds a family of operators: the exact rules and the squared ones, side by side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from ..layouts.builder import GraphBuilder
from ..layouts.layout import NotRuledError, TensorLayout
from ..layouts.tokens import Tokens
from ..layouts.weights import Weights
from .arguments import name_of

__all__ = [
    "EXACT", "POINTWISE", "SQUARED", "TOKENS", "WEIGHTS", "Blank", "ExactCall", "Known", "NotRuledError", "Pull",
    "Pulls", "Result", "SquaredCall", "SquaredRule", "exact", "operator", "pointwise", "squared", "unchanged",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Call:
    """One recorded operator, its arguments and its results."""

    operator: Any
    args: tuple[Any, ...]
    options: dict[str, Any]
    out: Any  # the tensor, or the tuple or list of them

    @property
    def name(self) -> str:
        """Of the operator, without its overload."""
        return name_of(self.operator)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the first result."""
        return tuple((self.out if isinstance(self.out, torch.Tensor) else self.out[0]).shape)


@dataclass(frozen=True, slots=True)
class Blank:
    """A result that does not depend on the input, though an argument does: a new buffer of its shape, say."""


Known = TensorLayout | Tokens | Weights  # what a tensor that depends on the input is
Answer = Known | Blank | None
Result = Answer | tuple[Answer, ...] | list[Answer]


def _unread(tensor: torch.Tensor) -> torch.Tensor:
    raise NotRuledError("a constant whose numbers are not known")


@dataclass(frozen=True, slots=True)
class ExactCall(_Call):
    """A call on the meta device, with the graph that grows and what is known of the call's tensors."""

    builder: GraphBuilder
    known: Callable[[Any], Any]  # a layout (rules of tokens and of weights: those too); None: independent of the input
    value: Callable[[torch.Tensor], torch.Tensor] = field(default=_unread)  # of a constant; may raise NotRuledError

    def arg(self, index: int, name: str = "", default: Any = None) -> Any:
        """An argument by place or by name."""
        return self.args[index] if index < len(self.args) else self.options.get(name, default)

    def layout(self, index: int = 0) -> TensorLayout:
        """The layout of a tensor argument that depends on the input."""
        layout = self.known(self.args[index])
        if layout is None:
            raise NotRuledError("a constant where a map is expected")
        assert isinstance(layout, TensorLayout)
        return layout

    def refuse_if_input_dependent(self, index: int, what: str) -> None:
        """Raises :class:`NotRuledError` where the argument at place ``at`` depends on the input."""
        if self.known(self.arg(index)) is not None:
            raise NotRuledError(f"{what} computed from the input")


@dataclass(frozen=True, slots=True)
class SquaredCall(_Call):
    """A call with values. ``out`` is the argument itself where the operator works in place: its rule comes first."""

    known: Callable[[Any], bool]  # whether it is a tensor that depends on the input
    channel: int = 1  # the dimension of channels: 1 after a convolution, -1 after a dense layer
    names: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index, argument in enumerate(self.operator._schema.arguments):
            given = (
                self.args[index] if index < len(self.args) else self.options.get(argument.name, argument.default_value)
            )
            self.names[argument.name] = given

    def __getitem__(self, name: str) -> Any:
        """An argument by its name in the operator's schema."""
        return self.names[name]

    def over_positions(self, values: torch.Tensor) -> torch.Tensor:
        """The mean of every channel, an expectation with less noise than single values; dimensions stay."""
        if values.ndim < 2:
            return values
        dims = [dim for dim in range(values.ndim) if dim != self.channel % values.ndim]
        return values.mean(dims, keepdim=True)

    def frozen(self) -> tuple[Any, ...]:
        """The arguments by place, with copies of those that depend on the input: later operators may change them."""
        return tuple(arg.detach().clone() if self.known(arg) else arg for arg in self.args)


Pull = Callable[..., torch.Tensor]  # one argument for each result
Pulls = Sequence[tuple[torch.Tensor, Pull]]  # of each operand that depends on the input
ExactFunction = Callable[[ExactCall], Result]
SquaredFunction = Callable[[SquaredCall], Pulls]


@dataclass(frozen=True, slots=True)
class SquaredRule:
    """A function and what it assumes, empty where it is exact at the values of the forward pass."""

    function: SquaredFunction
    assumes: str = ""
    results: int = 1  # that the rule covers; 0: all of them
    channel: int | None = None  # which dimension of the result has the channels; None: as before


EXACT: dict[Any, ExactFunction] = {}
TOKENS: dict[Any, ExactFunction] = {}  # where an argument is tokens beside a map
WEIGHTS: dict[Any, ExactFunction] = {}  # where one is the weights of attention
POINTWISE: dict[Any, str] = {}  # operators whose result reads its argument position by position, and why
SQUARED: dict[Any, SquaredRule] = {}


def operator(name: str) -> Any:
    """``torch.ops.aten``'s operator of a full name, as ``convolution.default``."""
    packet, overload = name.split(".")
    return getattr(getattr(torch.ops.aten, packet), overload)


def exact(*operators: str, table: dict[Any, ExactFunction] = EXACT) -> Callable[[ExactFunction], ExactFunction]:
    """Registers an exact rule for operators by their full names; ``table``: TOKENS or WEIGHTS for what these are."""

    def register(function: ExactFunction) -> ExactFunction:
        for name in operators:
            table[operator(name)] = function
        return function

    return register


def squared(
    *operators: str, assumes: str = "", results: int = 1, channel: int | None = None
) -> Callable[[SquaredFunction], SquaredFunction]:
    """Registers a squared rule for operators by their full names; the settings are those of :class:`SquaredRule`."""

    def register(function: SquaredFunction) -> SquaredFunction:
        for name in operators:
            SQUARED[operator(name)] = SquaredRule(function, assumes, results, channel)
        return function

    return register


def pointwise(reason: str, *operators: str) -> None:
    """Registers operators that leave positions and channels where they are: a single edge, hence no node."""
    exact(*operators)(unchanged)
    POINTWISE.update((operator(name), reason) for name in operators)


def unchanged(call: ExactCall) -> Result:
    """The first argument as it is, where no other depends on the input; further results are unknown."""
    tensors = [arg for arg in (*call.args, *call.options.values()) if isinstance(arg, torch.Tensor)]
    layout, *others = [call.known(tensor) for tensor in tensors]
    if layout is None or any(others):
        raise NotRuledError("statistics, weights or bounds computed from the input")
    return layout if isinstance(call.out, torch.Tensor) else (layout, *([None] * (len(call.out) - 1)))
