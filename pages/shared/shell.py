"""What every page runs inside: the guard of cold deep links, the network's controls, the word on rejected settings.

A ``pages/`` folder keeps Streamlit's old routing on until ``app.py`` has called ``st.navigation`` once: on a fresh
server a deep link runs the page's file alone. ``require`` then runs ``app.py``, which comes back to the page.
"""

import runpy
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import UserError
from core.network import Network
from pages.shared import controls, player, settings, warmup

_ROOT = Path(__file__).parents[2]
_frame: ContextVar["Frame | None"] = ContextVar("frame", default=None)

PAGES = {  # the question of each page, and how the navigation names it
    "paths": ("How many paths reach each pixel?", "How many paths?"),
    "field": ("How far does a unit see?", "How far?"),
    "erf": ("What does it really look at?", "Looking where?"),
    "design": ("What is wrong with my design?", "What is wrong?"),
    "model": ("What does your model see?", "Your model?"),
    "remedies": ("What helps?", "What helps?"),
    "training": ("Does it matter?", "Does it matter?"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page is given: the visitor's network, and places for its answer, its settings, what can be taken."""

    network: Network
    headline: DeltaGenerator
    corner: DeltaGenerator
    side: DeltaGenerator  # above the network's controls


def require() -> Frame:
    """The first line of every page: goes on only inside ``app.py``, which made the frame."""
    if (frame := _frame.get()) is None:
        runpy.run_path(str(_ROOT / "app.py"), run_name="__main__")
        st.stop()
    return frame


def run() -> None:
    """Chooses the page, makes its frame and runs it; errors that a user can cause are told, others are not shown.

    The network's controls are made here and not in the pages: Streamlit keeps in the URL, from page to page, just the
    settings of the script that holds the pages.
    """
    pages = [
        st.Page(
            _ROOT / "pages" / f"{name}.py",
            title=short,
            url_path="" if name == "paths" else name,
            default=name == "paths",
        )
        for name, (_, short) in PAGES.items()
    ]
    page = st.navigation(pages, position="top")
    for complaint in settings.rejected(st.query_params):
        st.warning(complaint, icon=":material/link_off:")
    if st.session_state.get("_page") != page.title:
        player.stop()
        st.session_state["_page"] = page.title
    row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    name = page.url_path or "paths"
    row.title(PAGES[name][0], anchor=False, width="content")
    side = st.sidebar.container()
    aside = name == "model" or (name in ("design", "remedies") and settings.value("subject") == "model")
    frame = Frame(controls.network(aside), st.container(), row, side)
    token = _frame.set(frame)
    try:
        page.run()
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        st.button("Take the centre and all outputs", on_click=settings.let_go, icon=":material/build:")
    finally:
        _frame.reset(token)
        warmup.spare_collection()
