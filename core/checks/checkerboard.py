"""Transposed convolutions that write to neighbouring positions unequally often."""

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from ..design.analysis import DesignAnalysis
from ..exact.residues import residues
from ..formatting import counted_noun
from ..network.maps import Transposed
from .measure import Measure
from .registry import Observation, rule


def overlaps(analysis: DesignAnalysis) -> Iterator[tuple[int, int, int]]:
    """Every transposed convolution: its node, and the fewest and most taps that write to a position, inside."""
    for index, node in enumerate(analysis.graph.nodes):
        if index not in analysis.graph.ancestors:
            continue
        below = analysis.graph.nodes[node.inputs[0]].size if node.inputs else ()
        reads = [
            residues(axis_map.window)
            for axis_map, side in zip(node.maps, below, strict=False)
            if isinstance(axis_map, Transposed) and side > 1
        ]
        if reads:
            yield index, prod(map(min, reads)), prod(map(max, reads))


def _evenness(analysis: DesignAnalysis) -> Fraction:
    return min((Fraction(least, most) for _, least, most in overlaps(analysis)), default=Fraction(1))


_MEASURE = Measure("fewest over most taps that write to a position", _evenness, True)


def _taps(analysis: DesignAnalysis) -> str:
    _, least, most = min(overlaps(analysis), key=lambda overlap: Fraction(overlap[1], overlap[2]))
    return f"{least} to {counted_noun(most, 'tap')}"


@rule(
    "checkerboard",
    title="Outputs overlap as a checkerboard",
    number=_taps,
    why="where the stride does not divide the kernel, outputs overlap unevenly and show a checkerboard "
    "(Odena, Dumoulin, Olah, Distill 2016, doi 10.23915/distill.00003)",
    reference="Odena et al., Deconvolution and Checkerboard Artifacts, Distill 2016, doi 10.23915/distill.00003",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """A warning; an error where positions are written by nothing."""
    uneven = [overlap for overlap in overlaps(analysis) if overlap[1] < overlap[2]]
    if not uneven:
        return None
    index, least, most = min(uneven, key=lambda overlap: Fraction(overlap[1], overlap[2]))
    message = (
        f"positions are written by {least} to {counted_noun(most, 'tap')} of {analysis.graph.name(index)}, "
        "whose stride does not divide its kernel"
    )
    return Observation("warning" if least else "error", index, message, _MEASURE.fixes(analysis))
