"""Pages are run in this process, with a database of their own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.class_room.board import URL, board
from pages.frame import warmup


@pytest.fixture(autouse=True)
def _own_database(components_scanned_once: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(warmup, "once", lambda: None)
    monkeypatch.setenv(URL, f"sqlite:///{tmp_path / 'classes.db'}")
    board.clear()
    yield
    board.clear()
