"""The graph while it grows: what rules do to sheets, each making the nodes that the definition of a path asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np

from core.errors import LimitError
from core.live.trace.sheet import CHANNEL, COPY, Dims, NotRuledError, Part, Sheet, merged, numbers, row_major
from core.network import limits
from core.network.graph import Kind, Node, size_text
from core.network.maps import AxisMap, Lookup, Slice, Transposed
from core.network.window import Window

_SAME = Window(1)


@dataclass(slots=True)
class Canvas:
    """Nodes in the order in which they came to be; ``path`` is the module that runs."""

    nodes: list[Node] = field(default_factory=list)
    path: str = ""

    def node(self, sheet: Sheet) -> Node:
        """What a sheet shows."""
        return self.nodes[sheet.node]

    def begun(self, channels: int, size: tuple[int, ...]) -> Sheet:
        """The input: a map with a batch of one."""
        self.nodes.append(Node("input", "input", (), size, channels))
        axes = (merged([Part(axis, side)]) for axis, side in enumerate(size))
        return Sheet(0, ((), merged([Part(CHANNEL, channels)]), *axes))

    def added(self, kind: Kind, text: str, inputs: Sequence[int], like: Node, **changed: object) -> int:
        """A new node, which takes from ``like`` what is not ``changed``."""
        plain = Node(kind, text, tuple(inputs), like.size, like.channels, path=self.path)
        self.nodes.append(replace(plain, **changed))  # type: ignore[arg-type]
        return len(self.nodes) - 1

    # through axis maps -------------------------------------------------------------------------------------------

    def through(self, sheet: Sheet, text: str, maps: dict[int, AxisMap], **changed: object) -> int:
        """The node that reads ``sheet`` through an axis map on some axes."""
        below = self.node(sheet)
        per_axis = tuple(maps.get(axis, _SAME) for axis in range(len(below.size)))
        size = tuple(axis_map.out_size(side) for axis_map, side in zip(per_axis, below.size, strict=True))
        refuse_huge(size)
        return self.added("layer", text, [sheet.node], below, maps=per_axis, size=size, **changed)

    def gathered(self, sheet: Sheet, text: str, axes: Sequence[int]) -> Sheet:
        """One position that reads every position of ``axes``; their parts go from the dimensions."""
        below = self.node(sheet)
        maps: dict[int, AxisMap] = {axis: Window(below.size[axis], stride=below.size[axis]) for axis in axes}
        dims = tuple(tuple(part for part in dim if part.role not in axes) for dim in sheet.dims)
        return Sheet(self.through(sheet, text, maps), dims)

    def sliced(self, sheet: Sheet, dim: int, start: int, stop: int, step: int = 1) -> Sheet:
        """Some indices of one dimension; all of them are the sheet itself."""
        parts = sheet.dims[dim]
        length = len(range(start, stop, step))
        if length == prod(part.size for part in parts) and step == 1:
            return sheet
        if all(part.role == COPY for part in parts):
            return sheet.with_dim(dim, merged([Part(COPY, length)]))
        if all(part.role == CHANNEL for part in parts):
            taken = numbers(parts).ravel()[start:stop:step]
            return self._chosen(sheet, dim, taken)
        if len(parts) == 1 and parts[0] == Part(parts[0].role, self.node(sheet).size[parts[0].role]):
            axis = parts[0].role
            node = self.through(sheet, "slice", {axis: Slice(start, step, length)})
            return Sheet(node, sheet.with_dim(dim, merged([Part(axis, length)])).dims)
        raise NotRuledError("a slice of a dimension in which axes are mixed")

    def _chosen(self, sheet: Sheet, dim: int, taken: np.ndarray) -> Sheet:
        """The channels ``taken`` along one dimension, with all those of the other dimensions."""
        dims = [merged([Part(CHANNEL, len(taken))]) if at == dim else parts for at, parts in enumerate(sheet.dims)]
        reads = np.zeros((1, 1), dtype=np.int64)
        for at, parts in enumerate(sheet.dims):
            here = taken if at == dim else numbers([part for part in parts if part.role == CHANNEL]).ravel()
            reads = (reads[:, :, None] + here[None, None, :]).reshape(1, -1)
        return self.rewired(Sheet(sheet.node, tuple(dims)), "channels", reads.reshape(-1, 1))

    def rewired(self, sheet: Sheet, text: str, reads: np.ndarray) -> Sheet:
        """Channels that read listed channels; ``sheet`` already has the new dimensions, whose channels are numbered."""
        below = self.node(sheet)
        alike = reads.shape == (below.channels, 1) and bool((reads[:, 0] == np.arange(below.channels)).all())
        node = sheet.node
        if not alike:
            node = self.added("layer", text, [node], below, channels=len(reads), channel_reads=reads)
        renumbered = iter(row_major(sheet.parts(CHANNEL)))
        dims = tuple(merged([next(renumbered) if part.role == CHANNEL else part for part in dim]) for dim in sheet.dims)
        return Sheet(node, dims)

    def numbered(self, sheet: Sheet) -> Sheet:
        """The same tensor, its channels numbered in the order of the dimensions."""
        return self.rewired(sheet, "channel order", numbers(sheet.parts(CHANNEL)).reshape(-1, 1))

    def summed(self, sheet: Sheet, text: str, dims: Sequence[int], keep: bool) -> Sheet:
        """A mean, sum or largest value over dimensions: one edge from everything that is read."""
        axes = []
        gone: list[Part] = []
        for dim in dims:
            for part in sheet.dims[dim]:
                if part.role == CHANNEL:
                    gone.append(part)
                elif part.role != COPY:
                    if part != Part(part.role, self.node(sheet).size[part.role]):
                        raise NotRuledError("a reduction over a part of an axis")
                    axes.append(part.role)
        left = tuple(() if dim in dims else parts for dim, parts in enumerate(sheet.dims))
        if axes:
            sheet = self.gathered(sheet, text, axes)
        result = Sheet(sheet.node, left)
        if gone:
            kept = numbers(result.parts(CHANNEL)).reshape(-1, 1)
            result = self.rewired(result, text, kept + numbers(gone).reshape(1, -1))
        return result if keep else replace(result, dims=tuple(d for at, d in enumerate(result.dims) if at not in dims))

    # joins -------------------------------------------------------------------------------------------------------

    def joined(self, sheets: Sequence[Sheet], text: str, shape: Sequence[int]) -> Sheet:
        """Operands of one elementwise operator: each is an edge; those of size 1 are read by all."""
        sheets = [sheet.aligned(len(shape)) for sheet in sheets]
        wanted = self._template(sheets, shape)
        spread = [self._spread(sheet, wanted) for sheet in sheets]
        if len({sheet.dims for sheet in spread}) > 1:
            spread = [self.numbered(sheet) for sheet in spread]
        if len({sheet.dims for sheet in spread}) > 1 or len({self.node(sheet).size for sheet in spread}) > 1:
            raise NotRuledError(f"operands of {text} whose axes lie in different dimensions")
        if len(spread) == 1:
            return spread[0]
        node = self.added("add", text, [sheet.node for sheet in spread], self.node(spread[0]))
        return Sheet(node, spread[0].dims)

    def spread_over(self, sheet: Sheet, like: Sheet) -> Sheet:
        """``sheet`` repeated along the dimensions that it lacks and ``like`` has."""
        return self._spread(sheet.aligned(len(like.dims)), self.numbered(like).dims)

    def _template(self, sheets: Sequence[Sheet], shape: Sequence[int]) -> Dims:
        """For each dimension what it runs over, from an operand that has it in full."""
        dims = []
        for at, size in enumerate(shape):
            full = [dim for sheet in sheets if (dim := sheet.dims[at]) and all(part.role != COPY for part in dim)]
            dims.append(full[0] if full else merged([Part(COPY, size)]))
        return tuple(dims)

    def _spread(self, sheet: Sheet, wanted: Dims) -> Sheet:
        """Repeats a sheet along the dimensions that it lacks: those positions and channels read the same one."""
        lacking = [
            bool(want) and all(part.role == COPY for part in dim) for dim, want in zip(sheet.dims, wanted, strict=True)
        ]
        if not any(lacking):
            return sheet
        dims = tuple(want if lacks else dim for dim, want, lacks in zip(sheet.dims, wanted, lacking, strict=True))
        gained = [part for want, lacks in zip(wanted, lacking, strict=True) if lacks for part in want]
        axes: dict[int, int] = {}
        for part in gained:
            if part.role >= 0:
                axes[part.role] = axes.get(part.role, 1) * part.size
        if axes:
            if any(self.node(sheet).size[axis] > 1 for axis in axes):
                raise NotRuledError("an operand that lacks a part of an axis")
            maps: dict[int, AxisMap] = {axis: Transposed(Window(n, stride=n)) for axis, n in axes.items()}
            sheet = Sheet(self.through(sheet, "broadcast", maps), sheet.dims)
        if any(part.role == CHANNEL for part in gained):
            steps = [
                replace(part, step=0) if lacks else part
                for dim, lacks in zip(dims, lacking, strict=True)
                for part in dim
                if part.role == CHANNEL
            ]
            return self.rewired(Sheet(sheet.node, dims), "broadcast", numbers(steps).reshape(-1, 1))
        return Sheet(sheet.node, dims)

    def concatenated(self, sheets: Sequence[Sheet], dim: int) -> Sheet:
        """Along channels, a concat; along an axis, each piece in its place."""
        sizes = [prod(part.size for part in sheet.dims[dim]) for sheet in sheets]
        sheets = [self.numbered(sheet) for sheet in sheets]
        others = {tuple(parts for at, parts in enumerate(sheet.dims) if at != dim) for sheet in sheets}
        roles = {part.role for sheet in sheets for part in sheet.dims[dim]}
        maps = {self.node(sheet).size for sheet in sheets}
        if not roles <= {CHANNEL} and len(roles) == 1 and COPY not in roles:
            return self._placed(sheets, dim, sizes, next(iter(roles)))
        same = {tuple((part.role, part.size) for parts in other for part in parts) for other in others}
        if not roles <= {CHANNEL} or len(same) > 1 or len(maps) > 1:
            raise NotRuledError("a concat of maps whose axes lie in different dimensions, as of a token and a map")
        first = sheets[0]
        node = self.added(
            "concat",
            "concat",
            [sheet.node for sheet in sheets],
            self.node(first),
            channels=sum(self.node(sheet).channels for sheet in sheets),
        )
        outer = [part for parts in first.dims[:dim] for part in parts if part.role == CHANNEL]
        if not outer:
            inner = prod(part.size for parts in first.dims[dim + 1 :] for part in parts if part.role == CHANNEL)
            return Sheet(node, first.with_dim(dim, merged([Part(CHANNEL, sum(sizes), inner)])).dims)
        offsets = np.cumsum([0, *(self.node(sheet).channels for sheet in sheets)])
        table = []
        for sheet, offset in zip(sheets, offsets, strict=False):
            shape = [prod(part.size for part in parts if part.role == CHANNEL) for parts in sheet.dims]
            table.append(offset + np.arange(self.node(sheet).channels).reshape(shape))
        reads = np.concatenate(table, axis=dim).reshape(-1, 1)
        return self.rewired(
            Sheet(node, first.with_dim(dim, merged([Part(CHANNEL, sum(sizes))])).dims), "channel order", reads
        )

    def _placed(self, sheets: Sequence[Sheet], dim: int, sizes: Sequence[int], axis: int) -> Sheet:
        """Maps laid side by side along an axis."""
        total, first = sum(sizes), 0
        placed = []
        for sheet, size in zip(sheets, sizes, strict=True):
            pad = Window(1, pad=(first, total - first - size))
            if self.node(sheet).size[axis] != size:
                raise NotRuledError("a concat along an axis that is split")
            dims = sheet.with_dim(dim, merged([Part(axis, total)])).dims
            placed.append(Sheet(self.through(sheet, "place", {axis: pad}), dims))
            first += size
        return self.joined(placed, "side by side", placed[0].shape)

    # settling ----------------------------------------------------------------------------------------------------

    def as_map(self, sheet: Sheet, channel: int) -> Sheet:
        """The same tensor with one channel dimension, its channels in order, and whole axes elsewhere.

        Positions that were moved into channels (space to depth) or channels into positions are read piece by piece.
        """
        sheet = self._out_of_channels(sheet, channel)
        sheet = self._out_of_axes(sheet, channel)
        sheet = self.numbered(sheet)
        for at, dim in enumerate(sheet.dims):
            whole = [Part(part.role, self.node(sheet).size[part.role]) for part in dim if part.role >= 0]
            if at == channel:
                if any(part.role != CHANNEL for part in dim):
                    raise NotRuledError("a channel dimension that holds positions")
            elif list(dim) != whole:
                raise NotRuledError("positions in another order than the map's")
        return sheet

    def _out_of_channels(self, sheet: Sheet, channel: int) -> Sheet:
        """Positions in the channel dimension: strided pieces of the map become channels."""
        parts = sheet.dims[channel]
        foreign = [part for part in parts if part.role >= 0]
        if not foreign:
            return sheet
        below = self.node(sheet)
        if any(part.step * part.size > below.size[part.role] or part.step != 1 for part in foreign):
            raise NotRuledError("positions moved into channels in another order than by blocks")
        blocks = {part.role: part.size for part in foreign}
        for axis, block in blocks.items():
            rest = [part for at, dim in enumerate(sheet.dims) if at != channel for part in dim if part.role == axis]
            if rest not in ([Part(axis, below.size[axis] // block, block)], []):
                raise NotRuledError("positions moved into channels in another order than by blocks")
        pieces = []
        for offset in np.ndindex(*blocks.values()):
            maps: dict[int, AxisMap] = {
                axis: Slice(at, block, below.size[axis] // block)
                for (axis, block), at in zip(blocks.items(), offset, strict=True)
            }
            pieces.append(self.through(sheet, "block", maps))
        like = self.nodes[pieces[0]]
        node = self.added("concat", "space to depth", pieces, like, channels=below.channels * len(pieces))
        steps = dict(
            zip(
                blocks,
                [below.channels * prod(list(blocks.values())[at + 1 :]) for at in range(len(blocks))],
                strict=True,
            )
        )
        dims = [
            tuple(
                part
                if part.role == CHANNEL
                else Part(CHANNEL, part.size, steps[part.role])
                if at == channel
                else Part(part.role, part.size, part.step // blocks.get(part.role, 1))
                for part in dim
            )
            for at, dim in enumerate(sheet.dims)
        ]
        return Sheet(node, tuple(merged(dim) for dim in dims))

    def _out_of_axes(self, sheet: Sheet, channel: int) -> Sheet:
        """Channels in an axis' dimension (pixel shuffle): pieces laid into a finer map."""
        foreign: dict[int, Part] = {}
        for at, dim in enumerate(sheet.dims):
            if at != channel and any(part.role == CHANNEL for part in dim):
                axes = [part for part in dim if part.role >= 0]
                inner = [part for part in dim if part.role == CHANNEL]
                if not axes and len(inner) == len(dim):
                    raise NotRuledError("channels in more than one dimension")
                if len(axes) != 1 or len(inner) != 1 or dim[-1] != inner[0]:
                    raise NotRuledError("channels moved into positions in another order than by blocks")
                foreign[axes[0].role] = inner[0]
        if not foreign:
            return sheet
        below = self.node(sheet)
        kept = numbers([part for part in sheet.dims[channel] if part.role == CHANNEL]).ravel()
        pieces = []
        for offset in np.ndindex(*(part.size for part in foreign.values())):
            first = sum(at * part.step for at, part in zip(offset, foreign.values(), strict=True))
            chosen = self.added(
                "layer",
                "channels",
                [sheet.node],
                below,
                channels=len(kept),
                channel_reads=(kept + first).reshape(-1, 1),
            )
            maps: dict[int, AxisMap] = {
                axis: _finer(below.size[axis], part.size, at)
                for (axis, part), at in zip(foreign.items(), offset, strict=True)
            }
            pieces.append(self.through(Sheet(chosen, ()), "place", maps))
        node = self.added("add", "depth to space", pieces, self.nodes[pieces[0]])
        dims = tuple(
            merged([Part(CHANNEL, len(kept))])
            if at == channel
            else merged([Part(part.role, self.nodes[node].size[part.role]) for part in dim if part.role >= 0])
            for at, dim in enumerate(sheet.dims)
        )
        return Sheet(node, dims)


def refuse_huge(size: Sequence[int]) -> None:
    """Raises :class:`~core.errors.LimitError` for a map beyond the limits of every network."""
    if max(size) > limits.MAX_MAP_SIDE or prod(size) > limits.MAX_MAP_POSITIONS:
        raise LimitError(
            f"a feature map of {size_text(tuple(size))} is larger than {limits.MAX_MAP_SIDE} a side or "
            f"{limits.MAX_MAP_POSITIONS} positions; use a smaller input or factor"
        )


def _finer(n: int, factor: int, offset: int) -> Lookup:
    """Every ``factor``-th output from ``offset`` on reads one of ``n`` inputs, in order; the others read nothing."""
    sources = np.full((n * factor, 1), -1)
    sources[offset::factor, 0] = np.arange(n)
    return Lookup(sources, n)
