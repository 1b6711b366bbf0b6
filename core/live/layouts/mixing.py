"""Dense layers along positions, as of MLP-Mixer: every position reads every one, channel by channel, once.

A layer from all positions to as many is read as one of positions. One to another number of features, which lie at no
place, makes channels of them; a layer back to as many as there were positions lays these out again. So a pair of them,
through however many features, is one edge from every position to every other, as attention over everything is.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from ...network.maps import AxisMap, Spans
from ...network.operations import FLATTEN, MIX
from .builder import GraphBuilder
from .layout import CHANNEL, NotRuledError, Part, TensorLayout, merged


def mixes(layout: TensorLayout) -> bool:
    """Whether the last dimension of what a dense layer reads leaves channels in others: it is along positions, then."""
    return any(part.role == CHANNEL and part.size > 1 for dim in layout.dims[:-1] for part in dim)


def mixed(builder: GraphBuilder, layout: TensorLayout, outputs: int) -> TensorLayout:
    """A dense layer over the last dimension to so many ``outputs``, shared by the channels of the other dimensions."""
    last = layout.dims[-1]
    if last and all(builder.whole(layout, part) for part in last):
        if outputs == prod(part.size for part in last):
            return _laid_out(builder, builder.numbered(layout), [part.role for part in last])
        axes = [part.role for part in last]
        if any(side > 1 and axis not in axes for axis, side in enumerate(builder.node(layout).size)):
            raise NotRuledError("a dense layer along a part of the positions, to another number of them")
        layout = builder.numbered(builder.gathered(layout, FLATTEN, "flatten", axes))
        return _features(builder, layout, outputs)
    if any(part.role != CHANNEL for part in last):
        raise NotRuledError("a dense layer along a part of the positions")
    layout = builder.numbered(layout)
    size = _gathered(builder, layout.node)
    if size is None or prod(size) != outputs:
        return _features(builder, layout, outputs)
    maps: dict[int, AxisMap] = {axis: Spans((0,) * n, (0,) * n, 1) for axis, n in enumerate(size) if n > 1}
    channels = _outer(layout)
    node = builder.through(layout, MIX, "dense", maps, channels=channels, groups=channels)
    return TensorLayout(node, (*_renumbered(layout, 1), merged([Part(axis, n) for axis, n in enumerate(size)])))


def _laid_out(builder: GraphBuilder, layout: TensorLayout, axes: Sequence[int]) -> TensorLayout:
    """Every position of ``axes`` reads every one."""
    sides = {axis: builder.node(layout).size[axis] for axis in axes}
    maps: dict[int, AxisMap] = {axis: Spans((0,) * n, (n - 1,) * n, n) for axis, n in sides.items()}
    channels = builder.node(layout).channels
    return TensorLayout(builder.through(layout, MIX, "dense", maps, groups=channels), layout.dims)


def _features(builder: GraphBuilder, layout: TensorLayout, outputs: int) -> TensorLayout:
    """Channels of the last dimension, and what was gathered, to so many others; those of other dimensions stay."""
    outer = _outer(layout)
    below = builder.node(layout)
    node = builder.added(MIX, "dense", [layout.node], below, channels=outer * outputs, groups=outer)
    return TensorLayout(node, (*_renumbered(layout, outputs), merged([Part(CHANNEL, outputs)])))


def _outer(layout: TensorLayout) -> int:
    """Channels outside the last dimension."""
    return prod(part.size for dim in layout.dims[:-1] for part in dim if part.role == CHANNEL)


def _renumbered(layout: TensorLayout, inner: int) -> tuple[tuple[Part, ...], ...]:
    """The dimensions but the last, their channels numbered so that each stands for ``inner`` of the last dimension."""
    before = prod(part.size for part in layout.dims[-1] if part.role == CHANNEL)
    return tuple(
        tuple(replace(part, step=part.step // before * inner) if part.role == CHANNEL else part for part in dim)
        for dim in layout.dims[:-1]
    )


def _gathered(builder: GraphBuilder, node: int) -> tuple[int, ...] | None:
    """The size of the one map whose positions were made features, of which alone ``node`` is made."""
    sizes: set[tuple[int, ...]] = set()
    left, seen = [node], set()
    while left:
        index = left.pop()
        if index in seen:
            continue
        seen.add(index)
        here = builder.nodes[index]
        if prod(here.size) > 1 or not here.inputs:
            return None
        if here.op == FLATTEN:
            sizes.add(builder.nodes[here.inputs[0]].size)
        else:
            left += [*here.inputs, *here.gates]
    return sizes.pop() if len(sizes) == 1 else None
