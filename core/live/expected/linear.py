"""Operators whose derivative does not depend on data: rearranging, padding, sums, averages, resizing."""

from collections.abc import Sequence

import torch

from .registry import Call, Pull, gradient, rule
from .windows import counted, spread

Pulls = Sequence[tuple[torch.Tensor, Pull]]


@rule(
    *("view.default", "_unsafe_view.default", "_reshape_alias.default", "squeeze.default", "squeeze.dim"),
    *("squeeze.dims", "unsqueeze.default", "permute.default", "transpose.int", "t.default", "expand.default"),
    *("slice.Tensor", "select.int", "unbind.int", "split.Tensor", "split_with_sizes.default", "repeat.default"),
    *("index_select.default", "index.Tensor", "gather.default", "roll.default", "flip.default", "clone.default"),
    *("alias.default", "_to_copy.default", "constant_pad_nd.default", "reflection_pad1d.default"),
    *("reflection_pad2d.default", "replication_pad1d.default", "replication_pad2d.default", "pixel_shuffle.default"),
    *("pixel_unshuffle.default", "channel_shuffle.default", "upsample_nearest1d.default"),
    *("upsample_nearest2d.default", "_upsample_nearest_exact2d.default", "sum.default", "sum.dim_IntList"),
    *("unfold.default", "im2col.default", "tril.default", "triu.default"),
    results=0,
)
def zeros_and_ones(call: Call) -> Pulls:
    """Every result is one sample, a constant, or a sum of samples: J∘J = J, the operator's own transpose."""
    source, rest = call.args[0], call.args[1:]
    # Its values do not matter and are not kept; its strides do, as views depend on them.
    shape, strides, dtype, device = source.shape, source.stride(), source.dtype, source.device

    def pull(*squared: torch.Tensor) -> torch.Tensor:
        empty = torch.empty_strided(shape, strides, dtype=dtype, device=device)
        return gradient(lambda leaf: call.operator(leaf, *rest, **call.options), empty, *squared)

    return [(source, pull)]


@rule("cat.default")
def cat(call: Call) -> Pulls:
    """Each operand takes its own part."""
    dim, first, pulls = call["dim"], 0, []
    for tensor in call["tensors"]:
        if tensor.shape != (0,):
            pulls.append((tensor, _narrowed(dim, first, tensor.shape[dim])))
            first += tensor.shape[dim]
    return [(tensor, pull) for tensor, pull in pulls if call.known(tensor)]


def _narrowed(dim: int, first: int, length: int) -> Pull:
    return lambda squared: squared.narrow(dim, first, length)


@rule("stack.default")
def stack(call: Call) -> Pulls:
    """Each operand takes its own part."""
    return [(each, _selected(call["dim"], at)) for at, each in enumerate(call["tensors"]) if call.known(each)]


def _selected(dim: int, at: int) -> Pull:
    return lambda squared: squared.select(dim, at)


@rule("copy_.default")
def copy(call: Call) -> Pulls:
    """What was there is gone."""
    source = call["src"]
    return [(source, lambda squared: squared.sum_to_size(source.shape))] if call.known(source) else []


@rule("add.Tensor", "add_.Tensor", "sub.Tensor", "sub_.Tensor", "rsub.Tensor")
def add(call: Call) -> Pulls:
    """Every operand is an edge of its own, scaled by ``alpha``; an operand of size 1 is read by all."""
    scaled = 0 if call.operator._schema.name == "aten::rsub" else 1
    return [
        (operand, _summed(operand.shape, call["alpha"] ** 2 if at == scaled else 1))
        for at, operand in enumerate(call.args[:2])
        if call.known(operand)
    ]


