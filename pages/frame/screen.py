"""How a page is shown: as usual, on a projector (``present=true``), or inside another page (``embed=true``).

The latter two are states of the address. They change what is seen, by a style sheet, and not what is there: keys that
step still step, and the address follows.
"""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.frame import settings

_ASSETS = Path(__file__).parents[2] / "assets" / "screen"
_LOOKS = {name: (_ASSETS / f"{name}.css").read_text() for name in ("phone", "quiet", "present", "embed")}
_PRESENT = "present"


def presents() -> bool:
    """Whether the page is on a projector; a screen that follows a class is on none, and has no such address."""
    return st.query_params.get(_PRESENT) == "true" and not settings.follows()


def is_embedded() -> bool:
    """Whether the page stands inside another."""
    return bool(st.context.is_embedded)


def dress() -> None:
    """Gives the page the look that its address asks for."""
    names = ["phone"]
    if is_quiet():
        names += ["quiet", _PRESENT if presents() else "embed"]
    st.html(f"<style>{''.join(_LOOKS[name] for name in names)}</style>")


def button() -> None:
    """The way onto the projector, or back from it."""
    if presents():
        st.button("End", key="present_end", icon=":material/close:", shortcut="Escape", on_click=_end)
    elif not settings.follows() and not is_embedded():
        st.button("Present", key="present_begin", icon=":material/slideshow:", on_click=_begin)


def is_quiet() -> bool:
    """Whether the page shows its figure, the sentence over it, and hardly anything else."""
    return presents() or is_embedded()


def figure_place(key: str) -> DeltaGenerator:
    """What holds a figure: on a projector as high as the screen, else as high as itself."""
    return st.container(key=f"present_figure_{key}" if presents() else None, gap=None)


def _begin() -> None:
    st.query_params[_PRESENT] = "true"


def _end() -> None:
    st.query_params.pop(_PRESENT, None)
