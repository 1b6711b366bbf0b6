"""The only caches: what pages ask for, keyed by a network's canonical text. Answers are shared: never change one.

The figures of the landing page are kept too: making one takes longer than all its numbers.
"""

import plotly.graph_objects as go
import streamlit as st

from core import exact
from core.exact import AxisField, PathCounts
from core.exact.imbalance import Measures
from core.exact.tower import tower
from core.figures.maps import pathway_map
from core.figures.tower import tower_figure
from core.network import Graph, graph_of, parse

# Few: nearly all answers take less than a few milliseconds, and Streamlit collects garbage after every run, which
# visits every object kept here.
_ENTRIES = 24  # answers kept of each kind
_FIGURES = 4


@st.cache_resource(max_entries=_ENTRIES, show_spinner=False)
def graph(text: str) -> Graph:
    """The graph of a network."""
    return graph_of(parse(text))


@st.cache_resource(max_entries=_ENTRIES, show_spinner=False)
def path_counts(text: str, unit: tuple[int, ...] | None = None, channels: bool = False) -> PathCounts:
    """Paths from each input pixel to all outputs or one unit."""
    return exact.path_counts(graph(text), unit, channels)


@st.cache_resource(max_entries=_ENTRIES, show_spinner=False)
def reach_counts(text: str, pixel: tuple[int, ...]) -> PathCounts:
    """Paths from one input pixel to each output."""
    return exact.reach_counts(graph(text), pixel)


@st.cache_resource(max_entries=_ENTRIES, show_spinner=False)
def imbalance(text: str, unit: tuple[int, ...] | None = None) -> Measures:
    """How unequal the path counts are."""
    return exact.imbalance(path_counts(text, unit), exact.stride_period(graph(text)))


@st.cache_resource(max_entries=_FIGURES, show_spinner=False)
def tower_drawing(text: str, unit: int | None, picked: tuple[int, int] | None) -> tuple[go.Figure, bool]:
    """The tower of a 1-D network, drawn, and whether its edges could be."""
    found = tower(graph(text), unit, picked)
    return tower_figure(found, picked), found.edges is not None


@st.cache_resource(max_entries=_FIGURES, show_spinner=False)
def path_map(text: str, unit: tuple[int, ...] | None, linear: bool, pixel: tuple[int, int] | None) -> go.Figure:
    """The map of path counts."""
    return pathway_map(path_counts(text, unit), linear, pixel)


@st.cache_resource(max_entries=_ENTRIES, show_spinner=False)
def fields(text: str) -> list[tuple[AxisField, ...]]:
    """The receptive field of every layer."""
    return exact.fields(graph(text))


@st.cache_resource(max_entries=_ENTRIES, show_spinner=False)
def unproductive(text: str) -> list[int]:
    """Windows that can bring nothing new, as the input is no larger than the field of what they read."""
    return exact.unproductive(graph(text))
