"""What is done once per server process, so that no visitor waits for it."""

import gc
import threading
from importlib import import_module

import streamlit as st

from core.network import parse


@st.cache_resource
def once() -> None:
    """Loads PyTorch in the background and exempts what is loaded from garbage collection.

    Streamlit collects garbage after every run of a page; with PyTorch imported that takes about 100 ms each time,
    with the loaded modules frozen about 5 ms.
    """
    gc.collect()
    gc.freeze()
    threading.Thread(target=_load_torch, daemon=True, name="load-torch").start()


def _load_torch() -> None:
    live = import_module("core.live")  # loads PyTorch: seconds that the first page must not wait for
    for _ in live.measure(parse("5x5; conv k3 p1 x2"), live.ErfRecipe(samples=2)):
        pass  # what PyTorch loads only when it first computes
    gc.collect()
    gc.freeze()
