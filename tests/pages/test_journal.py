"""What the server tells of its work: lines that a machine reads, without anything of a visitor's."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pages.work import journal

TOLD = """
import logging
from pages.work import journal
journal.begin()
journal.begin()  # once is enough
journal.note("long work", waited=0.12345, took=2)
other = logging.getLogger("another.package")
other.addHandler(logging.StreamHandler())
other.warning("a visitor typed %s", "my secret network")
try:
    raise ValueError("my secret network")
except ValueError as error:
    other.error("it does not work", exc_info=error)
"""


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


def test_each_event_is_a_line_and_nothing_of_a_visitor_is_in_it() -> None:
    process = subprocess.run(
        [sys.executable, "-c", TOLD],
        check=True,
        capture_output=True,
        text=True,
        env={"LOG_FORMAT": "json", "PATH": "", "PYTHONPATH": "."},
    )
    assert "secret" not in process.stderr + process.stdout
    lines = [json.loads(line) for line in process.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["started", "long work", "told", "told"]
    assert all(set(line) >= {"time", "level"} for line in lines)
    assert (lines[1]["waited"], lines[1]["took"]) == (0.123, 2)
    assert (lines[2]["level"], lines[2]["by"], lines[2]["at"].rpartition(":")[2]) == ("warning", "another.package", "9")
    assert (lines[3]["error"], lines[3]["places"]) == ("ValueError", ["<string>:11"])


def test_a_terminal_is_told_as_ever(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.delenv("LOG_FORMAT", raising=False)
    journal.begin()
    logging.getLogger("another.package").warning("what is %s", "told")
    assert caplog.messages == ["what is told"]
