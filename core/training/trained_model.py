"""The module that is trained: the live model of a network with its head, and biases, in float64."""

import torch
from torch import nn

from ..live.modules import limits
from ..live.modules.model import LiveModel
from ..live.modules.streams import random_stream
from ..live.modules.weights import Convolution, redraw
from ..network.graph import graph_of
from ..network.network import Network
from .fitting import TrainedModel
from .recipe import TrainRecipe

_HEAD = 2  # layers of the head: global pooling, and the linear layer


def trained_model(network: Network, recipe: TrainRecipe, state: dict[str, torch.Tensor] | None = None) -> TrainedModel:
    """The module of a network before its training or, with ``state``, as a training left it.

    Its convolutions have biases, which begin at zero: without them a network of ReLUs answers twice as much to an image
    twice as bright, and can tell no threshold.
    """
    graph = graph_of(recipe.model.widened(recipe.with_head(network)))
    limits.refuse_absurd(graph, item_bytes=8)
    model = LiveModel(graph, recipe.model)
    redraw(model, recipe.model.weights, recipe.activation, random_stream(recipe.seed, "weights"))
    model.double()  # weights are drawn in float32, as everywhere; the means of pools never pass through it
    for module in model.modules():
        if isinstance(module, Convolution):
            module.bias = nn.Parameter(torch.zeros(module.out_channels, dtype=torch.float64))
    if state is not None:
        model.load_state_dict(state)
    return TrainedModel(model.requires_grad_(True).eval(), model.graph.input.channels)


def stage_before_head(module: TrainedModel) -> str:
    """The name, inside ``module``, of the part whose result is the output of the network itself."""
    model = module.model
    assert isinstance(model, LiveModel)
    return f"model.steps.{len(model.steps) - 1 - _HEAD}"
