"""Activations, position by position; those that squash, gates made of them, and softmax."""

import torch

from ..layouts.joins import multiplied, spread_over, squashed
from ..layouts.layout import COPY, NotRuledError
from .pulls import AT_VALUES, at_values, read_once
from .registry import ExactCall, Pulls, Result, SquaredCall, exact, pointwise, squared

_SQUASHING = (
    *("sigmoid.default", "sigmoid_.default", "hardsigmoid.default", "hardsigmoid_.default"),
    *("tanh.default", "tanh_.default"),
)

pointwise(
    "an activation",
    *("relu.default", "relu_.default", "gelu.default", "gelu_.default", "silu.default", "silu_.default"),
    *("hardswish.default", "hardswish_.default", "hardtanh.default", "hardtanh_.default"),
    *("leaky_relu.default", "leaky_relu_.default", "elu.default", "elu_.default", "softplus.default"),
    *("mish.default", "mish_.default", "_prelu_kernel.default", "threshold.default", "threshold_.default"),
    *("hardshrink.default", "softshrink.default", "celu.default", "celu_.default"),
    *("log_sigmoid_forward.default", "rrelu_with_noise.default"),
)
squared(
    *_SQUASHING,
    *("gelu.default", "silu.default", "silu_.default", "hardswish.default", "hardswish_.default"),
    *("hardtanh.default", "hardtanh_.default", "leaky_relu.default", "leaky_relu_.default", "elu.default"),
    *("elu_.default", "celu.default", "softplus.default", "mish.default", "mish_.default", "_prelu_kernel.default"),
    *("threshold.default", "softshrink.default", "hardshrink.default", "log_sigmoid_forward.default"),
    assumes=AT_VALUES,
)(at_values)
squared("glu.default", assumes=AT_VALUES)(read_once)


@squared("relu.default", "relu_.default", assumes=AT_VALUES)
def relu_squared(call: SquaredCall) -> Pulls:
    """The share of a channel's values that are positive: 1/2 of symmetric ones, none of a dead channel's."""
    share = call.over_positions((call.args[0] > 0).to(call.args[0].dtype))
    return [(call.args[0], lambda squared: squared * share)]


@exact(*_SQUASHING)
def squashing(call: ExactCall) -> Result:
    """An activation whose result, as a factor, is a gate."""
    return squashed(call.builder, call.layout(), call.name)


@exact("glu.default")
def gated(call: ExactCall) -> Result:
    """One half, and as its gate the sigmoid of the other."""
    layout, dim = call.layout(), call.arg(1, "dim", -1) % len(call.shape)
    half = call.shape[dim]
    passing, scaling = (call.builder.sliced(layout, dim, first, first + half) for first in (0, half))
    return multiplied(call.builder, [passing, squashed(call.builder, scaling, "glu")], "glu", call.shape)


@exact("_softmax.default", "_log_softmax.default", "_safe_softmax.default")
def softmax(call: ExactCall) -> Result:
    """Every entry along the dimension reads all of them."""
    layout = call.layout()
    dim = call.args[1] % max(len(call.shape), 1)
    if layout.dims and layout.dims[dim]:
        if any(part.role == COPY for part in layout.dims[dim]):
            raise NotRuledError("a softmax over copies")
        total = call.builder.summed(layout, "softmax", [dim], keep=True)
        layout = spread_over(call.builder, total, layout)
    return layout if "log" in call.name else squashed(call.builder, layout, "softmax")


@squared("_softmax.default", "_safe_softmax.default", assumes=AT_VALUES)
def softmax_squared(call: SquaredCall) -> Pulls:
    """∂s_i/∂x_j = s_i (δ_ij - s_j)."""
    source, dim = call.args[0], call["dim"]
    shares = torch.softmax(source.detach(), dim)

    def pull(squared: torch.Tensor) -> torch.Tensor:
        total = (squared * shares.square()).sum(dim, keepdim=True)
        return shares.square() * (total + squared * (1 - 2 * shares))

    return [(source, pull)]
