"""All lessons, to choose from; and the way in for one of somebody's own."""

from itertools import count

import streamlit as st

from core.errors import UserError
from core.lessons import Lesson
from pages.frame.registry import PAGES, script
from pages.frame.shell import Frame
from pages.lesson_steps import drawing, library, stepping

_IN_A_ROW = 2
_MAX_MEGABYTES = 1


def show(frame: Frame) -> None:
    """The course: a card for each lesson."""
    frame.headline.header(
        "Predict first, say why, then see the answer: each number follows from the figure, exactly.", anchor=False
    )
    lessons = list(library.course().items())
    for first in range(0, len(lessons), _IN_A_ROW):
        row = lessons[first : first + _IN_A_ROW]
        for place, column, (name, lesson) in zip(count(first + 1), st.columns(_IN_A_ROW), row, strict=False):
            with column:
                _card(place, name, lesson)
    _upload()


def _card(place: int, name: str, lesson: Lesson) -> None:
    questions = sum(step.question is not None for step in lesson.steps)
    with st.container(border=True):
        st.markdown(f"**{place} · {drawing.plain(lesson.title)}**")
        st.markdown(drawing.plain(lesson.summary))
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(f"{len(lesson.steps)} steps, {questions} questions", width="content")
            st.button("Begin", key=f"_begin_{name}", icon=":material/play_arrow:", on_click=_begin, args=(name,))


def _begin(name: str) -> None:
    stepping.open_lesson(name)


def _upload() -> None:
    """A lesson from a file; what is wrong with it is told."""
    st.markdown("**A lesson of your own**")
    st.page_link(script(PAGES["make_lesson"]), label="Make one from views of this app", icon=":material/edit_note:")
    file = st.file_uploader("Open a lesson's file", ["md", "txt"], key="_lesson_upload", max_upload_size=_MAX_MEGABYTES)
    if file is None:
        return
    try:
        text = file.getvalue().decode("utf-8")
        lesson = library.checked_lesson(text)
    except UnicodeDecodeError:
        st.error("The file is no text in UTF-8.", icon=":material/error:")
    except UserError as error:
        st.error(str(error), icon=":material/error:")
    else:
        st.button(f"Begin: {lesson.title}", on_click=stepping.open_lesson, args=(library.keep_file(text),))
