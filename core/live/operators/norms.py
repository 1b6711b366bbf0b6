"""Normalisations: by constants or by the statistics of one position, position by position; else with a gate."""

from collections.abc import Sequence

import torch

from ..layouts.feature_maps import as_map
from ..layouts.joins import normalised
from ..layouts.layout import Part, TensorLayout
from .registry import ExactCall, Pull, Pulls, Result, SquaredCall, exact, pointwise, squared, unchanged

NORMALISED = "normalisation by the sample's own statistics: its derivative is that of one forward pass"

pointwise("a normalisation by constants", "_native_batch_norm_legit_no_training.default")


@exact("native_batch_norm.default")
def batch_norm(call: ExactCall) -> Result:
    """By constants in evaluation mode; by statistics in training mode, which instance norm is made of too."""
    return instance_norm(call) if call.args[5] else unchanged(call)


@squared(
    "native_batch_norm.default", "_native_batch_norm_legit_no_training.default", "cudnn_batch_norm.default", channel=1
)
def batch_norm_squared(call: SquaredCall) -> Pulls:
    """γ²/(σ² + ε), with running statistics; with its own, as any normalisation."""
    if call.names.get("training"):
        return _own_statistics(call)
    source, weight, variance = call.args[0], call["weight"], call["running_var"]
    scale = (variance + (call.names.get("eps") or call.names["epsilon"])).reciprocal()
    if weight is not None:
        scale = scale * weight.square()
    scale = scale.view(-1, *(1,) * (source.ndim - 2))
    return [(source, lambda squared: squared * scale)]


@exact("_native_batch_norm_legit.no_stats")
def instance_norm(call: ExactCall) -> Result:
    """Statistics over the positions of each channel."""
    return _normalised(call, [dim for dim in range(len(call.shape)) if dim != 1])


@squared("_native_batch_norm_legit.no_stats", assumes=NORMALISED, channel=1)
def instance_norm_squared(call: SquaredCall) -> Pulls:
    """Each channel is normalised over all positions."""
    return _own_statistics(call)


def _own_statistics(call: SquaredCall) -> Pulls:
    source, weight = call.args[0], call["weight"]
    channels = source.shape[1]
    gain = source.new_ones(()) if weight is None else weight.square().view(-1, 1)
    return [
        (
            source,
            _normalised_squared(
                source, (channels, -1), gain, call.names.get("eps") or call.names["epsilon"], turned=True
            ),
        )
    ]


@exact("native_layer_norm.default")
def layer_norm(call: ExactCall) -> Result:
    """Statistics over the last dimensions."""
    return _normalised(call, range(len(call.shape) - len(call.args[1]), len(call.shape)))


@squared("native_layer_norm.default", assumes=NORMALISED, channel=-1)
def layer_norm_squared(call: SquaredCall) -> Pulls:
    """Each position is normalised over its channels (the last dimensions)."""
    source, weight = call["input"], call["weight"]
    gain = source.new_ones(()) if weight is None else weight.square().reshape(1, -1)
    count = call["input"][(0,) * (source.ndim - len(call["normalized_shape"]))].numel()
    return [(source, _normalised_squared(source, (-1, count), gain, call["eps"]))]


@exact("native_group_norm.default")
def group_norm(call: ExactCall) -> Result:
    """Statistics over the positions and the channels of a group."""
    batch, channels, *rest = call.shape
    groups = call.args[6]
    return _normalised(call, range(2, len(rest) + 3), (batch, groups, channels // groups, *rest))


@squared("native_group_norm.default", assumes=NORMALISED, channel=1)
def group_norm_squared(call: SquaredCall) -> Pulls:
    """Each group of channels is normalised over all positions."""
    source, weight, groups = call["input"], call["weight"], call["group"]
    gain = source.new_ones(()) if weight is None else weight.square()
    if weight is not None:
        per_sample = gain.view(-1, *(1,) * (source.ndim - 2)).expand(source.shape)
        gain = per_sample.reshape(source.shape[0] * groups, -1)
    return [(source, _normalised_squared(source, (source.shape[0] * groups, -1), gain, call["eps"]))]


def _normalised(call: ExactCall, dims: Sequence[int], shape: Sequence[int] = ()) -> Result:
    """Statistics over ``dims`` of the argument, seen under another ``shape`` where one is given."""
    whole, *others = unchanged(call)  # type: ignore[misc]
    assert isinstance(whole, TensorLayout)
    if not shape and len(dims) == 1 and any(not call.builder.whole(whole, part) for part in _axes(whole, dims[0])):
        whole = as_map(call.builder, whole, dims[0])  # positions among the channels, as where patches are merged
    layout = whole.reshaped(shape) if shape else whole
    if any(part.role >= 0 for dim in dims for part in layout.dims[dim]):
        whole = normalised(call.builder, layout, call.name, dims).reshaped(call.shape)
    return (whole, *others)


def _axes(layout: TensorLayout, dim: int) -> list[Part]:
    return [part for part in layout.dims[dim] if part.role >= 0]


def _normalised_squared(
    values: torch.Tensor, rows: tuple[int, int], gain: torch.Tensor, eps: float, turned: bool = False
) -> Pull:
    """Mean 0 and variance 1 in each of the ``rows`` that the values make; ``gain``: squared weights of their samples.

    With n samples of deviation s, z the normalised ones: ∂y_i/∂x_j = weight_i / s ((i = j) - (1 + z_i z_j) / n).
    Squared and summed over i, weighted by what each y_i is given, this needs three sums per row only. ``turned``: the
    first two dimensions change places first.
    """

    def in_rows(tensor: torch.Tensor) -> torch.Tensor:
        return (tensor.transpose(0, 1) if turned else tensor).reshape(rows)

    samples = in_rows(values.detach())
    samples = samples - samples.mean(1, keepdim=True)
    variance = samples.square().mean(1, keepdim=True) + eps
    unit = samples * variance.rsqrt()
    n = samples.shape[1]

    def pull(squared: torch.Tensor) -> torch.Tensor:
        given = in_rows(squared) * gain / variance
        zeroth, first, second = ((given * unit**power).sum(1, keepdim=True) for power in range(3))
        others = (zeroth + 2 * unit * first + unit.square() * second) / n**2
        result = given * (1 - 2 * (1 + unit.square()) / n) + others
        if not turned:
            return result.reshape(squared.shape)
        return result.reshape(squared.transpose(0, 1).shape).transpose(0, 1)

    return pull
