"""Softmax and attention."""

from math import prod

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, spelled


@spelled("Softmax", "LogSoftmax")
def softmax(call: OnnxCall) -> torch.Tensor:
    """Along one dimension; before opset 13 along all from one on, as one line."""
    x = call[0]
    log = call.node.operator == "LogSoftmax"
    if call.opset >= 13:
        axis = call.axis(-1, x.ndim)
        return x.log_softmax(axis) if log else x.softmax(axis)
    axis = call.axis(1, x.ndim)
    if axis == x.ndim - 1:
        return x.log_softmax(axis) if log else x.softmax(axis)
    line = x.reshape(prod(x.shape[:axis]), prod(x.shape[axis:]))
    return (line.log_softmax(1) if log else line.softmax(1)).reshape(x.shape)


@spelled("Attention", worked_out=False)
def attention(call: OnnxCall) -> torch.Tensor:
    """Queries, keys and values of heads, in a dimension of their own or beside the channels."""
    if len(call.node.outputs) > 1 or any(call.optional(index) is not None for index in (4, 5)):
        raise NotRuledError("keys and values of an earlier call, or weights as a result")
    if call.attribute("softcap", 0.0):
        raise NotRuledError("weights that are capped before the softmax")
    flat = call[0].ndim == 3
    heads, shared = (int(call.attribute(name, 0)) for name in ("q_num_heads", "kv_num_heads"))
    if flat and not (heads > 0 and shared > 0):
        raise NotRuledError("heads that are not told")
    query, key, value = (
        _split(call[index], count) if flat else call[index] for index, count in enumerate((heads, shared, shared))
    )
    result = F.scaled_dot_product_attention(
        query, key, value, call.optional(3), is_causal=bool(call.attribute("is_causal", 0)),
        enable_gqa=query.shape[1] != key.shape[1],
    )  # fmt: skip
    return result.transpose(1, 2).reshape(*call[0].shape[:2], -1) if flat else result


def _split(x: torch.Tensor, heads: int) -> torch.Tensor:
    batch, length, channels = x.shape
    if channels % heads:
        raise NotRuledError(f"{channels} channels in {heads} heads")
    return x.reshape(batch, length, heads, channels // heads).transpose(1, 2)
