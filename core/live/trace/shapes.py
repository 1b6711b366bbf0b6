"""Operators that rearrange, take apart, join and reduce; matrix products with constant matrices."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from .joins import concatenated
from .layouts import as_map
from .registry import Call, Result, rule
from .sheet import CHANNEL, COPY, NotRuledError, Part, Sheet, merged, repeated

_ATTENTION = "a product of two maps, as in attention: weights"


@rule(
    "view.default",
    "_unsafe_view.default",
    "squeeze.default",
    "squeeze.dim",
    "squeeze.dims",
    "unsqueeze.default",
    "squeeze_.default",
    "squeeze_.dim",
    "unsqueeze_.default",
)
def view(call: Call) -> Result:
    """The same elements under another shape."""
    return call.sheet().reshaped(call.shape)


@rule("as_strided_.default")
def restrided(call: Call) -> Result:
    """Another layout of the same memory: here of a single line of elements, as a global pool of a channels-last map."""
    sheet, strides = call.sheet(), call.args[2]
    long = [at for at, size in enumerate(call.shape) if size > 1]
    if sheet.shape != call.shape or len(long) > 1 or any(strides[at] != 1 for at in long) or call.arg(3, "offset"):
        raise NotRuledError("memory laid out anew")
    return sheet


@rule("permute.default")
def permute(call: Call) -> Result:
    """Dimensions in another order."""
    return call.sheet().permuted(call.args[1])


@rule("transpose.int", "t.default", "transpose_.default", "t_.default")
def transpose(call: Call) -> Result:
    """Two dimensions exchanged."""
    rank = len(call.sheet().dims)
    one, two = (at % rank for at in (call.args[1:3] if call.name.startswith("transpose") else (-2, -1)))
    order = list(range(rank))
    if rank > 1:
        order[one], order[two] = order[two], order[one]
    return call.sheet().permuted(order)


@rule("expand.default", "repeat.default")
def expand(call: Call) -> Result:
    """Copies along dimensions of size 1."""
    return repeated(call.sheet(), call.shape)


@rule("slice.Tensor")
def slice_(call: Call) -> Result:
    """Some indices of one dimension."""
    sheet = call.sheet()
    dim = call.arg(1, "dim", 0) % len(sheet.dims)
    found = slice(call.arg(2, "start"), call.arg(3, "end"), call.arg(4, "step", 1))
    return call.canvas.sliced(sheet, dim, *found.indices(sheet.shape[dim]))


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
    "unsafe_split.Tensor",
    "unsafe_split_with_sizes.default",
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
    dim = call.arg(1, "dim", 0) % len(call.shape)
    pieces = [(call.known(tensor), tensor.shape[dim]) for tensor in call.args[0] if tensor.numel()]
    return _laid(call, pieces, dim)


@rule("stack.default")
def stack(call: Call) -> Result:
    """One after the other along a new dimension."""
    dim = call.arg(1, "dim", 0) % len(call.shape)
    sheets = [call.known(tensor) for tensor in call.args[0]]
    lifted = [sheet and Sheet(sheet.node, (*sheet.dims[:dim], (), *sheet.dims[dim:])) for sheet in sheets]
    return _laid(call, [(sheet, 1) for sheet in lifted], dim)


def _laid(call: Call, pieces: Sequence[tuple[Sheet | None, int]], dim: int) -> Sheet:
    """Pieces end to end; a constant leaves its place empty."""
    sheet = concatenated(call.canvas, [sheet for sheet, _ in pieces if sheet is not None], dim)
    table: list[int] = []
    seen = 0
    for known, size in pieces:
        table.extend(range(seen, seen + size) if known else [-1] * size)
        seen += size if known else 0
    role = call.canvas.lone_role(sheet)
    return call.canvas.picked(
        sheet, dim, np.array(table), "concat with a constant, as of a transformer's class token and an image,", role
    )


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
    if not sheet.dims:
        return sheet if isinstance(call.out, torch.Tensor) else (sheet, None)
    after = 2 if call.name == "linalg_vector_norm" or call.name == "norm" else 1
    dims: Any = call.arg(after, "dim")
    unnamed = dims is None or (isinstance(dims, Sequence) and not dims)
    wanted = range(len(sheet.dims)) if unnamed else dims if isinstance(dims, Sequence) else [dims]
    wanted = [dim % len(sheet.dims) for dim in wanted]
    place = 9 if call.name.removesuffix("_mean") in ("var", "std") else after + 1  # only by name
    axes = {part.role for dim in wanted for part in sheet.dims[dim]}
    every = {axis for axis, side in enumerate(call.canvas.node(sheet).size) if side > 1}
    pooled = call.name == "mean" and axes == every != set()  # as a text's ``global``
    keep = bool(call.arg(place, "keepdim", False))
    found = call.canvas.summed(sheet, call.name, wanted, keep, op="global" if pooled else "reduce")
    return found if not isinstance(call.out, (tuple, list)) else (found, *[None] * (len(call.out) - 1))


@rule("var_mean.correction", "std_mean.correction")
def reduce_twice(call: Call) -> Result:
    """Two results from every entry along some dimensions."""
    found = reduce(call)
    assert isinstance(found, tuple)
    return found[0], found[0]


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


@rule("channel_shuffle.default")
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


@rule("mm.default")
def product(call: Call) -> Result:
    """A dense layer: a map times a constant matrix."""
    call.constant(1, _ATTENTION)
    return _dense(call, call.sheet(0))


@rule("bmm.default")
def batched_product(call: Call) -> Result:
    """A dense layer for each index of a batch; of two maps, which position is read would depend on the input."""
    call.constant(1, _ATTENTION)
    return _dense(call, call.sheet(0))


def _dense(call: Call, sheet: Sheet) -> Sheet:
    """Each output channel reads everything in the last dimension, at each index of the others."""
    if any(part.role >= 0 and not call.canvas.whole(sheet, part) for part in sheet.dims[-1]):
        sheet = as_map(call.canvas, sheet, len(sheet.dims) - 1)
    last = sheet.dims[-1]
    axes = [part.role for part in last if part.role >= 0]
    if any(part.role == COPY for part in last):
        raise NotRuledError("a dense layer over copies")
    if sum(part.size > 1 for part in sheet.parts(CHANNEL)) > sum(part.role == CHANNEL for part in last):
        raise NotRuledError("a dense layer along positions, or along a part of the channels")
    if axes:
        sheet = call.canvas.gathered(sheet, "flatten", "flatten", axes)
    channels = call.shape[-1]
    below = call.canvas.node(sheet)
    node = call.canvas.added("dense", "dense", [sheet.node], below, channels=channels, groups=1)
    return Sheet(node, (*sheet.dims[:-1], merged([Part(CHANNEL, channels)])))


@rule("roll.default", "flip.default")
def moved(call: Call) -> Result:
    """Positions or channels in another order."""
    sheet = call.sheet()
    dims = call.arg(2, "dims", []) if call.name == "roll" else call.args[1]
    if call.name == "roll" and not dims:
        raise NotRuledError("a roll of all elements as one line")
    for at, dim in enumerate(dims):
        n = sheet.shape[dim]
        order = (np.arange(n) - call.args[1][at]) % n if call.name == "roll" else np.arange(n)[::-1]
        sheet = call.canvas.picked(sheet, dim % len(sheet.dims), order, call.name)
    return sheet


def _dropped(sheet: Sheet, dim: int) -> Sheet:
    return Sheet(sheet.node, (*sheet.dims[:dim], *sheet.dims[dim + 1 :]))


def _four(call: Call) -> tuple[int, int, int, int]:
    if len(call.sheet().dims) != 4:
        raise NotRuledError(f"{call.name} of a tensor without a batch")
    batch, channels, height, width = call.args[0].shape
    return batch, channels, height, width
