"""A search, step by step: parts are counted, kept, and taken in the order of the members into one file and one answer.

Designs that two members stand for are counted once in the file, and in the answer: the first is kept.
"""

import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa

from .answer import Answering
from .found import Found, Impossible, merged
from .questions import Question
from .request import Document, Request, Task
from .results import GROUP, Results, finish, opened, part_of, writer
from .store import Store

Counting = Callable[[str, Iterator[Task]], Generator[tuple[int, bytes]]]  # of the members of a space: part after part


def search(request: Request, question: Question, count: Counting, out: Path | None = None) -> Generator[Found]:
    """Counts what ``out`` does not hold yet, and answers; a last step comes where nothing is left to count, too.

    ``count`` counts parts, in any order. Without ``out`` the results are gone at the end.
    Raises :class:`~.errors.UserError` where members need what is not installed, and as :class:`.store.Store`.
    """
    if out is not None:
        yield from _search(request, question, count, out)
        return
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        yield from _search(request, question, count, Path(folder) / "found.parquet")


def _search(request: Request, question: Question, count: Counting, out: Path) -> Generator[Found]:
    store = Store(out, request.document)
    if store.finished():
        yield found_in(opened(out, str(out)), question)
        return
    store.begin()
    tasks = request.tasks()
    taking = _Taking(store, request.members, question)
    missing = ((number, members) for number, members in tasks if not store.has(number))
    with closing(taking), closing(count(request.space.text, missing)) as counted:
        for number, members in tasks:
            while not store.has(number):
                done, content = next(counted)
                store.keep(done, content)
            taking.take(number, len(members))
            yield taking.found()
        taking.end(request.document)


class _Taking:
    """The file while it is written, and the answer while it is gathered."""

    def __init__(self, store: Store, total: int, question: Question) -> None:
        self._store = store
        self._written = writer(store.unfinished())
        self._answering = Answering(question)
        self._impossible: dict[str, Impossible] = {}
        self._seen: set[bytes] = set()
        self._waiting: list[pa.Table] = []
        self._total, self._done, self._members = total, 0, 0

    def take(self, number: int, members: int) -> None:
        """Adds a part that is kept."""
        table, impossible = part_of(self._store.path(number))
        merged(self._impossible, impossible)
        self._members += table.num_rows
        table = table.replace_schema_metadata(None).filter(pa.array(self._is_new(table), pa.bool_()))
        self._answering.take(table)
        self._waiting.append(table)
        self._done += members
        if sum(one.num_rows for one in self._waiting) >= GROUP:
            self._write()

    def _is_new(self, table: pa.Table) -> list[bool]:
        """Whether each design stands for the first time: texts are kept by a digest of 128 bits."""
        new = []
        for text in table.column("design").to_pylist():
            digest = blake2b(text.encode(), digest_size=16).digest()
            new.append(digest not in self._seen)
            self._seen.add(digest)
        return new

    def _write(self) -> None:
        table = pa.concat_tables(self._waiting)
        self._written.write_table(table.slice(0, GROUP), row_group_size=GROUP)
        rest = table.slice(GROUP)
        self._waiting = [rest] if rest.num_rows else []

    def found(self) -> Found:
        counted = len(self._seen)
        return Found(
            self._done, self._total, counted, self._members - counted,
            tuple(self._impossible.values()), self._answering.answer(),
        )  # fmt: skip

    def end(self, document: Document) -> None:
        """Ends the file and puts it in its place."""
        while self._waiting:
            self._write()
        found = self.found()
        summary = {"counted": found.counted, "repeated": found.repeated}
        finish(self._written, {**document, **summary, "impossible": list(map(asdict, found.impossible))})
        self._store.end()

    def close(self) -> None:
        """Lets go of the file, whole or not."""
        if self._written.is_open:
            self._written.close()


def found_in(results: Results, question: Question) -> Found:
    """The answer from a file of results."""
    document = results.document
    impossible = tuple(Impossible(**one) for one in document["impossible"])
    drawn = document["sample"]
    total = document["size"] if drawn is None else drawn["members"]
    answering = Answering(question)
    for table in results.tables():
        answering.take(table)
    return Found(total, total, document["counted"], document["repeated"], impossible, answering.answer())
