"""A typed network's live model along time, block by block, with the state that every layer keeps between blocks.

Every node gives the positions that can be given once a block has come, and keeps of each map that it reads the samples
that later positions read too. Only the signal's own ends are padded. What each position reads is written out, so that
nothing here asks how long state ought to be: what was kept can be compared with what was said.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ...errors import UserError
from ...network.graph import Node
from ...network.kinds import MAXPOOL
from ...network.maps import Linear, Transposed
from ...network.window import Window
from .model import Activated, LiveModel

Edge = tuple[int, int]  # a node, and one that it reads


@dataclass(frozen=True, slots=True, eq=False)
class _Reads:
    """What every position of a node reads: the last sample so far, and the first from here on."""

    last: np.ndarray
    first: np.ndarray
    shown: np.ndarray | None  # of a window: the sample that each padded position shows, -1 for padding

    def end(self, given: int) -> int:
        """The first position that reads sample ``given`` or one after it."""
        return int(np.searchsorted(self.last, given))

    def needed(self, position: int) -> int:
        """The first sample that ``position`` or one after it reads."""
        return int(self.first[position])


class Blockwise:
    """``model``, of one axis, fed block by block; ``held``: the samples kept of each map."""

    def __init__(self, model: LiveModel) -> None:
        nodes = model.graph.nodes
        self.model = model
        self.reads = [_reads(node, nodes[node.inputs[0]].size[0]) if node.maps else None for node in nodes]
        self.given = [0] * len(nodes)
        self.held: dict[Edge, torch.Tensor] = {}
        self.begins: dict[Edge, int] = {}

    def block(self, samples: torch.Tensor) -> torch.Tensor:
        """The outputs that can be given after more ``samples`` (batch, channels, length) of the input."""
        self.given[0] += samples.shape[-1]
        fresh = [samples]
        for index, node in enumerate(self.model.graph.nodes[1:], start=1):
            for source in node.inputs:
                before = self.held.get((index, source))
                joined = fresh[source] if before is None else torch.cat([before, fresh[source]], dim=-1)
                self.held[index, source] = joined
            fresh.append(self._step(index, node))
        outputs: torch.Tensor = fresh[-1]
        return outputs

    def _step(self, index: int, node: Node) -> torch.Tensor:
        reads, first, step = self.reads[index], self.given[index], self.model.steps[index - 1]
        if reads is None:
            end = needed = min(self.given[source] for source in node.inputs)
            result: torch.Tensor = step(*(self._kept((index, source), first, end) for source in node.inputs))
        else:
            end = reads.end(self.given[node.inputs[0]])
            needed = reads.needed(end)
            result = self._positions(node, step, reads, (index, node.inputs[0]), range(first, end))
        for source in node.inputs:
            self._forget((index, source), needed)
        self.given[index] = end
        return result

    def _positions(self, node: Node, step: nn.Module, reads: _Reads, edge: Edge, units: range) -> torch.Tensor:
        """The maps of ``units``, which nothing is missing for."""
        known, begin = self.held[edge], self.begins.get(edge, 0)
        layer, after = step.parts if isinstance(step, Activated) else (step, nn.Identity())
        if not units:
            return known.new_zeros(known.shape[0], node.channels, 0)
        axis_map = node.maps[0]
        if isinstance(axis_map, Window):
            assert reads.shown is not None
            shown = reads.shown[units.start * axis_map.stride : (units.stop - 1) * axis_map.stride + axis_map.span]
            places = torch.from_numpy(np.where(shown < 0, known.shape[-1], shown - begin).clip(0))
            padded = functional.pad(known, (0, 1), value=-torch.inf if node.op == MAXPOOL else 0.0)
            inner = layer[1] if isinstance(layer, nn.Sequential) else layer
            return torch.as_tensor(after(inner(padded.index_select(2, places))))
        if isinstance(axis_map, Linear):
            assert isinstance(layer, nn.Sequential)
            sources, weights = (layer[0].get_buffer(name)[units.start : units.stop] for name in ("sources", "weights"))
            return torch.as_tensor(after((known[..., (sources - begin).clamp(0)] * weights).sum(-1)))
        assert isinstance(axis_map, Transposed)
        window = axis_map.window
        inner = layer[0] if isinstance(layer, nn.Sequential) else layer
        room = len(units) + window.span + window.stride + sum(window.pad)
        spread = functional.pad(inner(known), (room, room))
        start = room + units.start + window.pad[0] - begin * window.stride
        return torch.as_tensor(after(spread[..., start : start + len(units)]))

    def _kept(self, edge: Edge, first: int, end: int) -> torch.Tensor:
        begin = self.begins.get(edge, 0)
        return self.held[edge][..., first - begin : end - begin]

    def _forget(self, edge: Edge, needed: int) -> None:
        begin, held = self.begins.get(edge, 0), self.held[edge]
        dropped = min(max(needed - begin, 0), held.shape[-1])
        self.held[edge], self.begins[edge] = held[..., dropped:], begin + dropped


def _reads(node: Node, n: int) -> _Reads:
    """Raises :class:`~.errors.UserError` for a layer that cannot be fed block by block."""
    axis_map, units = node.maps[0], node.size[0]
    shown = None
    if isinstance(axis_map, Window):
        shown = axis_map.sources(n)
        taps = np.arange(axis_map.kernel) * axis_map.dilation
        read = shown[np.arange(units)[:, None] * axis_map.stride + taps]
        last, first = read.max(axis=1), np.where(read < 0, n, read).min(axis=1)
    elif isinstance(axis_map, Transposed):
        inside = [[tap for tap in axis_map.taps(unit) if 0 <= tap < n] for unit in range(units)]
        last = np.array([max(taps, default=-1) for taps in inside])
        first = np.array([min(taps, default=n) for taps in inside])
    elif isinstance(axis_map, Linear):
        read = axis_map.lookup(n).sources
        last, first = read.max(axis=1), np.where(read < 0, n, read).min(axis=1)
    else:
        raise UserError(f"{node.text} is not fed block by block; windows, transposed ones and upsampling are")
    following = np.minimum.accumulate(np.append(first, n)[::-1])[::-1]
    return _Reads(np.maximum.accumulate(last), following, shown)
