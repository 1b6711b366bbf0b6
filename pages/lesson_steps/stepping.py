"""Where a visitor is in a lesson: the step in the address, guesses and reasons in the session."""

from collections.abc import Callable

import streamlit as st

from core.lessons import Lesson, Progress
from core.lessons.answers import Answer
from pages.frame import settings

_HELD = "_lesson_progress"


def progress(name: str, lesson: Lesson) -> Progress:
    """Where the visitor is: at the step of the address."""
    held: Progress = st.session_state.get(_HELD, {}).get(name, Progress())
    return held.at_step(int(settings.in_address("step")), lesson)


def has_begun(name: str) -> bool:
    """Whether this session has done anything in the lesson."""
    return name in st.session_state.get(_HELD, {})


def keep(name: str, changed: Progress) -> None:
    """Makes this the place where the visitor is."""
    st.session_state[_HELD] = {**st.session_state.get(_HELD, {}), name: changed}
    st.query_params["step"] = str(changed.number)


def go(name: str, lesson: Lesson, change: Callable[[Progress], Progress]) -> None:
    """Changes where the visitor is; a callback."""
    keep(name, change(progress(name, lesson)))


def take_guess(name: str, lesson: Lesson, guess: Answer | None, why: str | None = None) -> None:
    """Notes a guess, or a reason, at the present step."""
    now = progress(name, lesson)
    keep(name, now.with_guess(guess, now.response().why if why is None else why))


def open_lesson(name: str, step: int = 1) -> None:
    """Opens a lesson; a callback."""
    st.query_params["lesson"] = name
    st.query_params["step"] = str(step)


def close() -> None:
    """Goes back to all lessons; a callback."""
    for setting in ("lesson", "step"):
        st.query_params.pop(setting, None)
