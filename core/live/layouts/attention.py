"""Attention by value paths: which keys a query reads, through the value; query, key and softmax are gates.

Multiplied with values, the weights of attention let each query read every key that it may, once (Elhage et al. 2021, "A
Mathematical Framework for Transformer Circuits": with the pattern frozen, paths run through values alone). Weights over
channels (XCiT) mix the channels of every position instead.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import prod

import numpy as np

from ...network.maps import AxisMap, Lookup, Spans, Transposed
from ...network.operations import ATTENTION, BROADCAST, CHANNELS, SCALE
from ...network.window import Window
from .builder import GraphBuilder
from .copies import spread
from .joins import joined
from .layout import CHANNEL, COPY, NotRuledError, Part, TensorLayout, merged, numbers
from .tokens import MAX_TOKENS, Tokens
from .weights import Side, Weights, heads_of, known_of, pieces_of


def attended(builder: GraphBuilder, weights: Weights, values: Side) -> Side:
    """Weights times ``values`` (batch, keys, channels): each query reads every value that it may, once."""
    if weights.dims != weights.canonical():
        raise NotRuledError("attention weights whose dimensions were exchanged")
    if not weights.soft:
        raise NotRuledError("a product of three maps without a softmax, of which none is known to be a gate")
    if any(part.role == CHANNEL for part in known_of(weights.keys).dims[1]):
        return _mixed(builder, weights, values)
    if len(weights.pieces()) > MAX_TOKENS:
        raise NotRuledError(f"more than {MAX_TOKENS} queries that do not depend on the input")
    pieces = [
        _read(builder, weights, query, range(first, first + size), values) for query, first, size in weights.pieces()
    ]
    if len(pieces) == 1 and pieces[0] is not None:
        return pieces[0]
    if not any(pieces):
        raise NotRuledError("attention to values that do not depend on the input")
    return Tokens(1, tuple(pieces), tuple(size for _, _, size in weights.pieces()))


def _read(
    builder: GraphBuilder, weights: Weights, query: TensorLayout | None, rows: range, values: Side
) -> TensorLayout | None:
    """What the queries ``rows``, which are one piece, read; None for nothing that depends on the input."""
    if values.shape[:2] != weights.keys.shape[:2]:
        raise NotRuledError("values in another order than the keys")
    if query is None and len(rows) > 1:
        raise NotRuledError("queries that do not depend on the input")
    value_pieces, key_pieces = pieces_of(values), pieces_of(weights.keys)
    if [part[1:] for part in value_pieces] != [part[1:] for part in key_pieces]:
        raise NotRuledError("values in other pieces than the keys")
    found: list[TensorLayout] = []
    gates: list[int] = []
    asked = query or _lone(builder, weights)
    for (value, first, size), (key, _, _) in zip(value_pieces, key_pieces, strict=True):
        columns = range(first, first + size)
        if value is not None:
            value = builder.numbered(_without_copies(builder, value))
            found.append(_attention(builder, weights, asked, rows, value, columns))
        if key is not None:
            read = _attention(builder, weights, asked, rows, key, columns)
            gates.append(read.node)
    if not found:
        return None
    shape = (known_of(values).shape[0], len(rows), values.shape[2])
    result = joined(builder, found, "attention", shape)
    heads = _channels_of(result, 0, 2)
    scaling = [_gate(builder, gate, heads, known_of(weights.keys), weights.mixed) for gate in gates]
    if query is not None:
        scaling.append(_gate(builder, query.node, heads, query, weights.mixed))
    node = builder.added(SCALE, "attention weights", [result.node], builder.node(result), gates=tuple(scaling))
    return TensorLayout(node, result.dims)


def _attention(
    builder: GraphBuilder, weights: Weights, query: TensorLayout, rows: range, read: TensorLayout, columns: range
) -> TensorLayout:
    """The map of the queries, each of which reads ``read`` (batch, keys, channels) wherever it may."""
    if heads_of(query) != heads_of(read):
        raise NotRuledError("queries and values whose batches run over different positions")
    below = builder.node(read)
    allowed = (
        None if weights.allowed is None else weights.allowed[..., rows.start : rows.stop, columns.start : columns.stop]
    )
    marked = _along_axes(allowed, query, read, len(below.size))
    maps: dict[int, AxisMap] = {}
    for axis, side in enumerate(below.size):
        maps[axis] = _axis_map(axis, query, read, builder.node(query).size[axis], side, marked[axis])
    node = builder.through(read, ATTENTION, "attention", maps)
    theirs = iter([part for part in query.dims[0] if part.role >= 0])
    batch = tuple(next(theirs) if part.role >= 0 else part for part in read.dims[0])
    return TensorLayout(node, (batch, query.dims[1], read.dims[2]))


def _along_axes(
    allowed: np.ndarray | None, query: TensorLayout, read: TensorLayout, axes: int
) -> list[np.ndarray | None]:
    """For each axis which positions a mask leaves to which, (batch's parts, queries', keys'); None: all of them.

    Raises :class:`NotRuledError` for a mask that is not the same for all heads, or no product of one for each axis.
    """
    if allowed is None:
        return [None] * axes
    kept = allowed
    for index in reversed(range(len(query.dims[0]))):
        if query.dims[0][index].role < 0:
            if (kept != kept.take([0], axis=index)).any():
                raise NotRuledError("a mask that is not the same for all heads")
            kept = kept.take(0, axis=index)
    parts = [
        *(part for part in query.dims[0] if part.role >= 0),
        *(part for part in query.dims[1] if part.role >= 0),
        *(part for part in read.dims[1] if part.role >= 0),
    ]
    kept = kept.reshape([part.size for part in parts])
    result: list[np.ndarray | None] = []
    product = np.ones([1] * len(parts), dtype=bool)
    for axis in range(axes):
        others = tuple(index for index, part in enumerate(parts) if part.role != axis)
        product = product & kept.any(axis=others, keepdims=True)
        result.append(np.asarray(kept.any(axis=others)))
    if (product != kept).any():
        raise NotRuledError("a mask that is not made of one for each axis")
    return result


def _axis_map(
    axis: int, query: TensorLayout, read: TensorLayout, outputs: int, inputs: int, allowed: np.ndarray | None
) -> AxisMap:
    """Which positions every query reads along one axis: those of its batch that a mask leaves."""
    batch, rows, columns = (
        [part for part in dim if part.role == axis] for dim in (query.dims[0], query.dims[1], read.dims[1])
    )
    sizes = prod(part.size for part in rows), prod(part.size for part in columns)
    if not batch and allowed is None and sizes == (outputs, inputs):
        return Spans((0,) * outputs, (inputs - 1,) * outputs, inputs)
    theirs = [part for part in read.dims[0] if part.role == axis]
    depth = len(batch)
    queries, keys = numbers([*batch, *rows]), numbers([*theirs, *columns])
    whole = (
        sorted(queries.ravel().tolist()) == list(range(outputs)),
        sorted(keys.ravel().tolist()) == list(range(inputs)),
    )
    if not all(whole):
        raise NotRuledError("attention in a part of a map")
    reads: list[list[int]] = [[]] * outputs
    for place in np.ndindex(*queries.shape):
        there = keys[place[:depth]].ravel()
        shown = there if allowed is None else there[allowed[place].ravel()]
        reads[int(queries[place])] = sorted(shown.tolist())
    return reading(reads, inputs)


def reading(reads: Sequence[Sequence[int]], inputs: int) -> AxisMap:
    """The axis map whose output i reads ``reads[i]``, in order; in spans where that can be said so.

    >>> reading([[0, 2], [1, 3]], 4)
    Spans(first=(0, 1), last=(2, 3), inputs=4, step=2, rule=None)
    """
    steps = {after - before for row in reads for before, after in pairwise(row)}
    if len(steps) <= 1:
        firsts, lasts = (tuple(row[end] if row else nothing for row in reads) for end, nothing in ((0, 0), (-1, -1)))
        return Spans(firsts, lasts, inputs, steps.pop() if steps else 1)
    widest = max(map(len, reads))
    return Lookup(np.array([[*row, *[-1] * (widest - len(row))] for row in reads]), inputs)


def _mixed(builder: GraphBuilder, weights: Weights, values: Side) -> TensorLayout:
    """Weights over channels: every position stays by itself, and its channels read all those of their head."""
    queries, keys = weights.queries, weights.keys
    if isinstance(values, Tokens) or isinstance(queries, Tokens) or isinstance(keys, Tokens) or queries is None:
        raise NotRuledError("attention over channels beside class tokens")
    if weights.allowed is not None or weights.mixed:
        raise NotRuledError("a mask of channels, or heads mixed in attention over them")
    if values.shape[1] != keys.shape[1] or any(part.role != CHANNEL for part in values.dims[1]):
        raise NotRuledError("values in another order than the keys")
    if any(part.role >= 0 for layout in (queries, keys, values) for part in layout.dims[0]):
        raise NotRuledError("attention over channels in a part of a map")
    if any(part.role == CHANNEL for part in values.dims[2]):
        raise NotRuledError("attention over a part of the channels")
    values = builder.numbered(_without_copies(builder, values))
    heads, rows = values.shape[0], queries.shape[1]
    table = _channels_of(values, 0, 1)  # (heads, channels of each)
    reads = np.repeat(table, rows, axis=0)
    dims = (values.dims[0], merged([Part(CHANNEL, rows)]), values.dims[2])
    result = builder.rewired(TensorLayout(values.node, dims), "attention", reads)
    gates = []
    for side, all_of_head in ((queries, False), (keys, True)):
        own = _channels_of(side, 0, 1).reshape(heads, -1)
        chosen = np.repeat(own, rows, axis=0) if all_of_head else own.reshape(-1, 1)
        like = builder.node(side)
        picked = builder.added(CHANNELS, "channels", [side.node], like, channels=len(chosen), channel_reads=chosen)
        one = builder.gathered(TensorLayout(picked, ()), ATTENTION, "attention weights", range(len(like.size)))
        maps: dict[int, AxisMap] = {
            axis: Transposed(Window(n, stride=n)) for axis, n in enumerate(builder.node(result).size)
        }
        gates.append(builder.through(one, BROADCAST, "broadcast", maps))
    node = builder.added(SCALE, "attention weights", [result.node], builder.node(result), gates=tuple(gates))
    return TensorLayout(node, result.dims)


def _gate(builder: GraphBuilder, node: int, heads: np.ndarray, side: TensorLayout, mixed: bool) -> int:
    """The node that shows, for every channel of a result, the channels of its head; ``heads``: those of each head.

    ``mixed``: those of all heads.
    """
    own = _channels_of(side, 0, 2)
    if len(own) != len(heads):
        raise NotRuledError("queries, keys and values of different heads")
    if mixed:
        own = np.tile(own.reshape(1, -1), (len(heads), 1))
    reads = np.zeros((heads.size, own.shape[1]), dtype=np.int64)
    for mine, theirs in zip(heads, own, strict=True):
        reads[mine] = theirs
    like = builder.nodes[node]
    return builder.added(CHANNELS, "channels", [node], like, channels=len(reads), channel_reads=reads)


def _channels_of(layout: TensorLayout, batch: int, other: int) -> np.ndarray:
    """The channels of each head: (heads, channels of one)."""
    one = [replace(part, step=0) if part.role == COPY else part for part in layout.dims[batch] if part.role < 0]
    two = [part for part in layout.dims[other] if part.role == CHANNEL]
    return numbers([*one, *two]).reshape(prod(part.size for part in one), -1)


def _without_copies(builder: GraphBuilder, layout: TensorLayout) -> TensorLayout:
    """Heads that share their values as channels of their own."""
    if all(part.role != COPY for dim in layout.dims for part in dim):
        return layout
    wanted = tuple(
        tuple(replace(part, role=CHANNEL) if part.role == COPY else part for part in dim) for dim in layout.dims
    )
    return spread(builder, layout, wanted)


def _lone(builder: GraphBuilder, weights: Weights) -> TensorLayout:
    """A single query that does not depend on the input: a map of one position."""
    other = known_of(weights.keys if weights.queries is None else weights.queries)
    if any(part.role >= 0 for part in other.dims[0]):
        raise NotRuledError("a token beside each of several windows")
    axes = tuple(range(len(builder.node(other).size)))
    one = builder.gathered(TensorLayout(other.node, ()), ATTENTION, "attention", axes)
    return TensorLayout(one.node, (other.dims[0], (), other.dims[2]))
