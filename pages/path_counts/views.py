"""The map of path counts with what is picked in it, and the profile: what the page draws beside the tower."""

import plotly.graph_objects as go
import streamlit as st

from core.design.analysis import Unit
from core.exact.counts import PathCounts
from core.figures.cuts import profile
from core.figures.maps import pathway_map
from core.figures.presented import spotlight
from pages.frame import screen, settings
from pages.frame.shell import Frame
from pages.parts import controls, picks, share
from pages.path_counts import words
from pages.work import cache

_CUT_HEIGHT, _PROFILE_HEIGHT = 270, 380  # pixels: what is picked and its sentence fit a laptop's screen beside them


def draw_map(frame: Frame, counts: PathCounts, unit: Unit, insight: str) -> tuple[go.Figure, bool]:
    """The map, and beside it what is picked: its numbers, where it leads, the cuts through it.

    Returns the map and whether its colours are linear.
    """
    if len(counts.size) == 3:
        return _draw_volume(frame, counts, unit, insight)
    alone = screen.is_quiet()
    left, right = (st.container(), st.container())[::-1] if alone else st.columns([9, 8], gap="medium")
    with right:
        linear, pixels = _inspector(frame, counts)
        if not alone:
            _beside(frame, counts, pixels, linear)
    figure = cache.path_map(str(frame.text), frame.analysis.gates, unit, linear, pixels)
    if pixels and screen.presents():
        figure = spotlight(figure, pixels, counts.size)
    with left:
        share.chart(figure, "path_map", insight, picks.pixels("path_map"), shape="square")
    return figure, linear


def _draw_volume(frame: Frame, counts: PathCounts, unit: Unit, insight: str) -> tuple[go.Figure, bool]:
    """The three cuts through what is picked, and beside them its numbers and its profile along each axis."""
    alone = screen.is_quiet()
    left, right = (st.container(), st.container())[::-1] if alone else st.columns([3, 2], gap="medium")
    with right:
        linear, pixels = _inspector(frame, counts)
        if not alone:
            cuts = profile(counts, True, pixels, _CUT_HEIGHT + 60)
            share.chart(cuts, "cuts", "paths along the three axes, from zero")
    figure = cache.path_map(str(frame.text), frame.analysis.gates, unit, linear, pixels)
    with left:
        share.chart(figure, "path_map", insight, picks.of_map("path_map", 3), shape="square")
    return figure, linear


def draw_profile(frame: Frame, counts: PathCounts, insight: str) -> tuple[go.Figure, bool]:
    """The cuts through what is picked, or the centre, and its numbers; and whether heights are linear."""
    picture = st.container()
    linear, pixels = _inspector(frame, counts)
    figure = profile(counts, linear, pixels, _PROFILE_HEIGHT)
    with picture:
        share.chart(figure, "profile", insight)
    return figure, linear


def _inspector(frame: Frame, counts: PathCounts) -> tuple[bool, tuple[tuple[int, ...], ...]]:
    """The controls of what is picked, and its sentence."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        pixels = controls.input_pixels(counts.size)
        linear = controls.choice("scale", "Scale") == "linear"
        cuts = len(counts.size) == 3 and settings.value("view") == "map"
        if cuts:
            controls.plane(pixels, counts.size)
    said = st.container(key="figure_words")
    if len(pixels) == 2:
        said.markdown(words.pair_sentence(counts, pixels[0], pixels[1]))
    elif pixels:
        said.markdown(words.pixel_sentence(counts, pixels[0], frame.analysis.reach_counts(pixels[0])))
        controls.digits(row, counts.at(pixels[0]))
    else:
        said.caption(words.PICKING_IN_CUTS if cuts else words.PICKING)
    return linear, pixels


def _beside(frame: Frame, counts: PathCounts, pixels: tuple[tuple[int, ...], ...], linear: bool) -> None:
    """The cuts through what is picked; of one pixel also the outputs that it reaches."""
    reach = frame.analysis.reach_counts(pixels[0]) if len(pixels) == 1 else None
    place = st.container()
    if reach is not None and len(reach.size) == 2:
        place, outputs = st.columns([5, 4])
        with outputs:
            name = words.reached(pixels[0])
            figure = pathway_map(reach, linear, (), _CUT_HEIGHT - 32, "outputs it reaches", strips=False)
            share.chart(figure, "reach_map", name)
    with place:
        cuts = profile(counts, True, pixels, _CUT_HEIGHT)
        share.chart(cuts, "cuts", "paths along the row and down the column, from zero")
