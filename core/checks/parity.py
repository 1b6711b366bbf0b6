"""Contrast within the stride period: "dead pixels", where a stride does not divide a kernel."""

from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..exact.imbalance import parity
from ..formatting import counted_noun, format_ratio
from ..network.graph import size_text
from .measure import Measure
from .registry import Observation, rule

LEAST_CONTRAST = Fraction(11, 10)  # below, it is hard to tell from the fall towards the border


def contrast(analysis: DesignAnalysis) -> Fraction | None:
    """Most paths over least within ``analysis.grid``; None where a pixel of it is not read."""
    return parity(analysis.counts, analysis.grid)


_MEASURE = Measure("contrast within the stride period", contrast)


@rule(
    "parity",
    title="Neighbouring pixels are read unequally",
    number=lambda analysis: f"{format_ratio(contrast(analysis) or Fraction(1))} times",
    why="pixels on the weak places of the grid contribute less than their neighbours, which degrades tasks that hang "
    "on small perturbations (Kim et al., Pattern Recognition Letters 2023, arXiv 2108.13576)",
    reference="Kim et al., Dead Pixel Test Using Effective Receptive Field, 2023, arXiv 2108.13576",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """Strides that do not divide their kernels, if what they do is still seen at the input."""
    uneven, ratio = analysis.uneven, contrast(analysis)
    if not uneven or ratio is None or ratio < LEAST_CONTRAST:
        return None
    name = analysis.graph.name(uneven[0])
    message = (
        f"among the {size_text(analysis.grid)} pixels around the centre, the most read has {format_ratio(ratio)} times "
        f"the paths of the least; {counted_noun(len(uneven), 'stride')} "
        f"{'does' if len(uneven) == 1 else 'do'} not divide the kernel, the first in {name}"
    )
    return Observation("warning", uneven[0], message, _MEASURE.fixes(analysis))
