"""The effective field of any design on a live model: sampled, and expected in closed form. PyTorch is loaded here.

A typed network gets the model that the recipe describes; a traced one keeps its own weights, drawn as the model draws
them from the recipe's seed, or the visitor's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import nn

from ..errors import UserError
from ..exact.field import central_unit, fields
from ..live.erf.differentiable import DifferentiableModel
from ..live.erf.module_sampling import measure_module
from ..live.erf.sampling import ErfRecipe, Progress, measure, unit_of
from ..live.expected import Expected, expected_field
from ..live.modules.model import build
from ..live.sources.trained import load_weights, refuse_unfit, trained_weights
from ..network.graph import Graph, graph_of
from .design import Design
from .traced import TracedDesign


@dataclass(frozen=True, eq=False)
class EffectiveField:
    """What is asked: a design, a recipe whose unit is named or ``all``, and the bytes of a ``.safetensors`` file."""

    design: Design
    recipe: ErfRecipe
    weights: bytes | None = None

    @property
    def input(self) -> tuple[int, ...]:
        """Channels, then the axes, of what is fed."""
        if self.design.network is not None:
            given = self._typed_graph.input
            return given.channels, *given.size
        return _traced(self.design).model.size

    def unit_and_output(self) -> tuple[tuple[int, ...] | None, tuple[int, ...]]:
        """The indices of the unit, None for all outputs, and the size of the map that it is a unit of.

        A model may have no exact graph: it is run once. Raises :class:`~.errors.UserError` for a unit outside the map.
        """
        if self.design.network is not None:
            graph = self._typed_graph
            unit = unit_of(self.recipe.unit, graph.output.size, lambda: central_unit(fields(graph)[-1]))
            return unit, graph.output.size
        design = _traced(self.design)
        module = self._module
        model = DifferentiableModel(module, self.input, design.model.call(module), design.stage, design.shown)
        with torch.random.fork_rng(devices=[]):
            shape = tuple(model(torch.zeros(1, *self.input, requires_grad=True)).shape)
        return model.unit(self.recipe.unit, shape), shape[2:]

    def samples(self) -> Iterator[Progress]:
        """Samples of the gradient of the unit; what cannot be measured is refused by this call."""
        if self.design.network is not None:
            return measure(self.design.network, self.recipe)
        model, module = _traced(self.design).model, self._module
        forward = model.call(module)
        design = _traced(self.design)
        return measure_module(module, model.size, self.recipe, stage=design.stage, forward=forward, shown=design.shown)

    def closed_form(self) -> Expected:
        """E[g²] of the unit, from one backward pass of squared weights."""
        recipe = self.recipe
        if self.design.network is not None:
            built = build(self.design.network, recipe.model)
            return expected_field(built, self.input, recipe.unit, seed=recipe.seed)
        design, module = _traced(self.design), self._module
        forward = design.model.call(module)
        return expected_field(
            module,
            design.model.size,
            recipe.unit,
            stage=design.stage,
            forward=forward,
            shown=design.shown,
            seed=recipe.seed,
        )

    @cached_property
    def _typed_graph(self) -> Graph:
        """Of a typed network, every channel number settled."""
        assert self.design.network is not None
        return graph_of(self.recipe.model.widened(self.design.network))

    @cached_property
    def _module(self) -> nn.Module:
        """A model with its own weights, or the visitor's."""
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
        raise UserError(
            f"no live model computes {design.name}; its effective field cannot be measured; leave the remedy out"
        )
    return design
