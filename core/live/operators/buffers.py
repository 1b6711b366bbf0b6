"""Tensors made anew, copied or filled."""

import torch

from ..layouts.layout import repeated
from .pulls import zeros_and_ones
from .registry import Blank, ExactCall, Pulls, Result, SquaredCall, exact, pointwise, squared

# Their results do not follow the input: no gradient passes.
CONSTANT = ("detach", "sign", "floor", "ceil", "round", "zeros_like", "ones_like", "empty_like", "full_like",
            "new_zeros", "new_ones", "new_empty", "new_full", "rand_like", "randn_like", "bernoulli")  # fmt: skip

pointwise(
    "a copy",
    *("clone.default", "alias.default", "detach.default", "_to_copy.default", "lift_fresh.default"),
    "native_dropout.default",
)
squared("clone.default", "alias.default", "_to_copy.default", results=0)(zeros_and_ones)


@exact(
    *("new_empty.default", "new_zeros.default", "new_ones.default", "new_full.default", "empty_like.default"),
    *("zeros_like.default", "ones_like.default", "full_like.default", "rand_like.default", "randn_like.default"),
    *("zero_.default", "fill_.Scalar", "fill_.Tensor", "bernoulli.p"),
)
def blank(call: ExactCall) -> Result:
    """Numbers that do not depend on the input, in a new tensor or in place of an old one's."""
    if len(call.args) > 1 and isinstance(call.args[1], torch.Tensor):
        call.refuse_if_input_dependent(1, "a tensor filled with a number")
    return Blank()


@exact("copy_.default")
def written(call: ExactCall) -> Result:
    """Another tensor in place of this one; the recorder knows what else lies in that memory."""
    source = call.known(call.args[1])
    return Blank() if source is None else repeated(source, call.shape)


@squared("copy_.default")
def written_squared(call: SquaredCall) -> Pulls:
    """What was there is gone."""
    source = call["src"]
    return [(source, lambda squared: squared.sum_to_size(source.shape))] if call.known(source) else []
