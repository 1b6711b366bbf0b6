"""The effective field of the centre unit, as the architecture alone predicts it, against the theoretical one.

Both sizes are of what lies inside the input (:mod:`core.exact.erf_size`).
"""

from fractions import Fraction
from math import prod

from ..design.analysis import DesignAnalysis
from ..formatting import format_percent
from ..network.graph import size_text
from .registry import Observation, rule

_NOTED = Fraction(1, 2)  # of the pixels of the field


@rule(
    "erf-small",
    why="before training, expected squared gradients are proportional to the paths and gather at the field's centre "
    "(Luo, Li, Urtasun, Zemel, NeurIPS 2016, arXiv 1701.04128)",
    reference="Luo et al., Understanding the Effective Receptive Field, NeurIPS 2016, arXiv 1701.04128",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """A note where the effective field is at most half of the theoretical."""
    sizes, box = analysis.effective_size, analysis.box
    if sizes is None or box is None:
        return None
    seen = tuple(last - first + 1 for first, last in box)
    share = Fraction(prod(sizes), prod(seen))
    if share > _NOTED:
        return None
    message = (
        f"along each axis 95 % of the paths to the centre unit start within {size_text(sizes)}, "
        f"{format_percent(share)} of the {size_text(seen)} pixels "
        f"that its field of {size_text(analysis.unit_field)} covers"
    )
    return Observation("note", None, message)
