"""Pixels from which no path leads anywhere."""

from fractions import Fraction

import numpy as np

from ..design.analysis import DesignAnalysis
from ..exact.counts import PathCounts
from ..exact.input_sizes import exact_fit_sizes
from ..exact.residues import skips
from ..formatting import format_percent
from ..network.graph import size_text
from ..network.window import Window
from .measure import Measure, at_inputs
from .registry import Observation, rule


def unread_share(analysis: DesignAnalysis) -> Fraction:
    """Share of the pixels that no path leaves from."""
    read = Fraction(1)
    for factor in analysis.counts.factors:
        read *= Fraction(int(np.count_nonzero(factor)), factor.size)
    return 1 - read


_MEASURE = Measure("share of unread pixels", unread_share)


@rule(
    "unread",
    title="Pixels are never read",
    number=lambda analysis: f"{format_percent(unread_share(analysis))} of the pixels",
    why="an unread pixel can change in any way and the output stays the same, whatever is learned: the extreme of the "
    "dead pixels of Kim et al. (Pattern Recognition Letters 2023, arXiv 2108.13576)",
    reference="Kim et al., Dead Pixel Test Using Effective Receptive Field, 2023, arXiv 2108.13576",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """An error where unread pixels lie among read ones, a warning where they only lie around them."""
    share = unread_share(analysis)
    if not share:
        return None
    message = f"{format_percent(share)} of the {size_text(analysis.graph.input.size)} pixels have no path to the output"
    if _among(analysis.counts):
        node = next((index for index, _, windows, _ in analysis.windows() if any(map(skips, windows))), None)
        cause = "" if node is None else f"; {analysis.graph.name(node)} steps over positions that it never reads"
        return Observation("error", node, message + cause, _MEASURE.fixes(analysis))
    node = next((index for index, _, windows, size in analysis.windows() if _drops(windows, size)), None)
    cause = "" if node is None else f"; they lie after the last window of {analysis.graph.name(node)}"
    nearby = at_inputs(analysis, exact_fit_sizes(analysis.graph))
    return Observation("warning", node, message + cause, _MEASURE.fixes(analysis, nearby))


def _among(counts: PathCounts) -> bool:
    """Whether a pixel without paths lies inside the smallest box that holds all those with paths; or all have none."""
    for factor in counts.factors:
        read = factor != 0
        if not read.any():
            return True
        spans = [np.flatnonzero(read.any(axis=tuple(set(range(read.ndim)) - {axis}))) for axis in range(read.ndim)]
        if not read[tuple(slice(int(span[0]), int(span[-1]) + 1) for span in spans)].all():
            return True
    return False


def _drops(windows: tuple[Window, ...], size: tuple[int, ...]) -> bool:
    """Whether samples, not only padding, lie after the last window."""
    return any(window.left_over(side) > window.pad[1] for window, side in zip(windows, size, strict=True))
