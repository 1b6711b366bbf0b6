"""What a class adds to every page: a visitor's part in it before the page runs, and a strip under its title.

Nearly all visitors are in no class: for them this asks two questions of the session and loads nothing.
"""

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.errors import UserError
from pages.class_room.question import Question
from pages.frame import settings
from pages.frame.registry import PAGES

Stage = Literal["not asked", "asked", "answered"]

NOTE = "_class_note"
_SIGNS = ("teach", "room", "seat")


def is_member() -> bool:
    """Whether the visitor has anything to do with a class."""
    return bool(st.session_state.get("_class")) or any(name in st.query_params for name in _SIGNS)


def begin() -> None:
    """Before all else: the visitor is recognised, and a student who follows is given the settings of the class."""
    if not is_member():
        return
    member = import_module("pages.class_room.member")  # loads SQLAlchemy, for classes alone
    try:
        if member.member() is None:
            member.recognise()
        member.keep_address()
        if isinstance(member.member(), member.Student):
            import_module("pages.class_room.student").follow()
    except UserError as error:
        member.say(str(error))


def accompany(page: str, shown: Mapping[str, StreamlitPage]) -> None:
    """Before a page: a student who follows is taken to that of the class."""
    if settings.follows():
        import_module("pages.class_room.student").accompany(page, shown)


def strip(page: str) -> None:
    """Under the title: what a teacher does with the class, or a student's way back; then the question, if any."""
    if not is_member() and "_class_message" not in st.session_state:
        return
    member = import_module("pages.class_room.member")
    if message := member.said():
        st.warning(message, icon=":material/groups:")
    try:
        if code := member.wanted():
            import_module("pages.class_room.teacher").ask_browser(code)
        elif isinstance(member.member(), member.Teacher):
            import_module("pages.class_room.teacher").strip(page)
        elif isinstance(member.member(), member.Student):
            import_module("pages.class_room.student").strip()
    except UserError as error:
        st.error(str(error), icon=":material/groups:")
    if not PAGES[page].places_question:
        question()


def question(driven: bool = False) -> None:
    """What the class is asked, with the way to answer it; once revealed, what was answered. For nobody else anything.

    ``driven``: the page itself reveals the answers, and goes on.
    """
    if not is_member():
        return
    member = import_module("pages.class_room.member")
    try:
        if isinstance(member.member(), member.Teacher):
            import_module("pages.class_room.teacher").question(driven)
        elif isinstance(member.member(), member.Student):
            import_module("pages.class_room.student").question()
    except UserError as error:
        st.error(str(error), icon=":material/groups:")


def publish(page: str, note: str = "") -> None:
    """When the design and the settings of a page are known to be well: a teacher's class sees them.

    ``note``: a word on what the address does not say, for the page of those who follow.
    """
    if is_member() and page != "class":
        import_module("pages.class_room.teacher").publish(note)


def note() -> str:
    """The note of the view that is followed."""
    return str(st.session_state.get(NOTE, ""))


def teaches() -> bool:
    """Whether the visitor drives a class."""
    return is_member() and import_module("pages.class_room.member").is_teacher()


def covers() -> bool:
    """Whether a page is covered, as it shows what the class is just being asked."""
    if not is_member():
        return False
    room = import_module("pages.class_room.member").room()
    if room is None or not room.covers:
        return False
    st.info("The page is covered until the answers are revealed.", icon=":material/visibility_off:")
    return True


def stage(asked: Question) -> Stage:
    """How far the class of a visitor is with a question of a lesson."""
    room = import_module("pages.class_room.member").room() if is_member() else None
    if room is None or room.question != asked:
        return "not asked"
    return "asked" if room.is_open else "answered"


def ask(asked: Question, answer: str) -> None:
    """Asks the class of a teacher a question, as a lesson does; a callback."""
    teacher = import_module("pages.class_room.teacher")
    teacher.do(partial(teacher.board().ask, question=asked, answer=answer))


def reveal() -> None:
    """Shows the class of a teacher what it has answered; a callback."""
    teacher = import_module("pages.class_room.teacher")
    teacher.do(teacher.board().reveal)


def go_on() -> None:
    """Takes the question off all screens; a callback."""
    teacher = import_module("pages.class_room.teacher")
    teacher.do(teacher.board().go_on)


def seen() -> str:
    """The address, with its note, that the class of a visitor sees; empty for who is in none."""
    room = import_module("pages.class_room.member").room() if is_member() else None
    return "" if room is None else str(room.view)


def look_up() -> None:
    """During long work: a student who follows goes on when the class does."""
    if settings.follows():
        import_module("pages.class_room.student").look_up()
