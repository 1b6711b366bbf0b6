"""Normalisations: by constants or by the statistics of one position, position by position; else with a gate."""

from collections.abc import Sequence

from .joins import normalised
from .registry import Call, Result, pointwise, rule, unchanged
from .sheet import Sheet

pointwise("a normalisation by constants", "_native_batch_norm_legit_no_training.default")


@rule("native_batch_norm.default")
def batch_norm(call: Call) -> Result:
    """By constants in evaluation mode; by statistics in training mode, which instance norm is made of too."""
    return instance_norm(call) if call.args[5] else unchanged(call)


@rule("_native_batch_norm_legit.no_stats")
def instance_norm(call: Call) -> Result:
    """Statistics over the positions of each channel."""
    return _normalised(call, [dim for dim in range(len(call.shape)) if dim != 1])


@rule("native_layer_norm.default")
def layer_norm(call: Call) -> Result:
    """Statistics over the last dimensions."""
    return _normalised(call, range(len(call.shape) - len(call.args[1]), len(call.shape)))


@rule("native_group_norm.default")
def group_norm(call: Call) -> Result:
    """Statistics over the positions and the channels of a group."""
    batch, channels, *rest = call.shape
    groups = call.args[6]
    return _normalised(call, range(2, len(rest) + 3), (batch, groups, channels // groups, *rest))


def _normalised(call: Call, dims: Sequence[int], shape: Sequence[int] = ()) -> Result:
    """Statistics over ``dims`` of the argument, seen under another ``shape`` where one is given."""
    whole, *others = unchanged(call)  # type: ignore[misc]
    assert isinstance(whole, Sheet)
    sheet = whole.reshaped(shape) if shape else whole
    if any(part.role >= 0 for dim in dims for part in sheet.dims[dim]):
        whole = normalised(call.canvas, sheet, call.name, dims).reshaped(call.shape)
    return (whole, *others)
