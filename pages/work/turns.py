"""Whose page is drawn now: one after the other, in the order in which they asked.

Python runs one thread at a time. Sixty threads that all want to run take the lock from each other, and from the thread
that sends what is drawn, hundreds of times a second; drawn in turn, a page takes a fifth less of the processor, and
nobody waits for longer than all others.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

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
