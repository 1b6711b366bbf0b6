"""Who a visitor is in a class: its teacher, a student on a seat, or nobody. Held by the session and by the address.

The address holds ``teach`` (the code) or ``room`` and ``seat``, so that a reload and a restart lose nothing. A
teacher's secret is in no address that a projector shows: the browser keeps it (:mod:`.keeper`), and only the link
that the teacher copies for another device carries it, once.
"""

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.errors import UserError
from pages.class_room import codes
from pages.class_room.board import board
from pages.class_room.room import Room, Seat
from pages.frame import settings

_MEMBER, _ALONE, _MESSAGE, _SEEN = "_class", "_class_alone", "_class_message", "_class_seen"


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who drives a class."""

    code: str
    secret: str


@dataclass(frozen=True, slots=True)
class Student:
    """Who follows one."""

    code: str
    seat: Seat


def member() -> Teacher | Student | None:
    """Who the visitor of this run is."""
    found: Teacher | Student | None = st.session_state.get(_MEMBER)
    return found


def room() -> Room | None:
    """The room whose screen the visitor looks at, or will once the browser has shown its secret.

    None for nobody, and for a student who explores.
    """
    if isinstance(who := member(), Student):
        return None if explores() else seen()
    code = who.code if who is not None else wanted()
    return None if code is None else board().room(code)


def see(room: Room) -> None:
    """Takes the room that a student's screen is drawn from: all of it, so that nothing on it stands in two places."""
    st.session_state[_SEEN] = room


def seen() -> Room | None:
    """The room that a student's screen is drawn from."""
    found: Room | None = st.session_state.get(_SEEN)
    return found


def is_teacher() -> bool:
    """Whether the visitor drives a class."""
    return isinstance(member(), Teacher)


def explores() -> bool:
    """Whether a student has broken away."""
    return bool(st.session_state.get(_ALONE))


def explore(alone: bool) -> None:
    """Notes that a student has broken away, or is back."""
    st.session_state[_ALONE] = alone


def wanted() -> str | None:
    """The class whose teacher this browser claims to be without having shown the secret yet."""
    return None if member() is not None else codes.read_code(st.query_params.get("teach", "").partition(".")[0])


def say(message: str) -> None:
    """Something to be told at the top of the next page that is drawn."""
    st.session_state[_MESSAGE] = message


def said() -> str | None:
    """What there is to tell, once."""
    message: str | None = st.session_state.pop(_MESSAGE, None)
    return message


def start() -> None:
    """Starts a class, whose teacher this session is; a callback. A second click starts none."""
    if member() is None:
        try:
            st.session_state[_MEMBER] = Teacher(*board().start())
        except UserError as error:
            say(str(error))


def claim(code: str, secret: str) -> bool:
    """Makes the session the teacher's, if the secret is right."""
    if board().is_teacher(code, secret):
        st.session_state[_MEMBER] = Teacher(code, secret)
        _restore(board().room(code))
        return True
    return False


def _restore(room: Room | None) -> None:
    """Takes the settings of a covered page from the room: no control holds them, so the address has lost them."""
    if room is not None and room.covers and (place := settings.of_address(room.view)):
        for name, text in place[1].items():
            with suppress(StreamlitAPIException):  # a control holds it after all, and its place in the address
                st.query_params[name] = text
        settings.put({name: settings.setting(name).read(text) for name, text in place[1].items()})


def join(code: str) -> None:
    """Takes a new seat; raises where there is none."""
    st.session_state[_MEMBER] = Student(code, board().join(code, st.context.ip_address or ""))
    explore(False)


def leave() -> None:
    """Forgets the class in this session and its address; a callback."""
    st.session_state[_MEMBER] = None
    explore(False)
    for name in ("room", "seat", "teach"):
        st.query_params.pop(name, None)


def recognise() -> None:
    """Makes the session what its address says; what it does not prove is told."""
    asked = {name: st.query_params.get(name, "") for name in ("teach", "room", "seat")}
    try:
        if asked["teach"]:
            code, _, secret = asked["teach"].partition(".")
            if secret and (known := codes.read_code(code)) and not claim(known, secret):
                say("this link does not open a class that you teach; it may have ended")
                leave()
        elif asked["room"] or asked["seat"]:
            _take_seat(asked["room"], asked["seat"])
    except UserError as error:
        say(str(error))
        leave()


def _take_seat(typed: str, token: str) -> None:
    code = codes.read_code(typed)
    if code is None:
        raise UserError(f"{typed[:20]!r} is no code of a class; it has eight letters and digits, as in KXQ7 M4PT")
    seat = board().seat(code, token) if token else None
    if seat is None:
        join(code)
    else:
        board().found(code)
        st.session_state[_MEMBER] = Student(code, seat)


def keep_address() -> None:
    """Puts into the address what a reload needs."""
    who = member()
    if isinstance(who, Teacher):
        wanted = {"teach": who.code}
    elif isinstance(who, Student):
        wanted = {"room": who.code, "seat": who.seat.token}
    else:
        return
    for name, text in wanted.items():
        if st.query_params.get(name) != text:
            st.query_params[name] = text


def params() -> dict[str, str]:
    """What a student's address holds on every page."""
    who = member()
    return {"room": who.code, "seat": who.seat.token} if isinstance(who, Student) else {}


def mark(room: Room) -> tuple[object, ...]:
    """What of a room the visitor's screen shows: when it changes, the screen is drawn anew."""
    follows = isinstance(member(), Student) and not explores()
    return room.number, room.revealed, room.is_over, room.view if follows else ""
