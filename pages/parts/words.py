"""Words and tables that several pages share: positions, ratios, measures, counts."""

from fractions import Fraction

import numpy as np

from core.exact import PathCounts
from core.exact.imbalance import MEANINGS, Measures
from core.formatting import all_digits, measure_number
from core.network.axes import place_names

_TABLE_ROWS = 4096  # of a table of counts along one axis
_TABLE_SIDE = 64  # rows and columns of a table of counts

MEASURES = {name: meaning.replace("position", "pixel") for name, meaning in MEANINGS.items()}


def times(ratio: Fraction) -> str:
    """A ratio as people say it."""
    value = measure_number(ratio) or 0
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def place(position: tuple[int, ...]) -> str:
    """A position as it is typed."""
    return ",".join(map(str, position))


def measure_rows(measures: Measures) -> list[dict[str, str]]:
    """The table of measures: name, value, meaning."""
    rows = []
    for name, value in measures.items():
        told = measure_number(value)
        shown = "none" if told is None else all_digits(told) if isinstance(told, int) else f"{told:.6g}"
        rows.append({"measure": name, "value": shown, "meaning": MEASURES[name]})
    return rows


def count_rows(counts: PathCounts) -> list[dict[str, str]]:
    """The counts as a table, all digits; of a large map its every n-th position, or row and column.

    Of three axes every n-th position of all, each with its place.
    """
    whole = counts.array()
    if whole.ndim == 1:
        step = -(-len(whole) // _TABLE_ROWS)
        return [{"position": str(at), "paths": all_digits(whole[at])} for at in range(0, len(whole), step)]
    if whole.ndim == 3:
        step = -(-whole.size // _TABLE_ROWS)
        names = place_names(whole.ndim)
        return [
            {**dict(zip(names, map(str, at), strict=True)), "paths": all_digits(counts.at(at))}
            for at in list(np.ndindex(whole.shape))[::step]
        ]
    steps = [-(-side // _TABLE_SIDE) for side in whole.shape]
    return [
        {"row": str(row), **{str(at): all_digits(whole[row, at]) for at in range(0, whole.shape[1], steps[1])}}
        for row in range(0, whole.shape[0], steps[0])
    ]


def columns(rows: list[dict[str, str]]) -> dict[str, np.ndarray]:
    """A table as arrays, for a file."""
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}
