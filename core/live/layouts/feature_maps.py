"""Layouts that mix positions and channels, turned into plain feature maps: space to depth, depth to space."""

from collections.abc import Sequence
from math import prod

import numpy as np

from ...network.kinds import UPSAMPLE
from ...network.maps import AxisMap, Lookup, Slice, Transposed
from ...network.operations import ADD, CHANNELS, CONCAT, PLACE, SLICE
from ...network.window import Window
from .builder import GraphBuilder
from .copies import spread
from .layout import CHANNEL, COPY, Dims, NotRuledError, Part, TensorLayout, merged, numbers


def as_map(builder: GraphBuilder, layout: TensorLayout, channel: int) -> TensorLayout:
    """The same tensor with one channel dimension, its channels in order, and whole axes elsewhere.

    Positions that were moved into channels (space to depth) or channels into positions are read piece by piece.
    """
    given, shape = layout, layout.shape
    layout = _out_of_copies(builder, layout, channel)
    layout = _out_of_channels(builder, layout, channel)
    layout = _out_of_axes(builder, layout, channel)
    layout = builder.numbered(layout)
    if layout.shape != shape:
        raise NotRuledError("copies of what is moved between channels and positions")
    for index, dim in enumerate(layout.dims):
        whole = [Part(part.role, builder.node(layout).size[part.role]) for part in dim if part.role >= 0]
        if index == channel:
            if any(part.role != CHANNEL for part in dim):
                raise NotRuledError("a channel dimension that holds positions")
        elif list(dim) != whole:
            raise NotRuledError("positions in another order than the map's")
    if layout.node != given.node:
        builder.relaid[given] = layout
    return layout


def settled(builder: GraphBuilder, layout: TensorLayout, channels_last: bool = False) -> TensorLayout:
    """A module's result, so laid out that unit (R, C) of its node is ``result[..., R, C]``.

    With ``channels_last`` a result that has its channels last keeps the units of its map: (R, C) is
    ``result[0, R, C]``. So does a result of fewer dimensions than a map with a batch and channels (tokens, a flattened
    map, a classifier's numbers) whose positions lie in the map's order.

    Raises :class:`NotRuledError` for what cannot be laid out so.
    """
    axes = len(builder.node(layout).size)
    if len(layout.dims) < axes + 2:
        if [part for dim in layout.dims for part in dim if part.role != CHANNEL] != _whole_axes(builder, layout):
            raise NotRuledError("a result whose positions are not those of a map, in its order")
        return layout
    if _shows_axes(builder, layout, layout.dims[-axes:]):
        return layout
    if channels_last and len(layout.dims) == axes + 2 and _shows_axes(builder, layout, layout.dims[1:-1]):
        return layout
    exchanged = "a result in which the axes of a map are exchanged, with each other or with its channels"
    if any(part.role not in (axis, CHANNEL, COPY) for axis, dim in enumerate(layout.dims[-axes:]) for part in dim):
        raise NotRuledError(exchanged)
    layout = as_map(builder, layout, len(layout.dims) - axes - 1)
    if not _shows_axes(builder, layout, layout.dims[-axes:]):
        raise NotRuledError(exchanged)
    return layout


def untangled(builder: GraphBuilder, layout: TensorLayout) -> TensorLayout:
    """As a map where positions lie among the channels, or channels among the positions, and that can be undone."""
    mixed = any(len({part.role for part in dim}) > 1 for dim in layout.dims)
    split = any(part.role >= 0 and not builder.whole(layout, part) for dim in layout.dims for part in dim)
    copied = any(part.role == COPY for dim in layout.dims for part in dim)
    if not (mixed or split or copied) or len(layout.dims) != len(builder.node(layout).size) + 2:
        return layout
    try:
        return as_map(builder, layout, 1)
    except NotRuledError:
        return layout


def _shows_axes(builder: GraphBuilder, layout: TensorLayout, last: Dims) -> bool:
    """Whether the dimensions ``last`` run over the axes, one each, and nothing but channels lies in the others."""
    shown = [part for dim in layout.dims for part in dim if part.role != CHANNEL]
    wanted = [merged([Part(axis, side)]) for axis, side in enumerate(builder.node(layout).size)]
    return list(last) == wanted and shown == _whole_axes(builder, layout)


def _whole_axes(builder: GraphBuilder, layout: TensorLayout) -> list[Part]:
    """Every axis of several positions from end to end, in order."""
    return [Part(axis, side) for axis, side in enumerate(builder.node(layout).size) if side > 1]


def _out_of_copies(builder: GraphBuilder, layout: TensorLayout, channel: int) -> TensorLayout:
    """Copies as channels, or as positions of an axis of one position, the last dimension's of the last such axis."""
    layout = _repeated(builder, layout)
    free = builder.free_axes(layout)
    wanted = list(layout.dims)
    for index in reversed(range(len(layout.dims))):
        copied = [part for part in layout.dims[index] if part.role == COPY]
        if index == channel and copied:
            wanted[index] = merged([Part(CHANNEL, layout.shape[index])])
        elif index != channel and free and len(copied) == len(layout.dims[index]):
            wanted[index] = merged([Part(free.pop(), layout.shape[index])])
    return layout if wanted == list(layout.dims) else spread(builder, layout, tuple(wanted))


