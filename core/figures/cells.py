"""What stands in and on the cells of a map: numbers of one size, places to click, frames around what is picked.

Numbers are never smaller than can be read. Where the widest of them does not fit its cell at that size, none of the map
is shown: all are padded to one width, so that Plotly, which fits texts one by one, shows or hides them together.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from ..formatting import rounded_count, short_count
from . import template

ONE_SIZE = {"mode": "hide", "minsize": template.LEAST_SIZE}  # of a figure's numbers: alike, or none
HOVERED = 65  # cells a side whose exact counts travel with the figure
SHADED: dict[str, Any] = {  # a map's cells, coloured by shares of the scale
    "type": "heatmap",
    "zmin": 0,
    "zmax": 1,
    "colorscale": template.SEQUENTIAL,
    "showscale": False,
    "zsmooth": False,
}
PICKS = (template.ACCENT, template.SECOND)  # of the first and the second picked pixel

_CLICKS = 4096  # clickable places laid over a map; larger maps are clicked block by block
_QUARTERS = {
    ",": 1,
    ".": 1,
    "/": 1,
    "+": 2,
    "-": 1,
    "M": 3,
}  # widths in quarters of the type's size; all others have two
_SPACES = ("\u2008", "\u2007")  # as wide as a point, as wide as a digit
_AIR = 6.0  # pixels of a cell that its number leaves free
_BEYOND = 0.12  # of a cell, by which the bar that holds a text is wider: Plotly keeps more free than is needed

Pixels = Sequence[tuple[int, ...]]


def count_texts(counts: Sequence[int], cell: float) -> list[str]:
    """Counts for square cells of about ``cell`` pixels, nothing for none: as exact as the widest of them can be, alike.

    >>> count_texts([6561, 0, 35], 50), count_texts([6561, 0, 35], 28)
    (['6561', '', '35'], ['6.6k', '', '35'])
    """
    exact = [short_count(count) if count else "" for count in counts]
    if max(map(_quarters, exact), default=0) * template.LEAST_SIZE / 4 <= cell - _AIR:
        return exact
    return [rounded_count(count) if count else "" for count in counts]


def share_texts(numerators: Sequence[int], whole: int, cell: float) -> list[str]:
    """Shares for square cells, nothing for none: fractions where all of them fit, else per cent to two digits.

    >>> share_texts([1, 0, 5], 32, 50), share_texts([1, 0, 5], 32, 28)
    (['1/32', '', '5/32'], ['3.1', '', '16'])
    """
    exact = [str(Fraction(part, whole)) if part else "" for part in numerators]
    if max(map(_quarters, exact), default=0) * template.LEAST_SIZE / 4 <= cell - _AIR:
        return exact
    return [f"{float(Fraction(100 * part, whole)):.2g}" if part else "" for part in numerators]


def cell_texts(x: np.ndarray, y: np.ndarray, texts: Sequence[str], shares: np.ndarray) -> list[dict[str, Any]]:
    """Texts inside square cells; ``shares``: of the colour scale, by which the ink is chosen."""
    dark = template.dark_ink(shares.ravel())
    return inked_texts(x, y, texts, [(dark, template.DARK_INK), (~dark, template.LIGHT_INK)])


def inked_texts(
    x: np.ndarray, y: np.ndarray, texts: Sequence[str], inks: Sequence[tuple[np.ndarray, str]]
) -> list[dict[str, Any]]:
    """Texts inside square cells, those of each mask in its ink."""
    alike = np.array(_of_one_width(texts))
    return [_cell_text(x[cells], y[cells], alike[cells], ink) for cells, ink in inks if cells.any()]


def _cell_text(x: np.ndarray, y: np.ndarray, texts: np.ndarray, ink: str) -> dict[str, Any]:
    """Texts of one ink, as see-through bars: Plotly fits a bar's text to the size it has on the screen."""
    return {
        "type": "bar",
        "x": x,
        "base": y - 0.5 - _BEYOND / 2,
        "y": np.full(len(x), 1 + _BEYOND),
        "width": 1 + _BEYOND,
        "marker": {"color": "rgba(0,0,0,0)"},
        "text": texts,
        **template.fitted_text(ink),
        "hoverinfo": "skip",
    }


def _of_one_width(texts: Sequence[str]) -> list[str]:
    widest = max(map(_quarters, texts), default=0)
    return [_space((widest - own) // 2) + text + _space((widest - own + 1) // 2) if text else ""
            for text, own in zip(texts, map(_quarters, texts), strict=True)]  # fmt: skip


def _quarters(text: str) -> int:
    return sum(_QUARTERS.get(letter, 2) for letter in text)


def _space(quarters: int) -> str:
    return _SPACES[1] * (quarters // 2) + _SPACES[0] * (quarters % 2)


def clicks(rows: int, columns: int) -> dict[str, Any]:
    """Invisible places to click: a heatmap itself reports no clicks."""
    step = ceil(max(1.0, (rows * columns / _CLICKS) ** 0.5, max(rows, columns) / _CLICKS))
    y, x = np.mgrid[min(step // 2, rows // 2) : rows : step, step // 2 : columns : step]
    return {
        "type": "scatter",
        "x": x.ravel().astype(np.int32),
        "y": y.ravel().astype(np.int32),
        "mode": "markers",
        "marker": {"symbol": "square", "size": 12, "opacity": 0},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
        "hoverinfo": "none",
    }


def ground(rows: int, columns: int) -> dict[str, Any]:
    """The grey below the cells."""
    place = {"x0": -0.5, "x1": columns - 0.5, "y0": -0.5, "y1": rows - 0.5}
    return {"type": "rect", **place, "fillcolor": template.FAINT, "line": {"width": 0}, "layer": "below"}


def pixel_frames(pixels: Pixels) -> list[dict[str, Any]]:
    """The marks around the picked pixels, (row, column) each, the first in the first colour."""
    return [
        {
            "type": "rect",
            "x0": column - 0.5,
            "x1": column + 0.5,
            "y0": row - 0.5,
            "y1": row + 0.5,
            "line": {"color": colour, "width": 4},
        }
        for (row, column), colour in zip(pixels, PICKS, strict=False)
    ]
