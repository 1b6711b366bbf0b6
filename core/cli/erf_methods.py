"""Two ways to an effective field, of typed networks and of models: sampled gradients, and E[g²] in closed form."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from ..design.design import Design
from ..design.traced import TracedDesign
from ..errors import UserError
from ..exact.field import central_unit, fields
from ..live import ErfRecipe, Measurement, Progress, build, measure
from ..live.erf.differentiable import DifferentiableModel
from ..live.erf.module_sampling import measure_module
from ..live.erf.sampling import unit_of
from ..live.expected import expected_field
from ..network import Network, graph_of
from .designs import prints_aside
from .progress import last

METHODS = ("sampled", "expected")


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A map of the input's size; of samples their mean, in closed form √E[g²]."""

    values: np.ndarray
    unit: tuple[int, ...] | None  # None: all outputs
    size: tuple[int, ...]  # of the input
    output: tuple[int, ...]
    channels: int  # of the input
    measurement: Measurement | None = None  # of samples
    assumes: tuple[str, ...] = ()  # in closed form


def found_by(method: str, design: Design, recipe: ErfRecipe) -> Found:
    """The effective field of a design, which must have a module: a typed network's, or a model's own."""
    if design.network is not None:
        return _typed(method, design.network, recipe)
    if not isinstance(design, TracedDesign):
        raise UserError(f"{design.name} has exact counts only, no module to be measured; leave the remedy out")
    with prints_aside():
        return _model(method, design, recipe)


def _typed(method: str, network: Network, recipe: ErfRecipe) -> Found:
    graph = graph_of(recipe.model.widened(network))
    given, output = graph.input, graph.output.size
    unit = unit_of(recipe.unit, output, lambda: central_unit(fields(graph)[-1]))
    if method == "sampled":
        return _sampled(measure(network, recipe), unit, given.size, output, given.channels)
    model = build(network, recipe.model)
    field = expected_field(model, (given.channels, *given.size), recipe.unit, seed=recipe.seed)
    return Found(field.root, unit, given.size, output, given.channels, assumes=field.assumes)


def _model(method: str, design: TracedDesign, recipe: ErfRecipe) -> Found:
    """A model's own weights are drawn as it draws them, from the recipe's seed."""
    model, stage = design.model, design.stage
    module = model.real(recipe.seed)
    run, (channels, *size) = model.call(module), model.size
    if method == "expected":
        field = expected_field(module, model.size, recipe.unit, stage=stage, forward=run, seed=recipe.seed)
        return Found(field.root, field.unit, tuple(size), field.size, channels, assumes=field.assumes)
    steps = measure_module(module, model.size, recipe, stage=stage, forward=run)
    differentiable = DifferentiableModel(module, model.size, run, stage)
    with torch.random.fork_rng(devices=[]):
        output = tuple(differentiable(torch.zeros(1, *model.size, requires_grad=True)).shape)
    return _sampled(steps, differentiable.unit(recipe.unit, output), tuple(size), output[2:], channels)


def _sampled(
    steps: Iterator[Progress], unit: tuple[int, ...] | None, size: tuple[int, ...], output: tuple[int, ...],
    channels: int,
) -> Found:  # fmt: skip
    measurement = last(steps).measurement
    return Found(measurement.mean, unit, size, output, channels, measurement)
