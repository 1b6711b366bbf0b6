"""The maps of a training, a row for each network: drawn again in their places while it goes on, never taken away."""

from collections.abc import Mapping, Sequence
from itertools import count

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.exact.counts import PathCounts
from core.figures.scale import log_shares
from core.figures.training import panel
from core.network import Network
from core.training import Experiment, ResponseMaps
from pages.parts import picks, share
from pages.training_run import words

_WIDTH = 150  # pixels: Streamlit draws no figure narrower
_SIDE = 118  # pixels of a map: four stand beside each other on a laptop, two on a telephone
PANELS = ("paths", "change, untrained", "right answers", "change, trained")

Pixel = tuple[int, ...] | None
Values = tuple[np.ndarray | None, str]  # a map, None where there is none yet, and what stands under it


class Board:
    """Places for all maps of two networks."""

    def __init__(self, networks: Sequence[Network], against: str, pixel: Pixel) -> None:
        self._pixel = pixel
        self._drawn: dict[tuple[int, str], Values] = {}
        self._number = count()
        self._places: dict[tuple[int, str], DeltaGenerator] = {}
        self._charts: dict[tuple[int, str], DeltaGenerator] = {}  # what is drawn there, to be drawn over
        for index, network in enumerate(networks):
            st.markdown(words.network_heading(index, network, against))
            with st.container(horizontal=True, gap="xsmall"):
                for name in PANELS:
                    self._places[index, name] = st.container(width=_WIDTH)

    def draw(self, trainings: Experiment) -> None:
        """The maps so far; those that are as they were stay untouched."""
        for place, values in _all_values(trainings, self._pixel).items():
            if place not in self._drawn or not _same(self._drawn[place], values):
                self._drawn[place] = values
                figure = self._figure(trainings, place, values)
                where = self._charts.get(place, self._places[place])
                self._charts[place] = where.plotly_chart(figure, key=f"_panel_{next(self._number)}")

    def finish(self, trainings: Experiment) -> go.Figure:
        """The maps as they stay, which can be clicked; returns that of right answers of the first network."""
        figures = {}
        for number, (place, values) in enumerate(_all_values(trainings, self._pixel).items()):
            figures[place] = self._figure(trainings, place, values)
            # A container is gone as soon as a live map takes its place: a figure would stay beside that.
            with self._charts.get(place, self._places[place]).container():
                key = f"panel_{number}"
                share.chart(figures[place], key, f"{place[1]}: {values[1]}", picks.pixel(key))
        return figures[0, "paths" if trainings.mean(0, trained=True) is None else "right answers"]

    def _figure(self, trainings: Experiment, place: tuple[int, str], values: Values) -> go.Figure:
        shape = trainings.counts(place[0]).shape
        return panel(place[1], values[0], shape, values[1], self._pixel, _SIDE)


def _all_values(trainings: Experiment, pixel: Pixel) -> Mapping[tuple[int, str], Values]:
    """Every panel's map, as shares: of the most paths, of the right answers, of the largest change of both networks."""
    found: dict[tuple[int, str], Values] = {}
    before, after = ([trainings.mean(index, trained) for index in (0, 1)] for trained in (False, True))
    for index in (0, 1):
        counts = PathCounts((trainings.counts(index),))
        own = after[index]
        right = (None, words.NOT_YET) if own is None else (own.right, words.right_told(own, pixel))
        values = (
            (10.0 ** log_shares(counts), words.paths_told(counts, pixel)),
            _change(before, index, pixel),
            right,
            _change(after, index, pixel),
        )
        found |= {(index, name): each for name, each in zip(PANELS, values, strict=True)}
    return found


def _change(maps: list[ResponseMaps | None], index: int, pixel: Pixel) -> Values:
    if (own := maps[index]) is None:
        return None, words.NOT_YET
    most = max(float(each.change.max()) for each in maps if each is not None) or 1.0
    return own.change / most, words.change_told(own, pixel)


def _same(one: Values, other: Values) -> bool:
    if one[1] != other[1] or one[0] is None or other[0] is None:
        return one[1] == other[1] and one[0] is other[0]
    return np.array_equal(one[0], other[0], equal_nan=True)
