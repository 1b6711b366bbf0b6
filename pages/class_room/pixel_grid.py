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
        if isinstance(place := st.session_state[key].get("pick"), str):
            picks(place)

    _component(key=key, data={"size": list(size), "chosen": chosen}, on_pick_change=take)
