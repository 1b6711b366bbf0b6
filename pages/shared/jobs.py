"""Long work: one job at a time in this process, stopped when its visitor moves on, its results kept a while.

A run is a generator; a page draws after each part of it. Any ``st`` call, and any look at the session's state, raises
once the visitor has moved on, which closes the generator and frees the place in the queue.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

import streamlit as st

from core.live import Measurement, Progress

_KEPT = 48  # finished results
_TELL_EVERY = 0.5  # seconds between two messages: many more would keep the browser from drawing the rest of the page
_PICTURE_EVERY = 1.5  # seconds between two partial pictures

Made = TypeVar("Made")


class Desk:
    """The queue for the processor and the finished results, shared by all visitors."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._guard = threading.Lock()
        self._waiting = 0
        self._done: OrderedDict[str, Any] = OrderedDict()

    def finished(self, key: str) -> Any:
        """A kept result; None if there is none."""
        with self._guard:
            return self._done.get(key)

    def keep(self, key: str, result: Any) -> None:
        """Keeps a result, letting go of the oldest."""
        with self._guard:
            self._done[key] = result
            while len(self._done) > _KEPT:
                self._done.popitem(last=False)

    @contextmanager
    def turn(self, waits: Callable[[int], None]) -> Iterator[None]:
        """Waits for the processor, telling ``waits`` about five times a second how many others wait or work."""
        with self._guard:
            self._waiting += 1
        try:
            while not self._one.acquire(timeout=0.2):
                waits(self._waiting - 1)
            try:
                yield
            finally:
                self._one.release()
        finally:
            with self._guard:
                self._waiting -= 1


@st.cache_resource
def desk() -> Desk:
    """The one desk of this process."""
    return Desk()


def once(key: str, make: Callable[[], Made], words: str) -> Made:
    """A result that takes seconds, made when its turn comes unless it is kept."""
    if (kept := desk().finished(key)) is not None:
        made: Made = kept
        return made
    with st.spinner(words), desk().turn(lambda _: st.session_state.get("net") and None):
        made = make()
    desk().keep(key, made)
    return made


def measurement(run: Callable[[], Iterator[Progress]], key: str, draw: Callable[[Measurement], None]) -> Measurement:
    """The measurement that ``key`` names, taken now unless it is kept; partial results go to ``draw``."""
    if (kept := desk().finished(key)) is not None:
        return kept
    bar = st.progress(0.0, "Building the model")
    last: Measurement | None = None
    with desk().turn(lambda others: bar.progress(0.0, f"Waiting: {others} before you") and None):
        begun, first = 0.0, 0
        told = drawn = monotonic()
        for done, total, last in run():
            st.session_state.get("net")  # asks Streamlit whether the visitor has moved on, without a message
            now = monotonic()
            if not begun:  # the first samples take longer: they say nothing of the time left
                begun, first = now, done
            if now - told > _TELL_EVERY:
                told, pace = now, (now - begun) / (done - first) if done > first else 0.0
                left = f", about {pace * (total - done):.0f} s left" if pace else ""
                bar.progress(done / total, f"{done} of {total} samples{left}")
            if now - drawn > _PICTURE_EVERY and done < total:
                drawn = now
                draw(last)
    bar.empty()
    if last is None:
        raise AssertionError("a measurement without samples")
    desk().keep(key, last)
    return last
