"""Remedies for parity and unread pixels: kernels that their stride divides, and a low-pass before the stride."""

from dataclasses import replace

from ..errors import NetworkError
from ..network.graph import Graph
from ..network.window import Border, Window, binomial
from .registry import remedy
from .rewrite import Rewrite, Windows, is_resizable, nothing, sliding, with_windows

_UNDIVIDED = "strided window whose stride does not divide its kernel"


@remedy(
    "kernel-padding",
    noun="kernel padding",
    does="widen every strided kernel to the next multiple of its stride, by zero rows and columns after it, padding "
    "unchanged",
    cost="weights, all zero before training, and reads of them: at stride 2 (k + 1)² taps instead of k²",
    reference='Kim et al., "Dead Pixel Test Using Effective Receptive Field", 2023, arXiv 2108.13576',
    removes=("parity", "uneven padding"),
    given="no dilation shares a factor with its stride, and blurs stride by 1; for uneven padding strided kernels are "
    "odd, undilated, of stride 2 and padded by half of k - 1, and the input is a multiple of the stride product",
)
def kernel_padding(graph: Graph) -> Rewrite:
    """Kernels widened after their end to the next multiple of their stride; the padding keeps its numbers.

    >>> from . import remedied
    >>> network = parse("64x64; conv k7 s2 p3; maxpool k2; add(conv k3 s2x1 p1 | conv k1 s2x1); conv k5 s4")
    >>> str(remedied(network, "kernel-padding"))
    '64x64; conv k8 s2 p3; maxpool k2; add(conv k4x3 s2x1 p1 | conv k2x1 s2x1); conv k8 s4'
    """

    def change(windows: Windows) -> Windows:
        return tuple(replace(window, kernel=window.kernel + _missing(window)) for window in windows)

    return with_windows(graph, is_resizable, change, _UNDIVIDED)


@remedy(
    "kernel-multiple",
    noun="multiples of the stride as kernels",
    does="widen every strided kernel to the next multiple of its stride, on both sides, and its padding with it",
    cost="weights, all zero before training, and a wider kernel in every such layer",
    reference="Odena et al., Deconvolution and Checkerboard Artifacts, Distill 2016, doi 10.23915/distill.00003",
    removes=("parity",),
    given="no dilation shares a factor with its stride, and blurs stride by 1",
)
def kernel_multiple(graph: Graph) -> Rewrite:
    """Kernels widened to the next multiple of their stride; padding grows as much, the odd one after, sizes stay.

    >>> from . import remedied
    >>> str(remedied(parse("64; conv k3 s2 p1; conv k5 s4 p2; conv k1 s2"), "kernel-multiple"))
    '64; conv k4 s2 p1:2; conv k8 s4 p3:4; conv k2 s2 p0:1'
    """

    def change(window: Window) -> Window:
        more = _missing(window)
        grown = more * window.dilation
        before, after = window.pad
        return replace(window, kernel=window.kernel + more, pad=(before + grown // 2, after + grown - grown // 2))

    return with_windows(graph, is_resizable, lambda windows: tuple(map(change, windows)), _UNDIVIDED)


@remedy(
    "blur-before-stride",
    noun="a blur before each stride",
    does="let every strided window move by 1 and stride in a binomial blur of 3 after it",
    cost="the strided windows are computed at every position, and a blur follows each",
    reference='Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019, arXiv 1904.11486',
    removes=("parity",),
    given="blurs that were there before stride by 1",
)
def blur_before_stride(graph: Graph) -> Rewrite:
    """Strided windows at stride 1, then ``blur k3 s2 p1`` once for every factor of two; sizes stay.

    Raises :class:`~.errors.NetworkError` for strides that are no power of two: binomials are flat for those only.

    >>> from . import remedied
    >>> str(remedied(parse("64; maxpool k3 s2 p1; conv k5 s4 p2"), "blur-before-stride"))
    '64; maxpool k3 s1 p1; blur k3 s2 p1; conv k5 p2; blur k3 s2 p1 x2'
    """
    changed: dict[int, Windows] = {}
    blurs: dict[int, tuple[Windows, ...]] = {}
    for index, windows in sliding(graph, is_resizable):
        strides = tuple(window.stride for window in windows)
        if max(strides) == 1:
            continue
        for stride in strides:
            if stride & (stride - 1):
                raise NetworkError(
                    f"a blur evens out strides of 2, 4, 8, …, not the stride {stride} of {graph.nodes[index].text}; "
                    "make the kernel a multiple of the stride instead"
                )
        changed[index] = tuple(replace(window, stride=1) for window in windows)
        blurs[index] = _blurs(strides, windows[0].border)
    if not changed:
        raise nothing("strided window")
    return Rewrite(changed, blurs)


@remedy(
    "non-overlapping",
    noun="non-overlapping windows",
    does="let every window move by its own length, undilated and without padding, so that no two share a pixel",
    cost="far smaller feature maps, and no unit sees across the seams between windows",
    reference='Dosovitskiy et al., "An Image is Worth 16x16 Words", ICLR 2021, arXiv 2010.11929 (patches)',
    removes=("centre bias", "foveation", "parity", "uneven padding"),
    given="each kernel divides the samples that it reads, in a network of convolutions and pools alone",
)
def non_overlapping(graph: Graph) -> Rewrite:
    """Stride = kernel in every convolution and pool: every pixel has one path.

    >>> from . import remedied
    >>> str(remedied(parse("27x27; conv k3 p1 x2; maxpool k3 s2 p1"), "non-overlapping"))
    '27x27; conv k3 s3 x2; maxpool k3'
    """

    def change(windows: Windows) -> Windows:
        return tuple(Window(window.kernel, window.kernel) for window in windows)

    return with_windows(graph, is_resizable, change, "window that overlaps the next, leaves a gap or is padded")


def _missing(window: Window) -> int:
    """What a kernel lacks to be a multiple of its stride.

    >>> _missing(Window(5, stride=4)), _missing(Window(3))
    (3, 0)
    """
    return -window.kernel % window.stride


def _blurs(strides: tuple[int, ...], border: Border) -> tuple[Windows, ...]:
    """Blurs of 3 that together stride as asked, each along the axes that it strides; with the border of the layer."""
    result = []
    while max(strides) > 1:
        result.append(tuple(_blur(min(stride, 2), border) for stride in strides))
        strides = tuple(max(stride // 2, 1) for stride in strides)
    return tuple(result)


def _blur(stride: int, border: Border) -> Window:
    kernel = 3 if stride == 2 else 1
    return Window(kernel, stride, 1, (kernel // 2, kernel // 2), border, binomial(kernel))
