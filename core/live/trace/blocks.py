"""Any module fed block by block, with nothing but the samples that are said to be kept of every map.

For each block the module runs over the whole length of the signal. As soon as an operator has made a map, all of it is
noise but the positions that are kept since the block before, which come from a store, and those that this block has
brought. So whatever reads a position that is neither kept nor new reads noise, and shows it.

The operators are those that tracing heard, in the same order; a module that then does otherwise is refused. It keeps
of every map as much as the layer does that keeps most of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Any

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only

from ...errors import UserError
from ..layouts.layout import Part, TensorLayout
from ..operators.arguments import makes_views, memory_of, tensors, written_by
from ..operators.registry import EXACT
from .tracer import Traced

_LOUD = 8.0  # standard deviations of the noise: what reads it is to show it


class NotFedError(UserError):
    """Why a module cannot be fed block by block with the state of its maps."""


@dataclass(frozen=True, slots=True)
class MapTime:
    """A map along time: its ``size``, and where it stands once all of the input before sample 0 has come.

    ``ready``: the first position that is not known. ``kept``: the first that is kept. Both move on with the input, a
    position every ``stride`` samples.
    """

    size: int
    ready: int
    kept: int
    stride: Fraction

    def at(self, samples: int, ended: bool) -> tuple[int, int]:
        """The first position that is kept, and the one after the last that is known, after so many samples.

        Once the signal has ended all are known, and none need be kept.
        """
        if ended:
            return self.size, self.size
        moved = samples / self.stride
        assert moved.denominator == 1
        kept, ready = (min(max(place + int(moved), 0), self.size) for place in (self.kept, self.ready))
        return kept, ready


@dataclass(frozen=True, slots=True)
class Shown:
    """A tensor of an operator, by its number: the map that it shows, and along which of its dimensions time runs."""

    tensor: int
    node: int
    dim: int


@dataclass(frozen=True, slots=True)
class Step:
    """An operator of the pass: the arguments that it reads as maps of their own, and the results that are new maps."""

    operator: str
    read: tuple[Shown, ...]
    made: tuple[Shown, ...]
    blank: bool  # what it gives does not depend on the input


def steps(traced: Traced, stage: str, axis: int, times: Mapping[int, MapTime]) -> list[Step]:
    """The operators of a pass up to ``stage``, with the maps of ``times`` that they make, by its graph's numbers.

    Raises :class:`NotFedError` where a map of which something is kept is no tensor, or time not one dimension of it.
    """
    end = traced.stages[stage]
    assert isinstance(end, int)
    place = traced.numbering(end)

    def shown(maps: Sequence[tuple[int, TensorLayout]]) -> tuple[Shown, ...]:
        found = []
        for tensor, layout in maps:
            node = place.get(traced.places[layout.node])
            if node is not None and node in times and (dim := _along(layout, axis, times[node].size)) is not None:
                found.append(Shown(tensor, node, dim))
        return tuple(found)

    result = [Step(call.operator, shown(call.read), shown(call.made), call.blank) for call in traced.calls]
    made = {one.node for step in result for one in (*step.read, *step.made)}
    for node, time in times.items():
        if node and time.kept < time.ready and node not in made:
            name = traced.graph(stage).name(node)
            raise NotFedError(f"what {name} keeps is a tensor of no operator, or time runs along several of its sides")
    return result


def _along(layout: TensorLayout, axis: int, size: int) -> int | None:
    """The dimension that runs over the axis from end to end, and over nothing else."""
    return next((dim for dim, parts in enumerate(layout.dims) if parts == (Part(axis, size),)), None)


@dataclass(eq=False)
class BlockFeeder:
    """``forward`` in evaluation mode, fed with a signal of which ``dim`` is time."""

    forward: Callable[[torch.Tensor], torch.Tensor]
    steps: Sequence[Step]
    times: Mapping[int, MapTime]
    dim: int
    noise: torch.Generator
    _store: dict[tuple[int, str, int], torch.Tensor] = field(default_factory=dict)

    def outputs(self, signal: torch.Tensor, end: int, starts: Sequence[int]) -> Iterator[torch.Tensor]:
        """The positions of map ``end`` that every block brings; blocks begin at ``starts``, the last ends the signal.

        Raises :class:`NotFedError` where the module does not do what it did when it was traced.
        """
        length, before = signal.shape[self.dim], 0
        for start, stop in zip(starts, [*starts[1:], length], strict=True):
            moment = _Moment(start, stop, stop == length)
            part = signal.clone()
            kept, _ = self.times[0].at(start, ended=False)
            self._drown(part, self.dim, 0, kept)
            self._drown(part, self.dim, stop, length)
            with torch.no_grad(), _Listening(self, moment, part) as heard:
                result = self.forward(part)
            heard.finish()
            _, after = self.times[end].at(stop, moment.ended)
            yield result.narrow(self.dim, before, after - before)
            before = after

    def shown(self, key: tuple[int, str, int], tensor: torch.Tensor, shown: Shown, moment: "_Moment") -> None:
        """Leaves of a map what is kept and what is new, and keeps what later blocks may read."""
        time, dim = self.times[shown.node], shown.dim
        kept, known = time.at(moment.start, ended=False) if moment.start else (0, 0)
        first, ready = time.at(moment.stop, moment.ended)
        self._drown(tensor, dim, 0, kept)
        if kept < known:
            tensor.narrow(dim, kept, known - kept).copy_(self._store[key])
        self._drown(tensor, dim, ready, time.size)
        self._store[key] = tensor.narrow(dim, first, ready - first).clone()

    def _drown(self, tensor: torch.Tensor, dim: int, first: int, end: int) -> None:
        part = tensor.narrow(dim, first, max(end - first, 0))
        if part.is_floating_point():
            part.copy_(torch.empty_like(part).normal_(0.0, _LOUD, generator=self.noise))


def _taken(tensor: torch.Tensor) -> StorageWeakRef:
    return StorageWeakRef(tensor.untyped_storage())  # type: ignore[no-untyped-call]


def _alike(tensor: torch.Tensor) -> torch.Tensor:
    """A copy with the same strides, so that what follows finds it laid out as it was."""
    return torch.empty_strided(tensor.size(), tensor.stride(), dtype=tensor.dtype).copy_(tensor)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A block: the samples from ``start`` to before ``stop``; ``ended``: whether the signal ends with it."""

    start: int
    stop: int
    ended: bool


