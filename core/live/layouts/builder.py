"""The graph while it grows: what rules do to tensor layouts, and the nodes that this adds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np

from ...errors import LimitError
from ...network import limits
from ...network.graph import Node, size_text
from ...network.maps import AxisMap, Lookup, Slice
from ...network.operations import CHANNELS, INPUT, PAD, REDUCE, SLICE, Operation
from ...network.window import BORDERS, Border, Window
from .layout import CHANNEL, COPY, NotRuledError, Part, TensorLayout, merged, numbers, row_major
from .traits import Traits

_SAME = Window(1)

RoleOf = Callable[
    [TensorLayout, int], int | None
]  # the role that a dimension of size 1 takes on, from its layout and index


@dataclass(slots=True)
class GraphBuilder:
    """The nodes so far, each after those that it reads; ``path`` is the module that runs."""

    nodes: list[Node] = field(default_factory=list)
    path: str = ""
    traits: list[Traits] = field(default_factory=list)  # of each node
    relaid: dict[TensorLayout, TensorLayout] = field(default_factory=dict)  # what was last read as another map

    def node(self, layout: TensorLayout) -> Node:
        """The node that a layout shows."""
        return self.nodes[layout.node]

    def begun(self, channels: int, size: tuple[int, ...]) -> TensorLayout:
        """The input: a map with a batch of one."""
        self.nodes.append(Node(INPUT, "input", (), size, channels))
        self.traits.append(Traits.of(self.nodes[0], ()))
        axes = (merged([Part(axis, side)]) for axis, side in enumerate(size))
        return TensorLayout(0, ((), merged([Part(CHANNEL, channels)]), *axes))

    def added(self, op: Operation, text: str, inputs: Sequence[int], like: Node, **changed: object) -> int:
        """A new node, which takes from ``like`` what is not ``changed``."""
        plain = Node(op, text, tuple(inputs), like.size, like.channels, path=self.path)
        node = replace(plain, **changed)  # type: ignore[arg-type]
        self.nodes.append(node)
        self.traits.append(Traits.of(node, [self.traits[source] for source in (*node.inputs, *node.gates)]))
        return len(self.nodes) - 1

    def whole(self, layout: TensorLayout, part: Part) -> bool:
        """Whether a part runs over its axis from end to end."""
        return part.role >= 0 and part == Part(part.role, self.node(layout).size[part.role])

    # positions ---------------------------------------------------------------------------------------------------

    def through(
        self, layout: TensorLayout, op: Operation, text: str, maps: dict[int, AxisMap], **changed: object
    ) -> int:
        """The node that reads ``layout`` through an axis map on some axes."""
        below = self.node(layout)
        per_axis = tuple(maps.get(axis, _SAME) for axis in range(len(below.size)))
        size = tuple(axis_map.out_size(side) for axis_map, side in zip(per_axis, below.size, strict=True))
        refuse_huge(size)
        return self.added(op, text, [layout.node], below, maps=per_axis, size=size, **changed)

    def gathered(self, layout: TensorLayout, op: Operation, text: str, axes: Sequence[int]) -> TensorLayout:
        """One position that reads every position of ``axes``; their parts go from the dimensions."""
        below = self.node(layout)
        maps: dict[int, AxisMap] = {axis: Window(below.size[axis], stride=below.size[axis]) for axis in axes}
        dims = tuple(tuple(part for part in dim if part.role not in axes) for dim in layout.dims)
        return TensorLayout(self.through(layout, op, text, maps), dims)

    def sliced(self, layout: TensorLayout, dim: int, start: int, stop: int, step: int = 1) -> TensorLayout:
        """The indices of one dimension from ``start`` to ``stop``; where that is all of them, the layout itself."""
        return self.picked(layout, dim, np.arange(start, stop, step), "slice")

    def picked(
        self, layout: TensorLayout, dim: int, table: np.ndarray, text: str, role: int | None = None
    ) -> TensorLayout:
        """One dimension replaced by another, whose index i shows index ``table[i]`` of the old one, or nothing for -1.

        ``role``: what a dimension of size 1 runs over, where that matters.
        """
        parts = layout.dims[dim]
        before = prod(part.size for part in parts)
        if np.array_equal(table, np.arange(before)):
            return layout
        if all(part.role == COPY for part in parts):
            if role is None and (table >= 0).all():
                return layout.with_dim(dim, merged([Part(COPY, len(table))]))
            return self._placed(layout, dim, np.where(table >= 0, 0, -1), text, role)
        if all(part.role == CHANNEL for part in parts):
            return self._chosen(layout, dim, np.where(table >= 0, numbers(parts).ravel()[table], -1))
        if len(parts) == 1 and self.whole(layout, parts[0]):
            axis = parts[0].role
            node = self.through(layout, SLICE, text, {axis: axis_map(table, before)})
            return TensorLayout(node, layout.with_dim(dim, merged([Part(axis, len(table))])).dims)
        raise NotRuledError(f"a {text} of a dimension in which axes are mixed")

    def arranged(
        self, layout: TensorLayout, tables: dict[int, np.ndarray], text: str, role: RoleOf, border: Border = "zeros"
    ) -> TensorLayout:
        """As ``picked``, along several dimensions (``tables``: by dimension), with a single node for all whole axes.

        ``role``: of a dimension of size 1. ``border``: what padding is called where several modes show the same.
        """
        maps: dict[int, AxisMap] = {}
        dims, left = list(layout.dims), {}
        for index, table in tables.items():
            parts = layout.dims[index]
            if np.array_equal(table, np.arange(layout.shape[index])):
                continue
            if len(parts) == 1 and self.whole(layout, parts[0]):
                axis = parts[0].role
                maps[axis] = axis_map(table, parts[0].size, border)
                dims[index] = merged([Part(axis, len(table))])
            else:
                left[index] = table
        if maps:
            borders = {window.border if isinstance(window, Window) else "zeros" for window in maps.values()}
            shown = borders.pop() if len(borders) == 1 else "zeros"
            kind = text if shown == "zeros" else f"pad {shown}"
            layout = TensorLayout(self.through(layout, PAD, kind, maps), tuple(dims))
        for index, table in left.items():
            bare = all(part.role == COPY for part in layout.dims[index])
            layout = self.picked(layout, index, table, text, role(layout, index) if bare else None)
        return layout

    def _placed(self, layout: TensorLayout, dim: int, table: np.ndarray, text: str, role: int | None) -> TensorLayout:
        """A dimension of size 1 made longer: its one entry stands where ``table`` is 0, nothing where it is -1."""
        if role == CHANNEL:
            return self._chosen(layout.with_dim(dim, ()), dim, table)
        if role is None or self.node(layout).size[role] > 1:
            raise NotRuledError(f"a {text} of a dimension of size 1 that may be an axis or channels")
        node = self.through(layout, PAD, text, {role: axis_map(table, 1)})
        return TensorLayout(node, layout.with_dim(dim, merged([Part(role, len(table))])).dims)

    def free_axes(self, layout: TensorLayout) -> list[int]:
        """The axes that no dimension shows: they are of a single position."""
        shown = {part.role for dim in layout.dims for part in dim}
        return [axis for axis in range(len(self.node(layout).size)) if axis not in shown]

    def lone_role(self, layout: TensorLayout) -> int | None:
        """What a dimension of size 1 runs over: channels, or the one axis that no other dimension shows."""
        free = self.free_axes(layout)
        if not free:
            return CHANNEL
        return free[0] if len(free) == 1 and layout.parts(CHANNEL) else None

    # channels ----------------------------------------------------------------------------------------------------

    def _chosen(self, layout: TensorLayout, dim: int, taken: np.ndarray) -> TensorLayout:
        """The channels ``taken`` along one dimension (-1: none), with all those of the other dimensions."""
        dims = [
            merged([Part(CHANNEL, len(taken))]) if index == dim else parts for index, parts in enumerate(layout.dims)
        ]
        reads = np.zeros(1, dtype=np.int64)
        for index, parts in enumerate(layout.dims):
            here = taken if index == dim else numbers([part for part in parts if part.role == CHANNEL]).ravel()
            nothing = (reads[:, None] < 0) | (here[None, :] < 0)
            reads = np.where(nothing, -1, reads[:, None] + here[None, :]).ravel()
        node = layout.node
        if (reads < 0).all():  # zeros alone, as in a part of what was padded with channels
            side = self.node(layout).size[0]
            node = self.through(layout, SLICE, "nothing", {0: Lookup(np.full((side, 1), -1), side)})
        return self.rewired(TensorLayout(node, tuple(dims)), "channels", reads.reshape(-1, 1))

    def rewired(self, layout: TensorLayout, text: str, reads: np.ndarray) -> TensorLayout:
        """Channels that read the channels ``reads``: shape (channels, reads of each), -1 for none.

        ``layout`` has the new dimensions already; their channels are numbered anew.
        """
        below = self.node(layout)
        alike = reads.shape == (below.channels, 1) and bool((reads[:, 0] == np.arange(below.channels)).all())
        node = layout.node
        if not alike:
            node = self.added(CHANNELS, text, [node], below, channels=len(reads), channel_reads=reads)
        renumbered = iter(row_major(layout.parts(CHANNEL)))
        dims = tuple(
            merged([next(renumbered) if part.role == CHANNEL else part for part in dim]) for dim in layout.dims
        )
        return TensorLayout(node, dims)

    def numbered(self, layout: TensorLayout) -> TensorLayout:
        """The same tensor, its channels numbered in the order of the dimensions."""
        return self.rewired(layout, "channel order", numbers(layout.parts(CHANNEL)).reshape(-1, 1))

    # both --------------------------------------------------------------------------------------------------------

    def summed(
        self, layout: TensorLayout, text: str, dims: Sequence[int], keep: bool, op: Operation = REDUCE
    ) -> TensorLayout:
        """A mean, sum or largest value over dimensions: one edge from everything that is read."""
        layout = self._pooled(layout, text, dims, op)
        axes = []
        gone: list[Part] = []
        copies = 1
        for dim in dims:
            for part in layout.dims[dim]:
                if part.role == CHANNEL:
                    gone.append(part)
                elif part.role == COPY:
                    copies *= part.size
                else:
                    if not self.whole(layout, part):
                        raise NotRuledError("a reduction over a part of an axis")
                    axes.append(part.role)
        left = tuple(() if dim in dims else parts for dim, parts in enumerate(layout.dims))
        if axes:
            layout = self.gathered(layout, op, text, axes)
        result = TensorLayout(layout.node, left)
        if gone or copies > 1:
            kept = numbers(result.parts(CHANNEL)).reshape(-1, 1)
            result = self.rewired(result, text, kept + np.tile(numbers(gone).reshape(1, -1), copies))
        if keep:
            return result
        return replace(result, dims=tuple(dim for index, dim in enumerate(result.dims) if index not in dims))

    def _pooled(self, layout: TensorLayout, text: str, dims: Sequence[int], op: Operation) -> TensorLayout:
        """With neighbours along an axis, which ``dims`` run over in blocks of so many, made one."""
        blocks: dict[int, int] = {}
        for dim in dims:
            for part in layout.dims[dim]:
                if part.role < 0 or self.whole(layout, part):
                    continue
                others = [other for there in layout.dims for other in there if other.role == part.role]
                others.remove(part)
                if part.step != 1 or part.role in blocks or any(other.step % part.size for other in others):
                    raise NotRuledError("a reduction over a part of an axis that is not made of blocks of neighbours")
                blocks[part.role] = part.size
        if not blocks:
            return layout
        maps: dict[int, AxisMap] = {axis: Window(size, stride=size) for axis, size in blocks.items()}
        node = self.through(layout, op, text, maps)

        def shrunk(part: Part, index: int) -> Part:
            size = blocks.get(part.role, 1)
            if index in dims and size > 1 and part.step == 1:
                return replace(part, size=1)
            return replace(part, step=part.step // size)

        dims_left = (merged([shrunk(part, index) for part in dim]) for index, dim in enumerate(layout.dims))
        return TensorLayout(node, tuple(dims_left))


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
    if prod(size) > limits.MAX_MAP_POSITIONS:
        raise LimitError(
            f"a feature map of {size_text(tuple(size))} is larger than {limits.MAX_MAP_POSITIONS} positions; "
            "use a smaller input or factor"
        )
