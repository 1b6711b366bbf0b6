"""Hears every operator of a forward pass below autograd, and keeps what each tensor is: a layout, a gap or a constant.

What an operator writes in place changes every tensor of that memory, whichever name it has; see
:mod:`~.live.trace.memory`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..layouts.builder import GraphBuilder
from ..layouts.feature_maps import settled
from ..layouts.layout import NotRuledError, TensorLayout
from ..layouts.tokens import Tokens
from ..layouts.weights import Weights
from ..operators.arguments import makes_views, memory_of, name_of, tensors, written_by
from ..operators.recorder import Gap, OperatorRecorder
from ..operators.registry import EXACT, TOKENS, WEIGHTS, Blank, ExactCall, Known, operator
from .constants import Constants
from .memory import Region
from .shortcuts import shortcut


@dataclass(frozen=True, slots=True)
class Call:
    """An operator on what depends on the input, with the maps that were made for it: their tensors and layouts.

    ``made``: by number among the results; ``read``: among the arguments, which it read as another map than before.
    ``blank``: its results do not depend on the input though they have the form of what does.
    """

    operator: str
    made: tuple[tuple[int, TensorLayout], ...] = ()
    read: tuple[tuple[int, TensorLayout], ...] = ()
    blank: bool = False


@dataclass(slots=True)
class _Held:
    """A tensor, kept so that its id stays its own, and what it is."""

    tensor: torch.Tensor
    what: Known | Gap


_OVERWRITING = {operator(name) for name in ("copy_.default", "fill_.Scalar", "fill_.Tensor", "zero_.default")}


@dataclass(slots=True)
class _View:
    """A tensor that shares the memory of another, and how it was made of it."""

    tensor: torch.Tensor
    made: tuple[Any, ...]  # the operator, its arguments and its results
    version: int = -1  # of the memory, when ``what`` was found
    what: Known | Gap | Blank | None = None


class GraphRecorder(OperatorRecorder):  # type: ignore[no-untyped-call]
    """Applies to every operator its exact rule, which builds the graph."""

    def __init__(self, builder: GraphBuilder, channels_last: bool) -> None:
        super().__init__()
        self.builder = builder
        self.channels_last = channels_last  # how results that are maps may be laid out
        self.stages: dict[str, int | Gap] = {}  # by module path, in the order in which they ended
        self.calls: list[Call] = []
        self._known = 0  # nodes before the operator that is heard
        self._held: dict[int, _Held] = {}
        self._firsts: dict[int, torch.Tensor] = {}  # by memory: the first tensor seen of it, which keeps it alive
        self._regions: dict[int, Region | Gap] = {}  # by memory: that which was written in place
        self._views: dict[int, _View] = {}
        self.constants = Constants()

    def enter(self, path: str) -> None:
        """From now on the module at ``path`` runs, and new nodes are its."""
        super().enter(path)
        self.builder.path = path

    def finish(self, path: str, result: Any) -> None:
        """Remembers which node a stage's result is: of several tensors, the last that depends on the input.

        A module may also give a gap where it has no tensor to give.
        """
        self.stages.pop(path, None)
        if unknown := [part for part in (result if isinstance(result, tuple) else (result,)) if isinstance(part, Gap)]:
            self.stages[path] = self.note(unknown[-1])
            return
        for tensor in reversed(list(tensors((result,)))):
            if (what := self.what(tensor)) is not None:
                self.stages[path] = self._end(what)
                return

    def learn(self, tensor: torch.Tensor, what: Known | Gap) -> None:
        """From now on ``tensor`` is ``what``."""
        self._held[id(tensor)] = _Held(tensor, what)
        self._firsts.setdefault(memory_of(tensor), tensor)

    def what(self, tensor: Any) -> Known | Gap | None:
        """What a tensor is; None for a constant."""
        if not isinstance(tensor, torch.Tensor):
            return None
        if self._regions and (region := self._regions.get(memory_of(tensor))) is not None:
            return self._lying(region, tensor)
        held = self._held.get(id(tensor))
        return held.what if held else None

    def _end(self, what: Known | Gap) -> int | Gap:
        """The node that a result is, or why it is none; of tokens beside a map it is the map."""
        if isinstance(what, Gap):
            return self.note(what)
        if isinstance(what, Weights):
            return self.gap("the result", "weights of attention, which are no map")
        try:
            shown = what.image() if isinstance(what, Tokens) else what
            return settled(self.builder, shown, self.channels_last).node
        except NotRuledError as reason:
            return self.gap("the result", str(reason))

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = kwargs or {}
        if func not in EXACT:  # in inference mode also operators that are made of others come by
            with self:
                made_of_others = func.decompose(*args, **options)
            if made_of_others is not NotImplemented:
                return made_of_others
        out = shortcut(func, args)
        if out is None:
            out = func(*args, **options)
        results = list(tensors((out,)))
        for tensor in results:
            self._firsts.setdefault(memory_of(tensor), tensor)
        if makes_views(func):
            self._views.update((id(tensor), _View(tensor, (func, args, options, out, results))) for tensor in results)
            if any(memory_of(tensor) in self._regions for tensor in results):
                self.calls.append(Call(str(func)))
                return out  # it is read by where it lies, should it be read
        written = written_by(func, args, options)
        self._known = len(self.builder.nodes)
        operands = [what for tensor in tensors((*args, *options.values())) if (what := self.what(tensor))]
        if operands:
            self.calls.append(Call(str(func)))
            self._apply(func, args, options, out, operands, results, written)
        if not operands or name_of(func).startswith("new_") or name_of(func).endswith(("_like", "zero_", "fill_")):
            self.constants.note(func, args, options, results)
        return out

    def _apply(
        self,
        func: Any,
        args: Any,
        options: Any,
        out: Any,
        operands: Sequence[Known | Gap],
        results: Sequence[torch.Tensor],
        written: Sequence[torch.Tensor],
    ) -> None:
        """Learns what the results are, and what was written."""
        if func is torch.ops.aten.copy_.default and self._copied_within(*args[:2]):
            return
        if func in _OVERWRITING:
            operands = [known for tensor in tensors(args[1:]) if (known := self.what(tensor))]
        if results and not any(tensor.numel() for tensor in results):
            return  # of no elements
        answers = self._ruled(func, args, options, out, operands, results)
        given = map(self._relaid, tensors((*args, *options.values())))
        blank = bool(answers) and all(isinstance(what, Blank) for what in answers)
        self.calls[-1] = Call(str(func), self._new(answers), self._new(given), blank)
        for tensor, what in zip(results, answers, strict=True):
            if isinstance(what, (TensorLayout, Tokens, Weights, Gap)) and not any(tensor is other for other in written):
                self.learn(tensor, what)
        unknown = self.gap(name_of(func), "no rule covers what it writes")
        if torch.Tag.inplace_view in func.tags:  # the tensor is another view of its memory now
            self.learn(args[0], unknown if isinstance(answers[0], Blank) else answers[0])
            self._views.pop(id(args[0]), None)
            if memory_of(args[0]) in self._regions:
                self._regions[memory_of(args[0])] = unknown
            return
        for tensor in written:
            self._write(tensor, next((a for r, a in zip(results, answers, strict=True) if r is tensor), unknown))

    def _relaid(self, tensor: torch.Tensor) -> TensorLayout | None:
        """What a tensor was read as last, where that was another map than it showed."""
        shown = self.what(tensor)
        return self.builder.relaid.get(shown) if isinstance(shown, TensorLayout) else None

    def _new(self, shown: Iterable[Known | Gap | Blank | None]) -> tuple[tuple[int, TensorLayout], ...]:
        """Those of the layouts whose map was made for the operator that is heard, with their numbers."""
        maps = ((index, what) for index, what in enumerate(shown) if isinstance(what, TensorLayout))
        return tuple((index, layout) for index, layout in maps if layout.node >= self._known)

    def _ruled(
        self,
        func: Any,
        args: Any,
        options: Any,
        out: Any,
        operands: Sequence[Known | Gap],
        results: Sequence[torch.Tensor],
    ) -> list[Known | Gap | Blank]:
        """What each result is."""
        name = name_of(func)
        for what in operands:
            if isinstance(what, Gap):
                self.note(what)
                return [what] * len(results)
        try:
            if (rule := _rules(operands).get(func)) is None:
                raise NotRuledError(_unruled(operands))
            answer = rule(ExactCall(func, args, options, out, self.builder, self.what, self._value))
            layouts = list(answer) if isinstance(answer, (tuple, list)) else [answer]
            for layout, tensor in zip(layouts, results, strict=True):
                if isinstance(layout, (TensorLayout, Tokens, Weights)) and layout.shape != tuple(tensor.shape):
                    raise NotRuledError(f"its rule gives shape {layout.shape}, not {tuple(tensor.shape)}")
            unknown = self.gap(name, "a result that no rule covers")
            return [unknown if layout is None else layout for layout in layouts]
        except NotRuledError as reason:
            return [self.note(self.gap(name, str(reason)))] * len(results)

    def _value(self, tensor: torch.Tensor) -> torch.Tensor:
        """The numbers of a constant; raises :class:`NotRuledError` where they are not known."""
        if (value := self.constants.value(tensor)) is None:
            raise NotRuledError("a mask whose numbers are not known")
        return value

    # memory ------------------------------------------------------------------------------------------------------

    def _lying(self, region: Region | Gap, tensor: torch.Tensor) -> Known | Gap | None:
        """What a tensor of memory that was written shows now."""
        if isinstance(region, Gap):
            return region
        try:
            return region.read(tensor, self.builder)
        except NotRuledError as reason:
            unread = self.gap("a view", str(reason))
        view = self._views.setdefault(id(tensor), _View(tensor, (), region.version, unread))
        if view.version != region.version:  # the rule may tell what the place in memory does not
            func, args, options, out, results = view.made
            operands = [what for argument in tensors((*args, *options.values())) if (what := self.what(argument))]
            answers = self._ruled(func, args, options, out, operands, results)
            view.what = next(what for result, what in zip(results, answers, strict=True) if result is tensor)
            view.version = region.version
        return None if isinstance(view.what, Blank) else view.what

    def _copied_within(self, view: torch.Tensor, source: torch.Tensor) -> bool:
        """Whether a copy was from a memory to itself, and could be noted as such."""
        region = self._regions.get(memory_of(view))
        if not isinstance(region, Region) or memory_of(view) != memory_of(source):
            return False
        try:
            return region.copy(view, source)
        except NotRuledError:
            return False

    def _write(self, tensor: torch.Tensor, what: Known | Gap | Blank) -> None:
        """``tensor`` was written in place and is ``what`` now; so is whatever else lies there."""
        after = None if isinstance(what, Blank) else what
        memory = memory_of(tensor)
        first = self._firsts.setdefault(memory, tensor)
        if after == self.what(tensor) and tensor.numel() == first.numel():
            return  # an activation, say
        if isinstance(after, (Tokens, Weights)):
            after = self.note(self.gap("writing in place", "tokens beside a map, or weights of attention, in place"))
        region = self._regions.get(memory) or self._begun(first)
        if tensor.numel() == first.numel() and isinstance(region, Gap):
            region = Region(first)
        if isinstance(after, Gap):
            region = after
        if isinstance(region, Region):
            try:
                region.write(tensor, after if isinstance(after, TensorLayout) else None)
            except NotRuledError as reason:
                region = self.gap("writing in place", str(reason))
        self._regions[memory] = region

    def _begun(self, first: torch.Tensor) -> Region | Gap:
        """A memory before it is written: it shows what its first tensor does."""
        held = self._held.get(id(first))
        if held and isinstance(held.what, Gap):
            return held.what
        if held and isinstance(held.what, (Tokens, Weights)):
            return self.note(self.gap("writing in place", "tokens beside a map, or weights of attention, in place"))
        region = Region(first)
        if held and isinstance(held.what, TensorLayout):
            region.hold(held.what)
        return region


def _rules(operands: Sequence[Known | Gap]) -> dict[Any, Any]:
    """The table for what is given."""
    if any(isinstance(what, Weights) for what in operands):
        return WEIGHTS
    return TOKENS if any(isinstance(what, Tokens) for what in operands) else EXACT


def _unruled(operands: Sequence[Known | Gap]) -> str:
    if any(isinstance(what, Weights) for what in operands):
        return "no rule covers it for the weights of attention"
    beside = any(isinstance(what, Tokens) for what in operands)
    return "no rule covers it for tokens beside a map" if beside else "no rule covers it"
