"""What is searched, and what of it is known: counted in a process of its own, or read from an uploaded file."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserError
from core.exact.process import Result, steps_apart
from core.search.answer import Answering
from core.search.found import Answer, Impossible, merged
from core.search.questions import Question
from core.search.request import Request
from core.search.results import SCHEMA, opened, part_of
from core.search.space import Space
from core.search.workers import counted_apart
from pages.work import cache, jobs

MAX_PARTS = 20  # that are counted here, each about a second's work
MAX_MEGABYTES = 100  # of a file
MAX_ROWS = 200_000
_SECONDS = 300


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """Designs that were counted, each once, after ``done`` of ``total`` members; the space has ``size``.

    ``source`` names what was searched: the request, or the file.
    """

    source: str
    space: str
    size: int
    total: int
    done: int = 0
    parts: int = 0
    table: pa.Table = field(default_factory=SCHEMA.empty_table)
    repeated: int = 0
    impossible: tuple[Impossible, ...] = ()

    def with_part(self, content: bytes, members: int) -> "Searched":
        """After one more part."""
        table, impossible = part_of(io.BytesIO(content))
        known = dict.fromkeys(self.table.column("design").to_pylist())
        texts = table.column("design").to_pylist()
        new = [text not in known and texts.index(text) == place for place, text in enumerate(texts)]
        reasons = {one.reason: one for one in self.impossible}
        merged(reasons, impossible)
        added = table.replace_schema_metadata(None).filter(pa.array(new, pa.bool_()))
        return replace(
            self,
            done=self.done + members,
            parts=self.parts + 1,
            table=pa.concat_tables([self.table, added]),
            repeated=self.repeated + len(new) - sum(new),
            impossible=tuple(reasons.values()),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The answer to a question, and for every design whether it meets the condition."""

    answer: Answer
    met: tuple[bool, ...]


def request_of(space: Space, seed: int) -> Request:
    """All members where they are few enough to be counted here, else some of them.

    Raises :class:`~core.errors.UserError` for a space that cannot be read, and one of own code.
    """
    most = MAX_PARTS * Request(space, 1).part_size
    for index in space.examples():
        cache.refuse_own_code(space.member(index))
    return Request(space, most if space.size > most else None, seed)


def key_of(request: Request) -> str:
    return f"search|{request.space.text}|{request.sample}|{request.seed}"


def steps(request: Request, begun: Searched | None) -> Iterator[tuple[int, int, Searched]]:
    """What is known after each part, from where it was stopped."""
    found = begun or Searched(key_of(request), request.space.text, request.space.size, request.members)
    tasks = request.tasks()
    for event in steps_apart(counted_apart, request, found.parts, seconds=_SECONDS):
        jobs.stop_if_left()
        if isinstance(event, Result):
            found = found.with_part(event.value, len(tasks[found.parts][1]))
            yield found.done, found.total, found


def read(content: bytes, name: str, source: str) -> Searched:
    """The designs of a file that the command has written. Raises :class:`~core.errors.UserError` for another."""
    results = opened(io.BytesIO(content), name)
    rows = results.file.metadata.num_rows
    if rows > MAX_ROWS:
        raise UserError(f"{name} holds {rows:,} designs, more than {MAX_ROWS:,}; ask the command with --where")
    document = results.document
    table = pa.concat_tables([SCHEMA.empty_table(), *results.tables()]).replace_schema_metadata(None)
    drawn = document["sample"]
    total = document["size"] if drawn is None else drawn["members"]
    impossible = tuple(Impossible(**one) for one in document["impossible"])
    head = source, document["space"], document["size"], total, total
    return Searched(*head, 0, table, document["repeated"], impossible)


def asked(searched: Searched, question: Question) -> Asked:
    """The answer to a question about what is known."""
    answering = Answering(question)
    met = answering.take(searched.table)
    return Asked(answering.answer(), tuple(met))


def rows_of(searched: Searched, designs: list[str]) -> pa.Table:
    """The rows of some designs, in their order."""
    places = pc.index_in(pa.array(designs, pa.string()), searched.table.column("design"))
    return searched.table.take(places)
