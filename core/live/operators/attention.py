"""What is done to the weights of attention before they meet the values: scaled, masked, made to add up to one.

Everything else that is done to them is a gap. Masks are constants, whose numbers are read; a bias that is learned hides
nothing.
"""

from dataclasses import replace

import numpy as np
import torch

from ..layouts.attention import attended
from ..layouts.layout import NotRuledError, TensorLayout
from ..layouts.weights import COLUMN, HIDDEN, Side, Weights
from .registry import EXACT, WEIGHTS, ExactCall, Result, exact

_UNCHANGED = (
    *("clone.default", "alias.default", "detach.default", "_to_copy.default", "mul.Scalar", "mul_.Scalar"),
    *("div.Scalar", "div_.Scalar", "native_dropout.default"),
)
_REARRANGING = (
    *("view.default", "_unsafe_view.default", "permute.default", "transpose.int", "unsqueeze.default"),
    *("squeeze.dim", "squeeze.default", "expand.default"),
)


@exact(*_UNCHANGED, table=WEIGHTS)
def unchanged(call: ExactCall) -> Result:
    """The same weights, scaled by one number."""
    weights = _weights(call)
    return weights if isinstance(call.out, torch.Tensor) else (weights, *[None] * (len(call.out) - 1))


@exact(*_REARRANGING, table=WEIGHTS)
def rearranged(call: ExactCall) -> Result:
    """Views, by the rules of maps."""
    weights = _weights(call)
    seen = ExactCall(
        call.operator, call.args, call.options, call.out, call.builder, lambda tensor: _template(call.known(tensor))
    )
    template = EXACT[call.operator](seen)
    assert isinstance(template, TensorLayout)
    return weights.rearranged(template)


def _template(known: object) -> TensorLayout | None:
    return known.template if isinstance(known, Weights) else None


@exact("mul.Tensor", "mul_.Tensor", "div.Tensor", "div_.Tensor", table=WEIGHTS)
def scaled(call: ExactCall) -> Result:
    """Weights times constants, of each head, say; learned ones, whose zeros are none, or such without a zero."""
    weights = _weights(call)
    _refuse_input_dependent(call)
    if weights.soft:
        values = call.value(next(arg for arg in call.args if isinstance(arg, torch.Tensor) and call.known(arg) is None))
        if values.any() and not values.all():
            raise NotRuledError("attention weights times constants of which some are zero")
    return _of_same_shape(call, weights)


@exact("add.Tensor", "add_.Tensor", "sub.Tensor", table=WEIGHTS)
def biased(call: ExactCall) -> Result:
    """A bias of positions, or a mask: entries far below the largest of their row hide a key."""
    weights = _weights(call)
    if (dependent := _dependent(call)) is not None:
        return _of_same_shape(call, weights).asked(call.builder, dependent)
    if call.name == "sub" or call.options.get("alpha", 1) != 1:
        raise NotRuledError("constants taken from attention weights, or added several times")
    _of_same_shape(call, weights)
    if weights.soft:
        if weights.allowed is not None:
            raise NotRuledError("constants added to attention weights that a mask had hidden")
        return weights
    bias = next(arg for arg in call.args if isinstance(arg, torch.Tensor) and call.known(arg) is None)
    values = np.broadcast_to(call.value(bias).to(torch.float64).numpy(), weights.shape)
    if np.isnan(values).any():
        raise NotRuledError("a mask that holds no numbers")
    columns = [dim for dim, parts in enumerate(weights.dims) if any(part.role == COLUMN for part in parts)]
    largest = values.max(axis=tuple(columns), keepdims=True) if columns else values
    hidden = np.isneginf(values) | (values <= np.where(np.isneginf(largest), 0, largest) + HIDDEN)
    return weights.masked(~hidden) if hidden.any() else weights


@exact("masked_fill.Scalar", "masked_fill_.Scalar", table=WEIGHTS)
def hidden(call: ExactCall) -> Result:
    """Keys hidden by a constant mask."""
    weights = _weights(call)
    _refuse_input_dependent(call)
    if weights.soft or not call.args[2] <= 10 * HIDDEN:
        raise NotRuledError("attention weights filled with a number that may be a weight")
    shown = ~call.value(call.args[1]).numpy().astype(bool)
    return weights if shown.all() else weights.masked(shown)


@exact("_softmax.default", "_safe_softmax.default", table=WEIGHTS)
def softmax(call: ExactCall) -> Result:
    """Over all keys; over others it is no attention."""
    weights = _weights(call)
    dims = weights.dims
    dim = call.args[1] % len(dims)
    keys = [index for index, parts in enumerate(dims) if any(part.role == COLUMN for part in parts)]
    if keys not in ([dim], []) or any(part.role != COLUMN for part in dims[dim]):
        raise NotRuledError("a softmax of attention weights over other dimensions than keys")
    return replace(weights, soft=True)


@exact("bmm.default", table=WEIGHTS)
def read(call: ExactCall) -> Result:
    """Weights times values, or values times weights; a sum over keys in both."""
    left, right = call.known(call.args[0]), call.known(call.args[1])
    if isinstance(left, Weights) and isinstance(right, Weights):
        raise NotRuledError("a product of attention weights")
    if isinstance(left, Weights):
        if right is None:
            raise NotRuledError("attention weights times constants")
        return attended(call.builder, left, right)
    if left is None:
        raise NotRuledError("attention weights times constants")
    turned = right.rearranged(right.template.permuted((0, 2, 1)))
    return attended(call.builder, turned, left.permuted((0, 2, 1))).permuted((0, 2, 1))


@exact("mm.default", "addmm.default", table=WEIGHTS)
def talking(call: ExactCall) -> Result:
    """Weights mixed between heads by a constant matrix: talking heads, whose positions stay what they are."""
    weights = _weights(call)
    _refuse_input_dependent(call)
    if call.known(call.args[call.name == "addmm"]) is None:
        raise NotRuledError("a constant matrix times attention weights")
    return _of_same_shape(call, weights).talking(len(call.shape) - 1)


@exact("convolution.default", table=WEIGHTS)
def talking_windows(call: ExactCall) -> Result:
    """Weights mixed between heads, as by a convolution with a kernel of one."""
    weights = _weights(call)
    if any(_known(call, arg) is not None for arg in call.args[1:]) or set(call.args[1].shape[2:]) != {1}:
        raise NotRuledError("a convolution of attention weights with their neighbours, or with weights from the input")
    return _of_same_shape(call, weights).talking(1)


def _weights(call: ExactCall) -> Weights:
    found = [known for arg in call.args if isinstance(known := _known(call, arg), Weights)]
    if len(found) != 1:
        raise NotRuledError("an operator on two products of maps")
    return found[0]


def _dependent(call: ExactCall) -> Side | None:
    """What is added that depends on the input, beside the weights."""
    others = [known for arg in call.args if (known := _known(call, arg)) is not None and not isinstance(known, Weights)]
    return others[0] if others else None  # type: ignore[return-value]


def _known(call: ExactCall, arg: object) -> object:
    return call.known(arg) if isinstance(arg, torch.Tensor) else None


def _refuse_input_dependent(call: ExactCall) -> None:
    known = [_known(call, arg) for arg in call.args]
    if sum(what is not None for what in known) > 1:
        raise NotRuledError("a mask or bias of attention computed from the input")


def _of_same_shape(call: ExactCall, weights: Weights) -> Weights:
    if call.shape != weights.shape:
        raise NotRuledError("attention weights repeated")
    return weights
