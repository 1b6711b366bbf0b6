"""The operators of one forward pass, with the pull of each, and squared gradients taken back through them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.weak import WeakTensorKeyDictionary

from ..trace import Gap
from .registry import RULES, Call, Entry, NotRuledError, Pull

# Their results do not follow the input: no gradient passes.
CONSTANT = ("detach", "sign", "floor", "ceil", "round", "zeros_like", "ones_like", "empty_like", "full_like",
            "new_zeros", "new_ones", "new_empty", "new_full", "rand_like", "randn_like", "bernoulli")  # fmt: skip


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
        found = {end: squared}
        assumed: dict[str, None] = {}
        for step in reversed(self.steps):
            given = [found.pop(index, None) for index in step.results]
            some = next((each for each in given if each is not None), None)
            if some is None:
                continue
            if step.assumes:
                assumed[step.assumes] = None
            full = (
                some.new_zeros(shape) if each is None else each for each, shape in zip(given, step.shapes, strict=True)
            )
            whole = list(full)
            for index, pull in step.pulls:
                back = pull(*whole)
                found[index] = found[index] + back if index in found else back
        return found.get(0), list(assumed)


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Hears every operator below autograd and notes its pulls."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tape = Tape()
        self.path = ""
        self._values: Any = WeakTensorKeyDictionary()
        self._changed: dict[int, _Storage] = {}

    def learn(self, tensor: torch.Tensor, gap: Gap | None = None, channel: int = 1) -> int:
        """From now on ``tensor`` is the next value, or a gap."""
        index = self.tape.count
        self.tape.count += 1
        changed = self._changed.get(_storage(tensor)._cdata)
        self._values[tensor] = Value(index if gap is None else gap, changed.changes if changed else 0, channel)
        return index

    def what(self, tensor: Any) -> int | Gap | None:
        """Which value a tensor is; None for what does not depend on the input."""
        if not isinstance(tensor, torch.Tensor):
            return None
        value: Value | None = self._values.get(tensor)
        changed = self._changed.get(_storage(tensor)._cdata) if self._changed else None
        if changed and changed.changes != (value.changes if value else 0):
            return Gap("an operator in place", self.path, "it changed a part of a tensor that is read as a whole later")
        return value.index if value else None

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = kwargs or {}
        given = [tensor for tensor in _tensors((*args, *options.values())) if self.what(tensor) is not None]
        name = func._schema.name.removeprefix("aten::")
        if not given or name in CONSTANT:
            return func(*args, **options)
        if not (func._schema.is_mutable and name.endswith("_")):
            out = func(*args, **options)
            self._note(self._ruled(func, name, args, options, out, given), out)
            return out
        ruled = self._ruled(func, name, args, options, args[0], given)
        out = func(*args, **options)
        storage = _storage(args[0])
        self._changed.setdefault(storage._cdata, _Storage(storage)).changes += 1
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
            if (entry := RULES.get(func)) is None:
                if any(map(_smooth, _tensors((out,)))):
                    raise NotRuledError("no rule covers it")
                return _Ruled((), Entry(rule=lambda _: ()), channel)
            ids = {id(tensor) for tensor in given}
            call = Call(func, args, options, out, lambda tensor: id(tensor) in ids, channel)
            pulls = entry.rule(call)
            if ids - {id(tensor) for tensor, _ in pulls} and name != "copy_":
                raise NotRuledError("it depends on the input in an argument that its rule takes as a constant")
        except NotRuledError as reason:
            return Gap(name, self.path, str(reason))
        indexed = tuple((index, pull) for tensor, pull in pulls if isinstance(index := self.what(tensor), int))
        return _Ruled(indexed, entry, entry.channel or channel)

    def _note(self, ruled: "Gap | _Ruled", out: Any) -> None:
        """Learns the results of an operator; whole numbers and truth values let no gradient pass."""
        results = [tensor for tensor in _tensors((out,)) if _smooth(tensor)]
        if isinstance(ruled, Gap):
            for tensor in results:
                self.learn(tensor, ruled)
        elif ruled.pulls:
            covered = ruled.entry.results or len(results)
            indices = tuple(self.learn(tensor, channel=ruled.channel) for tensor in results[:covered])
            shapes = tuple(tuple(tensor.shape) for tensor in results[:covered])
            self.tape.steps.append(Step(indices, shapes, ruled.pulls, ruled.entry.assumes))
            for tensor in results[covered:]:
                self.learn(tensor, Gap("a further result", self.path, "only the first of its operator is covered"))

    def _channel(self, tensor: torch.Tensor) -> int:
        value: Value = self._values[tensor]
        return value.channel


@dataclass(frozen=True, slots=True)
class _Ruled:
    """The pulls of an operator's operands, and what else its rule says."""

    pulls: tuple[tuple[int, Pull], ...]
    entry: Entry
    channel: int


@contextmanager
def following(module: nn.Module, recorder: Recorder) -> Iterator[None]:
    """Keeps the recorder told which module runs."""
    running = [""]

    def entered(name: str) -> Callable[..., None]:
        def note(*_: Any) -> None:
            running.append(name)
            recorder.path = name

        return note

    def left(*_: Any) -> None:
        running.pop()
        recorder.path = running[-1]

    hooks = []
    try:
        for name, part in module.named_modules():
            if name:
                hooks += [part.register_forward_pre_hook(entered(name)), part.register_forward_hook(left)]
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _smooth(tensor: torch.Tensor) -> bool:
    """Whether a gradient can pass: not through whole numbers and truth values."""
    return tensor.is_floating_point() or tensor.is_complex()


def _storage(tensor: torch.Tensor) -> Any:
    return tensor.untyped_storage()


def _tensors(values: Any) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _tensors(value)
        elif isinstance(value, dict):
            yield from _tensors(value.values())
