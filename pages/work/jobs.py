"""Long work, as long as its visitor stays; its results are kept a while.

A run is a generator; a page draws after each part of it. Any ``st`` call, and any look at the session's state, raises
once the visitor has moved on, which closes the generator and gives the turn (:mod:`.turns`) to the next.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import UserError
from pages.class_room import attendance
from pages.work import turns

_KEPT = 48  # finished results
_TELL_EVERY = 0.5  # seconds between two messages: many more would keep the browser from drawing the rest of the page
_PICTURE_EVERY = 1.5  # seconds between two partial pictures

Made = TypeVar("Made")


class Results:
    """The finished results, shared by all visitors."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
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

    def drop(self, key: str) -> None:
        """Lets go of a result."""
        with self._guard:
            self._done.pop(key, None)


@st.cache_resource
def results() -> Results:
    """Those of this process."""
    return Results()


def run_once(key: str, make: Callable[[], Made], words: str) -> Made:
    """A result that takes seconds, made when its turn comes unless it is kept."""
    if (kept := results().finished(key)) is None:
        with st.spinner(words), turns.long_work(lambda _: stop_if_left()):
            kept = results().finished(key) or make()  # another visitor may have made it meanwhile
        results().keep(key, kept)
    made: Made = kept
    return made


def run_job(
    run: Callable[[], Iterator[tuple[int, int, Made]]],
    key: str,
    draw: Callable[[Made], None],
    words: Callable[[int, int, Made], str],
    begins: str,
) -> Made:
    """The last result of a run of (done, total, partial result), unless it is kept under ``key``.

    ``words`` tell how far it is; partial results go to ``draw``, and the latest is kept for :func:`partial`.
    """
    if (kept := results().finished(key)) is not None:
        found: Made = kept
        return found
    bar = st.progress(0.0, begins)
    last: Made | None = None
    with _emptied(bar), turns.long_work(lambda others: bar.progress(0.0, f"Waiting: {others} before you")):
        last = results().finished(key)  # another visitor may have made it meanwhile
        begun, first = 0.0, 0
        told = drawn = monotonic()
        steps = run() if last is None else iter(())
        for done, total, last in steps:
            stop_if_left()
            now = monotonic()
            if not begun:  # the first parts take longer: they say nothing of the time left
                begun, first = now, done
            if now - told > _TELL_EVERY:
                told, pace = now, (now - begun) / (done - first) if done > first else 0.0
                left = f", about {pace * (total - done):.0f} s left" if pace else ""
                bar.progress(done / total, f"{words(done, total, last)}{left}")
                results().keep(_partial(key), last)
            if now - drawn > _PICTURE_EVERY and done < total:
                drawn = now
                draw(last)
    if last is None:
        raise AssertionError("a run without results")
    results().keep(key, last)
    results().drop(_partial(key))
    return last


@contextmanager
def _emptied(bar: DeltaGenerator) -> Iterator[None]:
    """Takes the bar away when all is done, or refused; a visitor who moved on sees another page."""
    try:
        yield
    except UserError:
        bar.empty()
        raise
    bar.empty()


def partial(key: str) -> Any:
    """How far a run of this visitor came that was stopped; None if it told nothing, or is finished."""
    return results().finished(_partial(key))


def _partial(key: str) -> str:
    """Where a visitor's partial results are kept: others are not shown them."""
    return f"{key}|so far|{turns.tab()}"


def stop_if_left() -> None:
    """Asks Streamlit whether the visitor has moved on, without a message; ends the run if so, or if the class has."""
    turns.stop_if_left()
    attendance.look_up()
