"""A student's part of every page: following, breaking away, returning, predicting."""

from collections.abc import Mapping
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.errors import UserError
from pages.class_room import outcome, words
from pages.class_room.attendance import NOTE
from pages.class_room.board import board
from pages.class_room.member import Student, explore, explores, leave, mark, member, params, say, see, seen
from pages.class_room.pixel_grid import pixel_grid
from pages.class_room.question import Question
from pages.class_room.room import Room
from pages.frame import settings
from pages.work.repeated import repeated

_LOOK_EVERY = 0.5  # seconds
_MARK, _COMPLAINT, _GIVEN = "_class_mark", "_class_complaint", "_class_given"


def follow() -> None:
    """Lets this run have the settings of the class, unless the student explores."""
    who = _student()
    room = board().room(who.code)
    if room is None or room.is_over:
        _leave()
        say(words.OVER)
        return
    if not explores() and settings.went_alone():
        _explore()
    see(room)
    st.session_state[_MARK] = mark(room)
    if explores():
        return
    _, values = _place(room)
    settings.follow(values)
    st.session_state[NOTE] = room.view.partition("#")[2]


def accompany(page: str, shown: Mapping[str, StreamlitPage]) -> None:
    """Goes where the class is."""
    room = seen()
    if room is not None and (where := _place(room)[0]) != page:
        st.switch_page(shown[where], query_params=params())


def _place(room: Room) -> tuple[str, dict[str, str]]:
    """The page and the settings of the class; its own page before it was shown any."""
    return settings.of_address(room.view) or ("class", {})


def look_up() -> None:
    """Draws the screen anew if the class has gone on."""
    if (room := board().room(_student().code)) is not None and mark(room) != st.session_state.get(_MARK):
        st.rerun()


def strip() -> None:
    """What stands under the title: whether one follows, and the way out of it or back."""
    who = _student()
    row = st.container(horizontal=True, vertical_alignment="center")
    if explores():
        row.button("Return to the class", key="_return", on_click=_return, icon=":material/undo:")
        row.caption(words.exploring(who.code), width="content")
    else:
        row.caption(words.following(who.code), width="content")
        row.button("Explore on my own", key="_explore", on_click=_explore, icon=":material/explore:")
    row.button("Leave", key="_leave", on_click=_leave, type="tertiary")
    _pulse()


def question() -> None:
    """What the class is asked, and what takes the answer; or what was answered."""
    who, room = _student(), seen()
    if room is None or room.question is None:
        return
    with st.container(border=True, key="class_question"):
        st.markdown(f"**{words.plain(room.question.prompt)}**")
        if room.is_open:
            _form(room.question, room.number)
        else:
            own = board().own_prediction(who.code, who.seat, room.number)
            outcome.show(room, own)


@repeated(_LOOK_EVERY)
def _pulse() -> None:
    """Looks at the room, and draws nothing: the whole page is drawn anew only when the class has gone on."""
    if isinstance(who := member(), Student):
        try:
            board().is_here(who.code, who.seat)
            room = board().room(who.code)
        except UserError:
            return  # a database that rests for a moment: the next look comes soon
        if room is None or mark(room) != st.session_state.get(_MARK) or _has_taken(who, room):
            st.rerun()


def _has_taken(who: Student, room: Room) -> bool:
    """Takes an answer whose press was lost: Streamlit drops a press on a form that the server has drawn anew since.

    The text that was pressed comes with the next look at the room.
    """
    typed = st.session_state.get(_key(who, room.number))
    if not (room.is_open and isinstance(typed, str) and typed) or st.session_state.get(_GIVEN) == (room.number, typed):
        return False
    if typed == board().own_prediction(who.code, who.seat, room.number):
        st.session_state[_GIVEN] = room.number, typed
        return False
    _predict(room.number, typed)
    return True


def _key(who: Student, number: int) -> str:
    return f"_class_{who.code}_{number}"


@st.fragment
def _form(question: Question, number: int) -> None:
    """Takes a prediction; the last one counts.

    A press is a callback, as a run may end before it comes here. What is pressed while the server starts anew comes
    as a mere value: that counts too.
    """
    who = _student()
    key = _key(who, number)
    own = board().own_prediction(who.code, who.seat, number)
    if question.kind == "choice":
        if key not in st.session_state:
            st.session_state[key] = own
        typed = st.pills(
            "Your answer", question.options, key=key, on_change=_answer, args=(key, number),
            label_visibility="collapsed",
        )  # fmt: skip
    else:
        if question.kind == "pixel":
            pixel_grid(question.size, own or "", f"_class_grid_{number}", partial(_pick, key, number))
        with st.form(f"{key}_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input(
                words.ANSWER_LABELS[question.kind], key=key, max_chars=40, width=220,
                placeholder=words.PLACEHOLDERS[question.kind],
            )  # fmt: skip
            st.form_submit_button("Answer", on_click=_answer, args=(key, number))
    if typed and typed != own and st.session_state.get(_GIVEN) != (number, typed):
        _predict(number, typed)
        own = board().own_prediction(who.code, who.seat, number)
    if complaint := st.session_state.pop(_COMPLAINT, None):
        st.error(complaint, icon=":material/error:")
    elif own is not None:
        st.caption(words.taken(question, own))
    else:
        st.caption(words.NOT_YET)


def _answer(key: str, number: int) -> None:
    if typed := st.session_state.get(key):
        _predict(number, str(typed))
    elif isinstance(typed, str):
        st.session_state[_COMPLAINT] = words.EMPTY


def _pick(key: str, number: int, place: str) -> None:
    """Takes a pixel that was picked, in place of one that was typed."""
    st.session_state[key] = ""
    _predict(number, place)


def _predict(number: int, typed: str) -> None:
    who = _student()
    st.session_state[_GIVEN] = number, typed
    try:
        board().predict(who.code, who.seat, number, typed)
    except UserError as error:
        st.session_state[_COMPLAINT] = f"{error}"


def _explore() -> None:
    settings.go_alone()
    explore(True)


def _return() -> None:
    explore(False)
    settings.come_back()


def _leave() -> None:
    _let_go()
    leave()


def _let_go() -> None:
    settings.go_alone()
    settings.come_back()


def _student() -> Student:
    who = member()
    assert isinstance(who, Student)
    return who
