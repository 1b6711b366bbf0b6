"""The effective field of the centre unit, as the architecture alone predicts it, against the theoretical one.

For random independent weights the expected squared gradient at a pixel is proportional to its paths (Luo et al.,
NeurIPS 2016), so that the paths are the mass. The size is, along each axis, that of the shortest run about the field's
centre which holds 95 % of the mass; both sizes are of what lies inside the input.
"""

from fractions import Fraction
from math import prod

import numpy as np

from ..design.analysis import DesignAnalysis
from ..network.graph import size_text
from .registry import Observation, rule
from .words import percent

_SHARE = Fraction(95, 100)
_NOTED = Fraction(1, 2)  # of the pixels of the field


def effective(analysis: DesignAnalysis) -> tuple[int, ...] | None:
    """Positions along each axis that hold 95 % of the centre unit's paths; None if it has none."""
    counts = analysis.unit_counts
    if not counts.total():
        return None
    axes = range(len(counts.size))
    if counts.separable:
        profiles = list(counts.factors)
    else:
        profiles = [counts.factors[0].sum(axis=tuple(other for other in axes if other != axis)) for axis in axes]
    centres = [axis_field.centre(at) for axis_field, at in zip(analysis.fields[-1], analysis.unit, strict=True)]
    return tuple(
        _length(profile, Fraction(len(profile) - 1, 2) if centre is None else centre)
        for profile, centre in zip(profiles, centres, strict=True)
    )


@rule(
    "erf-small",
    why="before training, expected squared gradients are proportional to the paths and gather at the field's centre "
    "(Luo, Li, Urtasun, Zemel, NeurIPS 2016, arXiv 1701.04128)",
    reference="Luo et al., Understanding the Effective Receptive Field, NeurIPS 2016, arXiv 1701.04128",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """A note where the effective field is at most half of the theoretical."""
    sizes, box = effective(analysis), analysis.box
    if sizes is None or box is None:
        return None
    seen = tuple(last - first + 1 for first, last in box)
    share = Fraction(prod(sizes), prod(seen))
    if share > _NOTED:
        return None
    message = (
        f"along each axis 95 % of the paths to the centre unit start within {size_text(sizes)}, {percent(share)} "
        f"of the {size_text(seen)} pixels that its field of {size_text(analysis.unit_field)} covers"
    )
    return Observation("note", None, message)


def _length(profile: np.ndarray, centre: Fraction) -> int:
    """The shortest run about ``centre``, cut at the borders, that holds the share of the profile's sum."""
    wanted, held = _SHARE * int(profile.sum()), 0
    nearest = sorted(range(len(profile)), key=lambda at: abs(at - centre))
    for taken, at in enumerate(nearest, start=1):
        held += int(profile[at])
        if held >= wanted:
            return max(nearest[:taken]) - min(nearest[:taken]) + 1
    return len(profile)
