"""One for all visitors of a process: the rooms, what was read of them a moment ago, and how often each may ask.

A class of sixty looks at its room about a hundred times a second; the database is read four times a second for it.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from core.errors import LimitError, UserError
from pages.class_room import codes, limits
from pages.class_room.question import Question
from pages.class_room.room import Prediction, Room, Seat
from pages.class_room.rooms import Rooms

URL = "CLASSROOM_DATABASE"  # of the environment: where the rooms lie, as SQLAlchemy writes it
_ROOM_SECONDS = 0.2
_CROWD_SECONDS = 0.8
_SEEN_SECONDS = 10.0  # between two notes of who is here
_NAMES = 2 * limits.ROOMS

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values that are read again when they are older than ``seconds``: by one thread, while others take the old one."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: dict[str, tuple[float, Value]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: str, read: Callable[[], Value]) -> Value:
        """The value, at most ``seconds`` old or just being read again."""
        held = self._held.get(key)
        if held is not None and monotonic() - held[0] < self._seconds:
            return held[1]
        with self._guard:
            if len(self._locks) > _NAMES:
                self._held.clear()
                self._locks.clear()
            lock = self._locks.setdefault(key, threading.Lock())
        if not lock.acquire(blocking=held is None):
            assert held is not None
            return held[1]
        try:
            again = self._held.get(key)
            if again is not None and monotonic() - again[0] < self._seconds:
                return again[1]
            begun = monotonic()
            value = read()
            self._held[key] = begun, value
            return value
        finally:
            lock.release()

    def forget(self, key: str) -> None:
        """Has the next one read again."""
        self._held.pop(key, None)


class Board:
    """The rooms as the visitors of one process use them; every refusal is a user error."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._recent: Recent[Room | None] = Recent(_ROOM_SECONDS)
        self._crowds: Recent[tuple[int, int]] = Recent(_CROWD_SECONDS)
        self._values: Recent[list[str]] = Recent(60.0)
        self._seen: dict[str, set[int]] = {}
        self._written: dict[str, float] = {}
        self._guard = threading.Lock()
        self._starts = limits.Bucket(burst=10, per_second=0.2)
        self._wrong_codes = limits.Buckets(burst=30, per_second=0.5)
        self._joins = limits.Buckets(burst=80, per_second=8, names=_NAMES)
        self._predictions = limits.Buckets(burst=120, per_second=40, names=_NAMES)
        self._own_predictions = limits.Buckets(burst=6, per_second=1)
        self._secrets = limits.Buckets(burst=20, per_second=1, names=_NAMES)

    def room(self, code: str) -> Room | None:
        """What a class sees, at most a fifth of a second ago."""
        with _told():
            return self._recent.get(code, lambda: self._rooms.room(code))

    def found(self, code: str, address: str = "") -> Room:
        """The live room of a code; from an address of which many were wrong, none is looked for, be it right or not."""
        if not self._wrong_codes.has_one(address):
            raise LimitError("too many wrong codes came from your network; wait a minute, then try again")
        room = self.room(code)
        if room is None or room.is_over:
            self._wrong_codes.take(address)
            raise UserError(
                f"there is no class {codes.spoken(code)}; look at the code again"
                if room is None
                else f"the class {codes.spoken(code)} has ended"
            )
        return room

    def start(self) -> tuple[str, str]:
        """A new room and its secret."""
        if not self._starts.take():
            raise LimitError("many classes were started just now; wait a few seconds, then try again")
        with _told():
            return self._rooms.start()

    def is_teacher(self, code: str, secret: str) -> bool:
        """Whether the secret is that of the room."""
        if not codes.is_token(secret) or not self._secrets.take(code):
            return False
        with _told():
            return self._rooms.is_teacher(code, secret)

    def show(self, code: str, secret: str, view: str) -> None:
        """Makes an address the view of the class."""
        with self._changed(code):
            self._rooms.show(code, secret, view)

    def ask(self, code: str, secret: str, question: Question, answer: str = "") -> None:
        """Opens a question, with its answer where that is known already."""
        with self._changed(code):
            self._rooms.ask(code, secret, question, answer)

    def has_answer(self, code: str, number: int) -> bool:
        """Whether the answer of a question was given when it was asked."""
        with _told():
            return self._rooms.has_answer(code, number)

    def reveal(self, code: str, secret: str, answer: str | None = None) -> None:
        """Closes the open question and shows what was predicted."""
        with self._changed(code):
            self._rooms.reveal(code, secret, answer)

    def go_on(self, code: str, secret: str) -> None:
        """Takes the question off all screens."""
        with self._changed(code):
            self._rooms.go_on(code, secret)

    def end(self, code: str, secret: str) -> None:
        """Ends the class."""
        with self._changed(code):
            self._rooms.end(code, secret)

    def results(self, code: str, secret: str) -> list[Prediction]:
        """Every prediction of a class."""
        with _told():
            return self._rooms.results(code, secret)

    def join(self, code: str, address: str = "") -> Seat:
        """A new seat in a room that is there."""
        self.found(code, address)
        if not self._joins.take(code):
            raise LimitError("many are joining this class at once; wait a few seconds, then try again")
        with _told():
            return self._rooms.join(code)

    def seat(self, code: str, token: str) -> Seat | None:
        """The seat that a token proves."""
        with _told():
            return self._rooms.seat(code, token)

    def predict(self, code: str, seat: Seat, number: int, typed: str) -> str:
        """Takes a prediction; who gives many is slowed down, and so is a whole class."""
        if not self._own_predictions.take(seat.token) or not self._predictions.take(code):
            raise LimitError("that was too quick; wait a few seconds, then answer again")
        with _told():
            value = self._rooms.predict(code, seat, number, typed)
        self._crowds.forget(f"{code} {number}")
        return value

    def own_prediction(self, code: str, seat: Seat, number: int) -> str | None:
        """What a seat predicted."""
        with _told():
            return self._rooms.own_prediction(code, seat.number, number)

    def crowd(self, code: str, number: int) -> tuple[int, int]:
        """How many are here, and how many have answered."""
        with _told():
            return self._crowds.get(f"{code} {number}", lambda: self._rooms.crowd(code, number))

    def values(self, code: str, number: int) -> list[str]:
        """What was predicted of a revealed question: it changes no more."""
        with _told():
            return self._values.get(f"{code} {number}", lambda: self._rooms.values(code, number))

    def is_here(self, code: str, seat: Seat) -> None:
        """Notes that a student is here; written together with the others', now and then."""
        now = monotonic()
        with self._guard:
            here = self._seen.setdefault(code, set())
            here.add(seat.number)
            if now - self._written.get(code, 0.0) < _SEEN_SECONDS:
                return
            self._written = {name: then for name, then in self._written.items() if now - then < _SEEN_SECONDS}
            self._written[code] = now
            del self._seen[code]
        with _told():
            self._rooms.see(code, here)

    @contextmanager
    def _changed(self, code: str) -> Iterator[None]:
        with _told():
            yield
        self._recent.forget(code)


@contextmanager
def _told() -> Iterator[None]:
    """Says so where the database does not answer."""
    try:
        yield
    except SQLAlchemyError as error:
        raise UserError("the database of the classes does not answer; try again in a moment") from error


@st.cache_resource(show_spinner=False)
def board() -> Board:
    """The one board of this process."""
    with _told():
        return Board(Rooms(_engine()))


def _engine() -> Engine:
    """The database that the environment names, or Streamlit's secrets, else a file of this user's own."""
    named = st.secrets.load_if_toml_exists() and "rooms" in st.secrets.get("connections", {})
    if (url := os.environ.get(URL)) or not named:
        return st.connection("rooms", type="sql", pool_pre_ping=True, url=url or _own_file()).engine
    return st.connection("rooms", type="sql", pool_pre_ping=True).engine


def _own_file() -> str:
    folder = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "receptive-fields"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"classes need a place for their database, and {folder} cannot be made; "
            f"name another in {URL}, as in sqlite:////srv/classes.db"
        ) from error
    return f"sqlite:///{folder / 'classes.db'}"
