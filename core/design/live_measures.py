"""What border theory asks of a live model: how much its own weights alias, how it takes a shift, which lengths count.

A typed network gets the model that a seed draws (ReLU, Kaiming weights), a traced one draws its own from that seed.
PyTorch is loaded here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
import torch
from torch import nn
from torch.nn.modules.conv import _ConvNd

from ..errors import UserError
from ..exact.aliasing import aliased_share
from ..live.erf.agreement import agreement
from ..live.erf.differentiable import DifferentiableModel
from ..live.erf.sampling import ErfRecipe
from ..live.modules.model import LiveModel, ModelRecipe, build
from ..live.modules.streams import random_stream
from ..network.graph import Node
from .analysis import DesignAnalysis
from .effective import EffectiveField
from .traced import TracedDesign

IMAGES = 8  # of noise, which are shifted
_ALPHAS = np.geomspace(1e-3, 10, 161)
_FINER = 41  # alphas between the neighbours of the best of these


@dataclass(frozen=True, slots=True)
class AlphaFit:
    """How well √(Σ count · alpha^length) agrees with √E[g²] of a live model, in closed form, with its own weights.

    ``before``: with alpha 1, which is the plain count. ``after``: with ``alpha``. Both are Pearson's correlations with
    the field of another seed than the one that alpha is fitted to.
    """

    alpha: float
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Shifted:
    """The output's mean over positions, where the input is shifted by so many pixels along each axis, and wrapped.

    ``change``: of the means, root mean square over that of the means themselves. ``same``: share of images whose
    channel with the largest mean stays the same; None where there is one channel.
    """

    shift: int
    change: float
    same: float | None


@dataclass(frozen=True, eq=False)
class LiveMeasures:
    """Of the model that ``seed`` draws for a design; raises :class:`~.errors.UserError` where it has none."""

    analysis: DesignAnalysis
    seed: int = 0

    def alpha(self) -> AlphaFit:
        """Fitted to the effective field of the unit looked at, and judged by that of another seed.

        Raises :class:`~.errors.UserError` where all paths are of one length.
        """
        unit = self.analysis.unit
        lengths = self.analysis.path_lengths(unit)
        spectrum = lengths.spectrum()
        if len(spectrum) < 2:
            raise UserError("all paths to the unit have as many windows on them; alpha changes nothing")
        fitted, judge = (self._field(seed, unit) for seed in (self.seed, self.seed + 1))
        shares = lengths.shares
        alpha = fitted_alpha(shares, fitted)
        before, after = (agreement(judge, predicted(shares, value)).correlation for value in (1.0, alpha))
        return AlphaFit(alpha, before, after)

    def _field(self, seed: int, unit: tuple[int, ...]) -> np.ndarray:
        """√E[g²] in closed form, with the weights that a seed draws."""
        recipe = ErfRecipe(unit=unit, seed=seed, model=ModelRecipe(seed=seed))
        return EffectiveField(self.analysis.design, recipe).closed_form().root

    def aliasing(self) -> dict[int, float | None]:
        """The aliased share of every window that strides and has weights of its own, by its node."""
        result = {}
        for index, node, windows in self.analysis.strided():
            weight = self._weight(index, node)
            if weight is not None and weight.shape[2:] == tuple(window.kernel for window in windows):
                strides, dilations = [one.stride for one in windows], [one.dilation for one in windows]
                result[index] = aliased_share(weight, strides, dilations)
        return result

    def shifts(self) -> Iterator[Shifted]:
        """The output after shifts by one pixel, by half the stride product and by all of it.

        A shift by the whole stride product, which moves the output by whole units, is undone by the mean but for what
        the border does: where all padding wraps, it changes nothing.
        """
        period = max(self.analysis.period)
        images = self._images()
        means = torch.stack([self._mean(image) for image in images])
        axes = tuple(range(2, images[0].ndim))
        for shift in sorted({1, max(period // 2, 1), period}):
            moved = torch.stack([self._mean(image.roll((shift,) * len(axes), axes)) for image in images])
            change = float((moved - means).square().mean().sqrt() / means.square().mean().sqrt())
            same = float((moved.argmax(1) == means.argmax(1)).double().mean()) if means.shape[1] > 1 else None
            yield Shifted(shift, change, same)

    @cached_property
    def _typed(self) -> LiveModel | None:
        network = self.analysis.design.network
        return None if network is None else build(network, ModelRecipe(seed=self.seed))

    @cached_property
    def _traced(self) -> tuple[nn.Module, TracedDesign]:
        design = self.analysis.design
        if not isinstance(design, TracedDesign):
            raise UserError(f"no live model computes {design.name}; leave the remedy out")
        return design.model.real(self.seed), design

    def _weight(self, index: int, node: Node) -> np.ndarray | None:
        """The weights of a node's convolution, (out, in, *kernel); None if no such module makes it."""
        if self._typed is not None:
            parts = self._typed.steps[index - 1].modules()
        else:
            module, _ = self._traced
            parts = module.get_submodule(node.path).modules() if node.path else iter(())
        convolution = next((part for part in islice(parts, 4) if isinstance(part, _ConvNd)), None)
        return None if convolution is None or convolution.transposed else convolution.weight.detach().double().numpy()

    def _images(self) -> list[torch.Tensor]:
        stream = random_stream(self.seed, "noise")
        if self._typed is not None:
            size = (self._typed.graph.input.channels, *self._typed.graph.input.size)
        else:
            size = self._traced[1].model.size
        return [torch.randn(1, *size, generator=stream) for _ in range(IMAGES)]

    def _mean(self, image: torch.Tensor) -> torch.Tensor:
        """The output's channels, each its mean over positions, in float64."""
        if self._typed is not None:
            with torch.no_grad():
                result: torch.Tensor = self._typed(image)
        else:
            module, design = self._traced
            model = DifferentiableModel(
                module, design.model.size, design.model.call(module), design.stage, design.shown
            )
            result = model(image.requires_grad_(True)).detach()
        return result.double().flatten(2).mean(2)[0] if result.ndim > 2 else result.double()[0]


def predicted(shares: np.ndarray, alpha: float) -> np.ndarray:
    """The mean |gradient| that counts by length predict, up to a factor: √(Σ count · alpha^length)."""
    powers = alpha ** np.arange(len(shares))
    return np.asarray(np.sqrt(np.tensordot(powers / powers.max(), shares, axes=1)))


def fitted_alpha(shares: np.ndarray, measured: np.ndarray) -> float:
    """The alpha with which the prediction correlates best with a measured map, between 0.001 and 10.

    ``shares``: counts by length, (lengths, *size); ``measured``: float64 of the size.
    """

    def score(alpha: float) -> float:
        return agreement(measured, predicted(shares, alpha)).correlation or -1.0

    best = int(np.argmax([score(alpha) for alpha in _ALPHAS]))
    near = np.geomspace(_ALPHAS[max(best - 1, 0)], _ALPHAS[min(best + 1, len(_ALPHAS) - 1)], _FINER)
    return float(max(near, key=score))
