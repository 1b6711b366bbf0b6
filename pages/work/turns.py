"""Whose page is drawn now, and whose long work is done: one after the other.

Python runs one thread at a time. Sixty threads that all want to run take the lock from each other, and from the thread
that sends what is drawn, hundreds of times a second; drawn in turn, a page takes a fifth less of the processor, and
nobody waits for longer than all others. Who is at long work is overtaken; of those who want to be, one is at a time.
"""

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

import streamlit as st
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

from core.errors import BusyError
from core.exact.fair_queue import OWNER, FairQueue, Place
from pages.work import journal

_LONG = 0.25  # seconds; who has held the turn for so long is at long work, and the next goes on beside it


class Turns:
    """Turns for one thread after the other."""

    def __init__(self, long: float = _LONG) -> None:
        self._long = long
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._holder: threading.Event | None = None
        self._since = 0.0
        self._present = 0  # threads that wait, or are at work
        self._last_end = 0.0

    def have_rested(self, seconds: float) -> bool:
        """Whether for so long nobody has been at work, nor waited for it."""
        with self._guard:
            return not self._present and monotonic() - self._last_end >= seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for its turn, and gives it to the next at the end."""
        own = threading.Event()
        with self._guard:
            self._waiting.append(own)
            self._present += 1
        while not self._taken(own):
            own.wait(self._long)
            own.clear()
        try:
            yield
        finally:
            self._pass_on(own)

    def _taken(self, own: threading.Event) -> bool:
        """Takes the turn, if ``own`` is the next and the turn is free or held by long work."""
        with self._guard:
            free = self._holder is None or monotonic() - self._since >= self._long
            if self._waiting[0] is not own or not free:
                return False
            self._waiting.popleft()
            self._holder, self._since = own, monotonic()
            return True

    def _pass_on(self, own: threading.Event) -> None:
        with self._guard:
            self._present -= 1
            self._last_end = monotonic()
            if self._holder is own:
                self._holder = None
            if self._waiting:
                self._waiting[0].set()


PAGES = Turns()
PROCESSOR = FairQueue(1)  # for what takes seconds in this process
_holds: ContextVar[bool] = ContextVar("holds", default=False)


@contextmanager
def page_turn() -> Iterator[None]:
    """The visitor's turn to have a page drawn; what is computed for it belongs to the visitor."""
    OWNER.set(visitor())
    with PAGES.turn():
        yield


@contextmanager
def long_work(waits: Callable[[int], object] = lambda before: stop_if_left()) -> Iterator[None]:
    """The turn to do what takes seconds; at once for what is part of such work.

    ``waits`` is told about five times a second how many come first. Raises :class:`~core.errors.BusyError` where too
    many wait already, or too much of this visitor.
    """
    if _holds.get():
        yield
        return
    with entered(PROCESSOR) as place:
        asked = monotonic()
        while before := PROCESSOR.before(place):
            waits(before)
        begun = monotonic()
        held = _holds.set(True)
        try:
            yield
        finally:
            _holds.reset(held)
            journal.note("long work", waited=begun - asked, took=monotonic() - begun)


@contextmanager
def entered(queue: FairQueue) -> Iterator[Place]:
    """A place of the visitor's in a queue; a refusal is noted."""
    try:
        place = queue.enter(visitor())
    except BusyError:
        journal.note("refused")
        raise
    try:
        yield place
    finally:
        queue.leave(place)


def visitor() -> str:
    """Who looks: the browser, by what Streamlit gives it against forged requests; without that, the tab."""
    token, _ = decode_xsrf_token_string(st.context.cookies.get("_streamlit_xsrf", ""))
    return token.hex() if token else tab()


def tab() -> str:
    """The tab of the visitor, as a random text."""
    text: str = st.session_state.setdefault("_token", secrets.token_hex(8))
    return text


def stop_if_left() -> None:
    """Asks Streamlit whether the visitor has moved on, without a message; ends the run if so."""
    st.session_state.get("net")
