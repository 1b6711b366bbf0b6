"""The effective field after each remedy: sampled, and expected in closed form, of the same live model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.errors import UserError
from core.exact.comparison import Comparison, Variant
from core.figures.multiples import small_map
from core.figures.scale import colour_bar
from core.live import ErfRecipe, ModelRecipe, build, erf_sizes, measure
from core.live.design import ModelDesign
from core.live.expected import expected_field
from core.live.sampled import measure_module
from core.network import Network
from pages.shared import controls, jobs, remedy_words
from pages.shared.remedy_views import TILES, shown
from pages.shared.tiles import SIDE, Tile, draw

_SAMPLES = 64
_COLOURS = "share of the map's peak"


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Both maps of the unit in the middle, of sum 1, or why there are none."""

    sampled: np.ndarray | None
    expected: np.ndarray | None
    sides: tuple[float, float] | None  # of the centred squares with 95 % of each
    reason: str = ""


def fields(found: Comparison, order: Sequence[Variant], pixel: tuple[int, ...] | None, rank: str) -> go.Figure:
    """Two tiles for each variant; every peak is the top of the scale."""
    variants = shown(found, order)[: TILES // 2]
    seed = controls.current("seed")
    tiles: list[Tile] = []
    for each in variants:
        name = remedy_words.name_of(each)
        field = jobs.worked(
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


def _tiles(name: str, field: Field, pixel: tuple[int, ...] | None) -> list[Tile]:
    if field.sampled is None or field.expected is None or field.sides is None:
        return [Tile(name, None, f"absent: {field.reason}")]
    made = []
    pairs = (("sampled", field.sampled), ("expected", field.expected))
    for (kind, values), side in zip(pairs, field.sides, strict=True):
        told = f"{kind}: 95 % within {side:.3g} pixels{' a side' if values.ndim == 2 else ''}"
        if pixel is not None and all(at < most for at, most in zip(pixel, values.shape, strict=True)):
            told += f"; at {','.join(map(str, pixel))} {values[pixel]:.3g} of the whole"
        made.append(Tile(name, small_map(values / values.max(), 0.0, 1.0, pixel, height=SIDE), told))
    return made


def _field(each: Variant, seed: int) -> Iterator[tuple[int, int, Field]]:
    """Samples, then the closed form; a field that cannot be had is told with its reason."""
    try:
        yield from _found(each, seed)
    except UserError as error:
        yield 1, 1, Field(None, None, None, str(error))


def _found(each: Variant, seed: int) -> Iterator[tuple[int, int, Field]]:
    unit, design = each.examined.unit, each.design
    recipe = ErfRecipe(unit, samples=_SAMPLES, seed=seed, model=ModelRecipe(seed=seed))
    if isinstance(design.network, Network):
        module = build(design.network, recipe.model)
        given = module.graph.input
        size, stage, forward = (given.channels, *given.size), "output", None
        steps = measure(design.network, recipe)
    elif isinstance(design, ModelDesign):
        module, size, stage = design.model.real(seed), design.model.size, design.stage
        forward = design.model.call(module)
        steps = measure_module(module, size, recipe, stage=stage, forward=forward)
    else:
        raise UserError("no module computes its rational weights")
    mean = np.zeros(size[1:])
    for done, total, part in steps:
        mean = part.mean
        yield done, total + 1, Field(None, None, None, "being measured")
    root = expected_field(module, size, unit, stage=stage, forward=forward, seed=seed).root
    if not mean.sum() or not root.sum():
        raise UserError("its gradient is zero everywhere")
    maps = mean / mean.sum(), root / root.sum()
    centre = [float(along.centre(at) or 0) for along, at in zip(each.examined.fields[-1], unit, strict=True)]
    inside = [min(max(at, 0.0), side - 1.0) for at, side in zip(centre, mean.shape, strict=True)]
    sides = tuple(erf_sizes(values, inside).square_95.side for values in maps)
    yield total + 1, total + 1, Field(*maps, (sides[0], sides[1]))
