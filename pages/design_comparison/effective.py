"""The effective field of each design on a live model, measured one after the other. PyTorch is loaded here."""

from collections.abc import Callable, Iterator

import numpy as np

from core.design.analysis import DesignAnalysis, Unit
from core.design.effective import EffectiveField
from core.errors import UserError
from core.figures import panes as drawn
from core.figures.scale import colour_bar
from core.live import ErfRecipe, Measurement, ModelRecipe, erf_sizes
from core.live.erf.sampling import Progress
from pages.design_comparison import views, words
from pages.design_comparison.request import Pane, Request, unit_of
from pages.work import jobs

_SAMPLES = 64

Draw = Callable[[views.Picture], None]


def effective(of: Request, unit: str, typed: str, seed: int, columns: int, draw: Draw) -> views.Picture:
    """A measured field for each design; ``draw`` is given the picture so far."""
    measured: dict[str, np.ndarray] = {}
    headings = words.names(of.panes)

    def measure(pane: Pane, analysis: DesignAnalysis) -> np.ndarray:
        goal = unit_of(analysis, unit, "centre")

        def show(part: Measurement) -> None:
            draw(_picture(of, {**measured, pane.slot: part.mean}, {}, unit, typed, columns))

        result = jobs.run_job(
            lambda: _samples(analysis, goal, seed), f"compare|{pane.text}|{goal}|{seed}", show,
            lambda done, total, _: f"{headings[pane.slot]}: {done} of {total} samples", "Building the model",
        )  # fmt: skip
        if not result.mean.sum():
            raise UserError("the unit's gradient is zero everywhere: its ReLUs are shut")
        measured[pane.slot] = result.mean
        return result.mean

    means, complaints = of.ask(measure)
    return _picture(of, means, complaints, unit, typed, columns)


def _samples(analysis: DesignAnalysis, unit: Unit, seed: int) -> Iterator[Progress]:
    recipe = ErfRecipe("all" if unit is None else unit, samples=_SAMPLES, seed=seed, model=ModelRecipe(seed=seed))
    return EffectiveField(analysis.design, recipe).samples()


def _picture(
    of: Request, means: dict[str, np.ndarray], complaints: dict[str, str], unit: str, typed: str, columns: int
) -> views.Picture:
    analyses = {pane.slot: pane.analysis for pane in of.panes if pane.analysis is not None}
    goals = {slot: unit_of(analyses[slot], unit, "centre") for slot in means}
    pixels = {slot: views.pixel_of(mean.shape, typed) for slot, mean in means.items()}
    boxes = [_box(analyses[slot], goals[slot]) for slot in means]
    figures = drawn.field_panes(list(means.values()), boxes, [pixels[slot] for slot in means], views.HEIGHTS[columns])
    shares = {slot: mean / (mean.max() or 1.0) for slot, mean in means.items()}
    less, bar = views.differences(shares, pixels, columns)
    sides = {slot: _side(analyses[slot], goals[slot], mean) for slot, mean in means.items()}
    first = of.panes[0].analysis
    return views.Picture(
        words.sizes_headline("95 % of the gradient lies within", sides, of.panes),
        dict(zip(means, figures, strict=True)),
        {slot: f"{_at(shares[slot], pixels[slot])}{words.price(analyses[slot], first)}" for slot in means},
        complaints,
        f"Mean |g| of {_SAMPLES} samples, floats, as shares of each design's peak, one scale for all; numbers: % "
        "of the peak; dotted: the theoretical field. Typed networks: Kaiming weights redrawn for every sample, ReLU, 8 "
        "channels where none are stated; models: weights as they draw them; noise input.",
        "pixel",
        colour_bar(0.0, 1.0, "share of the design's peak"),
        less,
        bar,
    )


def _box(analysis: DesignAnalysis, unit: Unit) -> tuple[tuple[float, float], ...] | None:
    if unit is None:
        return None
    spans = [one.span(at) for one, at in zip(analysis.fields[-1], unit, strict=True)]
    known = tuple((float(span[0]), float(span[1])) for span in spans if span)
    return known if len(known) == len(spans) else None


def _side(analysis: DesignAnalysis, unit: Unit, mean: np.ndarray) -> str:
    """The side of the square about the field's centre that holds 95 %."""
    middles = [(side - 1) / 2 for side in mean.shape]
    if unit is not None:
        ends = zip(analysis.fields[-1], unit, middles, strict=True)
        middles = [middle if (at := one.centre(index)) is None else float(at) for one, index, middle in ends]
    centre = [min(max(at, 0.0), side - 1.0) for at, side in zip(middles, mean.shape, strict=True)]
    side = f"{erf_sizes(mean, centre).square_95.side:.3g}"
    return " × ".join([side] * mean.ndim)


def _at(shares: np.ndarray, pixel: tuple[int, ...] | None) -> str:
    return "" if pixel is None else f"{shares[pixel]:.3g} of the peak at {','.join(map(str, pixel))} · "
