"""The numbers of constants, worked out when they are asked for: a mask is made by operators on the meta device too.

Parameters stand in as zeros: a learned bias hides nothing. What is made of a buffer without numbers is unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from ..operators.arguments import memory_of, name_of, tensors, written_by

_MOST = 64_000_000  # elements of one constant
_PICKING = ("index", "index_select", "embedding", "gather")
_UNSET = ("empty", "new_empty", "empty_like", "empty_strided", "new_empty_strided")


@dataclass(frozen=True, slots=True)
class _Step:
    func: Any
    args: tuple[Any, ...]
    options: dict[str, Any]
    results: tuple[torch.Tensor, ...]


@dataclass(slots=True)
class Constants:
    """The operators so far, in order, of which those are run again that a constant is made of."""

    given: dict[int, torch.Tensor | None] = field(default_factory=dict)  # by the id of a parameter or buffer
    held: list[torch.Tensor] = field(default_factory=list)
    steps: list[_Step] = field(default_factory=list)
    rewritten: set[int] = field(default_factory=set)  # memories with numbers that an operator wrote in place

    def know(self, tensor: torch.Tensor, numbers: torch.Tensor | None) -> None:
        """``tensor`` holds these numbers before the first operator; None: learned ones."""
        self.held.append(tensor)
        self.given[id(tensor)] = numbers

    def note(self, func: Any, args: Sequence[Any], options: dict[str, Any], results: Iterable[torch.Tensor]) -> None:
        """One more operator."""
        if func._schema.is_mutable:
            written = written_by(func, args, options)
            self.rewritten.update(memory_of(tensor) for tensor in written if not tensor.is_meta)
        self.steps.append(_Step(func, tuple(args), options, tuple(results)))

    def value(self, tensor: torch.Tensor) -> torch.Tensor | None:
        """The numbers of a tensor that does not depend on the input; None where they are not known."""
        needed = {memory_of(tensor)}
        run: list[_Step] = []
        for step in reversed(self.steps):
            if any(result.is_meta and memory_of(result) in needed for result in step.results):
                needed.update(map(memory_of, tensors((*step.args, *step.options.values()))))
                run.append(step)
        numbers = _Numbers(self.given, unknown=set(self.rewritten))
        with torch.device("cpu"):
            for step in reversed(run):
                try:
                    _again(step, numbers)
                except (_UnknownError, RuntimeError, NotImplementedError, IndexError, TypeError, ValueError):
                    numbers.unknown.update(map(memory_of, step.results))
        try:
            return numbers.of(tensor)
        except _UnknownError:
            return None


@dataclass(slots=True)
class _Numbers:
    """What tensors hold by now, as the operators are run again."""

    given: dict[int, torch.Tensor | None]
    found: dict[int, torch.Tensor] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)  # memories

    def of(self, tensor: torch.Tensor) -> torch.Tensor:
        """A tensor's numbers, in a copy of what was given."""
        if memory_of(tensor) in self.unknown:
            raise _UnknownError
        if id(tensor) not in self.found:
            if not tensor.is_meta and id(tensor) not in self.given:
                return tensor.detach().clone()  # it holds them itself
            if id(tensor) not in self.given:
                raise _UnknownError
            known = self.given[id(tensor)]
            self.found[id(tensor)] = _zeros(tensor) if known is None else known.detach().clone()
        return self.found[id(tensor)]


class _UnknownError(Exception):
    """Numbers that are not known."""


def _again(step: _Step, numbers: _Numbers) -> None:
    """Runs one operator on numbers."""
    name = name_of(step.func)
    if name in _UNSET or any(result.numel() > _MOST for result in step.results):
        raise _UnknownError
    if name in _PICKING and not numbers.of(step.args[0]).any():  # whichever entries they are
        numbers.found[id(step.results[0])] = _zeros(step.results[0])
        return
    only_shape = name.startswith("new_") or name.endswith("_like")

    def number(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return _zeros(value) if only_shape else numbers.of(value)
        return type(value)(map(number, value)) if isinstance(value, (tuple, list)) else value

    options = {option: number(value) for option, value in step.options.items()}
    if "device" in options:
        options["device"] = torch.device("cpu")
    out = step.func(*map(number, step.args), **options)
    for result, value in zip(step.results, tensors((out,)), strict=True):
        numbers.found[id(result)] = value


def _zeros(like: torch.Tensor) -> torch.Tensor:
    """As many zeros, which take no memory."""
    return torch.zeros((), dtype=like.dtype).expand(like.shape)
