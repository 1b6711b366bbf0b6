"""Any PyTorch module as a graph, from the operators of one forward pass on the meta device: shapes, no numbers.

Every operator is *ruled*, *pointwise with a reason*, or a *gap*. A gap spreads to all that depends on it; what does
not depend on it, an earlier stage say, stays exact.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from core.errors import UserError
from core.live.trace import pointwise, shapes, windows  # noqa: F401 (they register their rules)
from core.live.trace.canvas import Canvas
from core.live.trace.registry import RULES, Call
from core.live.trace.sheet import NotRuledError, Sheet
from core.live.trace.shortcuts import shortcut
from core.network.graph import Graph, Node

OUTPUT = "output"  # the stage that is what the module returns


@dataclass(frozen=True, slots=True)
class Gap:
    """An operator that no rule covers, or not in this use."""

    operator: str
    path: str  # of the module in which it ran
    reason: str

    def __str__(self) -> str:
        return f"{self.operator} in {self.path or 'the model itself'}: {self.reason}"


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """What tracing found: the nodes, the gaps in order, and which node each module's result is."""

    nodes: tuple[Node, ...]
    gaps: tuple[Gap, ...]
    stages: dict[str, int | Gap]  # by module path, in the order in which they ended; ``output`` last

    def graph(self, stage: str = OUTPUT) -> Graph:
        """The graph that ends at a stage.

        Raises :class:`~core.errors.UserError` for a stage that there is not, or that depends on a gap.
        """
        if stage not in self.stages:
            raise UserError(f"the model has no stage {stage!r}; its stages are {', '.join(self.stages)}")
        end = self.stages[stage]
        if isinstance(end, Gap):
            raise UserError(f"nothing exact can be said of stage {stage!r}: it depends on {end}")
        return _ending_at(self.nodes, end)


def trace(module: nn.Module, size: tuple[int, ...], forward: Callable[..., Any] | None = None) -> Traced:
    """Runs ``module`` (on the meta device, in evaluation mode) on an input of ``size`` (channels, then its axes).

    ``forward``: what is called instead of the module, ``model.forward_features`` say.
    """
    recorder = _Recorder(Canvas())
    with torch.no_grad(), torch.device("meta"):
        example = torch.empty(1, *size)
        recorder.learn(example, recorder.canvas.begun(size[0], tuple(size[1:])))
        with _following(module, recorder), recorder:
            result = (forward or module)(example)
    recorder.stages.pop(OUTPUT, None)
    recorder.note_stage(OUTPUT, result)
    if OUTPUT not in recorder.stages:
        recorder.stages[OUTPUT] = Gap("the result", "", "it does not depend on the input")
    return Traced(tuple(recorder.canvas.nodes), tuple(recorder.gaps), recorder.stages)


@dataclass(slots=True)
class _Held:
    """A tensor, kept so that its id stays its own, and what it is."""

    tensor: torch.Tensor
    what: Sheet | Gap


class _Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Hears every operator below autograd and applies its rule."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.canvas = canvas
        self.gaps: list[Gap] = []
        self.stages: dict[str, int | Gap] = {}
        self._held: dict[int, _Held] = {}

    def learn(self, tensor: torch.Tensor, what: Sheet | Gap) -> None:
        """From now on ``tensor`` is ``what``."""
        self._held[id(tensor)] = _Held(tensor, what)

    def what(self, tensor: Any) -> Sheet | Gap | None:
        """What a tensor is; None for a constant."""
        held = self._held.get(id(tensor))
        return held.what if held else None

    def note_stage(self, name: str, result: Any) -> None:
        """Remembers which node a module's result is: of several tensors, the last that depends on the input."""
        for tensor in reversed(list(_tensors((result,)))):
            if (what := self.what(tensor)) is not None:
                self.stages[name] = what if isinstance(what, Gap) else what.node
                return

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        out = shortcut(func, args)
        if out is None:
            out = func(*args, **(kwargs or {}))
        found = [what for tensor in _tensors((*args, *(kwargs or {}).values())) if (what := self.what(tensor))]
        if found:
            results = list(_tensors((out,)))
            for tensor, what in zip(results, self._ruled(func, args, kwargs or {}, out, found, results), strict=True):
                if what is not None:
                    self.learn(tensor, what)
        return out

    def _ruled(
        self, func: Any, args: Any, options: Any, out: Any, found: list[Sheet | Gap], results: list[torch.Tensor]
    ) -> list[Sheet | Gap | None]:
        """What each result is."""
        for what in found:
            if isinstance(what, Gap):
                return [what] * len(results)
        name = func._schema.name.removeprefix("aten::")
        try:
            if (rule := RULES.get(func)) is None:
                raise NotRuledError("no rule covers it")
            answer = rule(Call(self.canvas, name, args, options, out, self.what))  # type: ignore[arg-type]
            sheets = list(answer) if isinstance(answer, (tuple, list)) else [answer]
            unknown = Gap(name, self.canvas.path, "a result that no rule covers")
            for sheet, tensor in zip(sheets, results, strict=True):
                if sheet is not None and sheet.shape != tuple(tensor.shape):
                    raise NotRuledError(f"its rule gives shape {sheet.shape}, not {tuple(tensor.shape)}")
            return [unknown if sheet is None else sheet for sheet in sheets]
        except NotRuledError as reason:
            gap = Gap(name, self.canvas.path, str(reason))
            self.gaps.append(gap)
            return [gap] * len(results)


@contextmanager
def _following(module: nn.Module, recorder: _Recorder) -> Iterator[None]:
    """Keeps the canvas told which module runs, and notes each one's result."""
    running: list[str] = []
    hooks = []

    def entered(name: str) -> Callable[..., None]:
        def note(*_: Any) -> None:
            running.append(name)
            recorder.canvas.path = name

        return note

    def left(name: str) -> Callable[..., None]:
        def note(_module: nn.Module, _args: Any, result: Any) -> None:
            running.pop()
            recorder.canvas.path = running[-1] if running else ""
            recorder.stages.pop(name, None)
            recorder.note_stage(name, result)

        return note

    try:
        for name, part in module.named_modules():
            if name:
                hooks.append(part.register_forward_pre_hook(entered(name)))
                hooks.append(part.register_forward_hook(left(name)))
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _tensors(values: Any) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _tensors(value)
        elif isinstance(value, dict):
            yield from _tensors(value.values())


def _ending_at(nodes: tuple[Node, ...], end: int) -> Graph:
    """Only what leads to node ``end``, numbered anew."""
    needed = {end}
    for index in range(end, -1, -1):
        if index in needed:
            needed.update(nodes[index].inputs)
    needed.add(0)
    place = {old: new for new, old in enumerate(sorted(needed))}
    kept = (nodes[old] for old in sorted(needed))
    return Graph(tuple(replace(node, inputs=tuple(place[source] for source in node.inputs)) for node in kept))
