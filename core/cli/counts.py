"""A map of path counts as text, whole where it is small and sampled where it is large, and as JSON.

Positions count from 0, row 0 at the top. Three axes are written plane by plane.
"""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod

import numpy as np

from ..errors import LimitError
from ..exact import PathCounts
from ..exact.shares import Shares
from ..formatting import MAX_DIGITS, all_digits, count_cell, share_cell
from .table import columns

SMALL = 15  # columns that are shown even where they are wider than the terminal; rows and columns of a sampled map
MAX_ROWS = 40  # of a map shown whole
MAX_LENGTH = 4096  # of a 1-D map shown whole
MAX_CHARACTERS = 200_000_000  # of all counts as JSON


def count_lines(counts: PathCounts, width: int) -> list[str]:
    """The map as lines of at most ``width`` characters, as far as its numbers allow.

    Where a count has more than ``MAX_DIGITS``, all beyond a million are rounded, and a last line says so.
    """
    largest = prod(int(factor.max()) for factor in counts.factors)
    rounding = largest >= 10**MAX_DIGITS
    show = partial(count_cell, most_digits=6 if rounding else MAX_DIGITS)
    lines = _lines(counts, width, show, len(show(largest)) + 2)  # with the gap between two columns
    if rounding:
        lines += ["", "counts beyond a million are rounded to four digits; --json gives every digit"]
    return lines


def share_lines(shares: Shares, width: int) -> list[str]:
    """The same of shares: fractions of small numbers, others to four digits."""

    def show(numerator: int) -> str:
        return share_cell(Fraction(numerator, shares.denominator))

    return _lines(shares.numerators, width, show, 11)


def _lines(counts: PathCounts, width: int, show: Callable[[int], str], widest: int) -> list[str]:
    if len(counts.size) == 1 and counts.size[0] > MAX_LENGTH:
        lines = _sampled_row(counts.factors[0].tolist(), show)
    elif len(counts.size) == 1:
        lines = _row([show(count) for count in counts.factors[0].tolist()], widest, width)
    elif len(counts.size) == 3:
        lines = _planes(counts, width, show, widest)
    elif counts.size[0] <= MAX_ROWS and (counts.size[1] <= SMALL or counts.size[1] * widest - 2 <= width):
        lines = columns([list(map(show, row.tolist())) for row in rows(counts)], ">" * counts.size[1])
    else:
        lines = _sampled(counts, show, widest, width)
    return lines


