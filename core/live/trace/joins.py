"""Several sheets in one: elementwise operators and concatenation."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from ...network.window import Window
from .canvas import Canvas, table_of
from .copies import spread
from .layouts import as_map
from .sheet import CHANNEL, COPY, Dims, NotRuledError, Part, Sheet, merged


def joined(canvas: Canvas, sheets: Sequence[Sheet], text: str, shape: Sequence[int]) -> Sheet:
    """Operands of one elementwise operator: each is an edge; those of size 1 are read by all."""
    operands = _operands(canvas, sheets, text, shape)
    if len(operands) == 1:
        return operands[0]
    node = canvas.added("add", text, [sheet.node for sheet in operands], canvas.node(operands[0]))
    return Sheet(node, operands[0].dims)


def multiplied(canvas: Canvas, sheets: Sequence[Sheet], text: str, shape: Sequence[int]) -> Sheet:
    """Factors of a product or quotient: what passes is an edge, what scales it a gate (:mod:`.exact.gates`).

    A factor is a gate if another one varies along an axis along which it does not, or if it was squashed and another
    was not; where that would leave none to pass, all pass.
    """
    factors = _operands(canvas, sheets, text, shape)
    if len(factors) == 1:
        return factors[0]
    traits = [canvas.traits[sheet.node] for sheet in factors]
    common = frozenset.intersection(*(trait.flat for trait in traits))
    squashed = not all(trait.squashed for trait in traits)
    scaling = [bool(trait.flat - common) or (squashed and trait.squashed) for trait in traits]
    nodes = [sheet.node for sheet in factors]
    like = canvas.node(factors[0])
    if all(scaling) or not any(scaling):
        node = canvas.added("add", text, nodes, like)
        canvas.traits[node] = replace(canvas.traits[node], squashed=not squashed)
    else:
        passing = [node for node, is_gate in zip(nodes, scaling, strict=True) if not is_gate]
        gates = tuple(node for node, is_gate in zip(nodes, scaling, strict=True) if is_gate)
        node = canvas.added("scale", text, passing, like, gates=gates)
    return Sheet(node, factors[0].dims)


def normalised(canvas: Canvas, sheet: Sheet, text: str, dims: Sequence[int]) -> Sheet:
    """A map scaled by statistics over some of its dimensions, which are a gate."""
    sheet = canvas.numbered(sheet)
    total = canvas.summed(sheet, text, dims, keep=True, op="statistics")
    gate = spread_over(canvas, total, sheet)
    if gate.dims != sheet.dims:
        raise NotRuledError("statistics over a part of what is normalised")
    return Sheet(canvas.added("norm", text, [sheet.node], canvas.node(sheet), gates=(gate.node,)), sheet.dims)


def squashed(canvas: Canvas, sheet: Sheet, text: str) -> Sheet:
    """The same map, marked as what a sigmoid, softmax or hyperbolic tangent gives."""
    return Sheet(canvas.added("squash", text, [sheet.node], canvas.node(sheet)), sheet.dims)


def _operands(canvas: Canvas, sheets: Sequence[Sheet], text: str, shape: Sequence[int]) -> list[Sheet]:
    """The operands of one elementwise operator, of the same size and dimensions."""
    sheets = [sheet.aligned(len(shape)) for sheet in sheets]
    wanted = _template(sheets, shape)
    alike = _alike(canvas, [spread(canvas, sheet, wanted) for sheet in sheets])
    if alike is None and len(shape) > 2:  # blocks of positions among the channels of one, say
        settled = [as_map(canvas, sheet, 1) for sheet in sheets]
        alike = _alike(canvas, [spread(canvas, sheet, _template(settled, shape)) for sheet in settled])
    if alike is None:
        raise NotRuledError(f"operands of {text} whose axes lie in different dimensions")
    return alike


def spread_over(canvas: Canvas, sheet: Sheet, like: Sheet) -> Sheet:
    """``sheet`` repeated along the dimensions that it lacks and ``like`` has."""
    return spread(canvas, sheet.aligned(len(like.dims)), canvas.numbered(like).dims)


def concatenated(canvas: Canvas, sheets: Sequence[Sheet], dim: int) -> Sheet:
    """Along channels, a concat; along an axis, each piece in its place."""
    if len(sheets) == 1:
        return sheets[0]
    shape = [1 if at == dim else size for at, size in enumerate(sheets[0].shape)]
    template = _template([sheet.with_dim(dim, ()) for sheet in sheets], shape)
    sheets = [canvas.numbered(spread(canvas, sheet, template)) for sheet in sheets]
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
    """Maps laid end to end along an axis; pieces of one map are that map in another order."""
    if (whole := _pieces_of_one(canvas, sheets, dim, axis)) is not None:
        return whole
    total, first = sum(sheet.shape[dim] for sheet in sheets), 0
    placed = []
    for sheet in sheets:
        size = sheet.shape[dim]
        pad = Window(1, pad=(first, total - first - size))
        dims = sheet.with_dim(dim, merged([Part(axis, total)])).dims
        placed.append(Sheet(canvas.through(sheet, "place", "place", {axis: pad}), dims))
        first += size
    return joined(canvas, placed, "side by side", placed[0].shape)


def _pieces_of_one(canvas: Canvas, sheets: Sequence[Sheet], dim: int, axis: int) -> Sheet | None:
    """Maps laid end to end, each cut out of the same map along the axis or turned round, as by symmetric padding."""
    traces = [dict(_cuts(canvas, sheet.node, axis)) for sheet in sheets]
    base = next((node for node in traces[0] if all(node in trace for trace in traces)), None)
    if base is None:
        return None
    side, table = canvas.nodes[base].size[axis], np.concatenate([trace[base] for trace in traces])
    whole = Sheet(base, sheets[0].with_dim(dim, merged([Part(axis, side)])).dims)
    return canvas.arranged(whole, {dim: table}, "rows", lambda *_: axis)


def _cuts(canvas: Canvas, index: int, axis: int) -> Iterator[tuple[int, np.ndarray]]:
    """A node and those that it was cut from along an axis, with the places at which they show its positions."""
    table = np.arange(canvas.nodes[index].size[axis])
    yield index, table
    while (node := canvas.nodes[index]).op == "slice":
        (index,) = node.inputs
        size = canvas.nodes[index].size
        cut = table_of(node.maps[axis], size[axis])
        if cut is None or any(axis_map != Window(1) for at, axis_map in enumerate(node.maps) if at != axis):
            return
        table = np.where(table >= 0, cut[table], -1)
        yield index, table


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
