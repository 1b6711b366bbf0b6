"""Tensors laid end to end: concatenation and stacking."""

from collections.abc import Sequence

import numpy as np

from ..layouts.joins import concatenated
from ..layouts.layout import TensorLayout
from ..layouts.tokens import Tokens, end_to_end
from .registry import TOKENS, ExactCall, Pull, Pulls, Result, SquaredCall, exact, squared


@exact("cat.default", table=TOKENS)
@exact("cat.default")
def cat(call: ExactCall) -> Result:
    """One after the other along a dimension; what fits no axis of a map, as a class token, stays beside it."""
    dim = call.arg(1, "dim", 0) % len(call.shape)
    pieces = [(call.known(tensor), tensor.shape[dim]) for tensor in call.args[0] if tensor.numel()]
    if any(isinstance(piece, Tokens) for piece, _ in pieces) or _beside(pieces, dim):
        return end_to_end(pieces, dim)
    return _laid(call, pieces, dim)


def _beside(pieces: Sequence[tuple[TensorLayout | None, int]], dim: int) -> bool:
    """Whether tokens, or constants, lie beside a map whose positions are one line."""
    lines = [len([part for part in piece.dims[dim] if part.role >= 0]) for piece, _ in pieces if piece]
    return max(lines, default=0) > 1 and any(piece is None or size == 1 for piece, size in pieces)


@squared("cat.default")
def cat_squared(call: SquaredCall) -> Pulls:
    """Each operand takes its own part."""
    dim, first, pulls = call["dim"], 0, []
    for tensor in call["tensors"]:
        if tensor.shape != (0,):
            pulls.append((tensor, _narrowed(dim, first, tensor.shape[dim])))
            first += tensor.shape[dim]
    return [(tensor, pull) for tensor, pull in pulls if call.known(tensor)]


def _narrowed(dim: int, first: int, length: int) -> Pull:
    return lambda squared: squared.narrow(dim, first, length)


@exact("stack.default")
def stack(call: ExactCall) -> Result:
    """One after the other along a new dimension."""
    dim = call.arg(1, "dim", 0) % len(call.shape)
    layouts = [call.known(tensor) for tensor in call.args[0]]
    lifted = [layout and TensorLayout(layout.node, (*layout.dims[:dim], (), *layout.dims[dim:])) for layout in layouts]
    return _laid(call, [(layout, 1) for layout in lifted], dim)


@squared("stack.default")
def stack_squared(call: SquaredCall) -> Pulls:
    """Each operand takes its own part."""
    return [
        (tensor, _selected(call["dim"], index)) for index, tensor in enumerate(call["tensors"]) if call.known(tensor)
    ]


def _selected(dim: int, index: int) -> Pull:
    return lambda squared: squared.select(dim, index)


def _laid(call: ExactCall, pieces: Sequence[tuple[TensorLayout | None, int]], dim: int) -> TensorLayout:
    """Pieces end to end; a constant leaves its place empty."""
    layout = concatenated(call.builder, [layout for layout, _ in pieces if layout is not None], dim)
    table: list[int] = []
    seen = 0
    for known, size in pieces:
        table.extend(range(seen, seen + size) if known else [-1] * size)
        seen += size if known else 0
    role = call.builder.lone_role(layout)
    return call.builder.picked(
        layout, dim, np.array(table), "concat with a constant, as of a transformer's class token and an image,", role
    )
