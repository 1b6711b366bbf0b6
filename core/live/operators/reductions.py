"""Means, sums, largest values and statistics over dimensions."""

from collections.abc import Sequence
from typing import Any

import torch

from ...network.kinds import GLOBAL
from ...network.operations import REDUCE
from .pulls import AT_VALUES, EQUALLY_LIKELY, read_once, zeros_and_ones
from .registry import ExactCall, Pulls, Result, SquaredCall, exact, squared

squared("sum.default", "sum.dim_IntList", results=0)(zeros_and_ones)
squared(
    *("var.correction", "std.correction", "linalg_vector_norm.default", "logsumexp.default", "prod.dim_int"),
    assumes=AT_VALUES,
)(read_once)


@exact(
    "mean.dim",
    "mean.default",
    "sum.dim_IntList",
    "sum.default",
    "amax.default",
    "amin.default",
    "max.dim",
    "linalg_vector_norm.default",
    "var.correction",
    "std.correction",
    "logsumexp.default",
    "norm.ScalarOpt_dim",
    "prod.dim_int",
    "min.dim",
)
def reduce(call: ExactCall) -> Result:
    """One result from every entry along some dimensions."""
    layout = call.layout()
    if not layout.dims:
        return layout if isinstance(call.out, torch.Tensor) else (layout, None)
    after = 2 if call.name == "linalg_vector_norm" or call.name == "norm" else 1
    dims: Any = call.arg(after, "dim")
    unnamed = dims is None or (isinstance(dims, Sequence) and not dims)
    wanted = range(len(layout.dims)) if unnamed else dims if isinstance(dims, Sequence) else [dims]
    wanted = [dim % len(layout.dims) for dim in wanted]
    place = 9 if call.name.removesuffix("_mean") in ("var", "std") else after + 1  # only by name
    axes = {part.role for dim in wanted for part in layout.dims[dim]}
    every = {axis for axis, side in enumerate(call.builder.node(layout).size) if side > 1}
    pooled = call.name == "mean" and axes == every != set()  # as a text's ``global``
    keep = bool(call.arg(place, "keepdim", False))
    result = call.builder.summed(layout, call.name, wanted, keep, op=GLOBAL if pooled else REDUCE)
    return result if not isinstance(call.out, (tuple, list)) else (result, *[None] * (len(call.out) - 1))


@exact("var_mean.correction", "std_mean.correction")
def reduce_twice(call: ExactCall) -> Result:
    """Two results from every entry along some dimensions."""
    result = reduce(call)
    assert isinstance(result, tuple)
    return result[0], result[0]


@squared("mean.dim", "mean.default")
def mean_squared(call: SquaredCall) -> Pulls:
    """1/n² to each of n samples."""
    source, shape = call.args[0], call.args[0].shape
    share = call.out.numel() / source.numel()
    dims = call.names.get("dim")
    gone = sorted(dim % len(shape) for dim in (dims or range(len(shape))))

    def pull(squared: torch.Tensor) -> torch.Tensor:
        kept = [1 if dim in gone else side for dim, side in enumerate(shape)]
        back: torch.Tensor = (squared.reshape(kept) * share**2).expand(shape)
        return back

    return [(source, pull)]


@squared(
    *("amax.default", "max.dim", "amin.default", "min.dim"),
    assumes=EQUALLY_LIKELY,
)
def largest_squared(call: SquaredCall) -> Pulls:
    """1/n to each of n samples."""
    source = call.args[0]
    dims = call["dim"] if isinstance(call["dim"], (list, tuple)) else [call["dim"]]
    gone = {dim % source.ndim for dim in (dims or range(source.ndim))}
    kept = [1 if index in gone else side for index, side in enumerate(source.shape)]
    count = source.numel() // max(1, torch.Size(kept).numel())
    return [(source, lambda squared: (squared.reshape(kept) / count).expand(source.shape))]
