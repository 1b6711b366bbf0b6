"""How a page is shown: as usual, on a projector (``present=true``), or inside another page (``embed=true``).

The latter two are states of the address. They change what is seen, by a style sheet, and not what is there: keys that
step still step, and the address follows.
"""

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.frame import settings
from pages.frame.registry import FOLDER

_ASSETS = FOLDER.parent / "assets"
_LOOKS = {name: (_ASSETS / "screen" / f"{name}.css").read_text() for name in ("page", "quiet", "present", "embed")}
# Back and Forward, what a screen reader is told, keys in a line of text, and taps; the element itself takes no room.
_SCRIPTS = "".join(
    f"(() => {{{(_ASSETS / 'page' / f'{name}.js').read_text()}}})();"
    for name in ("history", "announce", "clicker", "touch", "drop")
)
_HIDE = "document.currentScript.closest('[data-testid=stElementContainer]').style.display = 'none';"
_PRESENT = "present"

# Of a figure that fits the window: a square, several in a row, one that stands below these, or a square beside others.
Shape = Literal["", "square", "row", "lower", "pane"]


def presents() -> bool:
    """Whether the page is on a projector; a screen that follows a class is on none, and has no such address."""
    return st.query_params.get(_PRESENT) == "true" and not settings.follows()


def is_embedded() -> bool:
    """Whether the page stands inside another."""
    return bool(st.context.is_embedded)


def dress() -> None:
    """Gives the page the look that its address asks for, and the scripts that every page has."""
    names = ["page"]
    if is_quiet():
        names += ["quiet", _PRESENT if presents() else "embed"]
    look = "".join(_LOOKS[name] for name in names)
    st.html(f"<style>{look}</style><script>{_SCRIPTS}{_HIDE}</script>", unsafe_allow_javascript=True)


def button() -> None:
    """The way onto the projector, or back from it."""
    if presents():
        st.button("End", key="present_end", icon=":material/close:", shortcut="Escape", on_click=_end)
    elif not settings.follows() and not is_embedded():
        st.button("Present", key="present_begin", icon=":material/slideshow:", on_click=_begin)


def is_quiet() -> bool:
    """Whether the page shows its figure, the sentence over it, and hardly anything else."""
    return presents() or is_embedded()


def figure_place(key: str, shape: Shape) -> DeltaGenerator:
    """What holds a figure that has no height of its own: as high as the screen on a projector, or as its shape asks."""
    return st.container(key=f"{_PRESENT if presents() else shape}_figure_{key}", gap=None)


def _begin() -> None:
    st.query_params[_PRESENT] = "true"


def _end() -> None:
    st.query_params.pop(_PRESENT, None)
