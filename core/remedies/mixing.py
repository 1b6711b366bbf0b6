"""Remedies that join far positions: random connections at the input, and everything with everything at the end."""

from dataclasses import replace

from ..errors import NetworkError
from ..network.graph import Graph, graph_of
from ..network.kinds import CONV, RANDOM
from ..network.layers import Layer
from ..network.network import Network
from .registry import WEIGHTS_OF_ITS_OWN, remedy, text_remedy
from .rewrite import Rewrite

_EVEN = "every pixel has as many paths to all outputs together"


@text_remedy(
    "random-connections",
    noun="random connections",
    does="let every pixel also be read from r random places, before the first layer",
    cost="r reads more for each pixel and channel, at random: neighbours no longer count alike",
    reference='Krizhevsky, "Convolutional Deep Belief Networks on CIFAR-10", 2010 (globally connected units)',
    not_for_models="it adds a layer, and no module of PyTorch reads random places",
    options={"r": 8, "seed": 0},
)
def random_connections(network: Network, r: int, seed: int) -> Network:
    """Every position of a new first map reads its own pixel and ``r`` drawn ones: a pixel gains r average counts.

    >>> str(random_connections(parse("9; conv k3"), r=2, seed=7))
    '9; random r2 seed7; conv k3'
    """
    return replace(network, layers=(Layer(RANDOM, connections=r, seed=seed), *network.layers))


@remedy(
    "global-pooling",
    noun="global pooling",
    does="let one unit read all outputs (global pooling at the end)",
    cost="where something is can no longer be told from the output",
    reference='Lin, Chen, Yan, "Network In Network", ICLR 2014, arXiv 1312.4400',
    removes=("centre bias",),
    given=_EVEN,
)
def global_pooling(graph: Graph) -> Rewrite:
    """``global`` at the end: the one unit left has the paths of all outputs together.

    >>> from . import remedied
    >>> str(remedied(parse("9x9; conv k3"), "global-pooling"))
    '9x9; conv k3; global'
    """
    _ = _several(graph)
    return Rewrite(pooled=True)


@text_remedy(
    "dense-end",
    noun="a dense end",
    does="let a dense layer read all outputs, as a convolution over the whole map",
    cost="a weight for every output and pair of channels, and an input of this size only",
    reference="Goodfellow, Bengio, Courville, Deep Learning, 2016, ch. 9",
    not_for_models=WEIGHTS_OF_ITS_OWN,
    removes=("centre bias",),
    given=_EVEN,
)
def dense_end(network: Network) -> Network:
    """A convolution as large as the output map: its one unit has the paths of all outputs together.

    >>> str(dense_end(parse("9x8; conv k3")))
    '9x8; conv k3; conv k7x6'
    """
    size = _several(graph_of(network))
    ones, nothing = (1,) * len(size), ((0, 0),) * len(size)
    return replace(network, layers=(*network.layers, Layer(CONV, size, ones, ones, nothing)))


def _several(graph: Graph) -> tuple[int, ...]:
    """The output's size, refused where it is one position."""
    size = graph.output.size
    if max(size) == 1:
        raise NetworkError("the output is one position, which reads all that there is; nothing to join")
    return size
