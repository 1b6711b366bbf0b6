"""Remedies that add or drop layers, or change the input: for small fields, unproductive layers, left-over padding."""

from dataclasses import replace

from ..errors import NetworkError
from ..exact.field import unproductive
from ..exact.input_sizes import even_sizes
from ..network.graph import graph_of
from ..network.layers import Item, Layer, layer_count
from ..network.network import Network
from .registry import remedy

_ALSALLAKH = 'Alsallakh et al., "Mind the Pad", ICLR 2021, arXiv 2010.02178'


@remedy(
    "even-input",
    does="choose the nearest input size at which no window leaves positions over",
    cost="the input is resized or cropped",
    reference=_ALSALLAKH,
    removes=("uneven padding",),
    given="the padding was even to begin with: as much after as before",
)
def even_input(network: Network) -> Network:
    """The nearest input size that leaves nothing after any last window.

    >>> from core.network import parse
    >>> str(even_input(parse("224; conv k7 s2 p3; maxpool k3 s2 p1; conv k3 s2 p1 x3")))
    '225; conv k7 s2 p3; maxpool k3 s2 p1; conv k3 s2 p1 x3'
    """
    sizes = even_sizes(graph_of(network))
    if not sizes:
        raise NetworkError("no other input size near this one leaves less over; nothing to change")
    return replace(network, size=sizes[0])


@remedy(
    "drop-unproductive",
    does="drop the last layers, all of them after the field has covered the whole input",
    cost="fewer layers, and the channels of an earlier one at the output",
    reference='Richter et al., "Should You Go Deeper?", ICMLA 2021',
)
def drop_unproductive(network: Network) -> Network:
    """The network without its longest end that holds no window but unproductive ones; a last ``global`` stays.

    >>> from core.network import parse
    >>> str(drop_unproductive(parse("8; conv k3 p1 x6; conv k1; global")))
    '8; conv k3 p1 x4; global'
    """
    items = network.layers
    head = items[-1:] if items and isinstance(items[-1], Layer) and items[-1].op == "global" else ()
    body = items[: len(items) - len(head)]
    graph = graph_of(network)
    idle = set(unproductive(graph))
    kept = first = 0
    for at, item in enumerate(body, start=1):
        nodes = range(first + 1, first + 1 + layer_count((item,)))
        first += len(nodes)
        if any(index not in idle and _reads_several(graph.nodes[index].layer) for index in nodes):
            kept = at
    if kept == len(body) or not any(index in idle for index in range(layer_count(body[:kept]) + 1, first + 1)):
        raise NetworkError("the network does not end in unproductive layers; nothing to drop")
    return replace(network, layers=body[:kept] + head)


@remedy(
    "deeper",
    does="append a convolution of 3 that keeps the size",
    cost="one more layer",
    reference="Araujo, Norris, Sim, Computing Receptive Fields, Distill 2019, doi 10.23915/distill.00021",
)
def deeper(network: Network) -> Network:
    """One more convolution of 3 at the end: the field grows by two output strides.

    >>> from core.network import parse
    >>> str(deeper(parse("64x64; maxpool k2")))
    '64x64; maxpool k2; conv k3 p1'
    """
    axes = len(network.size)
    ones = (1,) * axes
    item: Item = Layer("conv", (3,) * axes, ones, ones, ((1, 1),) * axes)
    return replace(network, layers=(*network.layers, item))


def _reads_several(layer: Layer | None) -> bool:
    """Whether a layer makes the field larger, or moves positions apart; anything but a pointwise one."""
    return layer is not None and (layer.op in ("random", "global") or max(*layer.kernel, *layer.stride, 0) > 1)
