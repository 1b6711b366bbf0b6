"""A lesson with a class: what its screens show, and the question of a step asked of all."""

from fractions import Fraction

import streamlit as st

from core.errors import UserError
from core.lessons import Progress, Step, answer, options, parse_view, right_pixels
from core.lessons.progress import is_open
from pages.class_room import attendance
from pages.frame import settings
from pages.lesson_steps import drawing, library
from pages.work import cache

_REVEALED = "revealed"
_PIXELS = 16  # that are right at once; where more are, anybody guesses one


def show() -> None:
    """The step that the class is at, as its teacher sees it; who follows answers in the strip above."""
    name = str(settings.value("lesson"))
    if not name:
        st.caption("The teacher is choosing a lesson.")
        return
    try:
        lesson = library.lesson_of(name)
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        return
    number = min(int(settings.value("step")), len(lesson.steps))
    drawing.draw_step(lesson, number, attendance.note() == _REVEALED)


def publish(step: Step | None, now: Progress | None) -> None:
    """Lets the class of a teacher see the step, and its answer once that is revealed."""
    waiting = step is None or now is None or is_open(step, now.response())
    attendance.publish("lesson", "" if waiting else _REVEALED)


def offer(step: Step) -> None:
    """A button by which a teacher asks the class what the step asks."""
    question = step.question
    if question is None or not attendance.teaches():
        return
    try:
        size = cache.analysis(parse_view(step.view).design).graph.input.size if question.kind == "pixel" else ()
        texts = options(step, cache.analysis) if question.kind == "choice" else ()
        attendance.offer(question.kind, drawing.question_text(step), _answer(step), texts, size)
    except UserError as error:
        st.caption(f"This cannot be asked of the class: {error}")


def _answer(step: Step) -> str:
    if step.question is not None and step.question.kind == "pixel":
        places = right_pixels(step, cache.analysis)
        return " ".join(",".join(map(str, place)) for place in places) if len(places) <= _PIXELS else ""
    found = answer(step, cache.analysis)
    return found if isinstance(found, str) else str(Fraction(found))  # type: ignore[arg-type]
