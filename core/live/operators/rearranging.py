"""Operators that move elements or take some of them: views, permutations, slices, shuffles; nothing is computed."""

import numpy as np

from ..layouts.layout import NotRuledError, TensorLayout, repeated
from .pulls import zeros_and_ones
from .registry import ExactCall, Result, exact, squared

squared(
    *("view.default", "_unsafe_view.default", "_reshape_alias.default", "squeeze.default", "squeeze.dim"),
    *("squeeze.dims", "unsqueeze.default", "permute.default", "transpose.int", "t.default", "expand.default"),
    *("slice.Tensor", "select.int", "unbind.int", "split.Tensor", "split_with_sizes.default", "repeat.default"),
    *("index_select.default", "index.Tensor", "gather.default", "roll.default", "flip.default"),
    *("pixel_shuffle.default", "pixel_unshuffle.default", "channel_shuffle.default"),
    *("unfold.default", "im2col.default", "tril.default", "triu.default"),
    results=0,
)(zeros_and_ones)


@exact(
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
def view(call: ExactCall) -> Result:
    """The same elements under another shape."""
    return call.layout().reshaped(call.shape)


@exact("as_strided_.default")
def restrided(call: ExactCall) -> Result:
    """Another layout of the same memory: here of a single line of elements, as a global pool of a channels-last map."""
    layout, strides = call.layout(), call.args[2]
    long = [dim for dim, size in enumerate(call.shape) if size > 1]
    if layout.shape != call.shape or len(long) > 1 or any(strides[dim] != 1 for dim in long) or call.arg(3, "offset"):
        raise NotRuledError("memory laid out anew")
    return layout


@exact("permute.default")
def permute(call: ExactCall) -> Result:
    """Dimensions in another order."""
    return call.layout().permuted(call.args[1])


@exact("transpose.int", "t.default", "transpose_.default", "t_.default")
def transpose(call: ExactCall) -> Result:
    """Two dimensions exchanged."""
    rank = len(call.layout().dims)
    one, two = (dim % rank for dim in (call.args[1:3] if call.name.startswith("transpose") else (-2, -1)))
    order = list(range(rank))
    if rank > 1:
        order[one], order[two] = order[two], order[one]
    return call.layout().permuted(order)


@exact("expand.default", "repeat.default")
def expand(call: ExactCall) -> Result:
    """Copies along dimensions of size 1."""
    return repeated(call.layout(), call.shape)


@exact("slice.Tensor")
def slice_(call: ExactCall) -> Result:
    """Some indices of one dimension."""
    layout = call.layout()
    dim = call.arg(1, "dim", 0) % len(layout.dims)
    part = slice(call.arg(2, "start"), call.arg(3, "end"), call.arg(4, "step", 1))
    return call.builder.sliced(layout, dim, *part.indices(layout.shape[dim]))


@exact("index_select.default")
def named(call: ExactCall) -> Result:
    """The indices of one dimension that a constant names."""
    layout, dim = call.layout(), call.args[1] % len(call.shape)
    call.refuse_if_input_dependent(2, "indices")
    order = call.value(call.args[2]).numpy().astype(np.int64)
    return call.builder.picked(layout, dim, order, call.name)


@exact("select.int")
def select(call: ExactCall) -> Result:
    """One index of a dimension, which goes."""
    layout = call.layout()
    dim = call.args[1] % len(layout.dims)
    return _dropped(call.builder.sliced(layout, dim, index := call.args[2] % layout.shape[dim], index + 1), dim)


@exact("unbind.int")
def unbind(call: ExactCall) -> Result:
    """Every index of a dimension by itself."""
    layout = call.layout()
    dim = call.arg(1, "dim", 0) % len(layout.dims)
    return [_dropped(call.builder.sliced(layout, dim, index, index + 1), dim) for index in range(layout.shape[dim])]


@exact(
    "split.Tensor",
    "split_with_sizes.default",
    "unsafe_split.Tensor",
    "unsafe_split_with_sizes.default",
)
def split(call: ExactCall) -> Result:
    """Pieces of a dimension; each reads its source's positions once."""
    layout = call.layout()
    dim = call.arg(2, "dim", 0) % len(layout.dims)
    ends = np.cumsum([piece.shape[dim] for piece in call.out]).tolist()
    return [
        call.builder.sliced(layout, dim, end - piece.shape[dim], end) for piece, end in zip(call.out, ends, strict=True)
    ]


@exact("roll.default", "flip.default")
def moved(call: ExactCall) -> Result:
    """Positions or channels in another order."""
    layout = call.layout()
    dims = call.arg(2, "dims", []) if call.name == "roll" else call.args[1]
    if call.name == "roll" and not dims:
        raise NotRuledError("a roll of all elements as one line")
    for place, dim in enumerate(dims):
        n = layout.shape[dim]
        order = (np.arange(n) - call.args[1][place]) % n if call.name == "roll" else np.arange(n)[::-1]
        layout = call.builder.picked(layout, dim % len(layout.dims), order, call.name)
    return layout


@exact("pixel_shuffle.default")
def pixel_shuffle(call: ExactCall) -> Result:
    """Channels become a finer grid of positions."""
    factor, (batch, channels, height, width) = call.args[1], _four(call)
    deep = call.layout().reshaped((batch, channels // factor**2, factor, factor, height, width))
    return deep.permuted((0, 1, 4, 2, 5, 3)).reshaped(call.shape)


@exact("pixel_unshuffle.default")
def pixel_unshuffle(call: ExactCall) -> Result:
    """A grid of positions becomes channels."""
    factor, (batch, channels, height, width) = call.args[1], _four(call)
    deep = call.layout().reshaped((batch, channels, height // factor, factor, width // factor, factor))
    return deep.permuted((0, 1, 3, 5, 2, 4)).reshaped(call.shape)


@exact("channel_shuffle.default")
def channel_shuffle(call: ExactCall) -> Result:
    """Channels in another order."""
    groups, (batch, channels, *size) = call.args[1], call.shape
    deep = call.layout().reshaped((batch, groups, channels // groups, *size))
    return deep.permuted((0, 2, 1, *range(3, len(size) + 3))).reshaped(call.shape)


def _dropped(layout: TensorLayout, dim: int) -> TensorLayout:
    return TensorLayout(layout.node, (*layout.dims[:dim], *layout.dims[dim + 1 :]))


def _four(call: ExactCall) -> tuple[int, int, int, int]:
    if len(call.layout().dims) != 4:
        raise NotRuledError(f"{call.name} of a tensor without a batch")
    batch, channels, height, width = call.args[0].shape
    return batch, channels, height, width
