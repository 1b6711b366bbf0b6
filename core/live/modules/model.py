"""The PyTorch module of a network.

Conventions, beside those of a network's text:

* A convolution has no bias. Convolutions and adds are followed by the activation, except the network's last node,
  which is linear, and except those that only feed an add, as in a residual block, where the add is followed by it.
* Batch norm stands between each convolution and its activation, except in the last node. Its statistics are those of
  the sample itself and take no gradient: fresh running statistics would make it do nothing, and a gradient through
  the statistics would join every pixel with every other.
* With ``weights="ones"`` the model is the *counting twin*: float64, every edge worth one, linear. Its gradients are
  the path counts, exactly, below 2^53.
"""

from dataclasses import dataclass, replace

import torch
from torch import nn

from ...errors import LimitError, UserError
from ...network.graph import Graph, graph_of
from ...network.limits import MAX_SEED
from ...network.network import Network
from ...network.operations import ADD, JOINS
from . import limits
from .layers import layer_module
from .streams import random_stream
from .weights import SCHEMES, redraw

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}
WEIGHTS = ("ones", *SCHEMES)


@dataclass(frozen=True, slots=True)
class ModelRecipe:
    """What a network's text leaves open.

    ``activation``: a name in ``ACTIVATIONS``; None is ReLU, or linear where the weights are all one.
    ``width``: channels of an input whose text states none, hence of every layer that states none.
    ``seed``: of the weights, as long as they are not redrawn.
    """

    activation: str | None = None
    weights: str = "kaiming"
    batch_norm: bool = False
    width: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        if self.weights not in WEIGHTS:
            raise UserError(f"there are no weights {self.weights!r}; there are {', '.join(WEIGHTS)}")
        if self.activation is not None and self.activation not in ACTIVATIONS:
            raise UserError(f"there is no activation {self.activation!r}; there are {', '.join(ACTIVATIONS)}")
        if not 1 <= self.width <= limits.MAX_WIDTH:
            raise LimitError(f"a width of {self.width} channels is outside 1 to {limits.MAX_WIDTH}; choose one inside")
        if not 0 <= self.seed <= MAX_SEED:
            raise LimitError(f"a seed of {self.seed} is outside 0 to {MAX_SEED}; choose one inside")
        if self.counting and (self.batch_norm or self.activation not in (None, "linear")):
            extra = "batch norm" if self.batch_norm else f"activation {self.activation}"
            raise UserError(
                f"weights that are all one count paths and go without {extra}; drop it, or draw the weights"
            )

    @property
    def counting(self) -> bool:
        """Whether the model's gradients are path counts."""
        return self.weights == "ones"

    @property
    def nonlinearity(self) -> str:
        """The activation's name, also where it was left open."""
        return self.activation or ("linear" if self.counting else "relu")

    def widened(self, network: Network) -> Network:
        """The network with every channel number settled."""
        return network if network.channels is not None else replace(network, channels=self.width)


class LiveModel(nn.Module):
    """One module per node of ``graph`` after the input; maps are (batch, channels, height, width) or without height."""

    def __init__(self, graph: Graph, recipe: ModelRecipe) -> None:
        super().__init__()
        self.graph = graph
        self.recipe = recipe
        follows = activated(graph)
        self.steps = nn.ModuleList(
            _step(graph, index, recipe, index in follows) for index in range(1, len(graph.nodes))
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps: list[torch.Tensor] = [x]
        for node, step in zip(self.graph.nodes[1:], self.steps, strict=True):
            maps.append(step(*(maps[index] for index in node.inputs)))
        return maps[-1]


class Add(nn.Module):
    """The sum of its branches."""

    def forward(self, *branches: torch.Tensor) -> torch.Tensor:
        return sum(branches[1:], start=branches[0])


class Concat(nn.Module):
    """The channels of its branches, one after the other."""

    def forward(self, *branches: torch.Tensor) -> torch.Tensor:
        return torch.cat(branches, dim=1)


class FrozenNorm(nn.Module):
    """Batch norm whose statistics, per channel over all positions, are taken from its input without a gradient."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        frozen = x.detach()
        axes = [0, *range(2, x.ndim)]
        variance = frozen.var(axes, correction=0, keepdim=True)
        return (x - frozen.mean(axes, keepdim=True)) * torch.rsqrt(variance + 1e-5)


def build(network: Network, recipe: ModelRecipe) -> LiveModel:
    """The model of ``network``, weights drawn from ``recipe.seed``, in evaluation, without parameter gradients.

    Raises :class:`~.errors.NetworkError` for layers that do not fit, :class:`~.errors.LimitError` before
    anything large is allocated.
    """
    graph = graph_of(recipe.widened(network))
    limits.refuse_absurd(graph, item_bytes=8 if recipe.counting else 4)
    model = LiveModel(graph, recipe).to(torch.float64 if recipe.counting else torch.float32)
    redraw(model, recipe.weights, recipe.nonlinearity, random_stream(recipe.seed, "weights"))
    return model.requires_grad_(False).eval()


def activated(graph: Graph) -> set[int]:
    """The nodes that the activation follows, by the rule at the top: something but an add reads them.

    >>> sorted(activated(graph_of(parse("8; conv k3 p1; add(skip | conv k3 p1 x2); maxpool k2; conv k1"))))
    [1, 2, 4]
    """
    read = {source for node in graph.nodes if node.op != ADD for source in node.inputs}
    return {index for index in read if (op := graph.nodes[index].op) == ADD or op.learned}


def _step(graph: Graph, index: int, recipe: ModelRecipe, followed: bool) -> nn.Module:
    node = graph.nodes[index]
    module: nn.Module
    if node.op in JOINS:
        module = Add() if node.op == ADD else Concat()
    else:
        module = layer_module(node, graph.nodes[node.inputs[0]], recipe.counting)
    after: list[nn.Module] = []
    if recipe.batch_norm and node.groups is not None and index < len(graph.nodes) - 1:
        after.append(FrozenNorm())
    if followed and recipe.nonlinearity != "linear":
        after.append(ACTIVATIONS[recipe.nonlinearity]())
    return Activated(module, *after) if after else module


class Activated(nn.Module):
    """A module of several inputs, then modules of one (``nn.Sequential`` takes one input only)."""

    def __init__(self, first: nn.Module, *rest: nn.Module) -> None:
        super().__init__()
        self.first = first
        self.rest = nn.Sequential(*rest)

    @property
    def parts(self) -> tuple[nn.Module, nn.Module]:
        """The module, and what follows it."""
        return self.first, self.rest

    def forward(self, *maps: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.rest(self.first(*maps))
        return result