def _summed(shape: Sequence[int], weight: float) -> Pull:
    def pull(squared: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = squared.sum_to_size(shape)
        return result if weight == 1 else result * weight

    return pull


@rule("mean.dim", "mean.default")
def mean(call: Call) -> Pulls:
    """1/n² to each of n samples."""
    source, shape = call.args[0], call.args[0].shape
    share = call.out.numel() / source.numel()
    dims = call.names.get("dim")
    gone = sorted(dim % len(shape) for dim in (dims or range(len(shape))))

    def pull(squared: torch.Tensor) -> torch.Tensor:
        kept = [1 if at in gone else side for at, side in enumerate(shape)]
        back: torch.Tensor = (squared.reshape(kept) * share**2).expand(shape)
        return back

    return [(source, pull)]


@rule("avg_pool1d.default", "avg_pool2d.default")
def average_pool(call: Call) -> Pulls:
    """1/n² to each of the n samples of a window: 1/k⁴ per tap of a k by k pool."""
    source = call.args[0]
    axes = len(call["kernel_size"])
    size = source.shape[-axes:]
    kernel, stride = call["kernel_size"], call["stride"] or call["kernel_size"]
    pad = call["padding"]
    divisor = torch.tensor(float(call.names.get("divisor_override") or 1))
    if not call.names.get("divisor_override"):
        for axis in range(axes):
            # In ceil mode the last window may reach past the padding, which never counts.
            reach = pad[axis] if call["count_include_pad"] else 0
            taps = counted(size[axis], kernel[axis], stride[axis], pad[axis], call.shape[axis - axes], reach)
            divisor = divisor * taps.view(-1, *(1,) * (axes - 1 - axis))

    def pull(squared: torch.Tensor) -> torch.Tensor:
        return spread(squared / divisor.to(squared.dtype).square(), size, kernel, stride, pad, (1,) * axes)

    return [(source, pull)]


@rule("_adaptive_avg_pool2d.default")
def adaptive_average_pool(call: Call) -> Pulls:
    """Output i of m averages the samples from ⌊i n/m⌋ to ⌈(i+1) n/m⌉."""
    source = call.args[0]
    averages = [_averages(n, m) for n, m in zip(source.shape[-2:], call.shape[-2:], strict=True)]
    return [(source, _separable(*(each.square() for each in averages)))]


def _averages(n: int, m: int) -> torch.Tensor:
    """One row for each of m outputs."""
    matrix = torch.zeros(m, n, dtype=torch.float64)
    for row in range(m):
        first, last = row * n // m, -(-(row + 1) * n // m)
        matrix[row, first:last] = 1 / (last - first)
    return matrix


@rule(
    *("upsample_bilinear2d.default", "upsample_bicubic2d.default", "upsample_linear1d.default"),
    *("_upsample_bilinear2d_aa.default", "_upsample_bicubic2d_aa.default"),
)
def interpolation(call: Call) -> Pulls:
    """The squared coefficients, which one operator per axis tells when it resizes an identity."""
    source = call.args[0]
    return [(source, _separable(*(_coefficients(call, axis).square() for axis in range(source.ndim - 2))))]


def _coefficients(call: Call, axis: int) -> torch.Tensor:
    """The matrix (outputs, inputs) of one axis, found as the last one: antialiasing errs on maps one wide (2.13)."""
    n, m = call.args[0].shape[axis + 2], call.shape[axis + 2]
    ones = [1] * (call.args[0].ndim - 3)
    scales = [name for name in call.names if name.startswith("scales")]
    identity = torch.eye(n, dtype=torch.float64).view(n, 1, *ones, n)
    resized = call.operator(identity, [*ones, m], call["align_corners"], **{scales[-1]: call[scales[axis]]})
    return torch.as_tensor(resized.view(n, m).T)


def _separable(*matrices: torch.Tensor) -> Pull:
    """The transpose of one matrix (outputs, inputs) for each of the last axes."""

    def pull(squared: torch.Tensor) -> torch.Tensor:
        for back, matrix in enumerate(reversed(matrices)):
            axis = squared.ndim - 1 - back
            squared = (squared.movedim(axis, -1) @ matrix.to(squared.dtype)).movedim(-1, axis)
        return squared

    return pull
