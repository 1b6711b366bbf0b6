"""Remedies that add or drop layers, or change the input: for small fields, unproductive layers, left-over padding."""

from collections.abc import Iterator
from dataclasses import replace

from ..errors import NetworkError
from ..exact.field import unproductive
from ..exact.input_sizes import exact_fit_sizes
from ..network.graph import Graph, Node
from ..network.kinds import CONV, GLOBAL
from ..network.layers import Item, Layer
from ..network.maps import Linear
from ..network.network import Network
from ..network.operations import REDUCE
from .registry import WEIGHTS_OF_ITS_OWN, remedy, text_remedy
from .rewrite import Rewrite, windows_of

_ALSALLAKH = 'Alsallakh et al., "Mind the Pad", ICLR 2021, arXiv 2010.02178'


@remedy(
    "even-input",
    noun="an even input",
    does="choose the nearest input size at which no window leaves positions over",
    cost="the input is resized or cropped",
    reference=_ALSALLAKH,
    removes=("uneven padding",),
    given="the padding was even to begin with: as much after as before",
)
def even_input(graph: Graph) -> Rewrite:
    """The nearest input size that leaves nothing after any last window.

    >>> from . import remedied
    >>> str(remedied(parse("224; conv k7 s2 p3; maxpool k3 s2 p1; conv k3 s2 p1 x3"), "even-input"))
    '225; conv k7 s2 p3; maxpool k3 s2 p1; conv k3 s2 p1 x3'
    """
    sizes = exact_fit_sizes(graph)
    if not sizes:
        raise NetworkError("no other input size near this one leaves less over; nothing to change")
    return Rewrite(size=sizes[0])


@remedy(
    "drop-unproductive",
    noun="an earlier end",
    does="drop the last layers, all of them after the field has covered the whole input",
    cost="fewer layers, and the channels of an earlier one at the output",
    reference='Richter et al., "Should You Go Deeper?", ICMLA 2021',
)
def drop_unproductive(graph: Graph) -> Rewrite:
    """The network without its longest end that holds no window but unproductive ones; a last ``global`` stays.

    >>> from . import remedied
    >>> str(remedied(parse("8; conv k3 p1 x6; conv k1; global"), "drop-unproductive"))
    '8; conv k3 p1 x4; global'
    """
    pooled = graph.output.op in (GLOBAL, REDUCE)  # a traced mean over all positions is the same
    last = graph.output.inputs[0] if pooled else len(graph.nodes) - 1
    idle = set(unproductive(graph))
    ends = [end for end in _ends(graph) if end <= last]
    productive = max(
        (index for index in graph.ancestors if index <= last and index not in idle and _reads_several(graph, index)),
        default=0,
    )
    end = next(end for end in ends if end >= productive)
    if not any(index in idle and index in graph.ancestors for index in range(end + 1, last + 1)):
        raise NetworkError("the network does not end in unproductive layers; nothing to drop")
    if end == 0:
        raise NetworkError("every layer is unproductive, and without them nothing is left; use a larger input")
    return Rewrite(end=end, pooled=pooled)


@text_remedy(
    "deeper",
    noun="a deeper network",
    does="append a convolution of 3 that keeps the size",
    cost="one more layer",
    reference="Araujo, Norris, Sim, Computing Receptive Fields, Distill 2019, doi 10.23915/distill.00021",
    not_for_models=WEIGHTS_OF_ITS_OWN,
)
def deeper(network: Network) -> Network:
    """One more convolution of 3 at the end: the field grows by two output strides.

    >>> str(deeper(parse("64x64; maxpool k2")))
    '64x64; maxpool k2; conv k3 p1'
    """
    axes = len(network.size)
    ones = (1,) * axes
    item: Item = Layer(CONV, (3,) * axes, ones, ones, ((1, 1),) * axes)
    return replace(network, layers=(*network.layers, item))


def _ends(graph: Graph) -> Iterator[int]:
    """The nodes that all paths to the output lead through, in order: what comes after one reads nothing before it."""
    least = len(graph.nodes)
    ends = []
    for index in reversed(range(len(graph.nodes))):
        if index <= least:
            ends.append(index)
        least = min((least, *graph.nodes[index].inputs, *graph.nodes[index].gates))
    return reversed(ends)


def _reads_several(graph: Graph, index: int) -> bool:
    """Whether a node makes the field larger, or moves positions apart; anything but a pointwise one."""
    node = graph.nodes[index]
    if node.op.whole or node.lookup is not None:
        return True
    windows = windows_of(node)
    return max((max(w.kernel, w.stride) for w in windows), default=1) > 1 or _has_other_maps(node, windows)


def _has_other_maps(node: Node, windows: tuple[object, ...]) -> bool:
    """Whether an axis has a map that is no window, and does more than keep positions in place."""
    return not windows and any(part != Linear(1) for part in node.maps)
