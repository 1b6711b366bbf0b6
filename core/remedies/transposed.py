"""Remedies for the checkerboard of transposed convolutions (Odena et al., Distill 2016)."""

from dataclasses import replace

from ..errors import NetworkError
from ..network.layers import Item, Layer
from ..network.network import Network
from .registry import remedy
from .rewrite import with_layers

_ODENA = "Odena et al., Deconvolution and Checkerboard Artifacts, Distill 2016, doi 10.23915/distill.00003"
_UNDIVIDED = "transposed convolution whose stride does not divide its kernel"


@remedy(
    "tconv-multiple",
    does="widen the kernel of every transposed convolution to a multiple of its stride, and crop as much more",
    cost="a wider kernel in every such layer",
    reference=_ODENA,
)
def tconv_multiple(network: Network) -> Network:
    """Kernels widened to the next multiple of the stride; what this adds is cropped, the odd one before, sizes stay.

    >>> from core.network import parse
    >>> str(tconv_multiple(parse("8; tconv k3 s2 p1")))
    '8; tconv k4 s2 p2:1'
    """

    def change(layer: Layer) -> tuple[Item, ...]:
        if _divided(layer):
            return (layer,)
        more = [-k % s for k, s in zip(layer.kernel, layer.stride, strict=True)]
        grown = [extra * d for extra, d in zip(more, layer.dilation, strict=True)]
        pad = tuple(  # PyTorch can crop more before than after (output_padding), never the reverse
            (before + extra - extra // 2, after + extra // 2)
            for (before, after), extra in zip(layer.pads(), grown, strict=True)
        )
        kernel = tuple(k + extra for k, extra in zip(layer.kernel, more, strict=True))
        return (replace(layer, kernel=kernel, pad=pad),)

    return with_layers(network, change, _UNDIVIDED)


@remedy(
    "resize-convolution",
    does="upsample by the nearest sample, then convolve, in place of every uneven transposed convolution",
    cost="the convolution runs at the larger size",
    reference=_ODENA,
)
def resize_convolution(network: Network) -> Network:
    """``upsample`` by the stride, then a convolution of the same kernel, padded so that the size stays.

    >>> from core.network import parse
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
        upsample = Layer("upsample", stride=layer.stride)
        convolution = Layer("conv", layer.kernel, ones, ones, tuple(pad), channels=layer.channels, groups=layer.groups)
        return upsample, convolution

    return with_layers(network, change, _UNDIVIDED)


def _divided(layer: Layer) -> bool:
    """Whether a layer is no transposed convolution, or one whose stride divides its kernel."""
    return layer.op != "tconv" or all(k % s == 0 for k, s in zip(layer.kernel, layer.stride, strict=True))
