"""The module that is trained: the live model of a network with its head, and biases, in float64."""

import torch
from torch import nn

from ..live.modules import limits
from ..live.modules.model import LiveModel
from ..live.modules.streams import random_stream
from ..live.modules.weights import Convolution, redraw
from ..network.graph import graph_of
from ..network.network import Network
from .fitting import Learner
from .recipe import TrainRecipe

_HEAD = 2  # global pooling, and the linear layer


def learner(network: Network, recipe: TrainRecipe, state: dict[str, torch.Tensor] | None = None) -> Learner:
    """The untrained module of a network; with ``state``, as a training left it.

    Its convolutions have biases, which begin at zero: without them a network of ReLUs answers twice as much to an image
    twice as bright, and can tell no threshold.
    """
    graph = graph_of(recipe.model.widened(recipe.headed(network)))
    limits.refuse_absurd(graph, item_bytes=8)
    made = LiveModel(graph, recipe.model)
    redraw(made, recipe.model.weights, recipe.activation, random_stream(recipe.seed, "weights"))
    made.double()  # weights are drawn in float32, as everywhere; the means of pools never pass through it
    for module in made.modules():
        if isinstance(module, Convolution):
            module.bias = nn.Parameter(torch.zeros(module.out_channels, dtype=torch.float64))
    if state is not None:
        made.load_state_dict(state)
    return Learner(made.requires_grad_(True).eval(), made.graph.input.channels)


def body_of(module: Learner) -> tuple[LiveModel, str]:
    """The live model inside, and the stage in it that is the network's own output, before its head."""
    made = module.model
    assert isinstance(made, LiveModel)
    return made, f"steps.{len(made.steps) - 1 - _HEAD}"
