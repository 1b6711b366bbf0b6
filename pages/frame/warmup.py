"""What is done once per server process, so that no visitor waits for it."""

import gc
import threading
from importlib import import_module
from time import sleep

import streamlit as st

from core.exact import path_counts
from core.exact.tower import tower
from core.figures.maps import pathway_map
from core.figures.tower import tower_figure
from core.network import graph_of, parse

# Plotly asks of every figure whether pandas is loaded, and fails where the run of another visitor is just loading it.
import_module("pandas")

_FIRST_RUN_WITHIN = 5.0  # seconds
_COLLECT_EVERY = 60.0  # seconds; a collection holds up all visitors for about a quarter of one

_run_ended = threading.Event()


@st.cache_resource
def once() -> None:
    """Warms up in the background once the first visitor sees a page, then collects garbage on a clock."""
    threading.Thread(target=_attend, daemon=True, name="warm-up").start()


def spare_collection() -> None:
    """Ends a page's run: what lives now is left out when Streamlit collects garbage, as it does after every run.

    Collecting takes about 100 ms with PyTorch imported, and still a third of a run if only the modules are left out.
    Nothing is lost: the clock below collects everything.
    """
    gc.freeze()
    _run_ended.set()


def _attend() -> None:
    _run_ended.wait(_FIRST_RUN_WITHIN)
    _warm()
    while True:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        sleep(_COLLECT_EVERY)


def _warm() -> None:
    """Draws and measures something small: Plotly and PyTorch load much of themselves when first used."""
    tower_figure(tower(graph_of(parse("5; conv k3 p1")))).to_json()
    pathway_map(path_counts(graph_of(parse("5x5; conv k3 p1")))).to_json()
    live = import_module("core.live")  # loads PyTorch: seconds that the first page must not wait for
    for _ in live.measure(parse("5x5; conv k3 p1 x2"), live.ErfRecipe(samples=2)):
        pass
    import_module("core.training")  # loads SciPy
    import_module("core.live.sources.zoo").names()  # loads the zoo: seconds again
