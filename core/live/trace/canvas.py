"""The graph while it grows: what rules do to a sheet, making the nodes that the definition of a path asks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np

from ...errors import LimitError
from ...network import limits
from ...network.graph import Node, Op, size_text
from ...network.maps import AxisMap, Lookup, Slice
from ...network.window import BORDERS, Border, Window
from .sheet import CHANNEL, COPY, NotRuledError, Part, Sheet, merged, numbers, row_major
from .traits import Traits

_SAME = Window(1)

RoleOf = Callable[[Sheet, int], int | None]  # what a dimension of a sheet runs over, should it be of size 1


@dataclass(slots=True)
class Canvas:
    """Nodes in the order in which they came to be; ``path`` is the module that runs."""

    nodes: list[Node] = field(default_factory=list)
    path: str = ""
    traits: list[Traits] = field(default_factory=list)  # of each node

    def node(self, sheet: Sheet) -> Node:
        """What a sheet shows."""
        return self.nodes[sheet.node]

    def begun(self, channels: int, size: tuple[int, ...]) -> Sheet:
        """The input: a map with a batch of one."""
        self.nodes.append(Node("input", "input", (), size, channels))
        self.traits.append(Traits.of(self.nodes[0], ()))
        axes = (merged([Part(axis, side)]) for axis, side in enumerate(size))
        return Sheet(0, ((), merged([Part(CHANNEL, channels)]), *axes))

    def added(self, op: Op, text: str, inputs: Sequence[int], like: Node, **changed: object) -> int:
        """A new node, which takes from ``like`` what is not ``changed``."""
        plain = Node(op, text, tuple(inputs), like.size, like.channels, path=self.path)
        node = replace(plain, **changed)  # type: ignore[arg-type]
        self.nodes.append(node)
        self.traits.append(Traits.of(node, [self.traits[source] for source in (*node.inputs, *node.gates)]))
        return len(self.nodes) - 1

    def whole(self, sheet: Sheet, part: Part) -> bool:
        """Whether a part runs over its axis from end to end."""
        return part.role >= 0 and part == Part(part.role, self.node(sheet).size[part.role])

    # positions ---------------------------------------------------------------------------------------------------

    def through(self, sheet: Sheet, op: Op, text: str, maps: dict[int, AxisMap], **changed: object) -> int:
        """The node that reads ``sheet`` through an axis map on some axes."""
        below = self.node(sheet)
        per_axis = tuple(maps.get(axis, _SAME) for axis in range(len(below.size)))
        size = tuple(axis_map.out_size(side) for axis_map, side in zip(per_axis, below.size, strict=True))
        refuse_huge(size)
        return self.added(op, text, [sheet.node], below, maps=per_axis, size=size, **changed)

    def gathered(self, sheet: Sheet, op: Op, text: str, axes: Sequence[int]) -> Sheet:
        """One position that reads every position of ``axes``; their parts go from the dimensions."""
        below = self.node(sheet)
        maps: dict[int, AxisMap] = {axis: Window(below.size[axis], stride=below.size[axis]) for axis in axes}
        dims = tuple(tuple(part for part in dim if part.role not in axes) for dim in sheet.dims)
        return Sheet(self.through(sheet, op, text, maps), dims)

    def sliced(self, sheet: Sheet, dim: int, start: int, stop: int, step: int = 1) -> Sheet:
        """Some indices of one dimension; all of them are the sheet itself."""
        return self.picked(sheet, dim, np.arange(start, stop, step), "slice")

    def picked(self, sheet: Sheet, dim: int, table: np.ndarray, text: str, role: int | None = None) -> Sheet:
        """Another dimension in place of one: each of its indices shows index ``table[i]``, or nothing where that is -1.

        ``role``: what a dimension of size 1 runs over, where that matters.
        """
        parts = sheet.dims[dim]
        before = prod(part.size for part in parts)
        if np.array_equal(table, np.arange(before)):
            return sheet
        if all(part.role == COPY for part in parts):
            if role is None and (table >= 0).all():
                return sheet.with_dim(dim, merged([Part(COPY, len(table))]))
            return self._placed(sheet, dim, np.where(table >= 0, 0, -1), text, role)
        if all(part.role == CHANNEL for part in parts):
            return self._chosen(sheet, dim, np.where(table >= 0, numbers(parts).ravel()[table], -1))
        if len(parts) == 1 and self.whole(sheet, parts[0]):
            axis = parts[0].role
            node = self.through(sheet, "slice", text, {axis: axis_map(table, before)})
            return Sheet(node, sheet.with_dim(dim, merged([Part(axis, len(table))])).dims)
        raise NotRuledError(f"a {text} of a dimension in which axes are mixed")

    def arranged(
        self, sheet: Sheet, tables: dict[int, np.ndarray], text: str, role: RoleOf, border: Border = "zeros"
    ) -> Sheet:
        """As ``picked``, along several dimensions; whole axes in one node.

        ``role``: of a dimension of size 1. ``border``: what padding is called where several modes show the same.
        """
        maps: dict[int, AxisMap] = {}
        dims, left = list(sheet.dims), {}
        for at, table in tables.items():
            parts = sheet.dims[at]
            if np.array_equal(table, np.arange(sheet.shape[at])):
                continue
            if len(parts) == 1 and self.whole(sheet, parts[0]):
                axis = parts[0].role
                maps[axis] = axis_map(table, parts[0].size, border)
                dims[at] = merged([Part(axis, len(table))])
            else:
                left[at] = table
        if maps:
            borders = {found.border if isinstance(found, Window) else "zeros" for found in maps.values()}
            shown = borders.pop() if len(borders) == 1 else "zeros"
            kind = text if shown == "zeros" else f"pad {shown}"
            sheet = Sheet(self.through(sheet, "pad", kind, maps), tuple(dims))
        for at, table in left.items():
            bare = all(part.role == COPY for part in sheet.dims[at])
            sheet = self.picked(sheet, at, table, text, role(sheet, at) if bare else None)
        return sheet

    def _placed(self, sheet: Sheet, dim: int, table: np.ndarray, text: str, role: int | None) -> Sheet:
        """A dimension of size 1 made longer: the others hold nothing."""
        if role == CHANNEL:
            return self._chosen(sheet.with_dim(dim, ()), dim, table)
        if role is None or self.node(sheet).size[role] > 1:
            raise NotRuledError(f"a {text} of a dimension of size 1 that may be an axis or channels")
        node = self.through(sheet, "pad", text, {role: axis_map(table, 1)})
        return Sheet(node, sheet.with_dim(dim, merged([Part(role, len(table))])).dims)

    def free_axes(self, sheet: Sheet) -> list[int]:
        """The axes that no dimension shows: they are of a single position."""
        shown = {part.role for dim in sheet.dims for part in dim}
        return [axis for axis in range(len(self.node(sheet).size)) if axis not in shown]

    def lone_role(self, sheet: Sheet) -> int | None:
        """What a dimension of size 1 runs over: channels, or the one axis that no other dimension shows."""
        free = self.free_axes(sheet)
        if not free:
            return CHANNEL
        return free[0] if len(free) == 1 and sheet.parts(CHANNEL) else None

    # channels ----------------------------------------------------------------------------------------------------

    def _chosen(self, sheet: Sheet, dim: int, taken: np.ndarray) -> Sheet:
        """The channels ``taken`` along one dimension (-1: none), with all those of the other dimensions."""
        dims = [merged([Part(CHANNEL, len(taken))]) if at == dim else parts for at, parts in enumerate(sheet.dims)]
        reads = np.zeros(1, dtype=np.int64)
        for at, parts in enumerate(sheet.dims):
            here = taken if at == dim else numbers([part for part in parts if part.role == CHANNEL]).ravel()
            nothing = (reads[:, None] < 0) | (here[None, :] < 0)
            reads = np.where(nothing, -1, reads[:, None] + here[None, :]).ravel()
        node = sheet.node
        if (reads < 0).all():  # zeros alone, as in a part of what was padded with channels
            side = self.node(sheet).size[0]
            node = self.through(sheet, "slice", "nothing", {0: Lookup(np.full((side, 1), -1), side)})
        return self.rewired(Sheet(node, tuple(dims)), "channels", reads.reshape(-1, 1))

    def rewired(self, sheet: Sheet, text: str, reads: np.ndarray) -> Sheet:
        """Channels that read listed channels; ``sheet`` already has the new dimensions, whose channels are numbered."""
        below = self.node(sheet)
        alike = reads.shape == (below.channels, 1) and bool((reads[:, 0] == np.arange(below.channels)).all())
        node = sheet.node
        if not alike:
            node = self.added("channels", text, [node], below, channels=len(reads), channel_reads=reads)
        renumbered = iter(row_major(sheet.parts(CHANNEL)))
        dims = tuple(merged([next(renumbered) if part.role == CHANNEL else part for part in dim]) for dim in sheet.dims)
        return Sheet(node, dims)

    def numbered(self, sheet: Sheet) -> Sheet:
        """The same tensor, its channels numbered in the order of the dimensions."""
        return self.rewired(sheet, "channel order", numbers(sheet.parts(CHANNEL)).reshape(-1, 1))

    # both --------------------------------------------------------------------------------------------------------

    def summed(self, sheet: Sheet, text: str, dims: Sequence[int], keep: bool, op: Op = "reduce") -> Sheet:
        """A mean, sum or largest value over dimensions: one edge from everything that is read."""
        axes = []
        gone: list[Part] = []
        copies = 1
        for dim in dims:
            for part in sheet.dims[dim]:
                if part.role == CHANNEL:
                    gone.append(part)
                elif part.role == COPY:
                    copies *= part.size
                else:
                    if not self.whole(sheet, part):
                        raise NotRuledError("a reduction over a part of an axis")
                    axes.append(part.role)
        left = tuple(() if dim in dims else parts for dim, parts in enumerate(sheet.dims))
        if axes:
            sheet = self.gathered(sheet, op, text, axes)
        result = Sheet(sheet.node, left)
        if gone or copies > 1:
            kept = numbers(result.parts(CHANNEL)).reshape(-1, 1)
            result = self.rewired(result, text, kept + np.tile(numbers(gone).reshape(1, -1), copies))
        return result if keep else replace(result, dims=tuple(d for at, d in enumerate(result.dims) if at not in dims))


def axis_map(table: np.ndarray, n: int, likely: Border = "zeros") -> AxisMap:
    """The map whose output ``i`` reads input ``table[i]`` of ``n``, or nothing where that is -1.

    ``likely``: the border mode that is tried first.

    >>> axis_map(np.array([-1, 0, 1, 2]), 3)
    Window(kernel=1, stride=1, dilation=1, pad=(1, 0), border='zeros', weights=None)
    >>> axis_map(np.array([1, 3]), 5)
    Slice(start=1, step=2, length=2)
    """
    step = int(table[1] - table[0]) if len(table) > 1 else 1
    if table[0] >= 0 and step > 0 and np.array_equal(table, table[0] + step * np.arange(len(table))):
        return Slice(int(table[0]), step, len(table))
    runs = np.flatnonzero(table == 0)
    for before in runs.tolist():
        if before + n <= len(table) and np.array_equal(table[before : before + n], np.arange(n)):
            for border in (likely, *BORDERS):
                window = Window(1, pad=(before, len(table) - n - before), border=border)
                if border not in ("zeros", "replicate") and max(window.pad) > n - (border == "reflect"):
                    continue
                if np.array_equal(window.sources(n), table):
                    return window
    return Lookup(table.reshape(-1, 1), n)


def table_of(axis_map: AxisMap, n: int) -> np.ndarray | None:
    """What each output reads of ``n`` inputs, -1 for nothing; None for a map that reads several."""
    match axis_map:
        case Slice(start, step, length):
            return start + step * np.arange(length)
        case Window(kernel=1, stride=1):
            return axis_map.sources(n)
        case Lookup(sources) if sources.shape[1] == 1:
            return sources[:, 0]
    return None


def refuse_huge(size: Sequence[int]) -> None:
    """Raises :class:`~.errors.LimitError` for a map beyond the limits of every network."""
    if max(size) > limits.MAX_MAP_SIDE or prod(size) > limits.MAX_MAP_POSITIONS:
        raise LimitError(
            f"a feature map of {size_text(tuple(size))} is larger than {limits.MAX_MAP_SIDE} a side or "
            f"{limits.MAX_MAP_POSITIONS} positions; use a smaller input or factor"
        )
