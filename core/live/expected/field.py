"""The expected effective field of any module with its own weights: no sampling, about the time of one sample.

The gradient of an output is a sum over paths, each the product of its edges' derivatives. Where derivatives of
different edges are independent with mean zero, products of different paths cancel on average, and E[g²] is the sum over
paths of the product of *squared* derivatives: one backward pass of squared weights (the variance of Luo et al., NeurIPS
2016; the rules stand in :mod:`.live.operators`). √E[g²] is then comparable to the mean |g| that sampling measures.

It can fail where that independence does: trained weights of neighbouring edges are not independent, so their paths add
up or cancel; branches that share weights or signals (a gate, attention) are treated as if they did not. What is assumed
along the way is told with the field; measure beside it (:mod:`.live.erf.module_sampling`) before relying on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from ...errors import UserError
from ..erf.differentiable import DifferentiableModel
from ..erf.sampling import Unit, fed
from ..modules.streams import random_stream
from ..trace import OUTPUT
from .recorder import TapeRecorder

INDEPENDENT = "weights: those of different edges are independent with mean zero (trained ones need not be)"


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """E[g²] of one unit or all, its channels (and units) taken with independent random signs."""

    mean_square: np.ndarray  # (height, width) or (length,), float64: the sum over input channels
    unit: tuple[int, ...] | None  # None: all outputs
    size: tuple[int, ...]  # of the output map
    assumes: tuple[str, ...]

    @property
    def root(self) -> np.ndarray:
        """√E[g²], to be compared with a sampled mean |g|."""
        return np.asarray(np.sqrt(self.mean_square))


def expected_field(
    module: nn.Module,
    size: tuple[int, ...],
    unit: Unit = "centre",
    *,
    stage: str = OUTPUT,
    forward: Callable[..., Any] | None = None,
    shown: tuple[int, ...] | None = None,
    image: np.ndarray | None = None,
    seed: int = 0,
) -> Expected:
    """The expected effective field of ``module`` on an input of ``size`` (channels, then its axes).

    ``unit``, ``stage``, ``forward`` and ``shown`` as in :func:`~.live.erf.module_sampling.measure_module`. The forward
    pass is on ``image``, as in :class:`~.live.erf.sampling.ErfRecipe`, else on standard normal noise from ``seed``;
    only activations, gates, attention and normalisation by a sample's own statistics look at its values.
    Computed in the module's own type. Raises :class:`~.errors.UserError` for what depends on a gap, naming it.

    >>> expected_field(nn.AvgPool1d(2, stride=1), (1, 4)).mean_square.tolist()
    [0.0, 0.25, 0.25, 0.0]
    """
    model = DifferentiableModel(module, size, forward, stage, shown)
    x = fed("noise" if image is None else image, size[0], size[1:])
    if x is None:
        x = torch.randn(1, *size, generator=random_stream(seed, "noise"))
    x = x.to(model.weight.device, model.weight.dtype).requires_grad_()
    recorder = TapeRecorder()
    recorder.learn(x)
    # Attention as products and a softmax, which have rules, not as one fused operator.
    with recorder.following(module), sdpa_kernel(SDPBackend.MATH), recorder:
        result = model(x)
    position, what = model.unit(unit, tuple(result.shape)), recorder.what(result)
    if not isinstance(what, int):
        raise UserError(f"there is no expected field of {stage!r}: it depends on {what}")
    ones = torch.ones_like(result) if position is None else torch.zeros_like(result)
    if position is not None:
        place: tuple[slice | int, ...] = (slice(None), slice(None), *position)
        ones[place] = 1
    with torch.no_grad():
        squared, assumed = recorder.tape.pulled(what, ones)
    values = np.zeros(size[1:]) if squared is None else squared[0].sum(0, dtype=torch.float64).cpu().numpy()
    if not np.isfinite(values).all():
        raise UserError(
            f"squared gradients leave the range of {str(result.dtype).removeprefix('torch.')}; convert the model with "
            ".double(), or choose an earlier stage"
        )
    return Expected(values, position, tuple(result.shape[2:]), (INDEPENDENT, *assumed))
