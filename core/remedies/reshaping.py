"""Changes that reshape the centre bias: few large kernels for many small ones, and skip connections."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from ..network.graph import Graph, graph_of
from ..network.kinds import CONV
from ..network.layers import Item, Join, Layer
from ..network.network import Network
from ..network.operations import ADD
from .items import Items, with_sequences
from .registry import WEIGHTS_OF_ITS_OWN, text_remedy
from .rewrite import nothing


@text_remedy(
    "larger-kernels",
    noun="larger kernels",
    does="replace convolutions in a row that move by 1 by one convolution with the field of them all",
    cost="weights that grow with the square of the kernel's side, and fewer layers to bend a line with",
    reference='Ding et al., "Scaling Up Your Kernels to 31x31", CVPR 2022, arXiv 2203.06717',
    not_for_models=WEIGHTS_OF_ITS_OWN,
    removes=("centre bias",),
    given="the whole network is one such row, padded by zeros or not at all",
)
def larger_kernels(network: Network) -> Network:
    """Runs of undilated, ungrouped convolutions of one border mode become one; field and size stay.

    >>> str(larger_kernels(parse("64; conv k3 p1 c8 x3; maxpool k2; conv k5; conv k3 p1")))
    '64; conv k7 p3 c8; maxpool k2; conv k7 p1'
    """

    def change(items: Items) -> Items:
        runs = (tuple(run) for _, run in groupby(items, key=_merges))
        return tuple(item for run in runs for item in _merged(run))

    return with_sequences(network, change, "two convolutions in a row that move by 1, undilated and ungrouped")


@text_remedy(
    "skip-connections",
    noun="skip connections",
    does="add its input to the output of every convolution that keeps size and channels",
    cost="no weights; one more map kept in memory",
    reference='He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv 1512.03385',
    not_for_models="it joins layers otherwise, which is written in the model's own code",
)
def skip_connections(network: Network) -> Network:
    """Each convolution of several taps that keeps its map becomes ``add(skip | …)``.

    >>> str(skip_connections(parse("64; conv k3 p1 x2; conv k3 s2 p1; add(conv k3 p1 c4 | conv k1 c4)")))
    '64; add(skip | conv k3 p1) x2; conv k3 s2 p1; add(conv k3 p1 c4 | conv k1 c4)'
    """
    graph = graph_of(network)
    layers = _skipping(network.layers, graph, iter(range(1, len(graph.nodes))))
    if layers == network.layers:
        raise nothing("convolution of several taps that keeps size and channels")
    return replace(network, layers=layers)


def _skipping(items: Items, graph: Graph, indices: Iterator[int]) -> Items:
    """Items with skips; ``indices``: their nodes, in the order in which the graph lists them, a join's after it."""
    result: list[Item] = []
    for item in items:
        if isinstance(item, Join):
            item = replace(item, branches=tuple(_skipping(branch, graph, indices) for branch in item.branches))
            next(indices)
        else:
            node = graph.nodes[next(indices)]
            source = graph.nodes[node.inputs[0]]
            if item.op == CONV and max(item.kernel) > 1:
                kept = (node.size, node.channels) == (source.size, source.channels) and max(item.stride) == 1
                item = Join(ADD, ((), (item,))) if kept else item
        result.append(item)
    return tuple(result)


def _merges(item: Item) -> tuple[object, ...]:
    """What convolutions that become one agree in; nothing for all else."""
    if not isinstance(item, Layer) or item.op != CONV or max(item.kernel) == 1:
        return ()
    plain = (max(item.stride), max(item.dilation), item.groups) == (1, 1, 1)
    return (item.border,) if plain else ()


def _merged(run: Items) -> Items:
    layers = [item for item in run if isinstance(item, Layer) and _merges(item)]
    if len(layers) < 2:
        return run
    kernel = tuple(sum(side) - len(layers) + 1 for side in zip(*(layer.kernel for layer in layers), strict=True))
    pads = zip(*(layer.pads() for layer in layers), strict=True)
    pad = tuple((sum(before for before, _ in sides), sum(after for _, after in sides)) for sides in pads)
    widths = [layer.channels for layer in layers if layer.channels is not None]
    return (replace(layers[0], kernel=kernel, pad=pad, channels=widths[-1] if widths else None),)
