"""Normalisations."""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, spelled

_FIXED = "statistics or a scale computed from the input"


@spelled("BatchNormalization", worked_out=False)
def batch_norm(call: OnnxCall) -> torch.Tensor:
    """By constants; in training it is no such, but of weights, which some models normalise."""
    if call.is_fixed(0):
        return torch.empty_like(call[0])
    if call.attribute("training_mode", 0) or not all(call.is_fixed(index) for index in range(1, 5)):
        raise NotRuledError(_FIXED)
    return F.batch_norm(call[0], call[3], call[4], call[1], call[2])


@spelled("InstanceNormalization", worked_out=False)
def instance_norm(call: OnnxCall) -> torch.Tensor:
    """By the statistics of every channel."""
    _refuse_dependent(call)
    return F.instance_norm(call[0], weight=call[1], bias=call[2])


@spelled("GroupNormalization", worked_out=False)
def group_norm(call: OnnxCall) -> torch.Tensor:
    """By the statistics of groups of channels."""
    _refuse_dependent(call)
    return F.group_norm(call[0], int(call.attribute("num_groups", 1)))


@spelled("LayerNormalization", worked_out=False)
def layer_norm(call: OnnxCall) -> torch.Tensor:
    """By the statistics of the dimensions from an axis on."""
    _refuse_dependent(call)
    x = call[0]
    shape = list(x.shape[call.axis(-1, x.ndim) :])
    weight, bias = (call.optional(index) for index in (1, 2))
    fits = all(tensor is None or list(tensor.shape) == shape for tensor in (weight, bias))
    if fits:
        return F.layer_norm(x, shape, weight, bias)
    scaled = F.layer_norm(x, shape) if weight is None else F.layer_norm(x, shape) * weight
    return scaled if bias is None else scaled + bias


@spelled("RMSNormalization", worked_out=False)
def rms_norm(call: OnnxCall) -> torch.Tensor:
    """By the mean square of the dimensions from an axis on."""
    _refuse_dependent(call)
    return F.rms_norm(call[0], list(call[0].shape[call.axis(-1, call[0].ndim) :])) * call[1]


@spelled("LpNormalization", worked_out=False)
def unit_norm(call: OnnxCall) -> torch.Tensor:
    """Divided by the length along a dimension."""
    return F.normalize(call[0], float(call.attribute("p", 2)), call.axis(-1, call[0].ndim))


def _refuse_dependent(call: OnnxCall) -> None:
    if not all(call.is_fixed(index) for index in range(1, len(call)) if call.values[index] is not None):
        raise NotRuledError(_FIXED)
