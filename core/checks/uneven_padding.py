"""Padding or samples that no window reads, on the right and at the bottom only."""

from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..exact.input_sizes import even_sizes
from .measure import Measure, after_remedies, at_inputs
from .registry import Observation, rule
from .words import several, strips

LeftOver = tuple[tuple[int, ...], tuple[int, ...]]  # per axis: positions after the last window; those of them samples


def left_overs(analysis: DesignAnalysis) -> dict[int, LeftOver]:
    """What lies after the last window of each node that leaves something over."""
    found = {}
    for index, _, windows, size in analysis.windows():
        left = tuple(window.left_over(side) for window, side in zip(windows, size, strict=True))
        if any(left):
            found[index] = left, tuple(max(0, n - w.pad[1]) for n, w in zip(left, windows, strict=True))
    return found


def _left_over(analysis: DesignAnalysis) -> Fraction:
    return Fraction(sum(sum(left) for left, _ in left_overs(analysis).values()))


_MEASURE = Measure("positions after the last window, all layers and axes", _left_over)


@rule(
    "uneven-padding",
    why="padding used on one side only makes learned weights lean to that side and can leave blind spots there "
    "(Alsallakh et al., ICLR 2021, arXiv 2010.02178)",
    reference='Alsallakh et al., "Mind the Pad", ICLR 2021, arXiv 2010.02178',
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """The first layer that leaves something over, and how many do."""
    found = left_overs(analysis)
    if not found:
        return None
    node = min(found)
    left, samples = found[node]
    kind = "its input" if any(samples) else "padding"
    verb = "lies" if sum(left) == 1 else "lie"
    message = f"{strips(left)} of {kind} {verb} after the last window of {analysis.graph.name(node)}"
    if len(found) > 1:
        dropping = sum(any(inside) for _, inside in found.values())
        message += f", {several(len(found), 'layer')} in all leave some over"
        message += f", {dropping} of them samples of their input" if dropping else ""
    candidates = [*at_inputs(analysis, even_sizes(analysis.graph)), *after_remedies(analysis, "kernel-padding")]
    return Observation("warning", node, message, _MEASURE.fixes(analysis, candidates))
