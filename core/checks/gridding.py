"""Fields with holes: dilated windows step over pixels that no other layer brings in."""

from fractions import Fraction

import numpy as np

from ..design.analysis import DesignAnalysis
from ..formatting import format_percent
from ..network.graph import size_text
from .measure import Measure
from .registry import Observation, rule


def holes(analysis: DesignAnalysis) -> tuple[int, int]:
    """Pixels inside the field of the centre unit, how many of them without a path to it first."""
    if analysis.box is None:
        return 0, 0
    inside = tuple(slice(first, last + 1) for first, last in analysis.box)
    factors = analysis.unit_counts.factors
    parts = [factors[0][inside]] if not analysis.unit_counts.separable else []
    parts = parts or [factor[part] for factor, part in zip(factors, inside, strict=True)]
    pixels, read = 1, 1
    for part in parts:
        pixels, read = pixels * part.size, read * int(np.count_nonzero(part))
    return pixels - read, pixels


def _share(analysis: DesignAnalysis) -> Fraction:
    empty, pixels = holes(analysis)
    return Fraction(empty, pixels) if pixels else Fraction(0)


_MEASURE = Measure("share of the field without a path to its unit", _share)


@rule(
    "gridding",
    title="The field has holes",
    number=lambda analysis: f"{format_percent(_share(analysis))} of the field",
    why="neighbouring units then see disjoint sets of pixels and local detail is lost between them "
    '(Wang et al., "Understanding Convolution for Semantic Segmentation", 2018, arXiv 1702.08502)',
    reference='Wang et al., "Understanding Convolution for Semantic Segmentation", 2018, arXiv 1702.08502',
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """Holes in the field of the centre unit, where there are dilated windows."""
    dilated = [
        index
        for index, _, windows, _ in analysis.windows()
        if any(window.kernel > 1 and window.dilation > 1 for window in windows)
    ]
    if not dilated:
        return None
    empty, pixels = holes(analysis)
    if not empty or analysis.box is None:
        return None
    sides = size_text(tuple(last - first + 1 for first, last in analysis.box))
    share = format_percent(Fraction(empty, pixels))
    message = (
        f"{empty} of the {pixels} pixels ({share}) inside the centre unit's field of {sides} "
        f"have no path to it; the first dilated window is {analysis.graph.name(dilated[0])}"
    )
    return Observation("warning", dilated[0], message, _MEASURE.fixes(analysis))
