"""Play through depth: from one layer up to where the visitor was, a step a second. Nothing plays by itself."""

from collections.abc import Callable

import streamlit as st

from pages.work.repeated import repeated

_SECONDS = 1.2  # between two steps

Move = Callable[[list[str], int], None]


def button(shown: int, texts: list[str], move: Move) -> None:
    """Play, or pause while it plays; while it plays, this schedules the next step."""
    goal = st.session_state.get("_play_to")
    if goal is None or shown >= goal:
        stop()
        st.button(
            "Play", icon=":material/play_arrow:", key="_play", disabled=shown < 2, on_click=_start,
            args=(shown, texts, move),
        )  # fmt: skip
        return
    st.button("Pause", icon=":material/pause:", key="_play", on_click=stop)
    st.session_state["_played"] = False
    _tick(texts[shown])


def advance() -> None:
    """Takes the step that fell due, before any widget of this run is made."""
    text, st.session_state["_play_next"] = st.session_state.get("_play_next"), None
    if text is not None:
        st.session_state["net"] = text


@repeated(_SECONDS)
def _tick(text: str) -> None:
    """Runs once with the page, where it does nothing, and then when the step is due."""
    if not st.session_state.get("_played"):
        st.session_state["_played"] = True
        return
    if st.session_state.get("_play_to") is not None:
        st.session_state["_play_next"] = text
        st.rerun()


def _start(goal: int, texts: list[str], move: Move) -> None:
    st.session_state["_play_to"] = goal
    move(texts, 1)


def stop() -> None:
    """Ends playing; also a callback."""
    st.session_state["_play_to"] = None
    st.session_state["_play_next"] = None
