"""How a question is answered: by a number, a choice, or a click on the figure; with one line on why."""

import streamlit as st

from core.lessons import Lesson, Progress, options, read_guess
from core.lessons.answers import Answer
from pages.lesson_steps import drawing, stepping
from pages.work import cache

_EXAMPLES = "12, 0.25, 4/9 or 30 %"


def ask(name: str, lesson: Lesson, now: Progress) -> None:
    """The question, what takes the guess, and the reason; what was typed is kept."""
    step, response, number = now.step(lesson), now.response(), now.number
    assert step.question is not None
    drawing.draw_question(step)
    match step.question.kind:
        case "number":
            _typed(name, lesson, now, "Your guess", _EXAMPLES)
        case "pixel":
            st.caption("Click the figure, or type the pixel.")
            _typed(name, lesson, now, "Your pixel", "row,column")
        case "choice":
            texts = options(step, cache.analysis)
            index = texts.index(response.guess) if response.guess in texts else None
            key = f"_choice_{name}_{number}"
            st.radio(
                "Your guess", texts, index=index, key=key, label_visibility="collapsed",
                format_func=drawing.plain, on_change=_take_choice, args=(name, lesson, key),
            )  # fmt: skip
    key = f"_why_{name}_{number}"
    st.text_input(
        "Why do you think so?", response.why, key=key, max_chars=200, placeholder="one line, for yourself",
        on_change=_take_reason, args=(name, lesson, key),
    )  # fmt: skip


def take_pixel(name: str, lesson: Lesson, typed: str) -> None:
    """Makes a clicked pixel the guess; a callback."""
    step = stepping.progress(name, lesson).step(lesson)
    if (guess := read_guess(step, typed)) is not None:
        stepping.take_guess(name, lesson, guess)


def _typed(name: str, lesson: Lesson, now: Progress, label: str, example: str) -> None:
    """A guess that is typed; what is none is told."""
    key = f"_guess_{name}_{now.number}"
    shown = now.response().guess
    if isinstance(shown, tuple):
        st.session_state[key] = ",".join(map(str, shown))
    typed = st.text_input(
        label, "" if shown is None else str(shown), key=key, max_chars=40, placeholder=example,
        on_change=_take_typed, args=(name, lesson, key),
    )  # fmt: skip
    if typed and read_guess(now.step(lesson), typed) is None:
        st.caption(f":material/error: That is no guess; write {example}.")


def _take_typed(name: str, lesson: Lesson, key: str) -> None:
    step = stepping.progress(name, lesson).step(lesson)
    stepping.take_guess(name, lesson, read_guess(step, str(st.session_state[key])))


def _take_choice(name: str, lesson: Lesson, key: str) -> None:
    guess: Answer | None = st.session_state[key]
    stepping.take_guess(name, lesson, guess)


def _take_reason(name: str, lesson: Lesson, key: str) -> None:
    now = stepping.progress(name, lesson)
    stepping.take_guess(name, lesson, now.response().guess, str(st.session_state[key]).strip())
