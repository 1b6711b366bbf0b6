"""What is done once per server process, so that no visitor waits for it."""

import gc
import threading
from importlib import import_module

import streamlit as st

from core.exact import path_counts
from core.exact.tower import tower
from core.figures.maps import pathway_map
from core.figures.tower import tower_figure
from core.network import graph_of, parse


@st.cache_resource
def once() -> None:
    """Warms up in the background, then exempts what is loaded from garbage collection.

    Streamlit collects garbage after every run of a page; with PyTorch imported that takes about 100 ms each time,
    with the loaded modules frozen about 5 ms.
    """
    gc.collect()
    gc.freeze()
    threading.Thread(target=_warm, daemon=True, name="warm-up").start()


def _warm() -> None:
    """Draws and measures something small: Plotly and PyTorch load much of themselves when first used."""
    tower_figure(tower(graph_of(parse("5; conv k3 p1")))).to_json()
    pathway_map(path_counts(graph_of(parse("5x5; conv k3 p1")))).to_json()
    live = import_module("core.live")  # loads PyTorch: seconds that the first page must not wait for
    for _ in live.measure(parse("5x5; conv k3 p1 x2"), live.ErfRecipe(samples=2)):
        pass
    gc.collect()
    gc.freeze()
