"""Transposed convolutions that write to neighbouring positions unequally often."""

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from core.exact.checks.examined import Examined
from core.exact.checks.measure import Measure, after_remedies
from core.exact.checks.overlap import residues
from core.exact.checks.registry import Observation, rule
from core.exact.checks.words import several
from core.network.maps import Transposed


def overlaps(examined: Examined) -> Iterator[tuple[int, int, int]]:
    """Every transposed convolution: its node, and the fewest and most taps that write to a position, inside."""
    for index, node in enumerate(examined.graph.nodes):
        if index not in examined.live:
            continue
        below = examined.graph.nodes[node.inputs[0]].size if node.inputs else ()
        found = [
            residues(axis_map.window)
            for axis_map, side in zip(node.maps, below, strict=False)
            if isinstance(axis_map, Transposed) and side > 1
        ]
        if found:
            yield index, prod(map(min, found)), prod(map(max, found))


def _evenness(examined: Examined) -> Fraction:
    return min((Fraction(least, most) for _, least, most in overlaps(examined)), default=Fraction(1))


_MEASURE = Measure("fewest over most taps that write to a position", _evenness, True)


@rule(
    "checkerboard",
    why="where the stride does not divide the kernel, outputs overlap unevenly and show a checkerboard "
    "(Odena, Dumoulin, Olah, Distill 2016, doi 10.23915/distill.00003)",
    reference="Odena et al., Deconvolution and Checkerboard Artifacts, Distill 2016, doi 10.23915/distill.00003",
)
def look(examined: Examined) -> Observation | None:
    """A warning; an error where positions are written by nothing."""
    uneven = [found for found in overlaps(examined) if found[1] < found[2]]
    if not uneven:
        return None
    index, least, most = min(uneven, key=lambda found: Fraction(found[1], found[2]))
    message = (
        f"positions are written by {least} to {several(most, 'tap')} of {examined.graph.name(index)}, "
        "whose stride does not divide its kernel"
    )
    candidates = after_remedies(examined, "tconv-multiple", "resize-convolution")
    return Observation("warning" if least else "error", index, message, _MEASURE.fixes(examined, candidates))
