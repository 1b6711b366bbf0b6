"""The atlas as Parquet: a row for every model, in the order of their names, with versions and the day it was made.

Measures are the nearest doubles, all else is whole. The file's metadata says under ``atlas``, as JSON, what it is of.
"""

import io
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import UserError
from ..search.quantities import QUANTITIES
from .row import Row

FORMAT = 1
KEY = b"atlas"
_LIBRARIES = ("timm", "torchvision", "torch")
_SIDES = pa.list_(pa.int32())
_STAGES = pa.list_(
    pa.struct([("stage", pa.string()), ("output", _SIDES), ("field", _SIDES), ("stride", pa.list_(pa.float64()))])
)
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("model", "library", "family", "input", "stage", "reason")),
        *((one.name, pa.float64() if one.fraction else pa.int64()) for one in QUANTITIES.values()),
        ("gates", pa.int32()),
        ("statistics", pa.int32()),
        *((name, _SIDES) for name in ("field_sides", "grid", "halo_before", "halo_after")),
        ("tiles_exact", pa.bool_()),
        ("findings", pa.list_(pa.string())),
        ("stages", _STAGES),
        ("top1", pa.float64()),
        ("top1_weights", pa.string()),
        ("seconds", pa.float64()),
    ]
)


def about() -> dict[str, Any]:
    """What a run depends on beside the names: parts of another are counted anew."""
    return {"format": FORMAT, "versions": {library: version(library) for library in _LIBRARIES}}


def table_bytes(rows: Iterable[Row], told: dict[str, Any]) -> bytes:
    """The file; ``told``: what its metadata says."""
    ordered = sorted(rows, key=lambda row: str(row["model"]))
    table = pa.Table.from_pylist(ordered, schema=SCHEMA)
    file = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({KEY: json.dumps(told).encode()}), file, compression="zstd")
    return file.getvalue()


def read_atlas(path: Path) -> tuple[list[Row], dict[str, Any]]:
    """The rows of a file, and what it says of itself. Raises :class:`~.errors.UserError` for what is no atlas."""
    try:
        table = pq.read_table(path)
        told = json.loads(table.schema.metadata[KEY])
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path} holds no atlas; name a file that the command atlas has written") from error
    if told.get("format") != FORMAT or table.schema.names != SCHEMA.names:
        raise UserError(f"{path} was written by another version of this program; make the atlas again")
    return table.to_pylist(), told
