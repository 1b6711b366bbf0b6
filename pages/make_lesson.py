"""What will you ask?"""

import streamlit as st

from pages.frame import shell
from pages.lesson_making import draft as drafts
from pages.lesson_making import editor, views
from pages.parts import controls

frame = shell.frame()
draft = drafts.draft()
if not draft.steps:
    views.begin(frame)
    st.stop()

number = min(drafts.edited(), len(draft.steps))
with st.sidebar:
    views.heading(draft, number)
    views.steps(drafts.draft(), number)
    views.add_view()
left, right = st.columns([5, 6], gap="large")
with left:
    editor.edit(drafts.draft(), number)
    controls.folded_table("Every number that a view has", "_numbers", editor.number_rows)
    with st.expander("Begin with something else", on_change="rerun", key="_another") as another:
        if another.open:
            views.open_another()
with right:
    views.take_away(drafts.draft())
    with st.container(border=True):
        views.preview(drafts.draft(), number)
