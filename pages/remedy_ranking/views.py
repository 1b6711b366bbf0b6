"""What the page on remedies draws: small multiples of maps and of their differences, and the question's answers."""

from collections.abc import Sequence
from fractions import Fraction

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.comparison import Answer, Comparison, Variant, answers, measure_of
from core.figures.depths import depths
from core.figures.multiples import small_map, spread
from core.figures.scale import Scale, colour_bar, log_shares
from core.network import PRESETS, Network
from pages.frame import settings
from pages.parts import share
from pages.parts.tiles import SIDE, Tile, draw
from pages.remedy_ranking import words

TILES = 8  # small multiples beside each other, the network as it is among them
_QUESTIONER = next(preset for name, preset in PRESETS.items() if name.startswith("Stack Exchange"))
_SHARE = "share of the map's most-read pixel"

Pixel = tuple[int, ...] | None


def shown(comparison: Comparison, order: Sequence[Variant]) -> list[Variant]:
    """The design as it is, and the best of the others."""
    return [comparison.original, *(variant for variant in order if variant is not comparison.original)][:TILES]


def maps(comparison: Comparison, order: Sequence[Variant], pixel: Pixel, rank: str) -> go.Figure:
    """Each map on one scale; the figure of the best is handed back."""
    variants = shown(comparison, order)
    figures, bar = _maps(variants, pixel)
    draw([Tile(words.name_of(variant), figure, _caption(variant, comparison, pixel, rank))
          for variant, figure in zip(variants, figures, strict=True)], [bar])  # fmt: skip
    _hidden(comparison, rank)
    return figures[min(1, len(figures) - 1)]


def _hidden(comparison: Comparison, rank: str) -> None:
    """Says which maps are not shown."""
    more = len(comparison.variants) + 1 - TILES
    if more > 0:
        named = measure_of(rank).title
        st.caption(f"The {TILES - 1} best of {len(comparison.variants)} by {named}; {more} more are in the table.")


def differences(comparison: Comparison, order: Sequence[Variant], pixel: Pixel, rank: str) -> go.Figure:
    """Each map less that of the design as it is, on one diverging scale."""
    variants = shown(comparison, order)
    apart, bar = _differences(variants, pixel)
    (first, *_), own = _maps(variants[:1], pixel)
    figures = [first, *apart]
    captions = [_caption(variant, comparison, pixel, rank) for variant in variants]
    captions = [f"no difference: another input size; {text}" if figure is None else text
            for figure, text in zip(figures, captions, strict=True)]  # fmt: skip
    draw([Tile(words.name_of(variant), figure, text)
          for variant, figure, text in zip(variants, figures, captions, strict=True)], [own, bar])  # fmt: skip
    _hidden(comparison, rank)
    return next((figure for figure in apart if figure is not None), first)


def question(headline: DeltaGenerator, network: Network | None) -> tuple[str, go.Figure, list[dict[str, str]]]:
    """The question behind the project, answered for the network or, where it is not about such a one, for that of
    whoever asked."""
    points, own = answers(network) if network else (), True
    if network is None or not points:
        network, points, own = _QUESTIONER, answers(_QUESTIONER), False
    insight = words.question_insight(network, points, own)
    headline.header(insight, anchor=False)
    if not own:
        explanation = (
            "The question is about unpadded windows that overlap. Your design is not of that kind, so the network of "
            "the question is shown."
        )
        st.info(explanation, icon=":material/info:")
        st.button(
            "Take the network of the question",
            on_click=settings.put_design,
            args=(str(network),),
            icon=":material/build:",
        )
    rows = words.answer_rows(points)
    st.table(rows)
    figure = depths(_curves(points), "centre over corner")
    share.chart(figure, "growth", "the centre's paths over a corner's, for the layers stacked again and again")
    st.caption("The layers stacked on the largest input, counted exactly; the axis is log10 of the ratio, a float.")
    return insight, figure, rows


def _curves(points: Sequence[Answer]) -> dict[str, list[Fraction]]:
    curves: dict[str, list[Fraction]] = {}
    for label, point in zip(("without padding", "zero padding that keeps the size"), _growths(points), strict=False):
        curves[label] = [value for _, value in point.numbers]
    return curves


def _growths(points: Sequence[Answer]) -> list[Answer]:
    return [point for point in points if any("at depth" in name for name, _ in point.numbers)]


def _caption(variant: Variant, comparison: Comparison, pixel: Pixel, rank: str) -> str:
    return words.tile_caption(variant, comparison.original, pixel, rank)


def _maps(variants: Sequence[Variant], pixel: Pixel) -> tuple[list[go.Figure], go.Figure]:
    logs = [log_shares(variant.analysis.counts) for variant in variants]
    scale = Scale.of(logs)
    low, high = scale.range
    figures = [small_map(scale.values(part), low, high, pixel, height=SIDE) for part in logs]
    return figures, colour_bar(low, high, _SHARE, scale.logarithmic)


def _differences(variants: Sequence[Variant], pixel: Pixel) -> tuple[list[go.Figure | None], go.Figure]:
    """All but the first, less the first."""
    first, *rest = [10.0 ** log_shares(variant.analysis.counts) for variant in variants]
    apart = [part - first if part.shape == first.shape else None for part in rest]
    most = spread([part for part in apart if part is not None])
    figures = [
        None if part is None else small_map(part, -most, most, pixel, diverging=True, height=SIDE) for part in apart
    ]
    return figures, colour_bar(-most, most, f"{_SHARE}, less the first's", diverging=True)
