"""What tensors show once memory has been written in place: a view that is written changes every tensor of its memory.

A :class:`Region` stands for one memory (one storage) and knows which layouts lie where in it. What a tensor of that
memory shows follows from the place that it occupies, not from the operator that made the tensor.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import torch

from ..layouts.builder import GraphBuilder
from ..layouts.joins import joined
from ..layouts.layout import COPY, NotRuledError, Part, TensorLayout

_NO_BOX = "memory that is written in place and shown by a view that is no box of it"


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a view in the first tensor of its memory.

    ``ranges``: the indices that the view covers, one range per dimension of the first tensor. ``dims``: the dimension
    of the view that runs along each of them.
    """

    ranges: tuple[range, ...]
    dims: tuple[int | None, ...]  # None: one index, which the view has no dimension for

    @classmethod
    def of(cls, view: torch.Tensor, first: torch.Tensor) -> "Box":
        """Raises :class:`NotRuledError` for a view that is no box."""
        offset = int(view.storage_offset()) - int(first.storage_offset())
        strides = first.stride()
        inner = [dim for dim in sorted(range(first.dim()), key=lambda dim: -strides[dim]) if first.shape[dim] > 1]
        starts = [0] * first.dim()
        for dim in inner:
            starts[dim], offset = divmod(offset, strides[dim])
        ranges = [range(start, start + 1) for start in starts]
        dims: list[int | None] = [None] * first.dim()
        for mine, size in enumerate(view.shape):
            if size == 1:
                continue
            fits = [dim for dim in inner if strides[dim] <= view.stride(mine)]
            if not fits or dims[dim := fits[0]] is not None or view.stride(mine) % strides[dim]:
                raise NotRuledError(_NO_BOX)
            step = view.stride(mine) // strides[dim]
            ranges[dim], dims[dim] = range(starts[dim], starts[dim] + step * size, step), mine
        outside = any(not 0 <= along[0] <= along[-1] < size for along, size in zip(ranges, first.shape, strict=True))
        if offset or outside:
            raise NotRuledError(_NO_BOX)
        return cls(tuple(ranges), tuple(dims))

    def inside(self, layout: TensorLayout) -> TensorLayout:
        """A view's layout with the dimensions of the memory's first tensor."""
        return TensorLayout(layout.node, tuple(() if dim is None else layout.dims[dim] for dim in self.dims))

    def outside(self, layout: TensorLayout, rank: int) -> TensorLayout:
        """A layout of the box with the dimensions of the view."""
        dims: list[tuple[Part, ...]] = [()] * rank
        for mine, parts in zip(self.dims, layout.dims, strict=True):
            if mine is not None:
                dims[mine] = parts
        return TensorLayout(layout.node, tuple(dims))


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """The part of memory that one layout fills.

    ``tables``: one per dimension of the memory's first tensor. Entry i is the layout's index that lies at index i of
    the dimension, or -1 where the layout does not lie there.
    """

    layout: TensorLayout
    tables: tuple[np.ndarray, ...]


