"""Pages are run in this process, with a database of their own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from pages.class_room.board import URL, board
from pages.class_room.tables import metadata
from pages.frame import warmup
from tests.class_room.postgresql import running_postgresql


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server's database; the server runs until all tests have ended."""
    with running_postgresql() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """The address of a database on that server, without any room."""
    yield postgresql
    engine = create_engine(postgresql)
    metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; a test that asks for it by ``request.param`` may have it on PostgreSQL."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{tmp_path / 'classes.db'}"


@pytest.fixture(autouse=True)
def _own_database(components_scanned_once: None, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(warmup, "once", lambda: None)
    monkeypatch.setenv(URL, database)
    board.clear()
    yield
    board.clear()
