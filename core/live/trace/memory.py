"""What tensors show once memory has been written in place: a view that is written changes every tensor of its memory.

The memory of a tensor is told by its storage. Of each one written, a :class:`Region` knows which sheets lie where;
a tensor of that memory is then read by where it lies, not by what it was when it was made.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import torch

from .canvas import Canvas
from .joins import joined
from .sheet import COPY, NotRuledError, Part, Sheet

_NO_BOX = "memory that is written in place and shown by a view that is no box of it"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a view lies in its memory's first tensor: the indices along each dimension, and the view's dimension."""

    ranges: tuple[range, ...]
    dims: tuple[int | None, ...]  # None: one index, which the view has no dimension for

    @classmethod
    def of(cls, view: torch.Tensor, first: torch.Tensor) -> "Box":
        """Raises :class:`NotRuledError` for a view that is no box."""
        offset = int(view.storage_offset()) - int(first.storage_offset())
        strides = first.stride()
        inner = [at for at in sorted(range(first.dim()), key=lambda at: -strides[at]) if first.shape[at] > 1]
        starts = [0] * first.dim()
        for at in inner:
            starts[at], offset = divmod(offset, strides[at])
        ranges = [range(start, start + 1) for start in starts]
        dims: list[int | None] = [None] * first.dim()
        for mine, size in enumerate(view.shape):
            if size == 1:
                continue
            found = [at for at in inner if strides[at] <= view.stride(mine)]
            if not found or dims[at := found[0]] is not None or view.stride(mine) % strides[at]:
                raise NotRuledError(_NO_BOX)
            step = view.stride(mine) // strides[at]
            ranges[at], dims[at] = range(starts[at], starts[at] + step * size, step), mine
        outside = any(not 0 <= along[0] <= along[-1] < size for along, size in zip(ranges, first.shape, strict=True))
        if offset or outside:
            raise NotRuledError(_NO_BOX)
        return cls(tuple(ranges), tuple(dims))

    def inside(self, sheet: Sheet) -> Sheet:
        """A view's sheet with the dimensions of the memory's first tensor."""
        return Sheet(sheet.node, tuple(() if at is None else sheet.dims[at] for at in self.dims))

    def outside(self, sheet: Sheet, rank: int) -> Sheet:
        """A sheet of the box with the dimensions of the view."""
        dims: list[tuple[Part, ...]] = [()] * rank
        for mine, parts in zip(self.dims, sheet.dims, strict=True):
            if mine is not None:
                dims[mine] = parts
        return Sheet(sheet.node, tuple(dims))


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A sheet that lies in memory: at each index of each dimension which of its own indices, -1 for none."""

    sheet: Sheet
    tables: tuple[np.ndarray, ...]


@dataclass(slots=True, eq=False)
class Region:
    """One memory, told apart by the first tensor that was made of it; nothing that depends on the input, at first."""

    first: torch.Tensor
    pieces: list[Piece] = field(default_factory=list)
    version: int = 0  # how often it was written
    _read: dict[tuple[object, ...], Sheet | None] = field(default_factory=dict)

    def hold(self, sheet: Sheet) -> None:
        """The first tensor is ``sheet``."""
        self.pieces = [Piece(sheet, tuple(np.arange(size) for size in self.first.shape))]

    def write(self, view: torch.Tensor, sheet: Sheet | None) -> None:
        """From now on ``view`` is ``sheet``, or does not depend on the input."""
        self._read.clear()
        self.version += 1
        if self._reshapes(view):
            view, sheet = self.first, sheet and sheet.reshaped(self.first.shape)
        box = Box.of(view, self.first)
        self.pieces = [left for piece in self.pieces if (left := _without(piece, box)) is not None]
        if sheet is not None:
            tables = []
            for along, size in zip(box.ranges, self.first.shape, strict=True):
                table = np.full(size, -1)
                table[along] = np.arange(len(along))
                tables.append(table)
            self.pieces.append(Piece(box.inside(sheet), tuple(tables)))

    def copy(self, view: torch.Tensor, source: torch.Tensor) -> bool:
        """Copies within this memory where one piece keeps its form (circular padding); says whether that was so."""
        here, there = Box.of(view, self.first), Box.of(source, self.first)
        moved = [at for at, (one, two) in enumerate(zip(here.ranges, there.ranges, strict=True)) if one != two]
        across = [len(along) == size for along, size in zip(here.ranges, self.first.shape, strict=True)]
        if len(self.pieces) != 1 or len(moved) != 1 or here.dims != there.dims:
            return False
        if not all(full for at, full in enumerate(across) if at != moved[0]):
            return False
        self._read.clear()
        self.version += 1
        tables = list(self.pieces[0].tables)
        table = tables[moved[0]].copy()
        table[here.ranges[moved[0]]] = tables[moved[0]][there.ranges[moved[0]]]
        tables[moved[0]] = table
        self.pieces = [replace(self.pieces[0], tables=tuple(tables))]
        return True

    def read(self, view: torch.Tensor, canvas: Canvas) -> Sheet | None:
        """What ``view`` shows; None for nothing that depends on the input."""
        key = (view.storage_offset(), view.shape, view.stride())
        if key not in self._read:
            self._read[key] = self._shown(view, canvas)
        return self._read[key]

    def _reshapes(self, view: torch.Tensor) -> bool:
        """Whether a view shows all of the memory, in its order, under another shape."""
        alike = view.numel() == self.first.numel() and view.shape != self.first.shape
        return alike and view.is_contiguous() and self.first.is_contiguous()

    def _shown(self, view: torch.Tensor, canvas: Canvas) -> Sheet | None:
        if self._reshapes(view):
            whole = self._shown(self.first, canvas)
            return whole and whole.reshaped(view.shape)
        box = Box.of(view, self.first)
        shown = []
        for piece in self.pieces:
            tables = [table[along] for table, along in zip(piece.tables, box.ranges, strict=True)]
            if all((table >= 0).any() for table in tables):
                shown.append((piece.sheet, tables))
        if not shown:
            return None

        def role(sheet: Sheet, at: int) -> int | None:
            """What the dimension runs over in another piece, else what no other dimension shows."""
            found = [part.role for piece, _ in shown for part in piece.dims[at] if part.role != COPY]
            return found[0] if found else canvas.lone_role(sheet)

        sizes = [len(along) for along in box.ranges]
        sheets = []
        for sheet, tables in shown:
            sheet = canvas.arranged(sheet, dict(enumerate(tables)), "place", role)
            sheets.append(sheet)
        return box.outside(joined(canvas, sheets, "pieces", sizes), view.dim())


def _without(piece: Piece, box: Box) -> Piece | None:
    """What is left of a piece once ``box`` is written over."""
    covered = []
    for table, along in zip(piece.tables, box.ranges, strict=True):
        mine = np.flatnonzero(table >= 0)
        common = np.isin(mine, along)
        if not common.any():
            return piece
        covered.append(bool(common.all()))
    if covered.count(False) > 1:
        raise NotRuledError("a part of a map written over that is cut out of several dimensions")
    if all(covered):
        return None
    at = covered.index(False)
    table = piece.tables[at].copy()
    table[box.ranges[at]] = -1
    return replace(piece, tables=(*piece.tables[:at], table, *piece.tables[at + 1 :]))
