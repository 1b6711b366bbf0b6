"""Tables as they are sent to a browser, made without pandas, which takes a millisecond and more for a few rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa


def arrow_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows with the same names as a table; what Arrow has no type for, as whole numbers of many digits, as text.

    >>> arrow_table([{"layer": "conv", "paths": 10**20}, {"layer": "blur", "paths": None}]).to_pydict()
    {'layer': ['conv', 'blur'], 'paths': ['100000000000000000000', None]}
    """
    return pa.table({name: _column([row[name] for row in rows]) for name in rows[0]})


def _column(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if value is None else str(value) for value in values])
