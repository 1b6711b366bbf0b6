"""What will happen?"""

import streamlit as st

from core.errors import UserError
from pages.class_room import attendance
from pages.frame import settings, shell
from pages.lesson_steps import contents, library, presenting, stepping, together

frame = shell.frame()
if settings.follows():
    together.show()
    st.stop()
name = str(settings.in_address("lesson"))
if not name:
    together.publish(None, None)
    attendance.question()
    contents.show(frame)
    st.stop()
try:
    lesson = library.lesson_of(name)
except UserError as error:
    st.error(str(error), icon=":material/error:")
    st.button("All lessons", on_click=stepping.close, icon=":material/list:")
    st.stop()

together.resume(name, lesson)
now = stepping.progress(name, lesson)
together.publish(now.step(lesson), now)
with frame.corner:
    presenting.steps_row(name, lesson, now)
with frame.headline:
    if together.stage(now.step(lesson)) == "not asked":
        attendance.question()
    presenting.headline(lesson, now)
left, right = st.columns([7, 5], gap="large")
with left:
    presenting.picture(name, lesson, now)
with right:
    presenting.words(name, lesson, now)
