"""Means, sums and largest values along dimensions."""

from collections.abc import Callable
from functools import partial

import torch

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, axes_in, spelled

_Reduce = Callable[[torch.Tensor, tuple[int, ...], bool], torch.Tensor]

_REDUCE: dict[str, _Reduce] = {
    "ReduceMean": lambda x, dims, keep: x.mean(dims, keepdim=keep),
    "ReduceSum": lambda x, dims, keep: x.sum(dims, keepdim=keep, dtype=x.dtype),
    "ReduceMax": lambda x, dims, keep: x.amax(dims, keepdim=keep),
    "ReduceMin": lambda x, dims, keep: x.amin(dims, keepdim=keep),
    "ReduceL1": lambda x, dims, keep: x.abs().sum(dims, keepdim=keep),
    "ReduceL2": lambda x, dims, keep: torch.linalg.vector_norm(x, dim=list(dims), keepdim=keep),
    "ReduceSumSquare": lambda x, dims, keep: x.square().sum(dims, keepdim=keep),
    "ReduceLogSumExp": lambda x, dims, keep: torch.logsumexp(x, dims, keepdim=keep),
    "ReduceLogSum": lambda x, dims, keep: x.sum(dims, keepdim=keep).log(),
    "ReduceProd": lambda x, dims, keep: _product(x, dims, keep),
}


def _product(x: torch.Tensor, dims: tuple[int, ...], keep: bool) -> torch.Tensor:
    for dim in sorted(dims, reverse=True):
        x = x.prod(dim, keepdim=keep, dtype=x.dtype)
    return x


def _reduced(reduce: _Reduce, call: OnnxCall) -> torch.Tensor:
    """Along the axes that are named, or all; of none, nothing, where that is asked for."""
    x = call[0]
    named = call.whole("axes", 1, ())
    if not named and call.attribute("noop_with_empty_axes", 0):
        return x
    dims = tuple(axes_in(named, x.ndim) if named else range(x.ndim))
    return reduce(x, dims, bool(call.attribute("keepdims", 1))) if x.ndim else x


def _registered() -> None:
    for name, reduce in _REDUCE.items():
        spelled(name)(partial(_reduced, reduce))


_registered()


@spelled("ArgMax", "ArgMin")
def place(call: OnnxCall) -> torch.Tensor:
    """Of constants; of a map it is a choice that depends on the input."""
    x = call[0]
    chosen = torch.argmax if call.node.operator == "ArgMax" else torch.argmin
    return chosen(x, call.axis(0, x.ndim), keepdim=bool(call.attribute("keepdims", 1)))


@spelled("CumSum")
def running_total(call: OnnxCall) -> torch.Tensor:
    """Along an axis, from the first entry on."""
    axis = call.whole("", 1)
    if not axis or call.attribute("exclusive", 0) or call.attribute("reverse", 0):
        raise NotRuledError("a running total backwards, or without the entry itself")
    return torch.cumsum(call[0], axis[0])