@dataclass(slots=True, eq=False)
class Region:
    """One memory and the layouts in it; at first it holds nothing that depends on the input.

    ``first``: the first tensor that was made of the memory, by whose dimensions places are given.
    """

    first: torch.Tensor
    pieces: list[Piece] = field(default_factory=list)
    version: int = 0  # how often it was written
    _read: dict[tuple[object, ...], TensorLayout | None] = field(default_factory=dict)

    def hold(self, layout: TensorLayout) -> None:
        """Fills the memory with ``layout``, which has the shape of the first tensor."""
        self.pieces = [Piece(layout, tuple(np.arange(size) for size in self.first.shape))]

    def write(self, view: torch.Tensor, layout: TensorLayout | None) -> None:
        """From now on ``view`` is ``layout``, or does not depend on the input."""
        self._read.clear()
        self.version += 1
        if self._reshapes(view):
            view, layout = self.first, layout and layout.reshaped(self.first.shape)
        box = Box.of(view, self.first)
        self.pieces = [left for piece in self.pieces if (left := _without(piece, box)) is not None]
        if layout is not None:
            tables = []
            for along, size in zip(box.ranges, self.first.shape, strict=True):
                table = np.full(size, -1)
                table[along] = np.arange(len(along))
                tables.append(table)
            self.pieces.append(Piece(box.inside(layout), tuple(tables)))

    def copy(self, view: torch.Tensor, source: torch.Tensor) -> bool:
        """Copies within this memory where one piece keeps its form (circular padding); says whether that was so."""
        here, there = Box.of(view, self.first), Box.of(source, self.first)
        moved = [dim for dim, (one, two) in enumerate(zip(here.ranges, there.ranges, strict=True)) if one != two]
        across = [len(along) == size for along, size in zip(here.ranges, self.first.shape, strict=True)]
        if len(self.pieces) != 1 or len(moved) != 1 or here.dims != there.dims:
            return False
        if not all(full for dim, full in enumerate(across) if dim != moved[0]):
            return False
        self._read.clear()
        self.version += 1
        tables = list(self.pieces[0].tables)
        table = tables[moved[0]].copy()
        table[here.ranges[moved[0]]] = tables[moved[0]][there.ranges[moved[0]]]
        tables[moved[0]] = table
        self.pieces = [replace(self.pieces[0], tables=tuple(tables))]
        return True

    def read(self, view: torch.Tensor, builder: GraphBuilder) -> TensorLayout | None:
        """What ``view`` shows; None for nothing that depends on the input."""
        key = (view.storage_offset(), view.shape, view.stride())
        if key not in self._read:
            self._read[key] = self._shown(view, builder)
        return self._read[key]

    def _reshapes(self, view: torch.Tensor) -> bool:
        """Whether a view shows all of the memory, in its order, under another shape."""
        alike = view.numel() == self.first.numel() and view.shape != self.first.shape
        return alike and view.is_contiguous() and self.first.is_contiguous()

    def _shown(self, view: torch.Tensor, builder: GraphBuilder) -> TensorLayout | None:
        if self._reshapes(view):
            whole = self._shown(self.first, builder)
            return whole and whole.reshaped(view.shape)
        box = Box.of(view, self.first)
        shown = []
        for piece in self.pieces:
            tables = [table[along] for table, along in zip(piece.tables, box.ranges, strict=True)]
            if all((table >= 0).any() for table in tables):
                shown.append((piece.layout, tables))
        if not shown:
            return None

        def role(layout: TensorLayout, dim: int) -> int | None:
            """The dimension's role in another piece, else the axis (or channels) that no other dimension shows."""
            roles = [part.role for piece, _ in shown for part in piece.dims[dim] if part.role != COPY]
            return roles[0] if roles else builder.lone_role(layout)

        sizes = [len(along) for along in box.ranges]
        layouts = []
        for layout, tables in shown:
            layout = builder.arranged(layout, dict(enumerate(tables)), "place", role)
            layouts.append(layout)
        return box.outside(joined(builder, layouts, "pieces", sizes), view.dim())


def _without(piece: Piece, box: Box) -> Piece | None:
    """The rest of a piece after ``box`` is written over, or None where nothing is left."""
    covered = []
    for table, along in zip(piece.tables, box.ranges, strict=True):
        inside = np.zeros(len(table), dtype=bool)
        inside[along] = True
        common = inside[table >= 0]
        if not common.any():
            return piece
        covered.append(bool(common.all()))
    if covered.count(False) > 1:
        raise NotRuledError("a part of a map written over that is cut out of several dimensions")
    if all(covered):
        return None
    dim = covered.index(False)
    table = piece.tables[dim].copy()
    table[box.ranges[dim]] = -1
    return replace(piece, tables=(*piece.tables[:dim], table, *piece.tables[dim + 1 :]))
