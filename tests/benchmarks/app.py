"""What visitors wait for: the app in a real browser, alone and under load, on this machine only."""

from collections.abc import Iterator, Sequence

import numpy as np

from tests.benchmarks.row import Row, digits
from tests.load.client import LoadResult, run_load
from tests.load.measures import click_to_figure, empty_rerun_ms, leftover_threads, memory_growth_mb
from tests.load.server import running_app

CLIENTS = 30
SECONDS = 20
SESSIONS = 200


def rows() -> Iterator[Row]:
    """Every promise about the app; each group has a server of its own, so that none inherits another's load."""
    with running_app() as (url, pid):
        yield clicks(click_to_figure(url))
        yield empty_reruns(empty_rerun_ms(url))
        yield leftovers(leftover_threads(url, pid))
    with running_app() as (url, _):
        yield from load(run_load(url, clients=CLIENTS, seconds=SECONDS), CLIENTS)
    with running_app() as (url, pid):
        yield memory(memory_growth_mb(url, pid, sessions=SESSIONS), SESSIONS)


def clicks(times: Sequence[float]) -> Row:
    """From a click on the landing page to the new figure."""
    median, slow = np.percentile(times, (50, 95))
    return Row(
        "a click on the landing page, to the new figure in a browser",
        f"the clock, {len(times)} clicks",
        f"p50 {digits(median)} ms, p95 {digits(slow)} ms",
        "p50 ≤ 250 ms, p95 ≤ 500 ms",
        bool(median <= 250 and slow <= 500),
    )


def empty_reruns(times: Sequence[float]) -> Row:
    """A run of the page with nothing changed, PyTorch loaded."""
    median = float(np.median(times))
    return Row(
        "a rerun with nothing changed, PyTorch loaded",
        f"the clock, {len(times)} reruns",
        f"p50 {digits(median)} ms",
        "≤ 20 ms",
        median <= 20,
    )


def leftovers(threads: int) -> Row:
    """Whether abandoned work stops."""
    return Row("threads still computing after ten rapid changes", "before them", str(threads), "0", threads <= 0)


def load(result: LoadResult, clients: int) -> Iterator[Row]:
    """Many visitors at once."""
    yield Row(
        f"{clients} visitors at once, one change a second each",
        "the clock",
        f"p50 {digits(result.p50_ms)} ms, p95 {digits(result.p95_ms)} ms, {result.errors} errors",
        "p95 < 500 ms, 0 errors",
        bool(result.p95_ms < 500 and not result.errors),
    )
    yield Row(
        "the largest message to a browser among these",
        "its length",
        f"{digits(result.largest_message_bytes / 1e6)} MB",
        "< 1 MB",
        result.largest_message_bytes < 1_000_000,
    )


def memory(growth: float, sessions: int) -> Row:
    """Whether visitors leave something behind."""
    return Row(
        f"memory of the server after {sessions} sessions", "before them", f"{growth:+.0f} MB", "< 50 MB", growth < 50
    )
