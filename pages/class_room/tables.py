"""The tables that classes lie in, and the engine's settings where the database is SQLite."""

from typing import Any

from sqlalchemy import Boolean, Column, Engine, Float, Integer, MetaData, String, Table, Text, event

metadata = MetaData()

rooms = Table(
    "rooms",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("secret", String(64), nullable=False),  # the digest of the teacher's
    Column("version", Integer, nullable=False),  # grows with every change that screens must show
    Column("view", Text, nullable=False),  # an address relative to the app; empty before the first
    Column("question", Integer, nullable=False),  # the number of the open or revealed one; 0: none
    Column("questions", Integer, nullable=False),  # asked so far
    Column("seats", Integer, nullable=False),  # given so far
    Column("touched", Float, nullable=False),
    Column("ends", Float, nullable=False, index=True),
)

questions = Table(
    "questions",
    metadata,
    Column("room", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("answer", Text, nullable=False),  # canonical; empty: none was given
    Column("revealed", Boolean, nullable=False),
)

seats = Table(
    "seats",
    metadata,
    Column("room", String(16), primary_key=True),
    Column("token", String(64), primary_key=True),  # its digest
    Column("number", Integer, nullable=False),
    Column("seen", Float, nullable=False),
)

predictions = Table(
    "predictions",
    metadata,
    Column("room", String(16), primary_key=True),
    Column("question", Integer, primary_key=True),
    Column("seat", Integer, primary_key=True),
    Column("value", Text, nullable=False),
)


def prepare(engine: Engine) -> None:
    """Makes the tables where they are missing; SQLite is told to let readers and one writer work at once."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _settings):
        event.listen(engine, "connect", _settings)
        engine.dispose()  # connections made before the listener have none of it
    metadata.create_all(engine)


def _settings(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("busy_timeout=8000", "journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
