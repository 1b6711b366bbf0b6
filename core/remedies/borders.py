"""Remedies for the border and for one-sided padding: what is shown, or how much, beyond the last samples."""

from dataclasses import replace
from typing import cast

from ..exact.streams import causal_map
from ..network.axes import time_axis
from ..network.graph import Graph
from ..network.kinds import TCONV
from ..network.maps import AxisMap, Transposed
from ..network.window import Border, Window
from .registry import remedy
from .rewrite import Rewrite, Windows, is_sliding, rewrite_of, sliding, with_windows

_MIND_THE_PAD = 'Alsallakh et al., "Mind the Pad", ICLR 2021, arXiv 2010.02178'
_GOODFELLOW = "Goodfellow, Bengio, Courville, Deep Learning, 2016, ch. 9"


@remedy(
    "border-symmetric",
    noun="symmetric padding",
    does="mirror the samples at the border (symmetric) in every window, unpadded ones padded to keep their size",
    cost="the network sees mirrored content outside the image, and padding where there was none",
    reference=_MIND_THE_PAD,
    removes=("foveation",),
    given="every stride divides the samples that its window reads, and the padding is half of span - stride a side",
)
def border_symmetric(graph: Graph) -> Rewrite:
    """Symmetric borders everywhere; windows without padding get what closes up with their stride.

    >>> from . import remedied
    >>> str(remedied(parse("64; conv k3 p1; maxpool k2; conv k5"), "border-symmetric"))
    '64; conv k3 p1 symmetric; maxpool k2; conv k5 p2 symmetric'
    """
    return _bordered(graph, "symmetric")


@remedy(
    "border-circular",
    noun="circular padding",
    does="wrap the samples around the border (circular) in every window, unpadded ones padded to keep their size",
    cost="each side of the image sees the opposite one, and padding where there was none",
    reference=_MIND_THE_PAD,
    removes=("foveation",),
    given="every stride divides the samples that its window reads, and the padding is span - stride in all, or up to "
    "stride - 1 more",
)
def border_circular(graph: Graph) -> Rewrite:
    """Circular borders everywhere; windows without padding get what closes up with their stride."""
    return _bordered(graph, "circular")


@remedy(
    "border-reflect",
    noun="reflect padding",
    does="mirror the samples at the border but for the last (reflect) in every window, unpadded ones padded to keep "
    "their size",
    cost="the border samples are shown once, their neighbours twice: the border stays behind",
    reference=_MIND_THE_PAD,
)
def border_reflect(graph: Graph) -> Rewrite:
    """Reflected borders everywhere; windows without padding get what closes up with their stride."""
    return _bordered(graph, "reflect")


@remedy(
    "border-replicate",
    noun="replicate padding",
    does="repeat the border sample (replicate) in every window, unpadded ones padded to keep their size",
    cost="the border samples are shown again and again: with wide padding they have more paths than the centre",
    reference=_MIND_THE_PAD,
    removes=("foveation",),
    given="as with border-symmetric, and the padding is one position a side at most: both then show the same",
)
def border_replicate(graph: Graph) -> Rewrite:
    """Replicated borders everywhere; windows without padding get what closes up with their stride."""
    return _bordered(graph, "replicate")


@remedy(
    "padding-valid",
    noun="removal of the padding",
    does="take all padding away (valid)",
    cost="feature maps that shrink with every layer, and a border that fades exponentially with depth",
    reference=_GOODFELLOW,
)
def padding_valid(graph: Graph) -> Rewrite:
    """No padding in any window.

    >>> from . import remedied
    >>> str(remedied(parse("64; conv k3 same reflect; maxpool k3 s2 p1"), "padding-valid"))
    '64; conv k3; maxpool k3 s2'
    """
    return with_windows(graph, is_sliding, lambda windows: _padded(windows, ((0, 0),) * len(windows)), "padded window")


@remedy(
    "padding-same",
    noun="padding that keeps the size",
    does="pad every unpadded window with as many zeros as keep its size",
    cost="larger feature maps, and zeros at their borders",
    reference=_GOODFELLOW,
)
def padding_same(graph: Graph) -> Rewrite:
    """Windows without padding get what closes up with their stride, zeros.

    >>> from . import remedied
    >>> str(remedied(parse("64x64; conv k64x3 s4x1; conv k3 p1"), "padding-same"))
    '64x64; conv k64x3 s4x1 p30x1; conv k3 p1'
    """

    def change(windows: Windows) -> Windows:
        return windows if _is_padded(windows) else _padded(windows, _closing(windows))

    return with_windows(graph, is_sliding, change, "unpadded window")


