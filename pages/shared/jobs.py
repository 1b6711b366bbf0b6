"""Long work: one measurement at a time in this process, stopped when its visitor moves on, its results kept a while.

A run is a generator; a page draws after each part of it. Any ``st`` call, and any look at the session's state, raises
once the visitor has moved on, which closes the generator and frees the place in the queue.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import streamlit as st

from core.live import ErfRecipe, Measurement, measure
from core.network import parse

_KEPT = 48  # finished measurements
_TELL_EVERY = 0.5  # seconds between two messages: many more would keep the browser from drawing the rest of the page
_PICTURE_EVERY = 1.5  # seconds between two partial pictures


class Desk:
    """The queue for the processor and the finished measurements, shared by all visitors."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._guard = threading.Lock()
        self._waiting = 0
        self._done: OrderedDict[str, Measurement] = OrderedDict()

    def finished(self, key: str) -> Measurement | None:
        """A kept measurement."""
        with self._guard:
            return self._done.get(key)

    def keep(self, key: str, measurement: Measurement) -> None:
        """Keeps a measurement, letting go of the oldest."""
        with self._guard:
            self._done[key] = measurement
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


def measurement(net: str, recipe: ErfRecipe, key: str, draw: Callable[[Measurement], None]) -> Measurement:
    """The measurement that ``key`` names, taken now unless it is kept; partial results go to ``draw``."""
    if (kept := desk().finished(key)) is not None:
        return kept
    bar = st.progress(0.0, "Building the model")
    last: Measurement | None = None
    with desk().turn(lambda others: bar.progress(0.0, f"Waiting: {others} before you") and None):
        begun, first = 0.0, 0
        told = drawn = monotonic()
        for done, total, last in measure(parse(net), recipe):
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
