"""Operators that rearrange, take apart, join and reduce; matrix products with constant matrices."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from core.live.trace.registry import Call, Result, rule
from core.live.trace.sheet import CHANNEL, COPY, NotRuledError, Part, Sheet, merged
from core.network.maps import AxisMap, Lookup


@rule(
    "view.default",
    "_unsafe_view.default",
    "_reshape_alias.default",
    "reshape.default",
    "squeeze.default",
    "squeeze.dim",
    "squeeze.dims",
    "unsqueeze.default",
    "flatten.using_ints",
    "view_copy.default",
)
def view(call: Call) -> Result:
    """The same elements under another shape."""
    return call.sheet().reshaped(call.shape)


@rule("permute.default")
def permute(call: Call) -> Result:
    """Dimensions in another order."""
    return call.sheet().permuted(call.args[1])


@rule("transpose.int", "t.default")
def transpose(call: Call) -> Result:
    """Two dimensions exchanged."""
    rank = len(call.sheet().dims)
    one, two = (at % rank for at in (call.args[1:3] if call.name == "transpose" else (-2, -1)))
    order = list(range(rank))
    if rank > 1:
        order[one], order[two] = order[two], order[one]
    return call.sheet().permuted(order)


@rule("expand.default", "repeat.default")
def expand(call: Call) -> Result:
    """Copies along dimensions of size 1."""
    sheet = call.sheet().aligned(len(call.shape))
    dims = []
    for dim, before, after in zip(sheet.dims, sheet.shape, call.shape, strict=True):
        if before not in (1, after):
            raise NotRuledError("a dimension repeated as a whole")
        dims.append(dim if before == after else merged([Part(COPY, after)]))
    return Sheet(sheet.node, tuple(dims))


@rule("slice.Tensor", "narrow.default")
def slice_(call: Call) -> Result:
    """Some indices of one dimension."""
    sheet = call.sheet()
    dim = call.arg(1, "dim", 0) % len(sheet.dims)
    if call.name == "narrow":
        start, stop, step = call.args[2], call.args[2] + call.args[3], 1
    else:
        found = slice(call.arg(2, "start"), call.arg(3, "end"), call.arg(4, "step", 1))
        start, stop, step = found.indices(sheet.shape[dim])
    return call.canvas.sliced(sheet, dim, start, stop, step)


@rule("select.int")
def select(call: Call) -> Result:
    """One index of a dimension, which goes."""
    sheet = call.sheet()
    dim = call.args[1] % len(sheet.dims)
    return _dropped(call.canvas.sliced(sheet, dim, at := call.args[2] % sheet.shape[dim], at + 1), dim)


@rule("unbind.int")
def unbind(call: Call) -> Result:
    """Every index of a dimension by itself."""
    sheet = call.sheet()
    dim = call.arg(1, "dim", 0) % len(sheet.dims)
    return [_dropped(call.canvas.sliced(sheet, dim, at, at + 1), dim) for at in range(sheet.shape[dim])]


@rule(
    "split.Tensor",
    "split_with_sizes.default",
    "chunk.default",
    "unsafe_split.Tensor",
    "unsafe_split_with_sizes.default",
    "unsafe_chunk.default",
    "split_copy.Tensor",
)
def split(call: Call) -> Result:
    """Pieces of a dimension; each reads its source's positions once."""
    sheet = call.sheet()
    dim = call.arg(2, "dim", 0) % len(sheet.dims)
    ends = np.cumsum([piece.shape[dim] for piece in call.out]).tolist()
    return [
        call.canvas.sliced(sheet, dim, end - piece.shape[dim], end) for piece, end in zip(call.out, ends, strict=True)
    ]


@rule("cat.default")
def cat(call: Call) -> Result:
    """One after the other along a dimension."""
    tensors = [tensor for tensor in call.args[0] if tensor.numel()]
    sheets = [call.known(tensor) for tensor in tensors]
    known = [sheet for sheet in sheets if sheet is not None]
    if len(known) < len(sheets):
        raise NotRuledError("a concat with a constant, as with a class token")
    return call.canvas.concatenated(known, call.arg(1, "dim", 0) % len(call.shape))


@rule("stack.default")
def stack(call: Call) -> Result:
    """One after the other along a new dimension."""
    dim = call.arg(1, "dim", 0) % len(call.shape)
    sheets = [call.known(tensor) for tensor in call.args[0]]
    known = [sheet for sheet in sheets if sheet is not None]
    if len(known) < len(sheets):
        raise NotRuledError("a stack with a constant")
    lifted = [Sheet(sheet.node, (*sheet.dims[:dim], (), *sheet.dims[dim:])) for sheet in known]
    return call.canvas.concatenated(lifted, dim)


