"""What steps through a lesson: the row above it, and the one button below the words, which a clicker presses too."""

from functools import partial

import streamlit as st

from core.lessons import Lesson, Progress
from core.lessons.progress import is_open
from pages.class_room import attendance
from pages.lesson_steps import asking, drawing, library, stepping, together

_REVEAL = ":material/visibility:"


def steps_row(name: str, lesson: Lesson, now: Progress) -> None:
    """All lessons, a step back, where one is, a step on."""
    with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small", key="lesson_steps"):
        st.button("All lessons", on_click=stepping.close, icon=":material/list:", type="tertiary")
        _move("_back", ":material/chevron_left:", "The step before", name, lesson, now.number - 1, "PageUp")
        st.markdown(f"**{now.number}** of {len(lesson.steps)}", width="content")
        _move("_forth", ":material/chevron_right:", "The next step", name, lesson, now.number + 1)


def headline(lesson: Lesson, now: Progress) -> None:
    """The lesson, and the thought of the step."""
    with st.container(key="lesson_title"):
        st.caption(drawing.plain(lesson.title))
    st.header(f"**{drawing.plain(now.step(lesson).title)}**", anchor=False)


def words(name: str, lesson: Lesson, now: Progress) -> None:
    """The sentences, the question or its answer, and the way on."""
    step, response = now.step(lesson), now.response()
    asked = together.stage(step) != "not asked"
    drawing.draw_text(step)
    if asked:
        attendance.question(driven=True)
    if is_open(step, response):
        _question(name, lesson, now, asked)
        return
    if step.question is not None:
        if not asked:
            drawing.draw_question(step)
        drawing.draw_answer(step, response, known=asked)
    with st.container(horizontal=True):
        if now.is_last(lesson):
            _end(name)
        else:
            _on("Next", ":material/arrow_forward:", name, lesson)
        if step.question is not None:
            cover = (name, lesson, lambda now: now.without_answer())
            st.button("Cover again", key="_cover", type="tertiary", on_click=together.go, args=cover)


def _question(name: str, lesson: Lesson, now: Progress, asked: bool) -> None:
    """An open question and the way to its answer; a teacher asks the class, whose answers come in."""
    step = now.step(lesson)
    if not attendance.teaches():
        asking.ask(name, lesson, now)
    elif not asked:
        drawing.draw_question(step)
        drawing.draw_options(step)
    if not together.can_ask(step):
        _on("Reveal", _REVEAL, name, lesson)
        return
    with st.container(horizontal=True):
        st.button(
            "Ask the class", key="_on", shortcut="PageDown", icon=":material/groups:",
            on_click=together.ask, args=(step,),
        )  # fmt: skip
        st.button(
            "Reveal without asking", key="_reveal", type="tertiary", on_click=together.go,
            args=(name, lesson, lambda now: now.with_answer()),
        )  # fmt: skip


def picture(name: str, lesson: Lesson, now: Progress) -> None:
    """The figure, on which a pixel that is asked for can be clicked."""
    step, response = now.step(lesson), now.response()
    waiting, key = is_open(step, response), f"lesson_{name[:24]}_{now.number}"
    takes = None
    if waiting and step.question is not None and step.question.kind == "pixel":
        takes = partial(asking.take_pixel, name, lesson)
    drawing.draw_figure(step, not waiting, key, response.guess, takes)


def _end(name: str) -> None:
    """What follows a lesson: the next one of the course, or all of them."""
    if (following := library.after(name)) is None:
        st.button("All lessons", key="_on", shortcut="PageDown", on_click=stepping.close)
        return
    label = f"Next lesson: {library.title(following)}"
    st.button(
        label, key="_on", shortcut="PageDown", icon=":material/arrow_forward:",
        on_click=stepping.open_lesson, args=(following,),
    )  # fmt: skip


def _on(label: str, icon: str, name: str, lesson: Lesson) -> None:
    """The button that goes on: to the answer where a question is open, else to the next step."""
    change = (name, lesson, lambda now: now.forward(lesson))
    st.button(label, key="_on", shortcut="PageDown", icon=icon, on_click=together.go, args=change)


def _move(key: str, icon: str, tip: str, name: str, lesson: Lesson, number: int, shortcut: str | None = None) -> None:
    change = (name, lesson, lambda now: now.at_step(number, lesson))
    outside = not 1 <= number <= len(lesson.steps)
    st.button(
        tip, key=key, icon=icon, help=tip, shortcut=shortcut, disabled=outside, on_click=together.go, args=change
    )  # fmt: skip
