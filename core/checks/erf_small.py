"""The effective field of the centre unit, as the architecture alone predicts it, against the theoretical one.

Both sizes are of what lies inside the input (:mod:`.exact.erf_size`).
"""

from fractions import Fraction
from math import prod

from ..design.analysis import DesignAnalysis
from ..formatting import format_percent
from ..network.graph import size_text
from .registry import Observation, rule

_NOTED = Fraction(1, 2)  # of the pixels of the field


def _part(analysis: DesignAnalysis) -> Fraction | None:
    """Pixels of the effective field over those of the theoretical one; None where there is neither."""
    sizes, box = analysis.effective_size, analysis.box
    if sizes is None or box is None:
        return None
    return Fraction(prod(sizes), prod(last - first + 1 for first, last in box))


@rule(
    "erf-small",
    title="Units look at a small part of their field",
    number=lambda analysis: f"{format_percent(_part(analysis) or Fraction(1))} of the field",
    why="before training, expected squared gradients are proportional to the paths and gather at the field's centre "
    "(Luo, Li, Urtasun, Zemel, NeurIPS 2016, arXiv 1701.04128)",
    reference="Luo et al., Understanding the Effective Receptive Field, NeurIPS 2016, arXiv 1701.04128",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """A note where the effective field is at most half of the theoretical."""
    sizes, box, share = analysis.effective_size, analysis.box, _part(analysis)
    if sizes is None or box is None or share is None or share > _NOTED:
        return None
    seen = tuple(last - first + 1 for first, last in box)
    message = (
        f"along each axis 95 % of the paths to the centre unit start within {size_text(sizes)}, "
        f"{format_percent(share)} of the {size_text(seen)} pixels "
        f"that its field of {size_text(analysis.unit_field)} covers"
    )
    return Observation("note", None, message)
