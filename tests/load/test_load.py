"""The measures of a running app hold what their names say; how large they are is for ``tests/benchmarks``."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.load import measures
from tests.load.browser import opened_browser
from tests.load.classroom import run_class
from tests.load.client import MIXED, run_load
from tests.load.server import App, running_app


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with running_app() as found:
        yield found


def test_every_visitor_of_a_load_gets_answers_without_errors(app: App) -> None:
    result = run_load(app.url, clients=len(MIXED), seconds=2)
    assert result.errors == 0
    assert result.runs >= len(MIXED)
    assert 0 < result.p50_ms <= result.p95_ms
    assert 1_000 < result.largest_message_bytes < 1_000_000


def test_a_class_follows_its_teacher_without_errors(app: App) -> None:
    result = run_class(app.url, students=3, seconds=3)
    assert result.errors == 0
    assert result.screens == 9
    assert 0 < result.p50_ms <= result.p95_ms <= result.worst_ms


def test_a_click_is_timed_until_the_figure_has_changed(app: App) -> None:
    assert_durations(measures.click_to_figure(app.url, clicks=2), 2)


def test_an_empty_rerun_is_timed_with_pytorch_loaded(app: App) -> None:
    assert_durations(measures.empty_rerun_ms(app.url, runs=3), 3)


def test_the_first_figure_of_a_fresh_server_is_there_without_pytorch_too() -> None:
    assert_durations([measures.first_figure_ms("field", without="torch")], 1)


def test_no_thread_computes_for_a_visitor_who_moved_on(app: App) -> None:
    left = (measures.leftover_threads(app.url, app.pid, changes=3, after=2.0) for _ in range(3))
    assert 0 in left  # the server may just be loading what it will need


def test_a_computing_thread_is_noticed() -> None:
    done = Event()

    def compute() -> None:
        while not done.is_set():
            sum(range(10_000))

    worker = Thread(target=compute)
    worker.start()
    try:
        assert any(measures.busy_threads(os.getpid()) for _ in range(10))  # of a crowded machine it has a share
    finally:
        done.set()
        worker.join()


def test_memory_is_read_from_the_server_itself(app: App) -> None:
    assert measures.resident_mb(app.pid) > 50
    assert abs(measures.memory_growth_mb(app.url, app.pid, sessions=3)) < 100


def test_a_machine_without_a_browser_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(Path, "exists", lambda path: False)
    with pytest.raises(FileNotFoundError, match="apt-get install chromium"), opened_browser():
        pass


def assert_durations(found: list[float], number: int) -> None:
    assert len(found) == number
    assert all(0 < wait < 60_000 for wait in found)
