"""Long work on a terminal: one line on standard error that is redrawn, and gone at the end."""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Protocol, TypeVar


class Countable(Protocol):
    """A part of some work that knows how much of the whole is done."""

    @property
    def done(self) -> int: ...

    @property
    def total(self) -> int: ...


Item = TypeVar("Item")
Step = TypeVar("Step", bound=Countable)

_WIDTH = 30  # characters of the bar
_PAUSE = 0.1  # seconds between two drawings


def last(steps: Iterator[Step], what: str = "samples") -> Step:
    """Runs all steps and returns the last one; draws a bar of ``what`` is done where standard error is a terminal."""
    drawn = -_PAUSE
    try:
        for step in steps:
            if monotonic() - drawn >= _PAUSE:
                _draw(bar(step.done, step.total, what))
                drawn = monotonic()
    finally:
        _draw("")
    return step


def shown(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """Hands on ``total`` items; the line is away while each is printed."""
    try:
        _draw(bar(0, total, what))
        for done, item in enumerate(items, start=1):
            _draw("")
            yield item
            _draw(bar(done, total, what))
    finally:
        _draw("")


def bar(done: int, total: int, what: str = "samples") -> str:
    """``done`` of ``total`` as a line.

    >>> bar(16, 64)
    '[#######.......................] 16 of 64 samples'
    """
    full = _WIDTH * done // total
    return f"[{'#' * full}{'.' * (_WIDTH - full)}] {done} of {total} {what}"


def _draw(line: str) -> None:
    """Replaces what is drawn, where standard error is a terminal."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
