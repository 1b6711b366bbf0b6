"""The sentences of the model's page."""

import numpy as np
from pages.shared.effective import Subject, Told, compared
from pages.shared.words import paths_insight, place

from core.design.traced import TracedDesign
from core.exact import AxisField, PathCounts
from core.exact.gates import without_gates
from core.exact.imbalance import Measures
from core.formatting import format_count
from core.live import Measurement
from core.network.graph import size_text


def model_insight(design: TracedDesign, counts: PathCounts, measures: Measures, unit: tuple[int, ...] | None) -> str:
    """One sentence on a model's map, with its number, and which model and output it is about."""
    output = design.graph.output
    what = f"{design.name.partition(':')[2] or design.name}, {size_text(counts.size)} to {size_text(output.size)}"
    return f"{what}: {_small(paths_insight(counts, measures, unit))}"


def gates_caption(design: TracedDesign) -> str:
    """What gates do to the map, where there are any."""
    if without_gates(design.graph) is design.graph:
        return ""
    return (
        " Its gates (squeeze and excitation) read every pixel and reach every output, by paths that are counted like "
        "any other: they even the map out. The fields and the closed form tell what lies nearer."
    )


def fields_insight(design: TracedDesign, name: str, field: AxisField) -> str:
    """How far a unit of the last stage sees."""
    least, most = field.sizes
    size = str(most) if least == most else f"{least} to {most}"
    which = design.name.partition(":")[2] or design.name
    return f"{which}: a unit of {name} sees **{size}** of {field.input_side} positions along an axis."


def pixel_sentence(counts: PathCounts, pixel: tuple[int, ...]) -> str:
    """What the inspector says of one pixel."""
    found, centre = counts.at(pixel), counts.at(tuple(side // 2 for side in counts.size))
    against = f", {found / centre:.3g} of the centre's" if centre else ""
    return f"Pixel {place(pixel)} has **{format_count(found)}** paths{against}."


def effective_insight(design: TracedDesign, told: Told, found: Measurement) -> str:
    """How well the closed form and the samples agree, in one sentence."""
    agreed = compared(found, told.expected)
    name = design.name.partition(":")[2] or design.name
    close = f"correlate by **{agreed.correlation:.3f}**" if agreed.correlation is not None else "are both flat"
    return (
        f"{name}: the field expected in closed form and {found.samples} samples {close}; "
        f"they differ by **{100 * agreed.relative_error:.2g} %**."
    )


def effective_caption(told: Told, found: Measurement, of: Subject) -> str:
    """The recipe beside the numbers, and what the closed form takes for granted."""
    weights = (
        "your weights"
        if of.weights is not None
        else f"weights as the model draws them, seed {of.seed} (scales of norms that begin at zero are one)"
    )
    error = f", relative standard error {100 * found.relative_error:.2g} %" if found.samples > 1 else ""
    assumed = "; ".join(told.expected.assumes)
    return (
        f"Measured: mean |g| over {found.samples} samples{error}; noise in, random signs at the output. "
        f"Predicted: √E[g²] in closed form, one backward pass of squared weights, {told.seconds:.2g} s here. "
        f"{weights[0].upper()}{weights[1:]}. "
        f"Maps are floats, scaled to sum 1; box: the theoretical field. The closed form assumes: {assumed}."
    )


def effective_arrays(told: Told, found: Measurement) -> dict[str, np.ndarray]:
    """What a file holds: both maps as computed, and the standard error."""
    return {
        "mean_abs": found.mean,
        "standard_error": found.standard_error,
        "expected_square": told.expected.mean_square,
    }


def _small(sentence: str) -> str:
    """A sentence that goes on after a colon."""
    return sentence if sentence.startswith("*") else sentence[0].lower() + sentence[1:]
