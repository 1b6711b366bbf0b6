"""The effective field after each remedy: sampled, and expected in closed form, of the same live model."""

from collections.abc import Iterator, Sequence

import plotly.graph_objects as go
import streamlit as st

from core.comparison import Comparison, Variant
from core.design.effective import EffectiveField
from core.errors import UserError
from core.figures.multiples import small_map
from core.figures.scale import colour_bar
from core.live import ErfRecipe, ModelRecipe
from core.live.erf.pair import ErfPair, ErfPairProgress, erf_pair
from pages.frame import settings
from pages.parts.tiles import SIDE, Tile, draw
from pages.remedy_ranking import words
from pages.remedy_ranking.views import TILES, shown
from pages.work import jobs

_SAMPLES = 64
_COLOURS = "share of the map's peak"


def fields(found: Comparison, order: Sequence[Variant], pixel: tuple[int, ...] | None, rank: str) -> go.Figure:
    """Two tiles for each variant; every peak is the top of the scale."""
    variants = shown(found, order)[: TILES // 2]
    seed = int(settings.value("seed"))
    tiles: list[Tile] = []
    for each in variants:
        name = words.name_of(each)
        field = jobs.run_job(
            lambda each=each: _field(each, seed), f"field|{each.design.name}|{seed}", lambda _: None,
            lambda done, total, _, name=name: f"{name}: {done} of {total} samples", "Building the model",
        )  # fmt: skip
        tiles += _tiles(name, field, pixel)
    draw(tiles, [colour_bar(0.0, 1.0, _COLOURS)])
    st.caption(
        f"Sampled: mean |g| of {_SAMPLES} samples, Kaiming weights redrawn for each (a model keeps its own), ReLU, 8 "
        f"channels where none are stated, noise input, seed {seed}. Expected: √E[g²] of one draw, in closed form. "
        "Floats, scaled to their peaks."
    )
    return next((tile.figure for tile in tiles if tile.figure is not None), tiles[0].figure or go.Figure())


def _tiles(name: str, found: ErfPair | str | None, pixel: tuple[int, ...] | None) -> list[Tile]:
    """Both maps, or why there are none."""
    if not isinstance(found, ErfPair):
        return [Tile(name, None, f"absent: {found}")]
    made = []
    pairs = (("sampled", found.sampled), ("expected", found.expected))
    for (kind, values), side in zip(pairs, found.sides, strict=True):
        told = f"{kind}: 95 % within {side:.3g} pixels{' a side' if values.ndim == 2 else ''}"
        if pixel is not None and all(at < most for at, most in zip(pixel, values.shape, strict=True)):
            told += f"; at {','.join(map(str, pixel))} {values[pixel]:.3g} of the whole"
        made.append(Tile(name, small_map(values / values.max(), 0.0, 1.0, pixel, height=SIDE), told))
    return made


def _field(each: Variant, seed: int) -> Iterator[tuple[int, int, ErfPair | str | None]]:
    """Samples, then the closed form; a field that cannot be had is told with its reason."""
    try:
        yield from _pair(each, seed)
    except UserError as error:
        yield 1, 1, str(error)


def _pair(each: Variant, seed: int) -> Iterator[ErfPairProgress]:
    unit = each.analysis.unit
    field = EffectiveField(each.design, ErfRecipe(unit, samples=_SAMPLES, seed=seed, model=ModelRecipe(seed=seed)))
    yield from erf_pair(field.samples(), field.closed_form, each.analysis.fields[-1], unit)
