"""What is done once per server process, so that no visitor waits for it."""

import gc
import os
import socket
import threading
from contextlib import suppress
from importlib import import_module
from stat import S_ISSOCK
from time import sleep

import streamlit as st

from core.exact import path_counts
from core.exact.tower import tower
from core.figures.maps import pathway_map
from core.figures.tower import tower_figure
from core.network import graph_of, parse

_COLLECT_EVERY = 30.0  # seconds


@st.cache_resource
def once() -> None:
    """Sends at once, warms up in the background, then collects garbage on a clock."""
    _send_at_once()
    threading.Thread(target=_attend, daemon=True, name="warm-up").start()


def spare_collection() -> None:
    """Ends a page's run: what lives now is left out when Streamlit collects garbage, as it does after every run.

    Collecting takes about 100 ms with PyTorch imported, and still a third of a run if only the modules are left out.
    Nothing is lost: the clock below collects everything.
    """
    gc.freeze()


def _attend() -> None:
    _warm()
    while True:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        sleep(_COLLECT_EVERY)


def _send_at_once() -> None:
    """Switches Nagle's algorithm off: Streamlit 1.67 leaves it on, and each rerun waits 40 ms for an acknowledgement.

    Connections inherit the option from the socket that listens (on Linux), so all sockets of this process get it.
    """
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        with suppress(OSError):
            if not S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            found = socket.socket(fileno=os.dup(int(name)))
            if found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM:
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found.close()


def _warm() -> None:
    """Draws and measures something small: Plotly and PyTorch load much of themselves when first used."""
    tower_figure(tower(graph_of(parse("5; conv k3 p1")))).to_json()
    pathway_map(path_counts(graph_of(parse("5x5; conv k3 p1")))).to_json()
    live = import_module("core.live")  # loads PyTorch: seconds that the first page must not wait for
    for _ in live.measure(parse("5x5; conv k3 p1 x2"), live.ErfRecipe(samples=2)):
        pass
