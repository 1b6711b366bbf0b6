"""The effective field after each remedy: sampled, and expected in closed form, of the same live model."""

from collections.abc import Iterator, Sequence
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from core.comparison import Comparison, Variant
from core.design.effective import EffectiveField
from core.figures.scale import colour_bar
from core.live import ErfRecipe, ModelRecipe
from core.live.erf.pair import ErfPairProgress, erf_pair
from pages.frame import settings
from pages.parts.field_pairs import field_pair, pair_tiles
from pages.parts.tiles import Tile, draw
from pages.remedy_ranking import words
from pages.remedy_ranking.views import TILES, shown

_SAMPLES = 64
_COLOURS = "share of the map's peak"


def fields(comparison: Comparison, order: Sequence[Variant], pixel: tuple[int, ...] | None) -> go.Figure:
    """Two tiles for each variant; every peak is the top of the scale."""
    seed = int(settings.value("seed"))
    tiles: list[Tile] = []
    for variant in shown(comparison, order)[: TILES // 2]:
        name = words.name_of(variant)
        pair = field_pair(f"field|{variant.design.text}|{seed}", name, partial(_steps, variant, seed))
        tiles += pair_tiles(name, pair, pixel)
    draw(tiles, [colour_bar(0.0, 1.0, _COLOURS)])
    st.caption(
        f"Sampled: mean |g| of {_SAMPLES} samples, Kaiming weights redrawn for each (a model keeps its own), ReLU, 8 "
        f"channels where none are stated, noise input, seed {seed}. Expected: √E[g²] of one draw, in closed form. "
        "Floats, scaled to their peaks."
    )
    return next((tile.figure for tile in tiles if tile.figure is not None), go.Figure())


def _steps(variant: Variant, seed: int) -> Iterator[ErfPairProgress]:
    """The samples, then the closed form."""
    unit = variant.analysis.unit
    recipe = ErfRecipe(unit, samples=_SAMPLES, seed=seed, model=ModelRecipe(seed=seed))
    field = EffectiveField(variant.design, recipe)
    yield from erf_pair(field.samples(), field.closed_form, variant.analysis.fields[-1], unit)
