"""Matrix products, normalisation, softmax, the largest of many: operators whose results read many samples."""

from collections.abc import Sequence

import torch

from .pointwise import AT_VALUES
from .registry import Call, Pull, rule

Pulls = Sequence[tuple[torch.Tensor, Pull]]
NORMALISED = "normalisation by the sample's own statistics: its derivative is that of one forward pass"


@rule("mm.default", "bmm.default", assumes=AT_VALUES, channel=-1)
def matrix_product(call: Call) -> Pulls:
    """Each operand takes the other's squared values: weights, or those of the forward pass."""
    return _product(call, 0)


@rule("addmm.default", "baddbmm.default", assumes=AT_VALUES, channel=-1)
def added_product(call: Call) -> Pulls:
    """The same, scaled by ``alpha``; what is added is scaled by ``beta``."""
    pulls = list(_product(call, 1))
    added, beta = call.args[0], call["beta"] ** 2
    if call.known(added):
        pulls.append((added, lambda squared: squared.sum_to_size(added.shape) * beta))
    return pulls


def _product(call: Call, first: int) -> Pulls:
    left, right = (arg.detach().square() for arg in call.args[first : first + 2])
    alpha = call.names.get("alpha", 1) ** 2
    pulls: list[tuple[torch.Tensor, Pull]] = []
    if call.known(call.args[first]):
        pulls.append((call.args[first], lambda squared: squared @ right.mT * alpha))
    if call.known(call.args[first + 1]):
        pulls.append((call.args[first + 1], lambda squared: left.mT @ squared * alpha))
    return pulls


@rule(
    "native_batch_norm.default", "_native_batch_norm_legit_no_training.default", "cudnn_batch_norm.default", channel=1
)
def batch_norm(call: Call) -> Pulls:
    """γ²/(σ² + ε), with running statistics; with its own, as any normalisation."""
    if call.names.get("training"):
        return _own_statistics(call)
    source, weight, variance = call.args[0], call["weight"], call["running_var"]
    scale = (variance + (call.names.get("eps") or call.names["epsilon"])).reciprocal()
    if weight is not None:
        scale = scale * weight.square()
    scale = scale.view(-1, *(1,) * (source.ndim - 2))
    return [(source, lambda squared: squared * scale)]


@rule("_native_batch_norm_legit.no_stats", assumes=NORMALISED, channel=1)
def own_statistics(call: Call) -> Pulls:
    """Each channel is normalised over all positions."""
    return _own_statistics(call)


def _own_statistics(call: Call) -> Pulls:
    source, weight = call.args[0], call["weight"]
    channels = source.shape[1]
    gain = source.new_ones(()) if weight is None else weight.square().view(-1, 1)
    return [
        (source, _normalised(source, (channels, -1), gain, call.names.get("eps") or call.names["epsilon"], turned=True))
    ]


@rule("native_layer_norm.default", assumes=NORMALISED, channel=-1)
def layer_norm(call: Call) -> Pulls:
    """Each position is normalised over its channels (the last dimensions)."""
    source, weight = call["input"], call["weight"]
    gain = source.new_ones(()) if weight is None else weight.square().reshape(1, -1)
    count = call["input"][(0,) * (source.ndim - len(call["normalized_shape"]))].numel()
    return [(source, _normalised(source, (-1, count), gain, call["eps"]))]


@rule("native_group_norm.default", assumes=NORMALISED, channel=1)
def group_norm(call: Call) -> Pulls:
    """Each group of channels is normalised over all positions."""
    source, weight, groups = call["input"], call["weight"], call["group"]
    gain = source.new_ones(()) if weight is None else weight.square()
    if weight is not None:
        per_sample = gain.view(-1, *(1,) * (source.ndim - 2)).expand(source.shape)
        gain = per_sample.reshape(source.shape[0] * groups, -1)
    return [(source, _normalised(source, (source.shape[0] * groups, -1), gain, call["eps"]))]


def _normalised(
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


@rule("_softmax.default", "_safe_softmax.default", assumes=AT_VALUES)
def softmax(call: Call) -> Pulls:
    """∂s_i/∂x_j = s_i (δ_ij - s_j)."""
    source, dim = call.args[0], call["dim"]
    shares = torch.softmax(source.detach(), dim)

    def pull(squared: torch.Tensor) -> torch.Tensor:
        total = (squared * shares.square()).sum(dim, keepdim=True)
        return shares.square() * (total + squared * (1 - 2 * shares))

    return [(source, pull)]


@rule(
    *("amax.default", "max.dim", "amin.default", "min.dim"),
    assumes="max pool: each of the n samples of a window is equally likely to be the largest, 1/n each",
)
def largest(call: Call) -> Pulls:
    """1/n to each of n samples."""
    source = call.args[0]
    dims = call["dim"] if isinstance(call["dim"], (list, tuple)) else [call["dim"]]
    gone = {dim % source.ndim for dim in (dims or range(source.ndim))}
    kept = [1 if at in gone else side for at, side in enumerate(source.shape)]
    count = source.numel() // max(1, torch.Size(kept).numel())
    return [(source, lambda squared: (squared.reshape(kept) / count).expand(source.shape))]
