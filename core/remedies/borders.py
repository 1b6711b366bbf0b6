"""Remedies for the border and for one-sided padding: what is shown, or how much, beyond the last samples."""

from collections.abc import Callable
from dataclasses import replace

from ..network.layers import Item, Layer, Pad
from ..network.network import Network
from ..network.window import Border
from .registry import remedy
from .rewrite import with_layers

_WINDOWS = ("conv", "maxpool", "avgpool", "blur")
_MIND_THE_PAD = 'Alsallakh et al., "Mind the Pad", ICLR 2021, arXiv 2010.02178'
_GOODFELLOW = "Goodfellow, Bengio, Courville, Deep Learning, 2016, ch. 9"


@remedy(
    "border-symmetric",
    does="mirror the samples at the border (symmetric) in every window, unpadded ones padded to keep their size",
    cost="the network sees mirrored content outside the image, and padding where there was none",
    reference=_MIND_THE_PAD,
    removes=("foveation",),
    given="every stride divides the samples that its window reads, and the padding is half of span - stride a side",
)
def border_symmetric(network: Network) -> Network:
    """Symmetric borders everywhere; windows without padding get what closes up with their stride.

    >>> from core.network import parse
    >>> str(border_symmetric(parse("64; conv k3 p1; maxpool k2; conv k5")))
    '64; conv k3 p1 symmetric; maxpool k2; conv k5 p2 symmetric'
    """
    return _bordered(network, "symmetric")


@remedy(
    "border-circular",
    does="wrap the samples around the border (circular) in every window, unpadded ones padded to keep their size",
    cost="each side of the image sees the opposite one, and padding where there was none",
    reference=_MIND_THE_PAD,
    removes=("foveation",),
    given="every stride divides the samples that its window reads, and the padding is span - stride in all, or up to "
    "stride - 1 more",
)
def border_circular(network: Network) -> Network:
    """Circular borders everywhere; windows without padding get what closes up with their stride."""
    return _bordered(network, "circular")


@remedy(
    "border-reflect",
    does="mirror the samples at the border but for the last (reflect) in every window, unpadded ones padded to keep "
    "their size",
    cost="the border samples are shown once, their neighbours twice: the border stays behind",
    reference=_MIND_THE_PAD,
)
def border_reflect(network: Network) -> Network:
    """Reflected borders everywhere; windows without padding get what closes up with their stride."""
    return _bordered(network, "reflect")


@remedy(
    "border-replicate",
    does="repeat the border sample (replicate) in every window, unpadded ones padded to keep their size",
    cost="the border samples are shown again and again: with wide padding they have more paths than the centre",
    reference=_MIND_THE_PAD,
    removes=("foveation",),
    given="as with border-symmetric, and the padding is one position a side at most: both then show the same",
)
def border_replicate(network: Network) -> Network:
    """Replicated borders everywhere; windows without padding get what closes up with their stride."""
    return _bordered(network, "replicate")


@remedy(
    "padding-valid",
    does="take all padding away (valid)",
    cost="feature maps that shrink with every layer, and a border that fades exponentially with depth",
    reference=_GOODFELLOW,
)
def padding_valid(network: Network) -> Network:
    """No padding in any window.

    >>> from core.network import parse
    >>> str(padding_valid(parse("64; conv k3 same reflect; maxpool k3 s2 p1")))
    '64; conv k3; maxpool k3 s2'
    """
    nothing = ((0, 0),) * len(network.size)

    def change(layer: Layer) -> Layer:
        return replace(layer, pad=nothing, border="zeros") if any(map(any, layer.pads())) else layer

    return with_layers(network, _windows(change), "padded window")


@remedy(
    "padding-same",
    does="pad every unpadded window with as many zeros as keep its size",
    cost="larger feature maps, and zeros at their borders",
    reference=_GOODFELLOW,
)
def padding_same(network: Network) -> Network:
    """Windows without padding get what closes up with their stride, zeros.

    >>> from core.network import parse
    >>> str(padding_same(parse("64x64; conv k64x3 s4x1; conv k3 p1")))
    '64x64; conv k64x3 s4x1 p30x1; conv k3 p1'
    """
    return with_layers(network, _windows(lambda layer: replace(layer, pad=_closing(layer))), "unpadded window")


@remedy(
    "padding-full",
    does="pad every window so that it takes every position that reads a sample (full)",
    cost="feature maps that grow with every layer",
    reference=_GOODFELLOW,
    removes=("foveation",),
    given="no transposed convolution crops, and no window of one tap is padded",
)
def padding_full(network: Network) -> Network:
    """Full padding, zeros, in every window of more than one tap.

    >>> from core.network import parse
    >>> str(padding_full(parse("64; conv k3 p1; conv k1; maxpool k2")))
    '64; conv k3 full; conv k1; maxpool k2 full'
    """

    def change(layer: Layer) -> Layer:
        return replace(layer, pad="full", border="zeros") if max(layer.kernel) > 1 else layer

    return with_layers(network, _windows(change), "window without full padding")


@remedy(
    "padding-centred",
    does="move each window's padding to the same number before and after",
    cost="none in weights; a causal layer is no longer causal",
    reference="Araujo, Norris, Sim, Computing Receptive Fields, Distill 2019, doi 10.23915/distill.00021",
)
def padding_centred(network: Network) -> Network:
    """The total padding of each axis in halves, the odd one after; sizes stay.

    >>> from core.network import parse
    >>> str(padding_centred(parse("64; add(conv k5 p4:0 | conv k2 p1:0)")))
    '64; add(conv k5 p2 | conv k2 p0:1)'
    """

    def change(layer: Layer) -> Layer:
        pad = tuple((sum(sides) // 2, sum(sides) - sum(sides) // 2) for sides in layer.pads())
        return layer if pad == layer.pads() else replace(layer, pad=pad)

    return with_layers(network, _windows(change), "window padded unevenly")


def _windows(change: Callable[[Layer], Layer]) -> Callable[[Layer], tuple[Item, ...]]:
    """``change`` for the layers that slide a window, the others as they are."""
    return lambda layer: (change(layer) if layer.op in _WINDOWS else layer,)


def _bordered(network: Network, border: Border) -> Network:
    def change(layer: Layer) -> Layer:
        pad = _closing(layer)
        return replace(layer, pad=pad, border=border) if any(map(any, replace(layer, pad=pad).pads())) else layer

    return with_layers(network, _windows(change), f"window without a {border} border")


def _closing(layer: Layer) -> Pad:
    """The layer's own padding; where it has none, span - stride in total: ``n`` samples then give ``n / stride``."""
    if any(map(any, layer.pads())):
        return layer.pad
    per_axis = zip(layer.kernel, layer.stride, layer.dilation, strict=True)
    totals = [max(d * (k - 1) + 1 - s, 0) for k, s, d in per_axis]
    return tuple((total // 2, total - total // 2) for total in totals)
