"""Spatial counts of any module, from an explicit list of every edge between positions; obviously right, and slow.

Every element of every tensor carries the *label* of the position that it belongs to, so that views, permutations and
reshapes are the very same operators applied to labels. Each other operator makes new positions and writes down which
ones each of them reads. Counts are carried back along that list in integers modulo 2^64.

What a position is: the coordinates in a window's result; the combination of the operands' positions in elementwise
arithmetic; what a reduction or a dense layer reads together. Channels at one position carry the same label, hence
are read once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import fx

from tests.live.trace import kinds, recording
from tests.live.trace.edges import Edges, edge_list, once_each
from tests.live.trace.recording import Bound, Twin, result


@dataclass(frozen=True)
class Map:
    """``labels`` of a tensor's elements, of the same shape; -1 where nothing that depends on the input is shown."""

    labels: torch.Tensor

    @property
    def shape(self) -> torch.Size:
        return self.labels.shape


class Positions(Twin):
    """Runs the recorded operators on labels; ``edges`` is what they wrote down."""

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.edges = Edges()
        self.statistics: list[bool] = []  # of each norm, whether it takes them over positions

    def depends(self, value: Any) -> bool:
        return isinstance(value, Map)

    def started(self, size: Sequence[int]) -> Map:
        """The input; its labels begin at 0."""
        channels, *axes = size
        nothing = torch.empty(torch.Size(axes).numel(), 0, dtype=torch.int64)
        return Map(self.edges.new(nothing).reshape(axes).expand(1, channels, *axes).contiguous())

    def merged(self, reads: torch.Tensor, shape: Sequence[int], expanded: Sequence[int]) -> Map:
        """One new position for each different row of ``reads`` (in row-major order of ``shape``); ``expanded``."""
        rows, place = torch.unique(reads, dim=0, return_inverse=True)
        return Map(self.edges.new(rows)[place].reshape(tuple(shape)).expand(tuple(expanded)))

    # operators -------------------------------------------------------------------------------------------------------

    def apply(self, name: str, target: Any, call: Bound) -> Any:
        first = next(iter(call.named.values()))
        if name in kinds.MOVES:
            return self.moved(target, call)
        if name in kinds.BUFFERS:
            return Map(torch.full(call.named.get("size") or first.labels.shape, -1))
        if name in kinds.REDUCTIONS:
            return call.answer(self.reduced(first.labels, call.get("dim"), bool(call.get("keepdim"))))
        if name in kinds.POOLS | kinds.ADAPTIVE | kinds.PADS | kinds.RESIZES:
            return call.answer(self.along_axes(name, target, call, first.labels))
        return getattr(self, name)(call)

    def moved(self, target: Any, call: Bound) -> Any:
        """The very operator, on labels."""

        def bare(value: Any) -> Any:
            return value.labels if self.depends(value) else value

        options = {name: bare(value) for name, value in call.kwargs.items() if name != "memory_format"}
        moved = recording.free_of_memory(target)(*map(bare, call.args), **options)
        return Map(moved) if isinstance(moved, torch.Tensor) else [Map(piece) for piece in moved]

    def operands(self, operands: list[Map], call: Bound) -> Map:
        """Each operand is an edge; elements at which all operands have the same labels are at one position."""
        labels = [operand.labels for operand in operands]
        shape = torch.broadcast_shapes(*call.shapes, *(each.shape for each in labels))
        spread = [each.expand(shape) for each in labels]
        kept = [1 if all(each.stride(at) == 0 for each in spread) else size for at, size in enumerate(shape)]
        narrow = tuple(slice(0, size) for size in kept)
        return self.merged(torch.stack([each[narrow].ravel() for each in spread], 1), kept, shape)

    def normalised(self, value: Map, shape: list[int], dims: list[int]) -> Map:
        """Every position reads itself and, where they are of several positions, the statistics."""
        deep = value.labels.reshape(shape)
        together = (
            once_each(deep.movedim(dims, [*range(-len(dims), 0)]).flatten(-len(dims)).flatten(0, -2)) if dims else deep
        )
        self.statistics.append(bool(dims) and bool(((together >= 0).sum(-1) > 1).any()))
        if not self.statistics[-1]:
            return value
        gate = self.reduced(deep, dims, keep=True).labels.expand(deep.shape)
        return self.merged(torch.stack([deep.ravel(), gate.ravel()], 1), value.shape, value.shape)

    def reduced(self, labels: torch.Tensor, dims: Any, keep: bool) -> Map:
        """What is read together, each position once."""
        if not labels.dim():
            return Map(labels)
        every = dims is None or dims == []
        dims = range(labels.dim()) if every else [dims] if isinstance(dims, int) else dims
        dims = sorted(at % labels.dim() for at in dims)
        kept = [at for at in range(labels.dim()) if at not in dims]
        narrow = tuple(slice(0, 1) if labels.stride(at) == 0 else slice(None) for at in range(labels.dim()))
        rows = labels[narrow].permute(*kept, *dims)
        reads = once_each(rows.reshape(torch.Size(rows.shape[: len(kept)]).numel(), -1))
        found = self.merged(reads, rows.shape[: len(kept)], [labels.shape[at] for at in kept]).labels
        for at in dims if keep else ():
            found = found.unsqueeze(at)
        return Map(found)

    def windowed(self, labels: torch.Tensor, taps: Sequence[Sequence[Sequence[int]]], channels: int) -> Map:
        """A map whose positions read ``taps``: for each of the last dimensions, for each output, the inputs.

        At each tap, each position that occurs among the channels is read once.
        """
        batch, size = labels.shape[0], [len(along) for along in taps]
        different, which = torch.unique(labels.reshape(batch, -1), dim=0, return_inverse=True)
        here = different.reshape(len(different), *labels.shape[1:]).movedim(1, -1)
        here = once_each(here.reshape(-1, here.shape[-1])).reshape(*here.shape[:-1], -1)
        here = here[..., : max(int((here >= 0).sum(-1).max()), 1)]  # (batch, …, positions at a tap)
        for at, along in enumerate(taps, start=1):
            widest = max(map(len, along))
            table = torch.tensor([[*row, *[-1] * (widest - len(row))] for row in along], dtype=torch.int64).reshape(
                len(along), widest
            )
            nothing = here.new_full((*here.shape[:at], 1, *here.shape[at + 1 :]), -1)
            picked = torch.cat([here, nothing], at).index_select(at, (table % (here.shape[at] + 1)).ravel())
            here = picked.unflatten(at, table.shape).movedim(at + 1, -1).flatten(-2)
        reads = here.reshape(len(different) * torch.Size(size).numel(), -1)
        found = self.edges.new(reads).reshape(len(different), 1, *size).expand(-1, channels, *size)
        return Map(found[which])

    def along_axes(self, name: str, target: Any, call: Bound, labels: torch.Tensor) -> Map:
        real = target(*[torch.zeros(v.labels.shape) if self.depends(v) else v for v in call.args], **call.kwargs)
        shape = (real if isinstance(real, torch.Tensor) else real[0]).shape
        dims = list(recording.window_dims(name, len(shape)))
        if name == "constant_pad_nd":  # nothing is read in what is added
            return Map(torch.nn.functional.pad(labels, call["pad"], value=-1))
        taps = []
        for at in range(min(dims), 0):
            edges = recording.window_edges(name, call, at, labels.shape[at], shape[at])
            taps.append(edge_list(edges))
        lone = labels.dim() == len(taps) + 1
        labels = labels.unsqueeze(0) if lone else labels
        kept = self.by_channel(labels, taps)
        return Map(kept.labels.squeeze(0)) if lone else kept

    def by_channel(self, labels: torch.Tensor, taps: list[Any]) -> Map:
        """A window over each channel by itself: further dimensions in front are as channels that agree, or a batch."""
        front = labels.reshape(-1, 1, *labels.shape[-len(taps) :])
        if len(torch.unique(front.reshape(len(front), -1), dim=0)) == 1:
            found = self.windowed(front[:1], taps, 1).labels
            return Map(
                found.reshape([1] * (labels.dim() - len(taps)) + [*found.shape[2:]]).expand(
                    *labels.shape[: -len(taps)], *found.shape[2:]
                )
            )
        found = self.windowed(front, taps, 1).labels
        return Map(found.reshape(*labels.shape[: -len(taps)], *found.shape[2:]))

    def convolution(self, call: Bound) -> Map:
        labels, weight = call["input"].labels, call["weight"]
        channels = weight.shape[1] * call["groups"] if call["transposed"] else weight.shape[0]
        taps = []
        for at in range(labels.dim() - 2):
            n, k = labels.shape[2 + at], weight.shape[2 + at]
            one, ones = torch.eye(n, dtype=torch.float64)[:, None], torch.ones(1, 1, k, dtype=torch.float64)
            stride, pad, dilation, more = (
                recording.each(call[word], at) for word in ("stride", "padding", "dilation", "output_padding")
            )
            if call["transposed"]:
                found = torch.nn.functional.conv_transpose1d(one, ones, None, stride, pad, more, 1, dilation)
            else:
                found = torch.nn.functional.conv1d(one, ones, None, stride, pad, dilation)
            taps.append(edge_list(found[:, 0].T))
        if len(taps) == 1 and labels.shape[2] > 1 and (labels == labels[..., :1]).all():
            return Map(labels[:, :1, :1].expand(-1, channels, len(taps[0])))  # along channels: one position
        return self.windowed(labels, taps, channels)

    def mm(self, call: Bound) -> Map:
        return self.dense(call["self"].labels, call["mat2"])

    def bmm(self, call: Bound) -> Map:
        return self.dense(call["self"].labels, call["mat2"])

    def addmm(self, call: Bound) -> Map:
        return self.dense(call["mat1"].labels, call["mat2"])

    def dense(self, labels: torch.Tensor, weight: torch.Tensor) -> Map:
        return Map(self.reduced(labels, -1, keep=True).labels.expand(*labels.shape[:-1], weight.shape[-1]))

    def _softmax(self, call: Bound) -> Map:
        """Every position stays itself, and reads what lies along the dimension."""
        labels = call["self"].labels.reshape(call["self"].labels.shape or (1,))
        rows = labels.movedim(call["dim"], -1)
        together = once_each(rows.reshape(-1, rows.shape[-1]))
        places = torch.arange(len(together)).reshape(*rows.shape[:-1], 1).expand(rows.shape).movedim(-1, call["dim"])
        own, where = torch.unique(labels, return_inverse=True)
        first = torch.zeros(len(own), dtype=torch.int64).scatter_(0, where.ravel(), places.ravel())
        return Map(self.edges.new(together[first])[where].reshape(call["self"].labels.shape))

    _log_softmax = _safe_softmax = _softmax

    def glu(self, call: Bound) -> Map:
        halves = call["self"].labels.chunk(2, call["dim"])
        return self.operands([Map(half) for half in halves], call)

    def cat(self, call: Bound) -> Map:
        return self.side_by_side([self.labelled(piece) for piece in call["tensors"]], call.get("dim") or 0)

    def stack(self, call: Bound) -> Map:
        dim = call.get("dim") or 0
        return self.side_by_side([self.labelled(piece).unsqueeze(dim) for piece in call["tensors"]], dim)

    def side_by_side(self, pieces: list[torch.Tensor], dim: int) -> Map:
        """Channels of several maps at one position; or, along an axis, every piece in its place."""
        pieces = [piece for piece in pieces if piece.numel()]
        total = sum(piece.shape[dim] for piece in pieces)
        if all((piece == piece.narrow(dim, 0, 1)).all() for piece in pieces):
            rows = torch.stack([piece.select(dim, 0) for piece in pieces], -1)
            found = self.merged(rows.reshape(-1, len(pieces)), rows.shape[:-1], rows.shape[:-1]).labels.unsqueeze(dim)
            shape = list(pieces[0].shape)
            shape[dim] = total
            return Map(found.expand(shape))
        placed = torch.cat(
            [torch.where(piece < 0, -1 - at, piece * len(pieces) + at) for at, piece in enumerate(pieces)], dim
        )
        own, where = torch.unique(placed, return_inverse=True)
        reads = torch.where(own < 0, -1, own // len(pieces))[:, None]
        return Map(self.edges.new(reads)[where])

    def slice_scatter(self, call: Bound) -> Map:
        rest = (call[word] for word in ("dim", "start", "end", "step"))
        return Map(torch.slice_scatter(self.labelled(call["self"]), self.piece(call["src"]), *rest))

    def select_scatter(self, call: Bound) -> Map:
        whole, piece = self.labelled(call["self"]), self.piece(call["src"])
        return Map(torch.select_scatter(whole, piece, call["dim"], call["index"]))

    def piece(self, value: Any) -> torch.Tensor:
        """What is written into a part of a map: a map of its own, each position of which reads its source once."""
        own, where = torch.unique(self.labelled(value), return_inverse=True)
        return self.edges.new(own[:, None])[where]

    def copy(self, call: Bound) -> Map:
        return Map(
            self.labelled(call["src"]).expand(
                (call["self"].labels if self.depends(call["self"]) else call["self"]).shape
            )
        )

    def fill(self, call: Bound) -> Map:
        return Map(torch.full_like(call["self"].labels, -1))

    zero = fill

    def labelled(self, value: Any) -> torch.Tensor:
        return value.labels if self.depends(value) else torch.full(value.shape, -1)


class SpatialCounts:
    """Of every input pixel: paths to all positions of the output, or to one unit; modulo 2^64.

    ``axes``: the size of the output, should it be a map.
    """

    def __init__(self, graph: fx.GraphModule, size: tuple[int, ...], axes: tuple[int, ...]) -> None:
        self._run = Positions(graph)
        self._axes = size[1:]
        labels = result(self._run.run(self._run.started(size))).labels
        self.statistics = self._run.statistics
        front = labels.dim() - len(axes)
        self._is_map = front > 1 and labels.shape[front:] == axes  # whose coordinates tell its positions apart
        self._labels = labels.flatten(0, front - 1).movedim(0, -1) if self._is_map else labels

    def to(self, unit: tuple[int, ...] | None = None) -> torch.Tensor:
        if unit is not None:
            ends = once_each(self._labels[unit][None])
        else:
            ends = once_each(self._labels.flatten(0, -2)) if self._is_map else torch.unique(self._labels)
        return self._run.edges.counts(ends[ends >= 0]).reshape(self._axes)
