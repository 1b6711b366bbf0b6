"""The pixels of an input, of which a student chooses one (``assets/pixel_grid``)."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

_ASSETS = Path(__file__).parents[2] / "assets" / "pixel_grid"
_component = st.components.v2.component(
    "pixel_grid",
    html='<div class="rf-pixels" role="grid" aria-label="the pixels of the input: choose one"></div>',
    css=(_ASSETS / "look.css").read_text(),
    js=(_ASSETS / "grid.js").read_text(),
    isolate_styles=False,
)


def pixel_grid(size: Sequence[int], chosen: str, key: str, picks: Callable[[str], None]) -> None:
    """Draws the pixels of ``size``: (height, width) or (width,); ``picks`` is called with the one that is chosen.

    ``chosen`` and what is picked are as typed: ``row,column``, or ``column``; who is called checks the latter.
    """

    def take() -> None:
        pick = st.session_state[key].get("pick")
        if isinstance(pick, dict) and isinstance(place := pick.get("place"), str):
            picks(place)

    # A value, and no trigger: it comes again with the next message if the server drops the one that brought it.
    _component(key=key, data={"size": list(size), "chosen": chosen}, default={"pick": None}, on_pick_change=take)
