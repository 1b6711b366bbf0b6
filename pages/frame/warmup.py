"""What is done once per server process, so that no visitor waits for it."""

import gc
import threading
from importlib import import_module
from time import monotonic, sleep

from core.exact import path_counts
from core.figures.maps import pathway_map
from core.network import graph_of, parse
from pages.work import journal, turns

# Plotly asks of every figure whether pandas is loaded, and fails where the run of another visitor is just loading it.
import_module("pandas")

_FIRST_RUN_WITHIN = 5.0  # seconds
_REST = 1.0  # seconds in which nobody's page runs; what takes seconds is loaded in such a rest
_COLLECT_EVERY = 60.0  # seconds; a collection holds up all visitors for about a quarter of one

_started = threading.Lock()
_run_ended = threading.Event()


def once() -> None:
    """Warms up in the background once the first visitor sees a page, then collects garbage on a clock."""
    if _started.acquire(blocking=False):
        journal.begin()
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
    waiting = [_warm_zoo, _warm_training, _warm_models, _warm_figures]
    collected = monotonic()
    while True:
        if waiting and turns.PAGES.have_rested(_REST):
            waiting.pop()()
            collected = collected if waiting else 0.0  # all that was loaded is left out of Streamlit's collections
        if monotonic() - collected > _COLLECT_EVERY:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            collected = monotonic()
        sleep(_REST / 4)


def _warm_figures() -> None:
    """Plotly loads much of itself when first used."""
    pathway_map(path_counts(graph_of(parse("5x5; conv k3 p1")))).to_json()


def _warm_models() -> None:
    """Loads PyTorch, and measures something small: seconds that the first page must not wait for."""
    live = import_module("core.live")
    for _ in live.measure(parse("5x5; conv k3 p1 x2"), live.ErfRecipe(samples=2)):
        pass


def _warm_training() -> None:
    import_module("core.training")  # loads SciPy


def _warm_zoo() -> None:
    import_module("core.live.sources.zoo").names()  # seconds again
