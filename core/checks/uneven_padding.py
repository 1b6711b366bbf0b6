"""Padding or samples that no window reads, on the right and at the bottom only."""

from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..exact.input_sizes import exact_fit_sizes
from ..formatting import counted_noun, format_strips
from .measure import Measure, at_inputs
from .registry import Observation, rule

_MEASURE = Measure(
    "positions after the last window, all layers and axes", lambda analysis: Fraction(analysis.left_over)
)


@rule(
    "uneven-padding",
    title="One side is padded more than the other",
    number=lambda analysis: counted_noun(analysis.left_over, "position"),
    why="padding used on one side only makes learned weights lean to that side and can leave blind spots there "
    "(Alsallakh et al., ICLR 2021, arXiv 2010.02178)",
    reference='Alsallakh et al., "Mind the Pad", ICLR 2021, arXiv 2010.02178',
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """The first layer that leaves something over, and how many do."""
    left_overs = analysis.left_overs
    if not left_overs:
        return None
    node = min(left_overs)
    left, samples = left_overs[node]
    kind = "its input" if any(samples) else "padding"
    verb = "lies" if sum(left) == 1 else "lie"
    message = f"{format_strips(left)} of {kind} {verb} after the last window of {analysis.graph.name(node)}"
    if len(left_overs) > 1:
        dropping = sum(any(inside) for _, inside in left_overs.values())
        message += f", {counted_noun(len(left_overs), 'layer')} in all leave some over"
        message += f", {dropping} of them samples of their input" if dropping else ""
    return Observation(
        "warning", node, message, _MEASURE.fixes(analysis, at_inputs(analysis, exact_fit_sizes(analysis.graph)))
    )
