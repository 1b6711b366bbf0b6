"""What is done once per server process, so that no visitor waits for it."""

import gc
import threading

import streamlit as st


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
    import core.live  # noqa: F401, PLC0415  loads PyTorch: seconds that the first page must not wait for

    gc.collect()
    gc.freeze()
