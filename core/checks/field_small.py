"""Units of the output that do not see enough: less than the input, or than an object of a stated size."""

from collections.abc import Iterator
from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..formatting import counted_noun
from ..network.graph import size_text
from .measure import Candidate, Measure
from .registry import Observation, rule

_MOST = 4  # layers that a fix may append

_MEASURE = Measure(
    "pixels that a unit of the output sees, on its shorter side", lambda x: Fraction(min(x.unit_field)), True
)


@rule(
    "field-small",
    title="Units see too little",
    number=lambda analysis: f"{size_text(analysis.unit_field)} pixels",
    why="what lies outside a unit's field cannot change the unit, whatever is learned "
    "(Araujo, Norris, Sim, Distill 2019, doi 10.23915/distill.00021)",
    reference="Araujo, Norris, Sim, Computing Receptive Fields, Distill 2019, doi 10.23915/distill.00021",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """An error where the user's object is larger than the field; a note where only the input is."""
    size, seen = analysis.graph.input.size, analysis.unit_field
    wanted = size if analysis.object_size is None else (analysis.object_size,) * len(size)
    if all(field >= side for field, side in zip(seen, wanted, strict=True)):
        return None
    what = "input" if analysis.object_size is None else "object"
    message = f"the field of an output unit is {size_text(seen)}, the {what} {size_text(wanted)}"
    fixes = _MEASURE.fixes(analysis, _deepened(analysis, wanted), Fraction(min(wanted)))
    return Observation("note" if analysis.object_size is None else "error", None, message, fixes)


def _deepened(analysis: DesignAnalysis, wanted: tuple[int, ...]) -> Iterator[Candidate]:
    """The design with as many convolutions of 3 appended as its units need to see what is wanted."""
    design = analysis
    for count in range(1, _MOST + 1):
        if (deeper := design.after("deeper")) is None:
            return
        design = deeper
        if all(field >= side for field, side in zip(design.unit_field, wanted, strict=True)):
            yield f"append {counted_noun(count, 'convolution')} of 3 that keep{'s' * (count == 1)} the size", design
            return
