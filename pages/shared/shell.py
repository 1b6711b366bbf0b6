"""What every page runs inside: the guard of cold deep links, the frame, the word on rejected settings.

A ``pages/`` folder keeps Streamlit's old routing on until ``app.py`` has called ``st.navigation`` once: on a fresh
server a deep link runs the page's file alone. ``require`` then runs ``app.py``, which comes back to the page.
"""

import runpy
from contextvars import ContextVar
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import UserError
from pages.shared import settings, warmup

_ROOT = Path(__file__).parents[2]
_inside: ContextVar[bool] = ContextVar("inside_app", default=False)

PAGES = {
    "paths": "How many paths reach each pixel?",
    "field": "How far does a unit see?",
    "erf": "What does it really look at?",
}


def require() -> None:
    """The first line of every page: goes on only inside ``app.py``."""
    if not _inside.get():
        runpy.run_path(str(_ROOT / "app.py"), run_name="__main__")
        st.stop()


def head(name: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The page's question, the place for its answer and the corner for what can be taken away."""
    row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    row.title(PAGES[name], anchor=False, width="content")
    corner = row.container(width="content")
    return st.container(), corner


def run() -> None:
    """Chooses the page and runs it; errors that a user can cause are told, others are Streamlit's to hide."""
    pages = [
        st.Page(
            _ROOT / "pages" / f"{name}.py",
            title=title,
            url_path="" if name == "paths" else name,
            default=name == "paths",
        )
        for name, title in PAGES.items()
    ]
    page = st.navigation(pages, position="top")
    for complaint in settings.rejected(st.query_params):
        st.warning(complaint, icon=":material/link_off:")
    token = _inside.set(True)
    try:
        page.run()
    except UserError as error:
        st.error(str(error), icon=":material/error:")
    finally:
        _inside.reset(token)
        warmup.spare_collection()