class _Listening(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Hears the operators of one pass, and hands the maps that they make to the feeder."""

    def __init__(self, feeder: BlockFeeder, moment: _Moment, part: torch.Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._dependent: dict[int, StorageWeakRef] = {}  # memory that depends on the input; its address stays taken
        self._note([part])
        self.feeder, self.moment = feeder, moment
        self.heard = 0
        self._apart: list[tuple[torch.Tensor, torch.Tensor]] = []  # a tensor, and what was a view of it
        self._stale: set[int] = set()  # memory that was written by way of the other of such a pair

    def finish(self) -> None:
        """Raises :class:`NotFedError` if operators are missing."""
        if self.heard != len(self.feeder.steps):
            raise self._unlike()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = kwargs or {}
        if func not in EXACT:
            with self:
                made_of_others = func.decompose(*args, **options)
            if made_of_others is not NotImplemented:
                return made_of_others
        memories = set(map(memory_of, tensors((*args, *options.values()))))
        if not memories.intersection(self._dependent):
            return func(*args, **options)
        if memories & self._stale:
            raise NotFedError(f"{func} reads what was written in place by way of a view")
        number, self.heard = self.heard, self.heard + 1
        if number >= len(self.feeder.steps) or self.feeder.steps[number].operator != str(func):
            raise self._unlike()
        step = self.feeder.steps[number]
        args, options = self._read(number, step, args, options)
        out = func(*args, **options)
        written = written_by(func, args, options)
        for memory in map(memory_of, written) if self._apart else ():
            for pair in self._apart:
                if memory in (sides := {memory_of(side) for side in pair}):
                    self._stale |= sides - {memory}
        for shown in step.made:
            out = self._made(func, number, shown, out)
        self._note(() if step.blank else tensors((out, written)))
        return out

    def _note(self, made: Iterable[torch.Tensor]) -> None:
        self._dependent |= {memory_of(tensor): _taken(tensor) for tensor in made}

    def _read(self, number: int, step: Step, args: Any, options: Any) -> tuple[Any, Any]:
        """The arguments, those replaced that the operator reads as maps of their own."""
        if not step.read:
            return args, options
        known, place = {shown.tensor: shown for shown in step.read}, count()

        def replaced(tensor: torch.Tensor) -> torch.Tensor:
            if (shown := known.get(next(place))) is None:
                return tensor
            mine = _alike(tensor)
            self._show((number, "read", shown.tensor), mine, shown)
            return mine

        return tree_map_only(torch.Tensor, replaced, (args, options))  # type: ignore[no-any-return]

    def _made(self, func: Any, number: int, shown: Shown, out: Any) -> Any:
        tensor = list(tensors((out,)))[shown.tensor]
        if makes_views(func):
            view, tensor = tensor, _alike(tensor)
            self._apart.append((view, tensor))
            out = tensor if out is view else type(out)(tensor if part is view else part for part in out)
        self._show((number, "made", shown.tensor), tensor, shown)
        return out

    def _show(self, key: tuple[int, str, int], tensor: torch.Tensor, shown: Shown) -> None:
        if tensor.shape[shown.dim] != self.feeder.times[shown.node].size:
            raise self._unlike()
        self.feeder.shown(key, tensor, shown, self.moment)

    def _unlike(self) -> NotFedError:
        return NotFedError("with numbers the model runs other operators than without")
