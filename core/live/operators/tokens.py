"""Operators on tokens beside a map: what works entry by entry along the tokens works on every piece by itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch

from ..layouts.layout import NotRuledError, TensorLayout
from ..layouts.tokens import Tokens, indices, kept
from ..layouts.weights import weights_of
from .registry import EXACT, POINTWISE, TOKENS, Answer, Blank, ExactCall, Known, Result, exact

DimOf = Callable[[ExactCall, Tokens], int]  # the dimension of the (first) result that holds the tokens

_ELEMENTWISE = (
    *("add.Tensor", "add_.Tensor", "sub.Tensor", "sub_.Tensor", "mul.Tensor", "mul_.Tensor", "div.Tensor"),
    *("div_.Tensor", "sigmoid.default", "sigmoid_.default", "tanh.default", "hardsigmoid.default"),
    *("maximum.default", "minimum.default", "addcmul.default"),
)


def _aligned(call: ExactCall, tokens: Tokens) -> int:
    """As dimensions are aligned where operands are repeated."""
    return len(call.shape) - len(tokens.shape) + tokens.dim


def _piece_by_piece(dim_of: DimOf) -> Callable[[ExactCall], Result]:
    def rule(call: ExactCall) -> Result:
        given = [known for tensor in _flat(call) if isinstance(known := call.known(tensor), Tokens)]
        sizes = given[0].sizes
        if any(tokens.sizes != sizes for tokens in given):
            raise NotRuledError("tokens in other pieces")
        dim = dim_of(call, given[0])
        _refuse_mixed(call, dim, sum(sizes))
        first, answers = 0, []
        for index, size in enumerate(sizes):
            answers.append(_of_piece(call, index, first, size, dim))
            first += size
        if isinstance(call.out, torch.Tensor):
            return Tokens(dim, tuple(answer[0] for answer in answers), sizes)
        found: list[Answer] = []
        for place in range(len(call.out)):
            pieces = tuple(answer[place] for answer in answers)
            found.append(Tokens(dim, pieces, sizes) if any(pieces) else None)
        return found

    return rule


def _refuse_mixed(call: ExactCall, dim: int, total: int) -> None:
    """A map that runs over tokens and positions at once is in no pieces."""
    for tensor in _flat(call):
        known = call.known(tensor)
        at = dim - len(call.shape) + tensor.ndim
        if isinstance(known, TensorLayout) and at >= 0 and tensor.shape[at] == total:
            raise NotRuledError("tokens and a map of as many positions")


def _of_piece(call: ExactCall, index: int, first: int, size: int, dim: int) -> list[TensorLayout | None]:
    """What one piece of every result is."""
    pieces: dict[int, TensorLayout | None] = {}

    def cut(tensor: Any) -> Any:
        known = call.known(tensor) if isinstance(tensor, torch.Tensor) else None
        if not isinstance(known, Tokens):
            return tensor
        piece = tensor.narrow(known.dim, first, size)
        pieces[id(piece)] = known.pieces[index]
        return piece

    args = tuple(map(cut, call.args))
    options = {name: cut(value) for name, value in call.options.items()}
    outs = [call.out] if isinstance(call.out, torch.Tensor) else list(call.out)
    if not any(pieces.values()):
        return [None] * len(outs)
    results = [out.narrow(dim, first, size) if out.ndim > dim and out.numel() else out for out in outs]

    def known_of(tensor: Any) -> Any:
        return pieces[id(tensor)] if id(tensor) in pieces else call.known(tensor)

    whole = isinstance(call.out, torch.Tensor)
    part = replace(call, args=args, options=options, out=results[0] if whole else results, known=known_of)
    answer = EXACT[call.operator](part)
    answers = list(answer) if isinstance(answer, (tuple, list)) else [answer]
    for layout, out in zip(answers, results, strict=True):
        if layout is not None and not (isinstance(layout, TensorLayout) and layout.shape == tuple(out.shape)):
            raise NotRuledError("tokens of which one piece is no map")
    return answers  # type: ignore[return-value]


def _flat(call: ExactCall) -> list[torch.Tensor]:
    return [arg for arg in (*call.args, *call.options.values()) if isinstance(arg, torch.Tensor)]


def _row(call: ExactCall, tokens: Tokens) -> int:
    """Of a product with a constant matrix: any dimension but the last, which is summed over."""
    if tokens.dim == len(tokens.shape) - 1:
        raise NotRuledError("a dense layer along tokens and positions")
    return tokens.dim


def _unnormalised(call: ExactCall, tokens: Tokens) -> int:
    if tokens.dim >= len(tokens.shape) - len(call.args[1]):
        raise NotRuledError("statistics over tokens and positions")
    return tokens.dim


def _not_summed(call: ExactCall, tokens: Tokens) -> int:
    """Of a softmax or a norm along one other dimension, which stays."""
    dims = call.args[1] if call.name != "linalg_vector_norm" else call.args[2]
    dims = [dim % len(tokens.shape) for dim in (dims if isinstance(dims, (list, tuple)) else [dims])]
    if tokens.dim in dims or len(call.shape) != len(tokens.shape):
        raise NotRuledError("a sum over tokens and positions")
    return tokens.dim


exact(*_ELEMENTWISE, table=TOKENS)(_piece_by_piece(_aligned))
TOKENS.update((operator, _piece_by_piece(_aligned)) for operator in POINTWISE)
exact("native_layer_norm.default", table=TOKENS)(_piece_by_piece(_unnormalised))
exact("_softmax.default", "linalg_vector_norm.default", table=TOKENS)(_piece_by_piece(_not_summed))


@exact("mm.default", "addmm.default", table=TOKENS)
def dense(call: ExactCall) -> Result:
    """Every token and position by itself."""
    return _piece_by_piece(_row)(call)


@exact("bmm.default", table=TOKENS)
def product(call: ExactCall) -> Result:
    """The weights of attention, or a dense layer."""
    left, right = call.known(call.args[0]), call.known(call.args[1])
    if right is not None:
        return weights_of(left, right, call.shape[1])
    return dense(call)


@exact("view.default", "_unsafe_view.default", "unsqueeze.default", "squeeze.dim", "squeeze.default", table=TOKENS)
def view(call: ExactCall) -> Result:
    """The same elements under another shape."""
    return _tokens(call).reshaped(call.shape)


@exact("permute.default", table=TOKENS)
def permute(call: ExactCall) -> Result:
    """Dimensions in another order."""
    return _tokens(call).permuted(call.args[1])


@exact("transpose.int", "t.default", table=TOKENS)
def transpose(call: ExactCall) -> Result:
    """Two dimensions exchanged."""
    rank = len(call.shape)
    one, two = (dim % rank for dim in (call.args[1:3] if call.name == "transpose" else (-2, -1)))
    order = list(range(rank))
    order[one], order[two] = order[two], order[one]
    return _tokens(call).permuted(order)


@exact("expand.default", table=TOKENS)
def expand(call: ExactCall) -> Result:
    """Copies along other dimensions."""
    return _piece_by_piece(_aligned)(call)


@exact("slice.Tensor", table=TOKENS)
def slice_(call: ExactCall) -> Result:
    """Some tokens, or some entries of another dimension of each."""
    tokens, dim = _tokens(call), call.arg(1, "dim", 0) % len(call.shape)
    if dim != tokens.dim:
        return _piece_by_piece(lambda call, tokens: tokens.dim)(call)
    total = tokens.shape[dim]
    chosen = indices(tokens, total, call.arg(2, "start"), call.arg(3, "end"), call.arg(4, "step", 1))
    return _answer(kept(call.builder, tokens, chosen))


@exact("select.int", table=TOKENS)
def select(call: ExactCall) -> Result:
    """One token, or one entry of another dimension of each."""
    tokens = _tokens(call)
    dim = call.args[1] % len(tokens.shape)
    if dim != tokens.dim:
        return _piece_by_piece(lambda call, tokens: tokens.dim - (dim < tokens.dim))(call)
    index = call.args[2] % tokens.shape[dim]
    one = kept(call.builder, tokens, range(index, index + 1))
    assert not isinstance(one, Tokens)
    return Blank() if one is None else one.reshaped(call.shape)


@exact("unbind.int", table=TOKENS)
def unbind(call: ExactCall) -> Result:
    """Every entry of another dimension by itself."""
    tokens = _tokens(call)
    dim = call.arg(1, "dim", 0) % len(tokens.shape)
    if dim == tokens.dim:
        raise NotRuledError("every token by itself")
    return _piece_by_piece(lambda call, tokens: tokens.dim - (dim < tokens.dim))(call)


@exact("split.Tensor", "split_with_sizes.default", table=TOKENS)
def split(call: ExactCall) -> Result:
    """Pieces of a dimension."""
    tokens, dim = _tokens(call), call.arg(2, "dim", 0) % len(call.out[0].shape)
    if dim != tokens.dim:
        return _piece_by_piece(lambda call, tokens: tokens.dim)(call)
    found: list[Answer] = []
    first = 0
    for piece in call.out:
        found.append(_answer(kept(call.builder, tokens, range(first, first + piece.shape[dim]))))
        first += piece.shape[dim]
    return found


def _tokens(call: ExactCall) -> Tokens:
    known = call.known(call.args[0])
    if not isinstance(known, Tokens):
        raise NotRuledError("tokens beside a map in another place than the first")
    return known


def _answer(known: Known | None) -> Known | Blank:
    return Blank() if known is None else known
