"""The sentences of the model's page."""

from core.exact import PathCounts
from core.exact.counts import told
from core.exact.imbalance import Measures
from core.live.design import ModelDesign
from core.network.graph import size_text
from pages.shared.words import paths_insight, place


def model_insight(design: ModelDesign, counts: PathCounts, measures: Measures, unit: tuple[int, ...] | None) -> str:
    """One sentence on a model's map, with its number, and which model and output it is about."""
    output = design.graph.output
    what = f"{design.name.partition(':')[2] or design.name}, {size_text(counts.size)} to {size_text(output.size)}"
    return f"{what}: {_small(paths_insight(counts, measures, unit))}"


def pixel_sentence(counts: PathCounts, pixel: tuple[int, ...]) -> str:
    """What the inspector says of one pixel."""
    found, centre = counts.at(pixel), counts.at(tuple(side // 2 for side in counts.size))
    against = f", {found / centre:.3g} of the centre's" if centre else ""
    return f"Pixel {place(pixel)} has **{told(found)}** paths{against}."


def _small(sentence: str) -> str:
    """A sentence that goes on after a colon."""
    return sentence if sentence.startswith("*") else sentence[0].lower() + sentence[1:]
