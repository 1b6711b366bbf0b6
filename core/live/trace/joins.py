"""Several sheets in one: elementwise operators and concatenation."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from core.live.trace.canvas import Canvas
from core.live.trace.layouts import as_map
from core.live.trace.sheet import CHANNEL, COPY, Dims, NotRuledError, Part, Sheet, cut, merged, numbers
from core.network.maps import AxisMap, Transposed
from core.network.window import Window


def joined(canvas: Canvas, sheets: Sequence[Sheet], text: str, shape: Sequence[int]) -> Sheet:
    """Operands of one elementwise operator: each is an edge; those of size 1 are read by all."""
    sheets = [sheet.aligned(len(shape)) for sheet in sheets]
    wanted = _template(sheets, shape)
    spread = _alike(canvas, [_spread(canvas, sheet, wanted) for sheet in sheets])
    if spread is None and len(shape) > 2:  # blocks of positions among the channels of one, say
        settled = [as_map(canvas, sheet, 1) for sheet in sheets]
        spread = _alike(canvas, [_spread(canvas, sheet, _template(settled, shape)) for sheet in settled])
    if spread is None:
        raise NotRuledError(f"operands of {text} whose axes lie in different dimensions")
    if len(spread) == 1:
        return spread[0]
    return Sheet(
        canvas.added("add", text, [sheet.node for sheet in spread], canvas.node(spread[0])),
        spread[0].dims,
    )


def spread_over(canvas: Canvas, sheet: Sheet, like: Sheet) -> Sheet:
    """``sheet`` repeated along the dimensions that it lacks and ``like`` has."""
    return _spread(canvas, sheet.aligned(len(like.dims)), canvas.numbered(like).dims)


def concatenated(canvas: Canvas, sheets: Sequence[Sheet], dim: int) -> Sheet:
    """Along channels, a concat; along an axis, each piece in its place."""
    if len(sheets) == 1:
        return sheets[0]
    shape = [1 if at == dim else size for at, size in enumerate(sheets[0].shape)]
    template = _template([sheet.with_dim(dim, ()) for sheet in sheets], shape)
    sheets = [canvas.numbered(_spread(canvas, sheet, template)) for sheet in sheets]
    if _mismatched(canvas, sheets, dim) and len(shape) > 2:
        sheets = [as_map(canvas, sheet, 1) for sheet in sheets]
    if _mismatched(canvas, sheets, dim):
        raise NotRuledError("a concat of maps whose axes lie in different dimensions, as of a token and a map")
    roles = {part.role for sheet in sheets for part in sheet.dims[dim]}
    if not roles <= {CHANNEL}:
        return _side_by_side(canvas, sheets, dim, next(iter(roles)))
    first = sheets[0]
    sizes = [sheet.shape[dim] for sheet in sheets]
    channels = [canvas.node(sheet).channels for sheet in sheets]
    node = canvas.added(
        "concat", "concat", [sheet.node for sheet in sheets], canvas.node(first), channels=sum(channels)
    )
    joint = Sheet(node, first.with_dim(dim, merged([Part(CHANNEL, sum(sizes))])).dims)
    table = []
    for sheet, offset in zip(sheets, np.cumsum([0, *channels[:-1]]), strict=True):
        shape = [prod(part.size for part in parts if part.role == CHANNEL) for parts in sheet.dims]
        table.append(offset + np.arange(canvas.node(sheet).channels).reshape(shape))
    return canvas.rewired(joint, "channel order", np.concatenate(table, axis=dim).reshape(-1, 1))


def _mismatched(canvas: Canvas, sheets: Sequence[Sheet], dim: int) -> bool:
    """Whether sheets cannot be laid end to end: they run over different things."""
    roles = {part.role for sheet in sheets for part in sheet.dims[dim]}
    others = {
        tuple((p.role, p.size) for at, d in enumerate(s.dims) if at != dim for p in (*d, Part(-3, 1))) for s in sheets
    }
    if COPY in roles or len(others) > 1:
        return True
    if roles <= {CHANNEL}:
        return len({canvas.node(sheet).size for sheet in sheets}) > 1
    axis = next(iter(roles))
    return len(roles) > 1 or any(canvas.node(sheet).size[axis] != sheet.shape[dim] for sheet in sheets)


def _side_by_side(canvas: Canvas, sheets: Sequence[Sheet], dim: int, axis: int) -> Sheet:
    """Maps laid end to end along an axis."""
    total, first = sum(sheet.shape[dim] for sheet in sheets), 0
    placed = []
    for sheet in sheets:
        size = sheet.shape[dim]
        pad = Window(1, pad=(first, total - first - size))
        dims = sheet.with_dim(dim, merged([Part(axis, total)])).dims
        placed.append(Sheet(canvas.through(sheet, "place", {axis: pad}), dims))
        first += size
    return joined(canvas, placed, "side by side", placed[0].shape)


def _alike(canvas: Canvas, sheets: list[Sheet]) -> list[Sheet] | None:
    """Sheets of the same dimensions and sizes, their channels put in order where need be; None if they are not."""
    if len({sheet.dims for sheet in sheets}) > 1:
        sheets = [canvas.numbered(sheet) for sheet in sheets]
    if len({sheet.dims for sheet in sheets}) > 1 or len({canvas.node(sheet).size for sheet in sheets}) > 1:
        return None
    return sheets


def _template(sheets: Sequence[Sheet], shape: Sequence[int]) -> Dims:
    """For each dimension what it runs over, from an operand that has it in full."""
    dims = []
    for at, size in enumerate(shape):
        full = [dim for sheet in sheets if (dim := sheet.dims[at]) and all(part.role != COPY for part in dim)]
        dims.append(full[0] if full else merged([Part(COPY, size)]))
    return tuple(dims)


def _spread(canvas: Canvas, sheet: Sheet, wanted: Dims) -> Sheet:
    """Repeats a sheet along what it lacks of ``wanted``: those positions and channels read the same one."""
    filled = [_filled(dim, want) for dim, want in zip(sheet.dims, wanted, strict=True)]
    gained = [part for dim in filled for part, is_new in dim if is_new]
    if all(part.role == COPY for part in gained):
        dims = tuple(merged([part for part, _ in dim]) for dim in filled)
        return Sheet(sheet.node, dims)
    axes: dict[int, int] = {}
    for part in gained:
        if part.role >= 0:
            axes[part.role] = axes.get(part.role, 1) * part.size
    if any(canvas.node(sheet).size[axis] > 1 for axis in axes):
        raise NotRuledError("an operand that lacks a part of an axis")
    node = sheet.node
    if axes:
        maps: dict[int, AxisMap] = {axis: Transposed(Window(n, stride=n)) for axis, n in axes.items()}
        node = canvas.through(sheet, "broadcast", maps)
    steps = [replace(part, step=0) if new else part for dim in filled for part, new in dim if part.role == CHANNEL]
    spread = Sheet(node, tuple(tuple(part for part, _ in dim) for dim in filled))
    if any(part.role == CHANNEL for part in gained):
        return canvas.rewired(spread, "broadcast", numbers(steps).reshape(-1, 1))
    return Sheet(node, tuple(merged(parts) for parts in spread.dims))


def _filled(dim: Sequence[Part], want: Sequence[Part]) -> list[tuple[Part, bool]]:
    """The parts of a dimension once its copies run over what is wanted there; and which of them are new."""
    if not want or (dim and all(part.role != COPY for part in dim)):
        return [(part, False) for part in dim]
    if all(part.role == COPY for part in dim):
        return [(part, True) for part in want]
    left = list(want)[::-1]
    found = []
    for part in dim:
        there = cut(left, part.size)
        found += [(one, True) for one in there] if part.role == COPY else [(part, False)]
    return found
