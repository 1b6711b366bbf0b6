"""Is it right, and what helps?"""

import streamlit as st

from pages.class_room import attendance
from pages.frame import shell
from pages.lesson_steps import drawing, library
from pages.question_answers import LESSON, PAGE, views

frame = shell.frame()
attendance.publish(PAGE.key)
lesson = library.lesson_of(LESSON)
*asked, last = lesson.steps
with frame.headline:
    st.markdown(drawing.plain(lesson.summary))
    st.header(f"**{drawing.plain(last.title)}**", anchor=False)
    drawing.draw_text(last)
    drawing.link_to(last.view)
views.points(tuple(asked))
views.further()
