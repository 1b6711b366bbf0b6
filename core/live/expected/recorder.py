"""The operators of one forward pass, with the pull of each, and squared gradients taken back through them."""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils.weak import WeakTensorKeyDictionary

from ..operators.arguments import memory_of, name_of, tensors
from ..operators.buffers import CONSTANT
from ..operators.recorder import Gap, OperatorRecorder
from ..operators.registry import SQUARED, NotRuledError, Pull, SquaredCall, SquaredRule


@dataclass(frozen=True, slots=True)
class Step:
    """One operator: which values are its results, and how each operand is pulled."""

    results: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...]
    pulls: tuple[tuple[int, Pull], ...]
    assumes: str


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor at one time: operators in place make the same tensor another value."""

    index: int | Gap
    changes: int  # of its storage when it was made
    channel: int  # the dimension of channels


@dataclass(slots=True)
class _Storage:
    """Memory that an operator in place has changed; held, so that nothing else can take its place."""

    held: Any
    changes: int = 0


@dataclass(slots=True, eq=False)
class Tape:
    """What was recorded. Value 0 is the input."""

    steps: list[Step] = field(default_factory=list)
    count: int = 0

    def pulled(self, end: int, squared: torch.Tensor) -> tuple[torch.Tensor | None, list[str]]:
        """The squared gradient of the input, given that of value ``end``; and what the rules on the way assume."""
        sums = {end: squared}
        assumed: dict[str, None] = {}
        for step in reversed(self.steps):
            given = [sums.pop(index, None) for index in step.results]
            some = next((part for part in given if part is not None), None)
            if some is None:
                continue
            if step.assumes:
                assumed[step.assumes] = None
            full = (
                some.new_zeros(shape) if part is None else part for part, shape in zip(given, step.shapes, strict=True)
            )
            whole = list(full)
            for index, pull in step.pulls:
                back = pull(*whole)
                sums[index] = sums[index] + back if index in sums else back
        return sums.get(0), list(assumed)


class TapeRecorder(OperatorRecorder):  # type: ignore[no-untyped-call]
    """Notes the pulls of every operator on a tape."""

    def __init__(self) -> None:
        super().__init__()
        self.tape = Tape()
        self._values: Any = WeakTensorKeyDictionary()
        self._changed: dict[int, _Storage] = {}

    def learn(self, tensor: torch.Tensor, gap: Gap | None = None, channel: int = 1) -> int:
        """From now on ``tensor`` is the next value, or a gap."""
        index = self.tape.count
        self.tape.count += 1
        changed = self._changed.get(memory_of(tensor))
        self._values[tensor] = Value(index if gap is None else gap, changed.changes if changed else 0, channel)
        return index

    def what(self, tensor: Any) -> int | Gap | None:
        """Which value a tensor is; None for what does not depend on the input."""
        if not isinstance(tensor, torch.Tensor):
            return None
        value: Value | None = self._values.get(tensor)
        changed = self._changed.get(memory_of(tensor)) if self._changed else None
        if changed and changed.changes != (value.changes if value else 0):
            return self.gap("an operator in place", "it changed a part of a tensor that is read as a whole later")
        return value.index if value else None

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = kwargs or {}
        given = [tensor for tensor in tensors((*args, *options.values())) if self.what(tensor) is not None]
        name = name_of(func)
        if not given or name in CONSTANT:
            return func(*args, **options)
        if not (func._schema.is_mutable and name.endswith("_")):
            out = func(*args, **options)
            self._note(self._ruled(func, name, args, options, out, given), out)
            return out
        ruled = self._ruled(func, name, args, options, args[0], given)
        out = func(*args, **options)
        storage = _Storage(args[0].untyped_storage())
        self._changed.setdefault(memory_of(args[0]), storage).changes += 1
        self._note(ruled, out)
        return out

    def _ruled(
        self, func: Any, name: str, args: Any, options: Any, out: Any, given: list[torch.Tensor]
    ) -> "Gap | _Ruled":
        """What a rule says of an operator."""
        for tensor in given:
            if isinstance(gap := self.what(tensor), Gap):
                return gap
        channel = self._channel(given[0])
        try:
            if (rule := SQUARED.get(func)) is None:
                if any(map(_smooth, tensors((out,)))):
                    raise NotRuledError("no rule covers it")
                return _Ruled((), SquaredRule(lambda _: ()), channel)
            ids = {id(tensor) for tensor in given}
            call = SquaredCall(func, args, options, out, lambda tensor: id(tensor) in ids, channel)
            pulls = rule.function(call)
            if ids - {id(tensor) for tensor, _ in pulls} and name != "copy_":
                raise NotRuledError("it depends on the input in an argument that its rule takes as a constant")
        except NotRuledError as reason:
            return self.note(self.gap(name, str(reason)))
        indexed = tuple((index, pull) for tensor, pull in pulls if isinstance(index := self.what(tensor), int))
        return _Ruled(indexed, rule, rule.channel or channel)

    def _note(self, ruled: "Gap | _Ruled", out: Any) -> None:
        """Learns the results of an operator; whole numbers and truth values let no gradient pass."""
        results = [tensor for tensor in tensors((out,)) if _smooth(tensor)]
        if isinstance(ruled, Gap):
            for tensor in results:
                self.learn(tensor, ruled)
        elif ruled.pulls:
            covered = ruled.rule.results or len(results)
            indices = tuple(self.learn(tensor, channel=ruled.channel) for tensor in results[:covered])
            shapes = tuple(tuple(tensor.shape) for tensor in results[:covered])
            self.tape.steps.append(Step(indices, shapes, ruled.pulls, ruled.rule.assumes))
            for tensor in results[covered:]:
                self.learn(tensor, self.gap("a further result", "only the first of its operator is covered"))

    def _channel(self, tensor: torch.Tensor) -> int:
        value: Value = self._values[tensor]
        return value.channel


@dataclass(frozen=True, slots=True)
class _Ruled:
    """The pulls of an operator's operands, and what else its rule says."""

    pulls: tuple[tuple[int, Pull], ...]
    rule: SquaredRule
    channel: int


def _smooth(tensor: torch.Tensor) -> bool:
    """Whether a gradient can pass: not through whole numbers and truth values."""
    return tensor.is_floating_point() or tensor.is_complex()
