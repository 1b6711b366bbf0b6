"""Matrix products: dense layers; squared, each operand takes the other's squared values."""

import torch

from ...network.operations import DENSE, FLATTEN
from ..layouts.feature_maps import as_map
from ..layouts.layout import CHANNEL, COPY, NotRuledError, Part, TensorLayout, merged
from ..layouts.mixing import mixed, mixes
from ..layouts.weights import weights_of
from .pulls import AT_VALUES
from .registry import ExactCall, Pull, Pulls, Result, SquaredCall, exact, squared

_WEIGHTS = "a product of two maps: weights"


@exact("addmm.default")
def affine(call: ExactCall) -> Result:
    """A dense layer with a bias."""
    call.refuse_if_input_dependent(0, "a bias")
    call.refuse_if_input_dependent(2, "weights")
    return _dense(call, call.layout(1))


@exact("mm.default")
def product(call: ExactCall) -> Result:
    """A dense layer: a map times a constant matrix."""
    call.refuse_if_input_dependent(1, _WEIGHTS)
    return _dense(call, call.layout(0))


@exact("bmm.default")
def batched_product(call: ExactCall) -> Result:
    """A dense layer for each index of a batch; of two maps, the weights of attention."""
    left, right = call.known(call.args[0]), call.known(call.args[1])
    if right is not None:
        return weights_of(left, right, call.shape[1])
    return _dense(call, call.layout(0))


def _dense(call: ExactCall, layout: TensorLayout) -> TensorLayout:
    """Each output channel reads everything in the last dimension, at each index of the others."""
    if any(part.role >= 0 and not call.builder.whole(layout, part) for part in layout.dims[-1]):
        layout = as_map(call.builder, layout, len(layout.dims) - 1)
    if mixes(layout):
        return mixed(call.builder, layout, call.shape[-1])
    last = layout.dims[-1]
    axes = [part.role for part in last if part.role >= 0]
    if any(part.role == COPY for part in last):
        raise NotRuledError("a dense layer over copies")
    if axes:
        layout = call.builder.gathered(layout, FLATTEN, "flatten", axes)
    channels = call.shape[-1]
    below = call.builder.node(layout)
    node = call.builder.added(DENSE, "dense", [layout.node], below, channels=channels, groups=1)
    return TensorLayout(node, (*layout.dims[:-1], merged([Part(CHANNEL, channels)])))


@squared("mm.default", "bmm.default", assumes=AT_VALUES, channel=-1)
def product_squared(call: SquaredCall) -> Pulls:
    """Each operand takes the other's squared values: weights, or those of the forward pass."""
    return _product(call, 0)


@squared("addmm.default", "baddbmm.default", assumes=AT_VALUES, channel=-1)
def affine_squared(call: SquaredCall) -> Pulls:
    """The same, scaled by ``alpha``; what is added is scaled by ``beta``."""
    pulls = list(_product(call, 1))
    added, beta = call.args[0], call["beta"] ** 2
    if call.known(added):
        pulls.append((added, lambda squared: squared.sum_to_size(added.shape) * beta))
    return pulls


def _product(call: SquaredCall, first: int) -> Pulls:
    left, right = (arg.detach().square() for arg in call.args[first : first + 2])
    alpha = call.names.get("alpha", 1) ** 2
    pulls: list[tuple[torch.Tensor, Pull]] = []
    if call.known(call.args[first]):
        pulls.append((call.args[first], lambda squared: squared @ right.mT * alpha))
    if call.known(call.args[first + 1]):
        pulls.append((call.args[first + 1], lambda squared: left.mT @ squared * alpha))
    return pulls
