"""Sheets whose positions and channels are mixed, as maps again: space to depth, depth to space."""

from collections.abc import Sequence
from math import prod

import numpy as np

from ...network.maps import AxisMap, Lookup, Slice
from .canvas import Canvas
from .copies import spread
from .sheet import CHANNEL, COPY, Dims, NotRuledError, Part, Sheet, merged, numbers


def as_map(canvas: Canvas, sheet: Sheet, channel: int) -> Sheet:
    """The same tensor with one channel dimension, its channels in order, and whole axes elsewhere.

    Positions that were moved into channels (space to depth) or channels into positions are read piece by piece.
    """
    shape = sheet.shape
    sheet = _out_of_copies(canvas, sheet, channel)
    sheet = _out_of_channels(canvas, sheet, channel)
    sheet = _out_of_axes(canvas, sheet, channel)
    sheet = canvas.numbered(sheet)
    if sheet.shape != shape:
        raise NotRuledError("copies of what is moved between channels and positions")
    for at, dim in enumerate(sheet.dims):
        whole = [Part(part.role, canvas.node(sheet).size[part.role]) for part in dim if part.role >= 0]
        if at == channel:
            if any(part.role != CHANNEL for part in dim):
                raise NotRuledError("a channel dimension that holds positions")
        elif list(dim) != whole:
            raise NotRuledError("positions in another order than the map's")
    return sheet


def settled(canvas: Canvas, sheet: Sheet, channels_last: bool = False) -> Sheet:
    """A module's result, so laid out that unit (R, C) of its node is ``result[..., R, C]``.

    With ``channels_last`` a result that has its channels last keeps the units of its map: (R, C) is
    ``result[0, R, C]``. So does a result of fewer dimensions than a map with a batch and channels (tokens, a flattened
    map, a classifier's numbers) whose positions lie in the map's order.

    Raises :class:`NotRuledError` for what cannot be laid out so.
    """
    axes = len(canvas.node(sheet).size)
    if len(sheet.dims) < axes + 2:
        if [part for dim in sheet.dims for part in dim if part.role != CHANNEL] != _whole_axes(canvas, sheet):
            raise NotRuledError("a result whose positions are not those of a map, in its order")
        return sheet
    if _shows_axes(canvas, sheet, sheet.dims[-axes:]):
        return sheet
    if channels_last and len(sheet.dims) == axes + 2 and _shows_axes(canvas, sheet, sheet.dims[1:-1]):
        return sheet
    exchanged = "a result in which the axes of a map are exchanged, with each other or with its channels"
    if any(part.role not in (axis, CHANNEL, COPY) for axis, dim in enumerate(sheet.dims[-axes:]) for part in dim):
        raise NotRuledError(exchanged)
    sheet = as_map(canvas, sheet, len(sheet.dims) - axes - 1)
    if not _shows_axes(canvas, sheet, sheet.dims[-axes:]):
        raise NotRuledError(exchanged)
    return sheet


def untangled(canvas: Canvas, sheet: Sheet) -> Sheet:
    """As a map where positions lie among the channels, or channels among the positions, and that can be undone."""
    mixed = any(len({part.role for part in dim}) > 1 for dim in sheet.dims)
    split = any(part.role >= 0 and not canvas.whole(sheet, part) for dim in sheet.dims for part in dim)
    copied = any(part.role == COPY for dim in sheet.dims for part in dim)
    if not (mixed or split or copied) or len(sheet.dims) != len(canvas.node(sheet).size) + 2:
        return sheet
    try:
        return as_map(canvas, sheet, 1)
    except NotRuledError:
        return sheet


def _shows_axes(canvas: Canvas, sheet: Sheet, last: Dims) -> bool:
    """Whether the dimensions ``last`` run over the axes, one each, and nothing but channels lies in the others."""
    shown = [part for dim in sheet.dims for part in dim if part.role != CHANNEL]
    wanted = [merged([Part(axis, side)]) for axis, side in enumerate(canvas.node(sheet).size)]
    return list(last) == wanted and shown == _whole_axes(canvas, sheet)


