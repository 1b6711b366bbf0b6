"""Nodes that read several layouts: elementwise operators and concatenation."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from ...network.operations import ADD, CONCAT, NORM, PLACE, SCALE, SLICE, SQUASH, STATISTICS
from ...network.window import Window
from .builder import GraphBuilder, table_of
from .copies import spread
from .feature_maps import as_map
from .layout import CHANNEL, COPY, Dims, NotRuledError, Part, TensorLayout, merged


def joined(builder: GraphBuilder, layouts: Sequence[TensorLayout], text: str, shape: Sequence[int]) -> TensorLayout:
    """Operands of one elementwise operator: each is an edge; those of size 1 are read by all."""
    operands = _operands(builder, layouts, text, shape)
    if len(operands) == 1:
        return operands[0]
    node = builder.added(ADD, text, [layout.node for layout in operands], builder.node(operands[0]))
    return TensorLayout(node, operands[0].dims)


def multiplied(builder: GraphBuilder, layouts: Sequence[TensorLayout], text: str, shape: Sequence[int]) -> TensorLayout:
    """Factors of a product or quotient: what passes is an edge, what scales it a gate (:mod:`.exact.gates`).

    A factor is a gate if another one varies along an axis along which it does not, or if it was squashed and another
    was not; where that would leave none to pass, all pass.
    """
    factors = _operands(builder, layouts, text, shape)
    if len(factors) == 1:
        return factors[0]
    traits = [builder.traits[layout.node] for layout in factors]
    common = frozenset.intersection(*(trait.flat for trait in traits))
    squashed = not all(trait.squashed for trait in traits)
    scaling = [bool(trait.flat - common) or (squashed and trait.squashed) for trait in traits]
    nodes = [layout.node for layout in factors]
    like = builder.node(factors[0])
    if all(scaling) or not any(scaling):
        node = builder.added(ADD, text, nodes, like)
        builder.traits[node] = replace(builder.traits[node], squashed=not squashed)
    else:
        passing = [node for node, is_gate in zip(nodes, scaling, strict=True) if not is_gate]
        gates = tuple(node for node, is_gate in zip(nodes, scaling, strict=True) if is_gate)
        node = builder.added(SCALE, text, passing, like, gates=gates)
    return TensorLayout(node, factors[0].dims)


def normalised(builder: GraphBuilder, layout: TensorLayout, text: str, dims: Sequence[int]) -> TensorLayout:
    """A map scaled by statistics over some of its dimensions, which are a gate."""
    layout = builder.numbered(layout)
    total = builder.summed(layout, text, dims, keep=True, op=STATISTICS)
    gate = spread_over(builder, total, layout)
    if gate.dims != layout.dims:
        raise NotRuledError("statistics over a part of what is normalised")
    return TensorLayout(builder.added(NORM, text, [layout.node], builder.node(layout), gates=(gate.node,)), layout.dims)


def squashed(builder: GraphBuilder, layout: TensorLayout, text: str) -> TensorLayout:
    """The same map, marked as what a sigmoid, softmax or hyperbolic tangent gives."""
    return TensorLayout(builder.added(SQUASH, text, [layout.node], builder.node(layout)), layout.dims)


def _operands(
    builder: GraphBuilder, layouts: Sequence[TensorLayout], text: str, shape: Sequence[int]
) -> list[TensorLayout]:
    """The operands of one elementwise operator, of the same size and dimensions."""
    layouts = [layout.aligned(len(shape)) for layout in layouts]
    wanted = _template(layouts, shape)
    alike = _alike(builder, [spread(builder, layout, wanted) for layout in layouts])
    if alike is None and len(shape) > 2:  # blocks of positions among the channels of one, say
        settled = [as_map(builder, layout, 1) for layout in layouts]
        alike = _alike(builder, [spread(builder, layout, _template(settled, shape)) for layout in settled])
    if alike is None:
        raise NotRuledError(f"operands of {text} whose axes lie in different dimensions")
    return alike


def spread_over(builder: GraphBuilder, layout: TensorLayout, like: TensorLayout) -> TensorLayout:
    """``layout`` repeated along the dimensions that it lacks and ``like`` has."""
    return spread(builder, layout.aligned(len(like.dims)), builder.numbered(like).dims)


def concatenated(builder: GraphBuilder, layouts: Sequence[TensorLayout], dim: int) -> TensorLayout:
    """Along channels, a concat; along an axis, each piece in its place."""
    if len(layouts) == 1:
        return layouts[0]
    shape = [1 if index == dim else size for index, size in enumerate(layouts[0].shape)]
    template = _template([layout.with_dim(dim, ()) for layout in layouts], shape)
    layouts = [builder.numbered(spread(builder, layout, template)) for layout in layouts]
    if _mismatched(builder, layouts, dim) and len(shape) > 2:
        layouts = [as_map(builder, layout, 1) for layout in layouts]
    if _mismatched(builder, layouts, dim):
        raise NotRuledError("a concat of maps whose axes lie in different dimensions, as of a token and a map")
    roles = {part.role for layout in layouts for part in layout.dims[dim]}
    if not roles <= {CHANNEL}:
        return _side_by_side(builder, layouts, dim, next(iter(roles)))
    first = layouts[0]
    sizes = [layout.shape[dim] for layout in layouts]
    channels = [builder.node(layout).channels for layout in layouts]
    node = builder.added(
        CONCAT, "concat", [layout.node for layout in layouts], builder.node(first), channels=sum(channels)
    )
    joint = TensorLayout(node, first.with_dim(dim, merged([Part(CHANNEL, sum(sizes))])).dims)
    table = []
    for layout, offset in zip(layouts, np.cumsum([0, *channels[:-1]]), strict=True):
        shape = [prod(part.size for part in parts if part.role == CHANNEL) for parts in layout.dims]
        table.append(offset + np.arange(builder.node(layout).channels).reshape(shape))
    return builder.rewired(joint, "channel order", np.concatenate(table, axis=dim).reshape(-1, 1))


def _mismatched(builder: GraphBuilder, layouts: Sequence[TensorLayout], dim: int) -> bool:
    """Whether layouts cannot be laid end to end: they run over different things."""
    roles = {part.role for layout in layouts for part in layout.dims[dim]}
    others = {
        tuple((p.role, p.size) for index, d in enumerate(s.dims) if index != dim for p in (*d, Part(-3, 1)))
        for s in layouts
    }
    if COPY in roles or len(others) > 1:
        return True
    if roles <= {CHANNEL}:
        return len({builder.node(layout).size for layout in layouts}) > 1
    axis = next(iter(roles))
    return len(roles) > 1 or any(builder.node(layout).size[axis] != layout.shape[dim] for layout in layouts)


def _side_by_side(builder: GraphBuilder, layouts: Sequence[TensorLayout], dim: int, axis: int) -> TensorLayout:
    """Maps laid end to end along an axis; pieces of one map are that map in another order."""
    if (whole := _pieces_of_one(builder, layouts, dim, axis)) is not None:
        return whole
    total, first = sum(layout.shape[dim] for layout in layouts), 0
    placed = []
    for layout in layouts:
        size = layout.shape[dim]
        pad = Window(1, pad=(first, total - first - size))
        dims = layout.with_dim(dim, merged([Part(axis, total)])).dims
        placed.append(TensorLayout(builder.through(layout, PLACE, "place", {axis: pad}), dims))
        first += size
    return joined(builder, placed, "side by side", placed[0].shape)


def _pieces_of_one(builder: GraphBuilder, layouts: Sequence[TensorLayout], dim: int, axis: int) -> TensorLayout | None:
    """Maps laid end to end, each cut out of the same map along the axis or turned round, as by symmetric padding."""
    traces = [dict(_cuts(builder, layout.node, axis)) for layout in layouts]
    base = next((node for node in traces[0] if all(node in trace for trace in traces)), None)
    if base is None:
        return None
    side, table = builder.nodes[base].size[axis], np.concatenate([trace[base] for trace in traces])
    whole = TensorLayout(base, layouts[0].with_dim(dim, merged([Part(axis, side)])).dims)
    return builder.arranged(whole, {dim: table}, "rows", lambda *_: axis)


def _cuts(builder: GraphBuilder, index: int, axis: int) -> Iterator[tuple[int, np.ndarray]]:
    """A node and those that it was cut from along an axis, with the places at which they show its positions."""
    table = np.arange(builder.nodes[index].size[axis])
    yield index, table
    while (node := builder.nodes[index]).op == SLICE:
        (index,) = node.inputs
        size = builder.nodes[index].size
        cut = table_of(node.maps[axis], size[axis])
        if cut is None or any(axis_map != Window(1) for other, axis_map in enumerate(node.maps) if other != axis):
            return
        table = np.where(table >= 0, cut[table], -1)
        yield index, table


def _alike(builder: GraphBuilder, layouts: list[TensorLayout]) -> list[TensorLayout] | None:
    """The layouts, their channels put in order where need be, if dimensions and sizes agree; else None."""
    if len({layout.dims for layout in layouts}) > 1:
        layouts = [builder.numbered(layout) for layout in layouts]
    if len({layout.dims for layout in layouts}) > 1 or len({builder.node(layout).size for layout in layouts}) > 1:
        return None
    return layouts


def _template(layouts: Sequence[TensorLayout], shape: Sequence[int]) -> Dims:
    """For each dimension what it runs over, from an operand that has it in full."""
    dims = []
    for index, size in enumerate(shape):
        full = [dim for layout in layouts if (dim := layout.dims[index]) and all(part.role != COPY for part in dim)]
        dims.append(full[0] if full else merged([Part(COPY, size)]))
    return tuple(dims)
