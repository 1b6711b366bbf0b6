"""What the page on training draws: the maps of both networks, their losses, what a unit looks at."""

from dataclasses import replace
from functools import partial

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.exact.counts import PathCounts
from core.figures.multiples import small_map
from core.figures.scale import colour_bar, log_shares
from core.figures.training import losses, watched
from core.training import Experiment, ResponseMaps
from core.training.effective_field import effective_field
from pages.parts.field_pairs import field_pair, pair_tiles
from pages.parts.tiles import SIDE, Tile, draw
from pages.training_run import words

_ONE_SCALE = "share: paths, right answers, change"

Names = tuple[str, str]  # of both networks, as legends have them


def live(names: Names, part: Experiment) -> go.Figure:
    """Losses, where the answers are right, and what the object changes in them, so far."""
    located = [response for index in (0, 1) if (response := part.mean(index, trained=True)) is not None]
    most = max((float(response.change.max()) for response in located), default=0.0) or 1.0
    maps = {
        "right": [response.right for response in located],
        "change": [response.change / most for response in located],
    }
    return watched(_losses(names, part), maps if located else {}, part.recipe.steps)


def curves(names: Names, trainings: Experiment) -> go.Figure:
    """All losses."""
    return losses(_losses(names, trainings))


def _losses(names: Names, part: Experiment) -> dict[str, list[tuple[float, ...]]]:
    return {name: [run.losses for run in runs] for name, runs in zip(names, part.runs, strict=True)}


def maps(names: Names, trainings: Experiment, pixel: tuple[int, ...] | None) -> go.Figure:
    """For each network exact paths and the change before training; then right answers and the change after it too."""
    before, after = ([trainings.mean(index, trained) for index in (0, 1)] for trained in (False, True))
    rows: list[list[Tile]] = []
    for index in (0, 1):
        counts = PathCounts((trainings.counts(index),))
        made = [Tile("paths", _map(10.0 ** log_shares(counts), pixel), words.paths_told(counts, pixel))]
        made += _change_tile("change, untrained", before, index, pixel)
        if (located := after[index]) is not None:
            told = words.right_told(located, pixel)
            made.append(Tile("right answers", _map(located.right, pixel), told))
        rows.append([*made, *_change_tile("change, trained", after, index, pixel)])
    if any(after):
        for index, made in enumerate(rows):
            st.markdown(words.network_heading(index, trainings.networks[index], names[1]))
            draw(made, [], f"tile_{index}")
    else:
        named = zip(names, rows, strict=True)
        draw([replace(tile, told=f"{name}: {tile.told}") for name, made in named for tile in made], [])
    draw([], [colour_bar(0.0, 1.0, _ONE_SCALE)], "bar")
    return next((tile.figure for tile in rows[0] if tile.name == "right answers"), None) or rows[0][0].figure


def _change_tile(
    name: str, located: list[ResponseMaps | None], index: int, pixel: tuple[int, ...] | None
) -> list[Tile]:
    """The map of changes, as shares of the largest of both networks."""
    if (own := located[index]) is None:
        return []
    most = max(float(each.change.max()) for each in located if each is not None) or 1.0
    return [Tile(name, _map(own.change / most, pixel), words.change_told(own, pixel))]


def _map(values: np.ndarray, pixel: tuple[int, ...] | None) -> go.Figure:
    return small_map(values, 0.0, 1.0, pixel, height=SIDE)


def fields(names: Names, trainings: Experiment, key: str) -> go.Figure:
    """What a unit in the middle looks at before and after the training of the first seed."""
    tiles: list[Tile] = []
    for index, name in enumerate(names):
        run = trainings.runs[index][0]
        row: list[Tile] = []
        for trained in (False, True):
            state = "trained" if trained else "untrained"
            pair = field_pair(
                f"{key}|field|{index}|{trained}", f"{name}, {state}", partial(effective_field, run, trained)
            )
            row += pair_tiles(state, pair)
        st.markdown(words.network_heading(index, trainings.networks[index], names[1]))
        draw(row, [], f"field_{index}")
        tiles += row
    draw([], [colour_bar(0.0, 1.0, "share of the map's peak")])
    return next((tile.figure for tile in tiles if tile.figure is not None), go.Figure())
