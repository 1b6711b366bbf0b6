"""Hears every operator of a forward pass below autograd, and keeps what each tensor is: a sheet, a gap or a constant.

What an operator writes in place changes every tensor of that memory, whichever name it has; see
:mod:`core.live.trace.memory`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from core.live.trace import pointwise, resizing, shapes, windows  # noqa: F401 (they register their rules)
from core.live.trace.canvas import Canvas
from core.live.trace.layouts import settled
from core.live.trace.memory import Region
from core.live.trace.registry import RULES, Blank, Call, operator
from core.live.trace.sheet import NotRuledError, Sheet
from core.live.trace.shortcuts import shortcut


@dataclass(frozen=True, slots=True)
class Gap:
    """An operator that no rule covers, or not in this use."""

    operator: str
    path: str  # of the module in which it ran
    reason: str

    def __str__(self) -> str:
        return f"{self.operator} in {self.path or 'the model itself'}: {self.reason}"


@dataclass(slots=True)
class _Held:
    """A tensor, kept so that its id stays its own, and what it is."""

    tensor: torch.Tensor
    what: Sheet | Gap


_OVERWRITING = {operator(name) for name in ("copy_.default", "fill_.Scalar", "fill_.Tensor", "zero_.default")}


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Applies to every operator its rule."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.canvas = canvas
        self.gaps: list[Gap] = []
        self.stages: dict[str, int | Gap] = {}
        self._held: dict[int, _Held] = {}
        self._firsts: dict[int, torch.Tensor] = {}  # by memory: the first tensor seen of it, which keeps it alive
        self._regions: dict[int, Region | Gap] = {}  # by memory: that which was written in place
        self._unread: dict[tuple[object, ...], Gap] = {}  # by place in memory: views that cannot be told

    def learn(self, tensor: torch.Tensor, what: Sheet | Gap) -> None:
        """From now on ``tensor`` is ``what``."""
        self._held[id(tensor)] = _Held(tensor, what)
        self._firsts.setdefault(_memory(tensor), tensor)

    def what(self, tensor: Any) -> Sheet | Gap | None:
        """What a tensor is; None for a constant."""
        if not isinstance(tensor, torch.Tensor):
            return None
        if self._regions and (region := self._regions.get(_memory(tensor))) is not None:
            return self._lying(region, tensor)
        held = self._held.get(id(tensor))
        return held.what if held else None

    def note_stage(self, name: str, result: Any) -> None:
        """Remembers which node a module's result is: of several tensors, the last that depends on the input."""
        for tensor in reversed(list(tensors((result,)))):
            if (what := self.what(tensor)) is not None:
                self._note(what)
                self.stages[name] = what if isinstance(what, Gap) else settled(self.canvas, what).node
                return

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = kwargs or {}
        if func not in RULES:  # in inference mode also operators that are made of others come by
            with self:
                made_of_others = func.decompose(*args, **options)
            if made_of_others is not NotImplemented:
                return made_of_others
        out = shortcut(func, args)
        if out is None:
            out = func(*args, **options)
        results = list(tensors((out,)))
        for tensor in results:
            self._firsts.setdefault(_memory(tensor), tensor)
        written = [tensor for at in _writes(func) for tensor in tensors(_argument(at, args, options))]
        if not written and any(_memory(tensor) in self._regions for tensor in results):
            return out  # a view of memory that is read by where it lies
        found = [what for tensor in tensors((*args, *options.values())) if (what := self.what(tensor))]
        if found:
            self._apply(func, args, options, out, found, results, written)
        return out

    def _apply(
        self,
        func: Any,
        args: Any,
        options: Any,
        out: Any,
        found: Sequence[Sheet | Gap],
        results: Sequence[torch.Tensor],
        written: Sequence[torch.Tensor],
    ) -> None:
        """Learns what the results are, and what was written."""
        if func is torch.ops.aten.copy_.default and self._copied_within(*args[:2]):
            return
        read = tensors(args[1:]) if func in _OVERWRITING else ()
        sources = [what for tensor in read if (what := self.what(tensor))] if func in _OVERWRITING else found
        answers = self._ruled(func, args, options, out, sources, results)
        for tensor, what in zip(results, answers, strict=True):
            if isinstance(what, (Sheet, Gap)) and not any(tensor is each for each in written):
                self.learn(tensor, what)
        unknown = Gap(_name(func), self.canvas.path, "no rule covers what it writes")
        if torch.Tag.inplace_view in func.tags:  # the tensor is another view of its memory now
            self.learn(args[0], unknown if isinstance(answers[0], Blank) else answers[0])
            if _memory(args[0]) in self._regions:
                self._regions[_memory(args[0])] = unknown
            return
        for tensor in written:
            self._write(tensor, next((a for r, a in zip(results, answers, strict=True) if r is tensor), unknown))

    def _ruled(
        self,
        func: Any,
        args: Any,
        options: Any,
        out: Any,
        found: Sequence[Sheet | Gap],
        results: Sequence[torch.Tensor],
    ) -> list[Sheet | Gap | Blank]:
        """What each result is."""
        name = _name(func)
        for what in found:
            if isinstance(what, Gap):
                self._note(what)
                return [what] * len(results)
        try:
            if (rule := RULES.get(func)) is None:
                raise NotRuledError("no rule covers it")
            answer = rule(Call(self.canvas, name, args, options, out, self.what))  # type: ignore[arg-type]
            sheets = list(answer) if isinstance(answer, (tuple, list)) else [answer]
            for sheet, tensor in zip(sheets, results, strict=True):
                if isinstance(sheet, Sheet) and sheet.shape != tuple(tensor.shape):
                    raise NotRuledError(f"its rule gives shape {sheet.shape}, not {tuple(tensor.shape)}")
            unknown = Gap(name, self.canvas.path, "a result that no rule covers")
            return [unknown if sheet is None else sheet for sheet in sheets]
        except NotRuledError as reason:
            return [self._note(Gap(name, self.canvas.path, str(reason)))] * len(results)

    def _note(self, what: Sheet | Gap) -> Sheet | Gap:
        if isinstance(what, Gap) and what not in self.gaps:
            self.gaps.append(what)
        return what

    # memory ------------------------------------------------------------------------------------------------------

    def _lying(self, region: Region | Gap, tensor: torch.Tensor) -> Sheet | Gap | None:
        """What a tensor of memory that was written shows now."""
        if isinstance(region, Gap):
            return region
        try:
            return region.read(tensor, self.canvas)
        except NotRuledError as reason:
            lies = (_memory(tensor), tensor.storage_offset(), tensor.shape, tensor.stride())
            return self._unread.setdefault(lies, Gap("a view", self.canvas.path, str(reason)))

    def _copied_within(self, view: torch.Tensor, source: torch.Tensor) -> bool:
        """Whether a copy was from a memory to itself, and could be noted as such."""
        region = self._regions.get(_memory(view))
        if not isinstance(region, Region) or _memory(view) != _memory(source):
            return False
        try:
            return region.copy(view, source)
        except NotRuledError:
            return False

    def _write(self, tensor: torch.Tensor, what: Sheet | Gap | Blank) -> None:
        """``tensor`` was written in place and is ``what`` now; so is whatever else lies there."""
        after = None if isinstance(what, Blank) else what
        memory = _memory(tensor)
        first = self._firsts.setdefault(memory, tensor)
        if after == self.what(tensor) and tensor.numel() == first.numel():
            return  # an activation, say
        region = self._regions.get(memory) or self._begun(first)
        if tensor.numel() == first.numel() and isinstance(region, Gap):
            region = Region(first)
        if isinstance(after, Gap):
            region = after
        if isinstance(region, Region):
            try:
                region.write(tensor, after if isinstance(after, Sheet) else None)
            except NotRuledError as reason:
                region = Gap("writing in place", self.canvas.path, str(reason))
        self._regions[memory] = region

    def _begun(self, first: torch.Tensor) -> Region | Gap:
        """A memory before it is written: it shows what its first tensor does."""
        held = self._held.get(id(first))
        if held and isinstance(held.what, Gap):
            return held.what
        region = Region(first)
        if held and isinstance(held.what, Sheet):
            region.hold(held.what)
        return region


def tensors(values: Any) -> Iterator[torch.Tensor]:
    """Every tensor in nested tuples, lists and dicts."""
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from tensors(value)
        elif isinstance(value, dict):
            yield from tensors(value.values())


def _memory(tensor: torch.Tensor) -> int:
    """What tells a tensor's memory from others while it is held."""
    return int(tensor.untyped_storage()._cdata)


@cache
def _writes(func: Any) -> tuple[tuple[int, str], ...]:
    """The arguments that an operator writes, by place and name."""
    return tuple(
        (at, argument.name)
        for at, argument in enumerate(func._schema.arguments)
        if argument.alias_info is not None and argument.alias_info.is_write
    )


def _argument(place: tuple[int, str], args: Sequence[Any], options: dict[str, Any]) -> tuple[Any]:
    at, name = place
    return (args[at] if at < len(args) else options.get(name),)


def _name(func: Any) -> str:
    return str(func._schema.name.removeprefix("aten::"))
