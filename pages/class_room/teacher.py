"""A teacher's part of every page: what is seen is published, a question asked, its answers revealed."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import UserError
from pages.class_room import keeper, outcome, ready, words
from pages.class_room.board import board
from pages.class_room.member import Teacher, claim, leave, mark, member, say
from pages.class_room.question import KINDS, Question
from pages.class_room.room import Room
from pages.frame import settings
from pages.work.repeated import repeated

_COUNT_EVERY = 1.0  # seconds
_MARK, _PUBLISHED, _COMPLAINT = "_class_mark", "_class_published", "_class_complaint"
_SCRIPT = "pages/class.py"


def publish(note: str) -> None:
    """Lets the class see the page as it is now, unless it was published already."""
    if not isinstance(who := member(), Teacher):
        return
    address = settings.address() + (f"#{note}" if note else "")
    if st.session_state.get(_PUBLISHED) == address:
        return
    st.session_state[_PUBLISHED] = address
    try:
        board().show(who.code, who.secret, address)
    except UserError as error:
        st.warning(f"The class does not see this page: {error}.", icon=":material/groups:")


def strip(page: str) -> None:
    """What stands under the title: how many are here and have answered, a menu of questions, the way in."""
    who = teacher()
    room = board().room(who.code)
    if room is None or room.is_over:
        leave()
        st.info(words.ENDED, icon=":material/groups:")
        return
    st.session_state[_MARK] = mark(room)
    with st.container(horizontal=True, vertical_alignment="center", key="class_strip"):
        _count()
        if not room.is_open:
            _ask(room)
        if page != "class":
            st.page_link(_SCRIPT, label="Invite", icon=":material/qr_code_2:", query_params={"teach": who.code})
    if complaint := st.session_state.pop(_COMPLAINT, None):
        st.error(complaint, icon=":material/error:")


def question(driven: bool) -> None:
    """What the class is asked, or has answered; and what is next, unless the page is ``driven`` by its own button."""
    room = board().room(teacher().code)
    if room is None or room.question is None:
        return
    with st.container(border=True, key="class_question"):
        st.markdown(f"**{words.plain(room.question.prompt)}**")
        if room.revealed:
            outcome.show(room)
            if not driven:
                st.button("Go on", key="_class_go_on", on_click=do, args=(board().go_on,), icon=":material/check:")
            return
        if room.question.options:
            st.markdown("\n".join(f"- {words.plain(option)}" for option in room.question.options))
        if not driven:
            _reveal(room)


def ask_browser(code: str) -> None:
    """Whether this browser holds the secret of a class that its address names."""
    kept = keeper.kept(code)
    if kept == "none" or (kept and not claim(code, kept)):
        st.warning(words.not_the_teacher(code), icon=":material/groups:")
        st.button("Leave the class", key="_leave", on_click=leave)
    elif kept:
        st.rerun()


def teacher() -> Teacher:
    """The teacher whose run this is."""
    who = member()
    assert isinstance(who, Teacher)
    return who


@repeated(_COUNT_EVERY)
def _count() -> None:
    """How many are here and have answered; another device of the same teacher may have changed the rest."""
    if not isinstance(who := member(), Teacher):
        return
    try:
        room = board().room(who.code)
        if room is None or mark(room) != st.session_state.get(_MARK):
            st.rerun()
        here, answered = board().crowd(who.code, room.number)
    except UserError as error:
        st.caption(str(error), width="content")
        return
    st.markdown(words.crowd(who.code, here, answered if room.question else None), width="content")


def _ask(room: Room) -> None:
    menu = st.popover("Ask", icon=":material/help:", on_change="rerun", key="_class_ask")
    if not menu.open:
        return
    with menu:
        for question, answer in ready.questions():
            st.button(
                question.prompt, key=f"_class_ready_{question.prompt}", width="stretch",
                on_click=do, args=(partial(board().ask, question=question, answer=answer),),
            )  # fmt: skip
        st.caption("or a question of your own")
        kind = st.segmented_control(
            "What is predicted", KINDS, default=KINDS[0], required=True, key="_class_kind", format_func=words.kind
        )
        st.text_area("Question", key="_class_prompt", max_chars=300, height=80)
        if kind == "choice":
            st.text_area("Options, one on each line", key="_class_options", max_chars=700, height=120)
        if kind == "pixel":
            st.text_input("Of an input of", ready.input_size(), key="_class_size", max_chars=9, help="height x width")
        st.toggle("Cover the page until the answers are revealed", key="_class_covers")
        st.text_input("The answer, if it is known", key="_class_answer", max_chars=80)
        st.button("Ask the class", key="_class_ask_own", on_click=_ask_own)


def _ask_own() -> None:
    held = st.session_state
    kind = held.get("_class_kind") or KINDS[0]
    options = tuple(filter(None, (line.strip() for line in held.get("_class_options", "").splitlines())))
    sides = [side.strip() for side in held.get("_class_size", "").lower().replace("×", "x").split("x")]
    try:
        if kind == "pixel" and not all(side.isascii() and side.isdigit() for side in sides):
            raise UserError("the input's size is its sides, as in 9x9")
        question = Question(
            kind,
            held.get("_class_prompt", "").strip(),
            options if kind == "choice" else (),
            tuple(map(int, sides)) if kind == "pixel" else (),
            bool(held.get("_class_covers")),
        )
    except UserError as error:
        held[_COMPLAINT] = str(error)
        return
    do(partial(board().ask, question=question, answer=held.get("_class_answer", "").strip()))


def _reveal(room: Room) -> None:
    if board().has_answer(room.code, room.number):
        st.button(
            "Reveal", key="_class_reveal", on_click=do, args=(board().reveal,),
            icon=":material/visibility:",
        )  # fmt: skip
        return
    menu = st.popover("Reveal", icon=":material/visibility:", on_change="rerun", key="_class_reveal_menu")
    if menu.open:
        with menu:
            st.text_input("The answer, if there is one", key="_class_told", max_chars=80)
            st.button("Show what the class predicted", key="_class_reveal", on_click=_reveal_own)


def _reveal_own() -> None:
    do(partial(board().reveal, answer=st.session_state.get("_class_told", "")))


def do(change: Callable[[str, str], None]) -> None:
    """Changes the room; a callback. What cannot be done is told under the strip."""
    if not isinstance(who := member(), Teacher):
        return
    try:
        change(who.code, who.secret)
    except UserError as error:
        st.session_state[_COMPLAINT] = str(error)
    else:
        st.session_state["_class_ask"] = st.session_state["_class_reveal_menu"] = False


def end() -> None:
    """Ends the class; a callback."""
    do(board().end)
    say(words.ENDED)
