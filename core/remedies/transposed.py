"""Remedies for the checkerboard of transposed convolutions (Odena et al., Distill 2016)."""

from dataclasses import replace

from ..errors import NetworkError
from ..network.graph import Graph
from ..network.kinds import CONV, TCONV, UPSAMPLE
from ..network.layers import Item, Layer
from ..network.network import Network
from ..network.window import Window
from .items import with_layers
from .registry import WEIGHTS_OF_ITS_OWN, remedy, text_remedy
from .rewrite import Rewrite, with_windows

_ODENA = "Odena et al., Deconvolution and Checkerboard Artifacts, Distill 2016, doi 10.23915/distill.00003"
_UNDIVIDED = "transposed convolution whose stride does not divide its kernel"


@remedy(
    "tconv-multiple",
    noun="multiples of the stride as transposed kernels",
    does="widen the kernel of every transposed convolution to a multiple of its stride, and crop as much more",
    cost="a wider kernel in every such layer",
    reference=_ODENA,
)
def tconv_multiple(graph: Graph) -> Rewrite:
    """Kernels widened to the next multiple of the stride; what this adds is cropped, the odd one before, sizes stay.

    >>> from . import remedied
    >>> str(remedied(parse("8; tconv k3 s2 p1"), "tconv-multiple"))
    '8; tconv k4 s2 p2:1'
    """

    def change(window: Window) -> Window:
        more = -window.kernel % window.stride
        grown = more * window.dilation
        before, after = window.pad  # PyTorch can crop more before than after (output_padding), never the reverse
        return replace(window, kernel=window.kernel + more, pad=(before + grown - grown // 2, after + grown // 2))

    return with_windows(graph, lambda op: op == TCONV, lambda windows: tuple(map(change, windows)), _UNDIVIDED)


@text_remedy(
    "resize-convolution",
    noun="resize convolution",
    does="upsample by the nearest sample, then convolve, in place of every uneven transposed convolution",
    cost="the convolution runs at the larger size",
    reference=_ODENA,
    not_for_models=WEIGHTS_OF_ITS_OWN,
)
def resize_convolution(network: Network) -> Network:
    """``upsample`` by the stride, then a convolution of the same kernel, padded so that the size stays.

    >>> str(resize_convolution(parse("8; tconv k3 s2 p1")))
    '8; upsample s2; conv k3 p0:1'
    """

    def change(layer: Layer) -> tuple[Item, ...]:
        if _divided(layer):
            return (layer,)
        pad = []
        for k, s, d, sides in zip(layer.kernel, layer.stride, layer.dilation, layer.pads(), strict=True):
            total = d * (k - 1) + 1 - s - sum(sides) + k - 1  # (n - 1) s + span - crop = n s + total - (k - 1)
            if total < 0:
                raise NetworkError(f"{layer} crops more than a convolution of {k} can; use less padding")
            pad.append((total // 2, total - total // 2))
        ones = (1,) * len(layer.kernel)
        upsample = Layer(UPSAMPLE, stride=layer.stride)
        convolution = Layer(CONV, layer.kernel, ones, ones, tuple(pad), channels=layer.channels, groups=layer.groups)
        return upsample, convolution

    return with_layers(network, change, _UNDIVIDED)


def _divided(layer: Layer) -> bool:
    """Whether a layer is no transposed convolution, or one whose stride divides its kernel."""
    return layer.op != TCONV or all(k % s == 0 for k, s in zip(layer.kernel, layer.stride, strict=True))
