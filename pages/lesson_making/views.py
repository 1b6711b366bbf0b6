"""The page on which a lesson is made: its steps in order, how the edited one will look, and the ways out."""

import re
from dataclasses import replace

import streamlit as st

from core.errors import UserError
from core.lessons import Lesson, format_step
from pages.frame.registry import PAGES, script
from pages.frame.shell import Frame
from pages.lesson_making import draft as drafts
from pages.lesson_making.draft import Draft
from pages.lesson_steps import drawing, library

_MAX_MEGABYTES = 1


def heading(of: Draft, number: int) -> None:
    """The title of the lesson, and what it is about."""
    turn = st.session_state.get("_draft_turn", 0)
    title = st.text_input("Title of the lesson", of.title, key=f"_lesson_title_{turn}", max_chars=120)
    summary = st.text_area("What it is about", of.summary, key=f"_lesson_summary_{turn}", height=110, max_chars=1000)
    title, summary = " ".join(title.split()), "\n".join(line.rstrip() for line in summary.strip().splitlines())
    if not title:
        st.error("a lesson has a title", icon=":material/error:")
    elif (title, summary) != (of.title, of.summary):
        drafts.keep(replace(of, title=title, summary=summary), number)


def begin(frame: Frame) -> None:
    """What one can begin with, while there is no step."""
    frame.headline.header("A lesson is a row of views, each with a sentence and a question.", anchor=False)
    st.markdown(
        "Go to any page, open **Share**, and press **Add this view to a lesson**; it waits here. Or begin here, "
        "with a view, a file of yours, or a copy of a lesson of the course."
    )
    add_view()
    open_another()


def add_view() -> None:
    """A view that is typed or pasted."""
    with st.form("_add_view", clear_on_submit=True, border=False), st.container(
        horizontal=True, vertical_alignment="bottom"
    ):  # fmt: skip
        st.text_input(
            "Add a view: a design, or an address of this app", key="_new_view", placeholder="9x9; conv k3 p1 x4"
        )
        st.form_submit_button("Add", icon=":material/add:", on_click=_add_typed)


def open_another() -> None:
    """A file, or a lesson of the course, in place of the draft."""
    left, right = st.columns(2)
    with left:
        file = st.file_uploader("Go on with a file", ["md", "txt"], key="_draft_file", max_upload_size=_MAX_MEGABYTES)
    if file is not None and st.session_state.get("_draft_file_taken") != file.file_id:
        st.session_state["_draft_file_taken"] = file.file_id
        try:
            replace_by(file.getvalue().decode("utf-8"))
        except (UserError, UnicodeDecodeError) as error:
            st.error(str(error) if isinstance(error, UserError) else "The file is no text.", icon=":material/error:")
        else:
            st.rerun()
    with right:
        st.selectbox(
            "or with a copy of", list(library.course_texts()), index=None, key="_copy", format_func=library.title,
            on_change=_copy, placeholder="a lesson of the course",
        )  # fmt: skip


def steps(of: Draft, number: int) -> None:
    """The steps in their order, to choose from; the chosen one can be moved and taken away."""
    for place, step in enumerate(of.steps, start=1):
        wrong = ":material/error: " if library.complaint_of(format_step(step)) else ""
        st.button(
            f"{wrong}{place} · {drawing.literal(step.title)}", key=f"_open_{place}",
            type="secondary" if place == number else "tertiary", on_click=drafts.keep, args=(of, place),
        )  # fmt: skip
        if place == number:
            with st.container(horizontal=True, gap="small"):
                last = place == len(of.steps)
                _act("_up", ":material/arrow_upward:", "Up", of.moved(place, -1), place - 1, place == 1)
                _act("_down", ":material/arrow_downward:", "Down", of.moved(place, 1), place + 1, last)
                _act("_away", ":material/delete:", "Delete", of.without(place), place, False)


def preview(of: Draft, number: int) -> None:
    """The step as a class will see it, or what is wrong with it."""
    step = of.steps[number - 1]
    if problem := library.complaint_of(format_step(step)):
        st.error(problem, icon=":material/error:")
        return
    revealed = st.toggle("With the answer", value=True, key="_preview_answer", disabled=step.question is None)
    drawing.draw_step(Lesson(of.title, of.summary, of.steps), number, revealed, "preview", beside=False)


def take_away(of: Draft) -> None:
    """The file, and where it is short a link; not while anything in it is not so."""
    try:
        library.checked_lesson(of.text)
    except UserError as error:
        st.caption(f":material/error: Not to be taken away yet: {error}")
        return
    name = library.link_name(of.text)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Lesson, Markdown", of.text, f"{_file_name(of.title)}.md", "text/markdown", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
        if st.button("Try it", icon=":material/play_arrow:", key="_try"):
            st.switch_page(script(PAGES["lesson"]), query_params={"lesson": library.keep_file(of.text)})
        menu = st.popover("Link", icon=":material/link:", disabled=not name, on_change="rerun", key="_lesson_link")
    if not name:
        st.caption("Too long for a link: hand the file on.")
    if menu.open:
        base = (st.context.url or "").split("?")[0].rstrip("/").removesuffix("make_lesson")
        menu.code(f"{base}lesson?lesson={name}", language=None, wrap_lines=True)


def replace_by(text: str) -> None:
    """Makes another lesson the draft. Raises :class:`~core.errors.UserError` for what is none."""
    changed = drafts.of_text(text)
    st.session_state["_draft_turn"] = st.session_state.get("_draft_turn", 0) + 1
    drafts.keep(changed, 1)


def _act(key: str, icon: str, tip: str, changed: Draft, number: int, disabled: bool) -> None:
    st.button(
        "", key=key, icon=icon, help=tip, type="tertiary", disabled=disabled, on_click=_change, args=(changed, number)
    )


def _change(changed: Draft, number: int) -> None:
    st.session_state["_draft_turn"] = st.session_state.get("_draft_turn", 0) + 1
    drafts.keep(changed, number)


def _add_typed() -> None:
    if address := str(st.session_state["_new_view"]).strip():
        drafts.add(address)


def _copy() -> None:
    name, st.session_state["_copy"] = st.session_state["_copy"], None
    if name:
        replace_by(library.course_texts()[name])


def _file_name(title: str) -> str:
    """A title as the name of a file."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40] or "lesson"
