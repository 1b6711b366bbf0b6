"""The results of a search as Parquet: a row for every design, its canonical text the key.

A whole number is an ``int64``. A measure is text with all digits, ``1225/6561``, and beside it under ``NAME_float`` the
nearest double, for drawing and for whoever needs no more. What a search was about, and which members are impossible,
stands in the file's own metadata under ``search``, as JSON.
"""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import UserError
from ..expressions import Value
from ..formatting import all_digits
from .found import Impossible
from .members import Part, fraction_of, nearest_float
from .quantities import QUANTITIES, Quantity, Row
from .request import FORMAT, Document

GROUP = 20_000  # rows of a row group
MAX_GROUP_BYTES = 256 * 2**20  # of one that is read
_KEY = b"search"


def _columns(quantity: Quantity) -> list[tuple[str, pa.DataType]]:
    if quantity.fraction:
        return [(quantity.name, pa.string()), (f"{quantity.name}_float", pa.float64())]
    return [(quantity.name, pa.int64())]


SCHEMA = pa.schema([("design", pa.string()), *(pair for one in QUANTITIES.values() for pair in _columns(one))])


def table_of(rows: Sequence[tuple[str, Row]]) -> pa.Table:
    """Rows as columns."""
    columns: dict[str, list[Any]] = {"design": [text for text, _ in rows]}
    for name, quantity in QUANTITIES.items():
        values = [row[name] for _, row in rows]
        columns[name] = [_exact(value) for value in values] if quantity.fraction else values
        if quantity.fraction:
            columns[f"{name}_float"] = [nearest_float(value) for value in values]
    return pa.table(columns, schema=SCHEMA)


def _exact(value: Value | None) -> str | None:
    if value is None:
        return None
    above, below = value.as_integer_ratio()
    return all_digits(above) if below == 1 else f"{all_digits(above)}/{all_digits(below)}"


def part_bytes(part: Part) -> bytes:
    """A part as a file of its own, the impossible in its metadata."""
    table = table_of(part.rows).replace_schema_metadata({_KEY: json.dumps(list(map(asdict, part.impossible))).encode()})
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()


def part_of(file: Path | BinaryIO) -> tuple[pa.Table, list[Impossible]]:
    """What ``part_bytes`` wrote: its table, and what is impossible."""
    table = pq.read_table(file)
    return table, [Impossible(**one) for one in json.loads(table.schema.metadata[_KEY])]


@dataclass(frozen=True, eq=False)
class Results:
    """A finished search's file: what it was about, and its rows, group by group."""

    document: Document
    file: pq.ParquetFile

    def tables(self) -> Iterator[pa.Table]:
        """The rows in order, a group at a time."""
        for group in range(self.file.num_row_groups):
            yield self.file.read_row_group(group)


def opened(file: Path | BinaryIO, name: str) -> Results:
    """The results in a file, called ``name``. Raises :class:`~.errors.UserError` for what is none of a search."""
    try:
        parquet = pq.ParquetFile(file)
        document = json.loads(parquet.metadata.metadata[_KEY])
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{name} holds no results of a search; name a file that search --out has written") from error
    if document.get("format") != FORMAT or parquet.schema_arrow.names != SCHEMA.names:
        raise UserError(f"{name} was written by another version of this program; run the search again")
    groups = map(parquet.metadata.row_group, range(parquet.num_row_groups))
    if max((group.total_byte_size for group in groups), default=0) > MAX_GROUP_BYTES:
        raise UserError(f"{name} has groups of rows larger than {MAX_GROUP_BYTES / 2**20:g} MiB; run the search again")
    return Results(document, parquet)


def writer(file: Path) -> pq.ParquetWriter:
    """What writes a file of results; ``finish`` ends it."""
    return pq.ParquetWriter(file, SCHEMA, compression="zstd")


def finish(written: pq.ParquetWriter, document: Document) -> None:
    """Ends a file with what the search was about."""
    written.add_key_value_metadata({_KEY: json.dumps(document, ensure_ascii=False).encode()})
    written.close()


def values(table: pa.Table, names: Sequence[str]) -> Iterator[tuple[Value | None, ...]]:
    """The quantities of those names of every row, exact."""
    columns = [table.column(name).to_pylist() for name in names]
    read = [QUANTITIES[name].fraction for name in names]
    for row in zip(*columns, strict=True) if names else iter([()] * table.num_rows):
        yield tuple(
            fraction_of(value) if fraction and value is not None else value
            for fraction, value in zip(read, row, strict=True)
        )
