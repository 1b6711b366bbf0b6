"""Remedies for parity and unread pixels: kernels that their stride divides, and a low-pass before the stride."""

from dataclasses import replace

from ..errors import NetworkError
from ..network.layers import Item, Layer, Pad
from ..network.network import Network
from .registry import remedy
from .rewrite import with_layers

_STRIDED = ("conv", "maxpool", "avgpool")
_UNDIVIDED = "strided window whose stride does not divide its kernel"


@remedy(
    "kernel-padding",
    does="add one zero row and column after every strided kernel that its stride does not divide, padding unchanged",
    cost="weights, all zero before training, and reads of (k + 1)² instead of k² taps",
    reference='Kim et al., "Dead Pixel Test Using Effective Receptive Field", 2023, arXiv 2108.13576',
    removes=("parity", "uneven padding"),
    given="strided kernels are odd and undilated with stride 2; for uneven padding they are also padded by half of "
    "k - 1, and the input is a multiple of the stride product",
)
def kernel_padding(network: Network) -> Network:
    """Kernels one wider on every axis whose stride does not divide them; the padding keeps its numbers.

    >>> from core.network import parse
    >>> str(kernel_padding(parse("64x64; conv k7 s2 p3; maxpool k2; add(conv k3 s2x1 p1 | conv k1 s2x1)")))
    '64x64; conv k8 s2 p3; maxpool k2; add(conv k4x3 s2x1 p1 | conv k2x1 s2x1)'
    """

    def change(layer: Layer) -> tuple[Item, ...]:
        if layer.op not in _STRIDED:
            return (layer,)
        sides = zip(layer.kernel, layer.stride, strict=True)
        return (replace(layer, kernel=tuple(k + (k % s > 0) for k, s in sides), pad=_kept(layer)),)

    return with_layers(network, change, _UNDIVIDED)


@remedy(
    "kernel-multiple",
    does="widen every strided kernel to a multiple of its stride, and its padding with it",
    cost="a wider kernel in every such layer",
    reference="Odena et al., Deconvolution and Checkerboard Artifacts, Distill 2016, doi 10.23915/distill.00003",
    removes=("parity",),
    given="no dilation shares a factor with its stride, and blurs stride by 1",
)
def kernel_multiple(network: Network) -> Network:
    """Kernels widened to the next multiple of their stride; padding grows as much, the odd one after, sizes stay.

    >>> from core.network import parse
    >>> str(kernel_multiple(parse("64; conv k3 s2 p1; conv k5 s4 p2; conv k1 s2")))
    '64; conv k4 s2 p1:2; conv k8 s4 p3:4; conv k2 s2 p0:1'
    """

    def change(layer: Layer) -> tuple[Item, ...]:
        if layer.op not in _STRIDED:
            return (layer,)
        more = [-k % s for k, s in zip(layer.kernel, layer.stride, strict=True)]
        kernel = tuple(k + extra for k, extra in zip(layer.kernel, more, strict=True))
        grown = [extra * d for extra, d in zip(more, layer.dilation, strict=True)]
        pad = tuple(
            (before + extra // 2, after + extra - extra // 2)
            for (before, after), extra in zip(layer.pads(), grown, strict=True)
        )
        return (replace(layer, kernel=kernel, pad=pad if any(more) else layer.pad),)

    return with_layers(network, change, _UNDIVIDED)


@remedy(
    "blur-before-stride",
    does="let every strided window move by 1 and stride in a binomial blur of 3 after it",
    cost="the strided windows are computed at every position, and a blur follows each",
    reference='Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019, arXiv 1904.11486',
    removes=("parity",),
    given="blurs that were there before stride by 1",
)
def blur_before_stride(network: Network) -> Network:
    """Strided windows at stride 1, then ``blur k3 s2 p1`` once for every factor of two; sizes stay.

    Raises :class:`~core.errors.NetworkError` for strides that are no power of two: binomials are flat for those only.

    >>> from core.network import parse
    >>> str(blur_before_stride(parse("64; maxpool k3 s2 p1; conv k5 s4 p2")))
    '64; maxpool k3 s1 p1; blur k3 s2 p1; conv k5 p2; blur k3 s2 p1 x2'
    """

    def change(layer: Layer) -> tuple[Item, ...]:
        if layer.op not in _STRIDED or max(layer.stride) == 1:
            return (layer,)
        for stride in layer.stride:
            if stride & (stride - 1):
                raise NetworkError(
                    f"a blur evens out strides of 2, 4, 8, …, not the stride {stride} of {layer}; "
                    "make the kernel a multiple of the stride instead"
                )
        blurs = []
        left = layer.stride
        while max(left) > 1:
            halved = tuple(min(stride, 2) for stride in left)
            blurs.append(_blur(layer, halved))
            left = tuple(max(stride // 2, 1) for stride in left)
        return (replace(layer, stride=(1,) * len(layer.stride)), *blurs)

    return with_layers(network, change, "strided window")


@remedy(
    "non-overlapping",
    does="let every window move by its own length, undilated and without padding, so that no two share a pixel",
    cost="far smaller feature maps, and no unit sees across the seams between windows",
    reference='Dosovitskiy et al., "An Image is Worth 16x16 Words", ICLR 2021, arXiv 2010.11929 (patches)',
    removes=("centre bias", "foveation", "parity", "uneven padding"),
    given="each kernel divides the samples that it reads, in a network of convolutions and pools alone",
)
def non_overlapping(network: Network) -> Network:
    """Stride = kernel in every convolution and pool: every pixel has one path.

    >>> from core.network import parse
    >>> str(non_overlapping(parse("27x27; conv k3 p1 x2; maxpool k3 s2 p1")))
    '27x27; conv k3 s3 x2; maxpool k3'
    """
    ones, nothing = (1,) * len(network.size), ((0, 0),) * len(network.size)

    def change(layer: Layer) -> tuple[Item, ...]:
        if layer.op not in _STRIDED:
            return (layer,)
        return (replace(layer, stride=layer.kernel, dilation=ones, pad=nothing, border="zeros"),)

    return with_layers(network, change, "window that overlaps the next, leaves a gap or is padded")


def _blur(layer: Layer, stride: tuple[int, ...]) -> Layer:
    """A blur of 3 along the axes that it strides, with the border mode of the layer before it."""
    kernel = tuple(3 if step == 2 else 1 for step in stride)
    pad = tuple((k // 2, k // 2) for k in kernel)
    return Layer("blur", kernel, stride, (1,) * len(stride), pad, layer.border)


def _kept(layer: Layer) -> Pad:
    """The padding's numbers, where the kernel is about to change and words would mean others."""
    divided = all(k % s == 0 for k, s in zip(layer.kernel, layer.stride, strict=True))
    return layer.pad if divided else layer.pads()
