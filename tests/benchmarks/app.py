"""What visitors wait for: the app in a real browser, alone and under load, on this machine only."""

from collections.abc import Iterator, Sequence

import numpy as np

from tests.benchmarks.row import Row, digits
from tests.load.client import LoadResult, run_load
from tests.load.measures import click_to_figure, empty_rerun_ms, first_figure_ms, leftover_threads, memory_growth_mb
from tests.load.server import running_app

CLIENTS = {30: 250, 60: 1000}  # visitors at once, and the milliseconds that 95 % of their changes may take
COLD = ("", "field")  # pages that are opened first
SECONDS = 20
SESSIONS = 200


def rows() -> Iterator[Row]:
    """Every promise about the app; each group has a server of its own, so that none inherits another's load."""
    with running_app() as (url, pid, _):
        yield clicks(click_to_figure(url))
        yield empty_reruns(empty_rerun_ms(url))
        yield leftovers(leftover_threads(url, pid))
    for clients, target in CLIENTS.items():
        with running_app() as (url, *_):
            yield from load(run_load(url, clients=clients, seconds=SECONDS), clients, target)
    for page in COLD:
        yield cold(page, [first_figure_ms(page) for _ in range(3)], [first_figure_ms(page, "torch") for _ in range(3)])
    with running_app() as (url, pid, _):
        yield memory(memory_growth_mb(url, pid, sessions=SESSIONS), SESSIONS)


def clicks(times: Sequence[float]) -> Row:
    """From a click on the landing page to the new figure."""
    median, slow = np.percentile(times, (50, 95))
    return Row(
        "a click on the landing page, to the new figure in a browser",
        f"the clock, {len(times)} clicks",
        f"p50 {digits(median)} ms, p95 {digits(slow)} ms",
        "p50 ≤ 150 ms, p95 ≤ 300 ms",
        bool(median <= 150 and slow <= 300),
    )


def empty_reruns(times: Sequence[float]) -> Row:
    """A run of the page with nothing changed, PyTorch loaded."""
    median = float(np.median(times))
    return Row(
        "a rerun with nothing changed, PyTorch loaded",
        f"the clock, {len(times)} reruns",
        f"p50 {digits(median)} ms",
        "≤ 15 ms",
        median <= 15,
    )


def leftovers(threads: int) -> Row:
    """Whether abandoned work stops."""
    return Row("threads still computing after ten rapid changes", "before them", str(threads), "0", threads <= 0)


def load(result: LoadResult, clients: int, target: float) -> Iterator[Row]:
    """Many visitors at once; ``target``: milliseconds."""
    yield Row(
        f"{clients} visitors at once on mixed pages, one change a second each",
        "the clock",
        f"p50 {digits(result.p50_ms)} ms, p95 {digits(result.p95_ms)} ms, {result.errors} errors",
        f"p95 ≤ {target:g} ms, 0 errors",
        bool(result.p95_ms <= target and not result.errors),
    )
    yield Row(
        "the largest message to a browser among these",
        "its length",
        f"{digits(result.largest_message_bytes / 1e6)} MB",
        "< 1 MB",
        result.largest_message_bytes < 1_000_000,
    )


def cold(page: str, whole: Sequence[float], without: Sequence[float]) -> Row:
    """Whether the first visitor of a server waits for PyTorch, which takes seconds to load: the quickest of each."""
    first, bare = min(whole), min(without)
    return Row(
        f"the first figure of a fresh server, opened at /{page}",
        f"the same where PyTorch is not installed, {digits(bare)} ms",
        f"{digits(first)} ms",
        "at most half a second more",
        first <= bare + 500,
    )


def memory(growth: float, sessions: int) -> Row:
    """Whether visitors leave something behind."""
    return Row(
        f"memory of the server after {sessions} sessions", "before them", f"{growth:+.0f} MB", "< 50 MB", growth < 50
    )
