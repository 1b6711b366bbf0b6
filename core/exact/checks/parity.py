"""Contrast within the stride period: "dead pixels", where a stride does not divide a kernel."""

from fractions import Fraction

from core.exact.checks.examined import Examined
from core.exact.checks.measure import Measure, after_remedies
from core.exact.checks.registry import Observation, rule
from core.exact.checks.words import ratio, several
from core.exact.imbalance import parity
from core.network.graph import size_text

_LEAST = Fraction(11, 10)  # below, it is hard to tell from the fall towards the border


def contrast(examined: Examined) -> Fraction | None:
    """Most paths over least within ``examined.grid``; None where a pixel of it is not read."""
    return parity(examined.counts, examined.grid)


_MEASURE = Measure("contrast within the stride period", contrast)


@rule(
    "parity",
    why="pixels on the weak places of the grid contribute less than their neighbours, which degrades tasks that hang "
    "on small perturbations (Kim et al., Pattern Recognition Letters 2023, arXiv 2108.13576)",
    reference="Kim et al., Dead Pixel Test Using Effective Receptive Field, 2023, arXiv 2108.13576",
)
def look(examined: Examined) -> Observation | None:
    """Strides that do not divide their kernels, if what they do is still seen at the input."""
    uneven, found = examined.uneven, contrast(examined)
    if not uneven or found is None or found < _LEAST:
        return None
    name = examined.graph.name(uneven[0])
    message = (
        f"among the {size_text(examined.grid)} pixels around the centre, the most read has {ratio(found)} times the "
        f"paths of the least; {several(len(uneven), 'stride')} "
        f"{'does' if len(uneven) == 1 else 'do'} not divide the kernel, the first in {name}"
    )
    candidates = after_remedies(examined, "kernel-padding", "kernel-multiple", "blur-before-stride")
    return Observation("warning", uneven[0], message, _MEASURE.fixes(examined, candidates))
