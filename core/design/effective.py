"""The effective field of any design on a live model: sampled, and expected in closed form. PyTorch is loaded here.

A typed network gets the model that the recipe describes; a traced one keeps its own weights, drawn as the model draws
them from the recipe's seed, or the visitor's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn

from ..errors import UserError
from ..live.erf.module_sampling import measure_module
from ..live.erf.sampling import ErfRecipe, Progress, measure
from ..live.expected import Expected, expected_field
from ..live.modules.model import build
from ..live.sources.trained import load_weights, refuse_unfit, trained_weights
from .design import Design
from .traced import TracedDesign


@dataclass(frozen=True, eq=False)
class EffectiveField:
    """What is asked: a design, a recipe whose unit is named or ``all``, and the bytes of a ``.safetensors`` file."""

    design: Design
    recipe: ErfRecipe
    weights: bytes | None = None

    def samples(self) -> Iterator[Progress]:
        """Samples of the gradient of the unit; what cannot be measured is refused by this call."""
        if self.design.network is not None:
            return measure(self.design.network, self.recipe)
        model, module = _traced(self.design).model, self._module()
        forward = model.call(module)
        return measure_module(module, model.size, self.recipe, stage=_traced(self.design).stage, forward=forward)

    def closed_form(self) -> Expected:
        """E[g²] of the unit, from one backward pass of squared weights."""
        recipe = self.recipe
        if self.design.network is not None:
            built = build(self.design.network, recipe.model)
            given = built.graph.input
            return expected_field(built, (given.channels, *given.size), recipe.unit, seed=recipe.seed)
        design, module = _traced(self.design), self._module()
        forward = design.model.call(module)
        return expected_field(
            module, design.model.size, recipe.unit, stage=design.stage, forward=forward, seed=recipe.seed
        )

    def _module(self) -> nn.Module:
        module = _traced(self.design).model.real(self.recipe.seed)
        if self.weights is not None:
            load_weights(module, trained_weights(self.weights))
        return module


def refuse_weights(design: Design, weights: bytes) -> None:
    """Raises :class:`~.errors.UserError` where a ``.safetensors`` file does not fit a model."""
    with torch.device("meta"):
        module = _traced(design).model.module()
    refuse_unfit(module, trained_weights(weights))


def _traced(design: Design) -> TracedDesign:
    if not isinstance(design, TracedDesign):
        raise UserError(f"no live model computes {design.name}; its effective field cannot be measured")
    return design
