"""Two ways to an effective field, of typed networks and of models: sampled gradients, and E[g²] in closed form."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from ..design.traced import TracedDesign
from ..live import ErfRecipe, Measurement, Progress, build, measure
from ..live.erf.differentiable import Subject
from ..live.erf.module_sampling import measure_module
from ..live.erf.sampling import unit_of
from ..live.expected import expected_field
from ..network import Network, graph_of
from .designs import Asked, prints_aside
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


def found_by(method: str, about: Asked, recipe: ErfRecipe) -> Found:
    """The effective field of what the command is asked about."""
    network = about.design.network
    if network is not None:
        return _typed(method, network, recipe)
    assert isinstance(about.design, TracedDesign)
    with prints_aside():
        return _model(method, about.design, recipe)


def _typed(method: str, network: Network, recipe: ErfRecipe) -> Found:
    graph = graph_of(recipe.model.widened(network))
    given, output = graph.input, graph.output.size
    unit = unit_of(recipe.unit, output)
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
    subject = Subject(module, model.size, run, stage)
    with torch.random.fork_rng(devices=[]):
        output = tuple(subject(torch.zeros(1, *model.size, requires_grad=True)).shape)
    return _sampled(steps, subject.unit(recipe.unit, output), tuple(size), output[2:], channels)


def _sampled(
    steps: Iterator[Progress], unit: tuple[int, ...] | None, size: tuple[int, ...], output: tuple[int, ...],
    channels: int,
) -> Found:  # fmt: skip
    measurement = last(steps).measurement
    return Found(measurement.mean, unit, size, output, channels, measurement)