def _planes(counts: PathCounts, width: int, show: Callable[[int], str], widest: int) -> list[str]:
    """The planes of a 3-D map one after the other: all where they are few, else the first, the centre and the last."""
    depth, height, length = counts.size
    whole = depth * height <= MAX_ROWS and length <= SMALL
    places = list(range(depth)) if whole else spread(depth, 3)
    lines: list[str] = []
    for place in places:
        lines += [f"plane {place}", *_lines(counts.cut(0, place), width, show, widest), ""]
    if len(places) == depth:
        return lines[:-1]
    line = [counts.at((place, height // 2, length // 2)) for place in range(depth)]
    return [
        *lines,
        f"{len(places)} of {depth} planes are shown; --json gives them all",
        f"centre line through the planes: {_range(line, show, 'plane')}",
    ]


def count_json(counts: PathCounts) -> Iterator[str]:
    """The counts as nested lists of decimal strings, one axis inside the other, in pieces of one row.

    >>> "".join(count_json(PathCounts((np.array([1, 20], dtype=object),))))
    '["1", "20"]'
    """
    digits = _Digits()
    *outer, _ = counts.size
    total = prod(outer)
    for index, row in enumerate(rows(counts)):
        begun = sum(index % prod(outer[axis:]) == 0 for axis in range(len(outer)))
        ended = sum((index + 1) % prod(outer[axis:]) == 0 for axis in range(len(outer)))
        comma = ",\n" if index + 1 < total else ""
        yield f"{'[' * begun}[{', '.join(map(digits.__getitem__, row.tolist()))}]{']' * ended}{comma}"


def refuse_endless(counts: PathCounts) -> None:
    """Raises :class:`~.errors.LimitError` before a JSON of more than ``MAX_CHARACTERS``."""
    digits = float(np.floor(np.maximum(counts.log10_counts(), 0) + 1).sum())
    characters = digits + 4 * prod(counts.size)  # two quotes, a comma, a space
    if characters > MAX_CHARACTERS:
        raise LimitError(
            f"these counts fill about {characters:.1e} characters, more than {MAX_CHARACTERS:.1e}; "
            "use a smaller input or fewer layers, or leave --json out"
        )


def rows(counts: PathCounts) -> Iterator[np.ndarray]:
    """The map's rows from the top, plane by plane, each made when it is asked for; a 1-D map is one row."""
    if counts.separable:
        *first, last = counts.factors
        return (last * prod(parts) for parts in product(*(factor.tolist() for factor in first)))
    return iter(counts.factors[0].reshape(-1, counts.size[-1]))


class _Digits(dict[int, str]):
    """Counts as JSON strings, each made once: symmetric maps hold every count many times."""

    def __missing__(self, count: int) -> str:
        text = self[count] = json.dumps(all_digits(count))
        return text


def _row(cells: list[str], widest: int, width: int) -> list[str]:
    """A 1-D map: one line where it fits, else several, each beginning with its first position."""
    line = "".join(f"{cell:>{widest}}" for cell in cells)
    if len(line) - 2 <= width:
        return [line[2:]]
    label = len(str(len(cells) - 1))
    per_line = max((width - label - 1) // widest, 1)
    return [
        f"{first:>{label}}:{line[first * widest : (first + per_line) * widest]}"
        for first in range(0, len(cells), per_line)
    ]


def _sampled(counts: PathCounts, show: Callable[[int], str], widest: int, width: int) -> list[str]:
    """Evenly spaced rows and columns, the first, centre and last among them, under their positions."""
    height, length = counts.size
    room = (width - len(f"{height}:")) // widest
    down, across = spread(height, SMALL), spread(length, min(max(room, 3), SMALL))
    table = [["", *map(str, across)]]
    table += [[f"{row}:", *(show(counts.at((row, column))) for column in across)] for row in down]
    centre_row = [counts.at((height // 2, column)) for column in range(length)]
    centre_column = [counts.at((row, length // 2)) for row in range(height)]
    return [
        *columns(table, ">" * (len(across) + 1)),
        "",
        f"{len(down)} of {height} rows and {len(across)} of {length} columns are shown; --json gives them all",
        "a grid finer than that does not show here: parity tells of it",
        f"centre row {height // 2}: {_range(centre_row, show, 'column')}",
        f"centre column {length // 2}: {_range(centre_column, show, 'row')}",
    ]


def _sampled_row(counts: list[int], show: Callable[[int], str]) -> list[str]:
    """Evenly spaced positions of a long 1-D map, both ends and the centre among them."""
    places = spread(len(counts), MAX_ROWS)
    return [
        *columns([[f"{place}:", show(counts[place])] for place in places], ">>"),
        "",
        f"{len(places)} of {len(counts)} positions are shown; --json gives them all",
        _range(counts, show, "position"),
    ]


def spread(side: int, most: int) -> list[int]:
    """At most ``most`` positions of ``side``, evenly spaced, with both ends and the centre (``side // 2``).

    >>> spread(224, 6)
    [0, 56, 112, 167, 223]
    """
    if side <= most:
        return list(range(side))
    gaps = (most - 1) // 2 * 2
    return [(2 * index * (side - 1) + gaps) // (2 * gaps) for index in range(gaps + 1)]


def _range(counts: list[int], show: Callable[[int], str], what: str) -> str:
    least, most = min(counts), max(counts)
    return f"least {show(least)} ({what} {counts.index(least)}), most {show(most)} ({what} {counts.index(most)})"
