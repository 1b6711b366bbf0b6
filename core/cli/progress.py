"""Long work on a terminal: one line on standard error that is redrawn, and gone at the end."""

import sys
from collections.abc import Iterator
from time import monotonic

from core.live import Progress

_WIDTH = 30  # characters of the bar
_PAUSE = 0.1  # seconds between two drawings


def last(steps: Iterator[Progress]) -> Progress:
    """Runs all steps and returns the last one; draws a bar where standard error is a terminal."""
    drawing = sys.stderr is not None and sys.stderr.isatty()
    drawn = -_PAUSE
    try:
        for step in steps:
            if drawing and monotonic() - drawn >= _PAUSE:
                print(f"\r{bar(step.done, step.total)}\x1b[K", end="", file=sys.stderr, flush=True)
                drawn = monotonic()
    finally:
        if drawing:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    return step


def bar(done: int, total: int) -> str:
    """``done`` of ``total`` as a line.

    >>> bar(16, 64)
    '[#######.......................] 16 of 64 samples'
    """
    full = _WIDTH * done // total
    return f"[{'#' * full}{'.' * (_WIDTH - full)}] {done} of {total} samples"
