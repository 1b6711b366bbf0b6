"""Remedies for gridding: dilations that leave no holes, or undilated windows after them."""

from dataclasses import replace
from itertools import groupby

from ..errors import NetworkError
from ..network.layers import Item, Layer
from ..network.network import Network
from .registry import remedy
from .rewrite import Items, with_sequences


@remedy(
    "hybrid-dilation",
    does="let equal dilations in a row grow from 1, each reaching no further than the windows before it",
    cost="none in weights; the field keeps its size where the kernels allow it",
    reference='Wang et al., "Understanding Convolution for Semantic Segmentation", 2018, arXiv 1702.08502',
)
def hybrid_dilation(network: Network) -> Network:
    """Runs of equal dilation d become 1, …, with the same sum where no dilation then steps over what was read.

    A dilation no larger than the width read so far leaves no hole. Padding keeps its share of the span.

    >>> from core.network import parse
    >>> str(hybrid_dilation(parse("65; conv k3 d2 p2 x4; conv k3 d4 p4 x3")))
    '65; conv k3 p1; conv k3 d2 p2 x2; conv k3 d3 p3; conv k3 p1; conv k3 d3 p3; conv k3 d8 p8'
    """

    def change(items: Items) -> Items:
        runs = (tuple(run) for _, run in groupby(items, key=_dilation))
        return tuple(item for run in runs for item in _grown(run))

    return with_sequences(network, change, "two convolutions of one dilation in a row")


@remedy(
    "dilation-doubling",
    does="let the dilation of undilated convolutions in a row double from layer to layer",
    cost="none in weights; the field grows exponentially, and with it the border that it feels",
    reference='Yu, Koltun, "Multi-Scale Context Aggregation by Dilated Convolutions", ICLR 2016, arXiv 1511.07122',
)
def dilation_doubling(network: Network) -> Network:
    """Runs of undilated convolutions at stride 1 get dilations 1, 2, 4, …; padding grows with them, sizes stay.

    >>> from core.network import parse
    >>> str(dilation_doubling(parse("64; conv k3 p1 x3; maxpool k2; conv k3 same x2")))
    '64; conv k3 p1; conv k3 d2 p2; conv k3 d4 p4; maxpool k2; conv k3 same; conv k3 d2 same'
    """

    def change(items: Items) -> Items:
        runs = (tuple(run) for _, run in groupby(items, key=_is_dense))
        return tuple(item for run in runs for item in _doubled(run))

    return with_sequences(network, change, "two undilated convolutions in a row that move by 1")


@remedy(
    "degridding-layers",
    does="add convolutions of 3 with falling dilation after dilated ones, down to dilation 1",
    cost="one or more layers after each run of dilated ones, and a slightly larger field",
    reference="Yu, Koltun, Funkhouser, Dilated Residual Networks, CVPR 2017",
)
def degridding_layers(network: Network) -> Network:
    """After dilated convolutions of at most d, ones of 3 with a third of d, rounded up, and so on down to 1.

    Taps e apart on both sides fill a gap of 3e, so that none is left after dilation 1.

    >>> from core.network import parse
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
    wide = isinstance(item, Layer) and item.op == "conv" and max(item.kernel) > 1
    return item.dilation if isinstance(item, Layer) and wide else ()


def _is_dense(item: Item) -> bool:
    """Whether an item is an undilated convolution of more than one tap that moves by 1."""
    return _dilation(item) == (1,) * len(_dilation(item)) != () and isinstance(item, Layer) and max(item.stride) == 1


def _doubled(run: Items) -> Items:
    """A run of undilated convolutions, with doubling dilations; any other as it is."""
    layers = [item for item in run if isinstance(item, Layer) and _is_dense(item)]
    if len(layers) < len(run):
        return run
    return tuple(_dilated(layer, (2**at,) * len(layer.kernel)) for at, layer in enumerate(layers))


def _filling(dilation: tuple[int, ...]) -> list[Item]:
    layers: list[Item] = []
    ones = (1,) * len(dilation)
    while max(dilation) > 1:
        dilation = tuple(-(-d // 3) for d in dilation)
        pad = tuple((d, d) for d in dilation)
        layers.append(Layer("conv", (3,) * len(dilation), ones, dilation, pad))
    return layers


def _grown(run: Items) -> Items:
    """A run of convolutions of one dilation, with growing ones."""
    layers = [item for item in run if isinstance(item, Layer)]
    if len(run) < 2 or len(layers) < len(run) or max(_dilation(run[0]), default=1) == 1:
        return run
    axes = range(len(layers[0].dilation))
    per_axis = [_dilations([layer.kernel[axis] for layer in layers], layers[0].dilation[axis]) for axis in axes]
    return tuple(_dilated(layer, dilation) for layer, dilation in zip(layers, zip(*per_axis, strict=True), strict=True))


def _dilations(kernels: list[int], dilation: int) -> list[int]:
    """Growing dilations, one a kernel, that sum to what equal ones do where that leaves no hole.

    >>> _dilations([3, 3, 3], 4)
    [1, 3, 8]
    """
    left = dilation * len(kernels)
    width = 1
    found = []
    for at, kernel in enumerate(kernels):
        found.append(min(width, left // (len(kernels) - at)))
        width += found[-1] * (kernel - 1)
        left -= found[-1]
    return found


def _dilated(layer: Layer, dilation: tuple[int, ...]) -> Layer:
    if isinstance(layer.pad, str):
        return replace(layer, dilation=dilation)
    pad = []
    for sides, old, new in zip(layer.pad, layer.dilation, dilation, strict=True):
        if any(side * new % old for side in sides):
            raise NetworkError(f"the padding of {layer} is no multiple of its dilation; pad by multiples of {old}")
        pad.append((sides[0] * new // old, sides[1] * new // old))
    return replace(layer, dilation=dilation, pad=tuple(pad))
