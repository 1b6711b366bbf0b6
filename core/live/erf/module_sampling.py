"""The effective field of any module with its own weights, measured by samples (:mod:`.live.erf.sampling`)."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

from ..trace import OUTPUT
from .differentiable import DifferentiableModel
from .sampling import ErfRecipe, Progress, Sampled, fed, sampled


def measure_module(
    module: nn.Module,
    size: tuple[int, ...],
    recipe: ErfRecipe,
    *,
    stage: str = OUTPUT,
    forward: Callable[..., Any] | None = None,
    shown: tuple[int, ...] | None = None,
) -> Iterator[Progress]:
    """Measures the effective field of ``module`` on an input of ``size`` (channels, then its axes).

    ``stage``, ``forward`` and ``shown`` as in :class:`~.live.erf.differentiable.DifferentiableModel`. The module keeps
    its weights: samples differ by their input and by the signs at the output, and what the recipe says about weights
    (``redraw``, ``model``) is for typed networks. What cannot be measured is refused by this call, which runs the
    module once.

    >>> average = nn.AvgPool1d(2, stride=1)
    >>> *_, last = measure_module(average, (1, 4), ErfRecipe(samples=3))
    >>> last.measurement.mean.tolist()
    [0.0, 0.5, 0.5, 0.0]
    """
    model = DifferentiableModel(module, size, forward, stage, shown)
    image = fed(recipe.input, size[0], size[1:])
    weight = model.weight
    example = torch.zeros(1, *size, device=weight.device, dtype=weight.dtype, requires_grad=True)
    unit = model.unit(recipe.unit, tuple(model(example).shape))
    return sampled(Sampled(model, size[0], size[1:], weight.device, weight.dtype), unit, image, recipe)