def _whole_axes(canvas: Canvas, sheet: Sheet) -> list[Part]:
    """Every axis of several positions from end to end, in order."""
    return [Part(axis, side) for axis, side in enumerate(canvas.node(sheet).size) if side > 1]


def _out_of_copies(canvas: Canvas, sheet: Sheet, channel: int) -> Sheet:
    """Copies as channels, or as positions of an axis of one position, the last dimension's of the last such axis."""
    free = canvas.free_axes(sheet)
    wanted = list(sheet.dims)
    for at in reversed(range(len(sheet.dims))):
        copied = [part for part in sheet.dims[at] if part.role == COPY]
        if at == channel and copied:
            wanted[at] = merged([Part(CHANNEL, sheet.shape[at])])
        elif at != channel and free and len(copied) == len(sheet.dims[at]):
            wanted[at] = merged([Part(free.pop(), sheet.shape[at])])
    return sheet if wanted == list(sheet.dims) else spread(canvas, sheet, tuple(wanted))


def _out_of_channels(canvas: Canvas, sheet: Sheet, channel: int) -> Sheet:
    """Positions in the channel dimension: strided pieces of the map become channels."""
    parts = sheet.dims[channel]
    foreign = [part for part in parts if part.role >= 0]
    if not foreign:
        return sheet
    below = canvas.node(sheet)
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
        pieces.append(canvas.through(sheet, "slice", "block", maps))
    like = canvas.nodes[pieces[0]]
    node = canvas.added("concat", "space to depth", pieces, like, channels=below.channels * len(pieces))
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


def _out_of_axes(canvas: Canvas, sheet: Sheet, channel: int) -> Sheet:
    """Channels in an axis' dimension (pixel shuffle): pieces laid into a finer map."""
    foreign: dict[int, Part] = {}
    places: dict[int, int] = {}
    free = canvas.free_axes(sheet)
    for at in reversed(range(len(sheet.dims))):
        if at == channel:
            continue
        dim = sheet.dims[at]
        axes = [part.role for part in dim if part.role >= 0] or ([free.pop()] if free else [])
        inner = [part for part in dim if part.role == CHANNEL]
        if inner and not axes:
            raise NotRuledError("channels in more than one dimension")
        if inner and (len(axes) != 1 or len(inner) != 1 or dim[-1] != inner[0]):
            raise NotRuledError("channels moved into positions in another order than by blocks")
        if inner:
            foreign[axes[0]], places[at] = inner[0], axes[0]
    if not foreign:
        return sheet
    below = canvas.node(sheet)
    kept = numbers([part for part in sheet.dims[channel] if part.role == CHANNEL]).ravel()
    pieces = []
    for offset in np.ndindex(*(part.size for part in foreign.values())):
        first = sum(at * part.step for at, part in zip(offset, foreign.values(), strict=True))
        chosen = canvas.added(
            "channels",
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
        pieces.append(canvas.through(Sheet(chosen, ()), "place", "place", maps))
    node = canvas.added("add", "depth to space", pieces, canvas.nodes[pieces[0]])
    dims = tuple(
        merged([Part(CHANNEL, len(kept))])
        if at == channel
        else merged([Part(axis, canvas.nodes[node].size[axis]) for axis in _axes(dim, places.get(at))])
        for at, dim in enumerate(sheet.dims)
    )
    return Sheet(node, dims)


def _axes(dim: Sequence[Part], place: int | None) -> list[int]:
    """The axes that a dimension runs over: ``place`` where channels were laid into it."""
    return [part.role for part in dim if part.role >= 0] if place is None else [place]


def _finer(n: int, factor: int, offset: int) -> Lookup:
    """Every ``factor``-th output from ``offset`` on reads one of ``n`` inputs, in order; the others read nothing."""
    sources = np.full((n * factor, 1), -1)
    sources[offset::factor, 0] = np.arange(n)
    return Lookup(sources, n)
