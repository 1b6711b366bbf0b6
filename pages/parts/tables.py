"""Tables as they are sent: Streamlit would take rows of Python through pandas, which takes longer than most answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa


def arrow_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows that have the same columns, as a table; None where a value is absent.

    Columns of several types, and whole numbers longer than 64 bits, are written out as text, so that no digit is lost.

    >>> arrow_table([{"layer": "conv", "paths": 2**70}, {"layer": "pool", "paths": None}]).to_pydict()
    {'layer': ['conv', 'pool'], 'paths': ['1180591620717411303424', None]}
    """
    names = rows[0] if rows else ()
    return pa.table({name: _column([row[name] for row in rows]) for name in names})


def _column(values: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if value is None else str(value) for value in values])
