"""The first view of the app: its name, what a path is, one picture, three controls, three doors.

Everything else is folded until it is asked for. Whoever comes by a link to a state, is in a class, or has asked for all
controls sees the whole page at once; so does who takes another network, while steps of depth leave all in its place.
"""

import re

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.frame import settings
from pages.frame.registry import FOLDER, HOME, PAGES, script

_LOOK = f"<style>{(FOLDER.parent / 'assets' / 'page' / 'landing.css').read_text()}</style>"
_SHOWN, _UNFOLDED = "_landing", "_unfolded"
_PATH = "A **path** leads from a pixel, through one unit of each convolution, to an output."
_DOORS = (
    ("lesson", "Teach it", ":material/school:"),
    ("check", "Check my network", ":material/troubleshoot:"),
    ("question", "Answer the question", ":material/help:"),
)
_NETWORK = re.compile(re.escape(settings.START.rpartition(" x")[0]) + r"( x\d+)?")  # the first one, at any depth


def is_shown() -> bool:
    """Whether this run shows the first view."""
    return bool(st.session_state.get(_SHOWN))


def enter(page: str) -> None:
    """Decides whether a run of ``page`` shows the first view; before the page is entered."""
    allowed = page == HOME and not (settings.follows() or st.context.is_embedded or st.session_state.get(_UNFOLDED))
    entering = "_page" not in st.session_state or settings.shown_page() != page
    begins = not st.query_params if entering else is_shown()
    st.session_state[_SHOWN] = bool(allowed and begins and _NETWORK.fullmatch(str(settings.value("net"))))


def unfold() -> None:
    """Shows all controls, for the rest of the visit; a callback."""
    st.session_state[_UNFOLDED] = True


def introduce(where: DeltaGenerator, name: str) -> None:
    """The name of the app, the doors to what people come for, and what a path is."""
    with where:
        st.title(name, anchor=False, width="content")
        with st.container(horizontal=True, width="content", key="doors"):
            for page, label, icon in _DOORS:
                st.page_link(script(PAGES[page]), label=label, icon=icon)
    st.markdown(_PATH)
    st.html(_LOOK)


def offer_more() -> None:
    """The way to all controls."""
    st.button("All controls", on_click=unfold, icon=":material/tune:", type="tertiary")