@rule(
    "mean.dim",
    "mean.default",
    "sum.dim_IntList",
    "sum.default",
    "amax.default",
    "amin.default",
    "max.dim",
    "linalg_vector_norm.default",
    "var.correction",
    "std.correction",
    "logsumexp.default",
    "norm.ScalarOpt_dim",
    "prod.dim_int",
    "min.dim",
)
def reduce(call: Call) -> Result:
    """One result from every entry along some dimensions."""
    sheet = call.sheet()
    after = 2 if call.name == "linalg_vector_norm" or call.name == "norm" else 1
    dims: Any = call.arg(after, "dim")
    every = dims is None or (isinstance(dims, Sequence) and not dims)
    wanted = range(len(sheet.dims)) if every else dims if isinstance(dims, Sequence) else [dims]
    wanted = [dim % len(sheet.dims) for dim in wanted]
    place = {"var": 9, "std": 9}.get(call.name, after + 1)
    found = call.canvas.summed(sheet, call.name, wanted, keep=bool(call.arg(place, "keepdim", False)))
    return found if not isinstance(call.out, (tuple, list)) else (found, *[None] * (len(call.out) - 1))


@rule("pixel_shuffle.default")
def pixel_shuffle(call: Call) -> Result:
    """Channels become a finer grid of positions."""
    factor, (batch, channels, height, width) = call.args[1], _four(call)
    deep = call.sheet().reshaped((batch, channels // factor**2, factor, factor, height, width))
    return deep.permuted((0, 1, 4, 2, 5, 3)).reshaped(call.shape)


@rule("pixel_unshuffle.default")
def pixel_unshuffle(call: Call) -> Result:
    """A grid of positions becomes channels."""
    factor, (batch, channels, height, width) = call.args[1], _four(call)
    deep = call.sheet().reshaped((batch, channels, height // factor, factor, width // factor, factor))
    return deep.permuted((0, 1, 3, 5, 2, 4)).reshaped(call.shape)


@rule("channel_shuffle.default", "native_channel_shuffle.default")
def channel_shuffle(call: Call) -> Result:
    """Channels in another order."""
    groups, (batch, channels, *size) = call.args[1], call.shape
    deep = call.sheet().reshaped((batch, groups, channels // groups, *size))
    return deep.permuted((0, 2, 1, *range(3, len(size) + 3))).reshaped(call.shape)


@rule("addmm.default")
def affine(call: Call) -> Result:
    """A dense layer with a bias."""
    call.constant(0, "a bias")
    call.constant(2, "weights")
    return _dense(call, call.sheet(1))


@rule("mm.default", "linear.default", "matmul.default")
def product(call: Call) -> Result:
    """A dense layer: a map times a constant matrix."""
    call.constant(1, "a product of two maps, as in attention: weights")
    return _dense(call, call.sheet(0))


@rule("bmm.default", "baddbmm.default")
def batched_product(call: Call) -> Result:
    """Not ruled where both are maps: every position then reads positions that depend on the input."""
    raise NotRuledError("a product of two maps, as in attention")


def _dense(call: Call, sheet: Sheet) -> Sheet:
    """Each output channel reads everything in the last dimension, at each index of the others."""
    last = sheet.dims[-1]
    axes = [part.role for part in last if part.role >= 0]
    if any(part.role == COPY for part in last):
        raise NotRuledError("a dense layer over copies")
    if sum(part.size > 1 for part in sheet.parts(CHANNEL)) > sum(part.role == CHANNEL for part in last):
        raise NotRuledError("a dense layer along positions, or along a part of the channels")
    for part in last:
        if part.role >= 0 and part != Part(part.role, call.canvas.node(sheet).size[part.role]):
            raise NotRuledError("a dense layer along a part of an axis")
    if axes:
        sheet = call.canvas.gathered(sheet, "flatten", axes)
    channels = call.shape[-1]
    below = call.canvas.node(sheet)
    node = call.canvas.added("layer", "dense", [sheet.node], below, channels=channels, groups=1)
    return Sheet(node, (*sheet.dims[:-1], merged([Part(CHANNEL, channels)])))


@rule("roll.default", "flip.default")
def moved(call: Call) -> Result:
    """Positions in another order along whole axes."""
    sheet = call.sheet()
    dims = call.args[2] if call.name == "roll" else call.args[1]
    if not dims:
        raise NotRuledError("a roll of all elements")
    maps: dict[int, AxisMap] = {}
    for at, dim in enumerate(dims):
        parts = sheet.dims[dim]
        if (
            len(parts) != 1
            or parts[0].role < 0
            or prod(part.size for part in parts) != call.canvas.node(sheet).size[parts[0].role]
        ):
            raise NotRuledError(f"a {call.name} of a dimension that is not a whole axis")
        n = parts[0].size
        order = (np.arange(n) - call.args[1][at]) % n if call.name == "roll" else np.arange(n)[::-1]
        maps[parts[0].role] = Lookup(order.reshape(-1, 1), n)
    return Sheet(call.canvas.through(sheet, call.name, maps), sheet.dims)


def _dropped(sheet: Sheet, dim: int) -> Sheet:
    return Sheet(sheet.node, (*sheet.dims[:dim], *sheet.dims[dim + 1 :]))


def _four(call: Call) -> tuple[int, int, int, int]:
    if len(call.sheet().dims) != 4:
        raise NotRuledError(f"{call.name} of a tensor without a batch")
    batch, channels, height, width = call.args[0].shape
    return batch, channels, height, width
