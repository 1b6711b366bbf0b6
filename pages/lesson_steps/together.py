"""A lesson with a class: what its screens show, and the question of a step asked of all, answered and revealed."""

from collections.abc import Callable
from fractions import Fraction

import streamlit as st

from core.errors import UserError
from core.lessons import Lesson, Progress, Step, answer, options, parse_view, right_pixels
from core.lessons.progress import is_open
from pages.class_room import attendance
from pages.class_room.attendance import Stage
from pages.class_room.question import Question
from pages.frame import settings
from pages.lesson_steps import drawing, library, stepping
from pages.work import cache

_REVEALED = "revealed"
_PIXELS = 16  # that are right at once; where more are, anybody guesses one


def show() -> None:
    """The step that the class is at, as its teacher sees it; a question is answered in its place."""
    name = str(settings.value("lesson"))
    if not name:
        attendance.question()
        st.caption("The teacher is choosing a lesson.")
        return
    try:
        lesson = library.lesson_of(name)
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        return
    number = min(int(settings.value("step")), len(lesson.steps))
    asked = attendance.question if stage(lesson.steps[number - 1]) != "not asked" else None
    if asked is None:
        attendance.question()
    drawing.draw_step(lesson, number, attendance.note() == _REVEALED, asked=asked)


def publish(step: Step | None, now: Progress | None) -> None:
    """Lets the class of a teacher see the step, and its answer once that is revealed."""
    waiting = step is None or now is None or is_open(step, now.response())
    attendance.publish("lesson", "" if waiting else _REVEALED)


def resume(name: str, lesson: Lesson) -> None:
    """After a restart or a reload, an answer that the class of a teacher has seen stays revealed."""
    if stepping.has_begun(name) or not attendance.teaches():
        return
    address, _, note = attendance.seen().partition("#")
    seen, now = settings.of_address(address), stepping.progress(name, lesson)
    if seen is None or note != _REVEALED or seen[1].get("lesson") != name:
        return
    if int(seen[1].get("step", 1)) == now.number:
        stepping.keep(name, now.with_answer())


def stage(step: Step) -> Stage:
    """How far the class of a visitor is with the question of a step."""
    asked = _question(step) if attendance.is_member() else None
    return "not asked" if asked is None else attendance.stage(asked)


def can_ask(step: Step) -> bool:
    """Whether the visitor teaches a class that can be asked the question of a step, and has not been."""
    asked = _question(step) if attendance.teaches() else None
    return asked is not None and attendance.stage(asked) == "not asked"


def ask(step: Step) -> None:
    """Asks the class of a teacher the question of a step; a callback."""
    if (asked := _question(step)) is not None:
        attendance.ask(asked, _answer(step))


def go(name: str, lesson: Lesson, change: Callable[[Progress], Progress]) -> None:
    """Changes where the visitor is; of a teacher, what the class was asked is revealed, and left, too. A callback."""
    before = stepping.progress(name, lesson)
    step = before.step(lesson)
    reached = stage(step) if attendance.teaches() else "not asked"
    stepping.go(name, lesson, change)
    after = stepping.progress(name, lesson)
    if reached == "asked" and not is_open(step, after.response(before.number)):
        attendance.reveal()
    elif reached == "answered" and after.number != before.number:
        attendance.go_on()


def _question(step: Step) -> Question | None:
    """What a step asks, as a class is asked it; None where there is nothing, or it is more than a class takes."""
    question = step.question
    if question is None:
        return None
    try:
        size = cache.analysis(parse_view(step.view).design).graph.input.size if question.kind == "pixel" else ()
        texts = options(step, cache.analysis) if question.kind == "choice" else ()
        return Question(question.kind, drawing.question_text(step), tuple(texts), tuple(size))
    except UserError:
        return None


def _answer(step: Step) -> str:
    if step.question is not None and step.question.kind == "pixel":
        places = right_pixels(step, cache.analysis)
        return " ".join(",".join(map(str, place)) for place in places) if len(places) <= _PIXELS else ""
    found = answer(step, cache.analysis)
    return found if isinstance(found, str) else str(Fraction(found))  # type: ignore[arg-type]