def _repeated(builder: GraphBuilder, layout: TensorLayout) -> TensorLayout:
    """Every position of an axis several times in a row (``repeat_interleave``) as nearest-neighbour upsampling."""
    factors = {
        index: (dim[0].role, dim[1].size)
        for index, dim in enumerate(layout.dims)
        if len(dim) == 2 and builder.whole(layout, dim[0]) and dim[1].role == COPY
    }
    if not factors:
        return layout
    maps: dict[int, AxisMap] = {axis: Transposed(Window(factor, stride=factor)) for axis, factor in factors.values()}
    node = builder.through(layout, UPSAMPLE, "upsample", maps)
    dims = (
        merged([Part(factors[index][0], layout.shape[index])]) if index in factors else dim
        for index, dim in enumerate(layout.dims)
    )
    return TensorLayout(node, tuple(dims))


def _out_of_channels(builder: GraphBuilder, layout: TensorLayout, channel: int) -> TensorLayout:
    """Positions in the channel dimension: strided pieces of the map become channels."""
    parts = layout.dims[channel]
    foreign = [part for part in parts if part.role >= 0]
    if not foreign:
        return layout
    below = builder.node(layout)
    if any(part.step * part.size > below.size[part.role] or part.step != 1 for part in foreign):
        raise NotRuledError("positions moved into channels in another order than by blocks")
    blocks = {part.role: part.size for part in foreign}
    for axis, block in blocks.items():
        rest = [part for index, dim in enumerate(layout.dims) if index != channel for part in dim if part.role == axis]
        if rest not in ([Part(axis, below.size[axis] // block, block)], []):
            raise NotRuledError("positions moved into channels in another order than by blocks")
    pieces = []
    for offset in np.ndindex(*blocks.values()):
        maps: dict[int, AxisMap] = {
            axis: Slice(start, block, below.size[axis] // block)
            for (axis, block), start in zip(blocks.items(), offset, strict=True)
        }
        pieces.append(builder.through(layout, SLICE, "block", maps))
    like = builder.nodes[pieces[0]]
    node = builder.added(CONCAT, "space to depth", pieces, like, channels=below.channels * len(pieces))
    steps = dict(
        zip(
            blocks,
            [below.channels * prod(list(blocks.values())[index + 1 :]) for index in range(len(blocks))],
            strict=True,
        )
    )
    dims = [
        tuple(
            part
            if part.role == CHANNEL
            else Part(CHANNEL, part.size, steps[part.role])
            if index == channel
            else Part(part.role, part.size, part.step // blocks.get(part.role, 1))
            for part in dim
        )
        for index, dim in enumerate(layout.dims)
    ]
    return TensorLayout(node, tuple(merged(dim) for dim in dims))


def _out_of_axes(builder: GraphBuilder, layout: TensorLayout, channel: int) -> TensorLayout:
    """Channels in an axis' dimension (pixel shuffle): pieces laid into a finer map."""
    foreign: dict[int, Part] = {}
    places: dict[int, int] = {}
    free = builder.free_axes(layout)
    for index in reversed(range(len(layout.dims))):
        if index == channel:
            continue
        dim = layout.dims[index]
        axes = [part.role for part in dim if part.role >= 0] or ([free.pop()] if free else [])
        inner = [part for part in dim if part.role == CHANNEL]
        if inner and not axes:
            raise NotRuledError("channels in more than one dimension")
        if inner and (len(axes) != 1 or len(inner) != 1 or dim[-1] != inner[0]):
            raise NotRuledError("channels moved into positions in another order than by blocks")
        if inner:
            foreign[axes[0]], places[index] = inner[0], axes[0]
    if not foreign:
        return layout
    below = builder.node(layout)
    kept = numbers([part for part in layout.dims[channel] if part.role == CHANNEL]).ravel()
    pieces = []
    for offset in np.ndindex(*(part.size for part in foreign.values())):
        first = sum(start * part.step for start, part in zip(offset, foreign.values(), strict=True))
        chosen = builder.added(
            CHANNELS,
            "channels",
            [layout.node],
            below,
            channels=len(kept),
            channel_reads=(kept + first).reshape(-1, 1),
        )
        maps: dict[int, AxisMap] = {
            axis: _finer(below.size[axis], part.size, start)
            for (axis, part), start in zip(foreign.items(), offset, strict=True)
        }
        pieces.append(builder.through(TensorLayout(chosen, ()), PLACE, "place", maps))
    node = builder.added(ADD, "depth to space", pieces, builder.nodes[pieces[0]])
    dims = tuple(
        merged([Part(CHANNEL, len(kept))])
        if index == channel
        else merged([Part(axis, builder.nodes[node].size[axis]) for axis in _axes(dim, places.get(index))])
        for index, dim in enumerate(layout.dims)
    )
    return TensorLayout(node, dims)


def _axes(dim: Sequence[Part], place: int | None) -> list[int]:
    """The axes that a dimension runs over: ``place`` where channels were laid into it."""
    return [part.role for part in dim if part.role >= 0] if place is None else [place]


def _finer(n: int, factor: int, offset: int) -> Lookup:
    """Every ``factor``-th output from ``offset`` on reads one of ``n`` inputs, in order; the others read nothing."""
    sources = np.full((n * factor, 1), -1)
    sources[offset::factor, 0] = np.arange(n)
    return Lookup(sources, n)
