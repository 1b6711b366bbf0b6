"""Remedies for gridding: dilations that leave no holes, or undilated windows after them."""

from dataclasses import replace
from itertools import groupby

from ..errors import NetworkError
from ..network.graph import Graph
from ..network.kinds import CONV
from ..network.layers import Item, Layer
from ..network.network import Network
from .items import Items, with_sequences
from .registry import WEIGHTS_OF_ITS_OWN, remedy, text_remedy
from .rewrite import Rewrite, Windows, rewrite_of, rows, windows_of


@remedy(
    "hybrid-dilation",
    noun="hybrid dilation",
    does="let equal dilations in a row grow from 1, each reaching no further than the windows before it",
    cost="none in weights; the field keeps its size where the kernels allow it",
    reference='Wang et al., "Understanding Convolution for Semantic Segmentation", 2018, arXiv 1702.08502',
)
def hybrid_dilation(graph: Graph) -> Rewrite:
    """Rows of equal dilation d become 1, …, with the same sum where no dilation then steps over what was read.

    A dilation no larger than the width read so far leaves no hole. Padding keeps its share of the span.

    >>> from . import remedied
    >>> str(remedied(parse("65; conv k3 d2 p2 x4; conv k3 d4 p4 x3"), "hybrid-dilation"))
    '65; conv k3 p1; conv k3 d2 p2 x2; conv k3 d3 p3; conv k3 p1; conv k3 d3 p3; conv k3 d8 p8'
    """
    changed: dict[int, Windows] = {}
    for row in rows(graph, _dilations_of):
        old = [windows_of(graph.nodes[index]) for index in row]
        if len(row) < 2 or max(_dilations_of(old[0])) == 1:
            continue
        axes = zip(*old, strict=True)
        grown = [_grown([window.kernel for window in axis], axis[0].dilation) for axis in axes]
        for place, index in enumerate(row):
            changed[index] = _dilated(graph, index, tuple(axis[place] for axis in grown))
    return rewrite_of(graph, changed, "two convolutions of one dilation in a row")


@remedy(
    "dilation-doubling",
    noun="doubled dilation",
    does="let the dilation of undilated convolutions in a row double from layer to layer",
    cost="none in weights; the field grows exponentially, and with it the border that it feels",
    reference='Yu, Koltun, "Multi-Scale Context Aggregation by Dilated Convolutions", ICLR 2016, arXiv 1511.07122',
)
def dilation_doubling(graph: Graph) -> Rewrite:
    """Rows of undilated convolutions at stride 1 get dilations 1, 2, 4, …; padding grows with them, sizes stay.

    >>> from . import remedied
    >>> str(remedied(parse("64; conv k3 p1 x3; maxpool k2; conv k3 same x2"), "dilation-doubling"))
    '64; conv k3 p1; conv k3 d2 p2; conv k3 d4 p4; maxpool k2; conv k3 same; conv k3 d2 same'
    """
    changed = {
        index: _dilated(graph, index, (2**place,) * len(graph.nodes[index].maps))
        for row in rows(graph, _is_dense)
        for place, index in enumerate(row)
    }
    return rewrite_of(graph, changed, "two undilated convolutions in a row that move by 1")


@text_remedy(
    "degridding-layers",
    noun="degridding layers",
    does="add convolutions of 3 with falling dilation after dilated ones, down to dilation 1",
    cost="one or more layers after each run of dilated ones, and a slightly larger field",
    reference="Yu, Koltun, Funkhouser, Dilated Residual Networks, CVPR 2017",
    not_for_models=WEIGHTS_OF_ITS_OWN,
)
def degridding_layers(network: Network) -> Network:
    """After dilated convolutions of at most d, ones of 3 with a third of d, rounded up, and so on down to 1.

    Taps e apart on both sides fill a gap of 3e, so that none is left after dilation 1.

    >>> str(degridding_layers(parse("65; conv k3 d2 p2 c8 x4; maxpool k2; conv k3 d4 p4")))
    '65; conv k3 d2 p2 c8 x4; conv k3 p1; maxpool k2; conv k3 d4 p4; conv k3 d2 p2; conv k3 p1'
    """

    def change(items: Items) -> Items:
        result: list[Item] = []
        for dilated, run in groupby(items, key=lambda item: max(_dilation(item), default=1) > 1):
            result += (kept := tuple(run))
            dilations = [item.dilation for item in kept if isinstance(item, Layer)] if dilated else []
            if dilations:
                result += _filling(tuple(map(max, zip(*dilations, strict=True))))
        return tuple(result)

    return with_sequences(network, change, "dilated convolution")


def _dilation(item: Item) -> tuple[int, ...]:
    """The dilation of a convolution of more than one tap; nothing for all else."""
    wide = isinstance(item, Layer) and item.op == CONV and max(item.kernel) > 1
    return item.dilation if isinstance(item, Layer) and wide else ()


def _filling(dilation: tuple[int, ...]) -> list[Item]:
    layers: list[Item] = []
    ones = (1,) * len(dilation)
    while max(dilation) > 1:
        dilation = tuple(-(-d // 3) for d in dilation)
        pad = tuple((d, d) for d in dilation)
        layers.append(Layer(CONV, (3,) * len(dilation), ones, dilation, pad))
    return layers


def _dilations_of(windows: Windows) -> tuple[int, ...]:
    """The dilation of a convolution of more than one tap; nothing for one of a single tap."""
    return tuple(window.dilation for window in windows) if max(window.kernel for window in windows) > 1 else ()


def _is_dense(windows: Windows) -> bool:
    """Whether a convolution has more than one tap, is undilated and moves by 1."""
    return set(_dilations_of(windows)) == {1} and max(window.stride for window in windows) == 1


def _grown(kernels: list[int], dilation: int) -> list[int]:
    """Growing dilations, one a kernel, that sum to what equal ones do where that leaves no hole.

    >>> _grown([3, 3, 3], 4)
    [1, 3, 8]
    """
    left = dilation * len(kernels)
    width = 1
    rates = []
    for place, kernel in enumerate(kernels):
        rates.append(min(width, left // (len(kernels) - place)))
        width += rates[-1] * (kernel - 1)
        left -= rates[-1]
    return rates


def _dilated(graph: Graph, index: int, dilation: tuple[int, ...]) -> Windows:
    """The windows of a node at other dilations, their padding grown alike.

    Padding that keeps the size ("same") is halved anew, as the half of an odd number is not a whole one.
    """
    result = []
    for window, new in zip(windows_of(graph.nodes[index]), dilation, strict=True):
        same = (window.span - 1) // 2, window.span // 2
        if window.pad == same:
            total = new * (window.kernel - 1)
            pad = total // 2, total - total // 2
        elif any(side * new % window.dilation for side in window.pad):
            raise NetworkError(
                f"the padding of {graph.nodes[index].text} is no multiple of its dilation; "
                f"pad by multiples of {window.dilation}"
            )
        else:
            pad = window.pad[0] * new // window.dilation, window.pad[1] * new // window.dilation
        result.append(replace(window, dilation=new, pad=pad))
    return tuple(result)
