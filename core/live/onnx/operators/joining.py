"""Operators that lay tensors end to end or take them apart."""

import torch

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, Outcome, refuse_large, spelled


@spelled("Concat")
def concat(call: OnnxCall) -> torch.Tensor:
    """One after the other along a dimension."""
    parts = call.tensors()
    return torch.cat(parts, call.axis(0, parts[0].ndim))


@spelled("Split")
def split(call: OnnxCall) -> Outcome:
    """Pieces of a dimension, of the sizes given or of one size but for the last."""
    x = call[0]
    axis, pieces = call.axis(0, x.ndim), len(call.node.outputs)
    n = x.shape[axis]
    sizes = call.whole("split", 1)
    if sizes is None:
        count = int(call.attribute("num_outputs", pieces))
        size = -(-n // max(count, 1))
        sizes = [max(min(size, n - index * size), 0) for index in range(count)]
    if sum(sizes) != n or len(sizes) != pieces or any(size < 0 for size in sizes):
        raise NotRuledError(f"pieces of {sizes[:8]} of {n} entries")
    return torch.split(x, sizes, axis)


@spelled("Tile")
def tile(call: OnnxCall) -> torch.Tensor:
    """The tensor repeated along every dimension."""
    repeats = call.whole("", 1)
    if repeats is None or len(repeats) != call[0].ndim:
        raise NotRuledError("repeats that do not fit its dimensions")
    refuse_large([side * times for side, times in zip(call[0].shape, repeats, strict=True)], call.real)
    if all(times == 1 or side == 1 for side, times in zip(call[0].shape, repeats, strict=True)):
        return call[0].expand([side * times for side, times in zip(call[0].shape, repeats, strict=True)])
    return call[0].repeat(repeats)