@remedy(
    "padding-full",
    noun="full padding",
    does="pad every window so that it takes every position that reads a sample (full)",
    cost="feature maps that grow with every layer",
    reference=_GOODFELLOW,
    removes=("foveation",),
    given="no transposed convolution crops, and no window of one tap is padded",
)
def padding_full(graph: Graph) -> Rewrite:
    """Full padding, zeros, in every window of more than one tap.

    >>> from . import remedied
    >>> str(remedied(parse("64; conv k3 p1; conv k1; maxpool k2"), "padding-full"))
    '64; conv k3 full; conv k1; maxpool k2 full'
    """
    windows = {
        index: _padded(windows, tuple((window.span - 1, window.span - 1) for window in windows))
        for index, windows in sliding(graph, is_sliding)
        if max(window.kernel for window in windows) > 1
    }
    return rewrite_of(graph, windows, "window without full padding", full=True)


@remedy(
    "padding-centred",
    noun="centred padding",
    does="move each window's padding to the same number before and after",
    cost="none in weights; a causal layer is no longer causal",
    reference="Araujo, Norris, Sim, Computing Receptive Fields, Distill 2019, doi 10.23915/distill.00021",
)
def padding_centred(graph: Graph) -> Rewrite:
    """The total padding of each axis in halves, the odd one after; sizes stay.

    >>> from . import remedied
    >>> str(remedied(parse("64; add(conv k5 p4:0 | conv k2 p1:0)"), "padding-centred"))
    '64; add(conv k5 p2 | conv k2 p0:1)'
    """

    def change(window: Window) -> Window:
        total = sum(window.pad)
        return replace(window, pad=(total // 2, total - total // 2))

    return with_windows(graph, is_sliding, lambda windows: tuple(map(change, windows)), "window padded unevenly")


@remedy(
    "causal",
    noun="causal padding",
    does="move padding before the samples along the last axis, of three the first, so that no window looks ahead "
    "(causal)",
    cost="the first samples see more padding; where branches met otherwise it computes something else, to be trained",
    reference='van den Oord et al., "WaveNet", 2016, arXiv 1609.03499, section 2.1; Bai et al., 2018, arXiv 1803.01271',
)
def causal(graph: Graph) -> Rewrite:
    """Padding of span - stride before, and none after unless there was more; of transposed ones all cropping after.

    >>> from . import remedied
    >>> str(remedied(parse("64; conv k3 p1; conv k4 s2 p1; tconv k4 s2 p1"), "causal"))
    '64; conv k3 p2:0; conv k4 s2 p2:0; tconv k4 s2 p0:2'
    """
    axis = time_axis(len(graph.input.size))

    def change(part: AxisMap, window: Window) -> Window:
        moved = causal_map(part)
        return window if moved is part else moved.window if isinstance(moved, Transposed) else cast(Window, moved)

    windows = {
        index: (*windows[:axis], change(graph.nodes[index].maps[axis], windows[axis]), *windows[axis + 1 :])
        for index, windows in sliding(graph, lambda op: is_sliding(op) or op == TCONV)
    }
    return rewrite_of(graph, windows, "window that looks ahead and could be padded otherwise")


def _bordered(graph: Graph, border: Border) -> Rewrite:
    def change(windows: Windows) -> Windows:
        pads = tuple(window.pad for window in windows) if _is_padded(windows) else _closing(windows)
        return _padded(windows, pads, border)

    return with_windows(graph, is_sliding, change, f"window without a {border} border")


def _padded(windows: Windows, pads: tuple[tuple[int, int], ...], border: Border = "zeros") -> Windows:
    return tuple(replace(window, pad=pad, border=border) for window, pad in zip(windows, pads, strict=True))


def _is_padded(windows: Windows) -> bool:
    return any(side for window in windows for side in window.pad)


def _closing(windows: Windows) -> tuple[tuple[int, int], ...]:
    """span - stride in total, the odd one after: ``n`` samples then give ``n / stride``."""
    totals = [max(window.span - window.stride, 0) for window in windows]
    return tuple((total // 2, total - total // 2) for total in totals)
