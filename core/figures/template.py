"""The one look of all figures: colours that survive colour-vision deficiency, type sizes for a projector, margins.

Colours mean the same everywhere: cividis is an amount, blue to orange a difference around zero, the accent what was
picked. Greys are half transparent, so that figures sit on light and dark pages alike.
"""

from base64 import b64encode
from collections.abc import Sequence
from math import ceil, log10
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale, sample_colorscale

ACCENT = "#D9480F"
SECOND = "#2F6DB5"  # a second line beside an accent line
THIRD = "#9C5BC4"  # a third, where the two have their meaning already
SEQUENTIAL = get_colorscale("Cividis")
DIVERGING = [[0.0, "#1B5FA8"], [0.5, "#E4E4E4"], [1.0, "#C2500A"]]
FAINT = "rgba(128,128,128,0.28)"
GREY = "rgba(128,128,128,0.85)"
DARK_INK, LIGHT_INK = "#111111", "#FFFFFF"
FONT_SIZE = 15
LEAST_SIZE = 14  # pixels of the smallest type in any figure

_CIVIDIS = np.array(sample_colorscale(SEQUENTIAL, 256))
_CIVIDIS_RGB = np.array([colour[4:-1].split(",") for colour in _CIVIDIS.tolist()], dtype=float).round().astype(int)

LEGIBLE_SIDE = 15  # cells a side whose numbers can still be read
DRAWN = 4096  # positions of a line that are drawn each
_PARTS = 1000  # of a longer one
SHOWN_SIDE = 256  # cells a side that are sent to the browser; larger maps are reduced by blocks


def figure(traces: Sequence[Any], height: int, **layout: Any) -> go.Figure:
    """A figure in the house look; ``layout`` adds to it.

    Traces come as plain dicts of arrays, which are encoded here. Plotly's check of every value, three quarters of the
    time that a figure takes, is left to the tests: ``go.Figure(found.to_plotly_json())`` makes it.
    """
    base: dict[str, Any] = {
        "template": {"data": {"scatter": [{"type": "scatter"}]}},  # Plotly's "none", in full
        "height": height,
        "margin": {"l": 72, "r": 16, "t": 28, "b": 56},
        "font": {"size": FONT_SIZE},
        "showlegend": False,
        "hoverlabel": {"font": {"size": FONT_SIZE}},
        "legend": {"font": {"size": LEAST_SIZE}},
        "dragmode": False,
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": GREY, "activecolor": ACCENT},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }
    layout = {**layout, **({"legend": {**base["legend"], **layout["legend"]}} if "legend" in layout else {})}
    return go.Figure(data=[_encoded(trace) for trace in traces], layout={**base, **layout}, _validate=False)


def _encoded(value: Any) -> Any:
    """Arrays of numbers in the typed form that Plotly sends to the browser, arrays of text as lists."""
    if isinstance(value, dict):
        return {name: _encoded(part) for name, part in value.items()}
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind not in "fi":
        return value.tolist()
    kind = "i4" if value.dtype.kind == "i" else "f4" if value.dtype.itemsize == 4 else "f8"
    data: dict[str, Any] = {"dtype": kind, "bdata": b64encode(value.astype(kind).tobytes()).decode()}
    return {**data, "shape": ",".join(map(str, value.shape))} if value.ndim > 1 else data


def axis(title: str = "", **values: Any) -> dict[str, Any]:
    """An axis without grid, frame and zoom; margins are given, as finding them would make Plotly draw twice."""
    size = {"size": LEAST_SIZE}
    named = {"title": {"text": title, "font": size}} if title else {}
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "automargin": False, "tickfont": size}
    return {**plain, **named, **values}


def shortened(name: str) -> str:
    """A name that fits beside an axis, also on a phone."""
    return name if len(name) <= 18 else name[:17] + "…"


def label_margin(names: Sequence[str]) -> int:
    """Pixels that the longest of ``names`` takes beside an axis."""
    return 14 + 7 * max(map(len, names))


def colours(shares: np.ndarray) -> np.ndarray:
    """Cividis colours for shares of the scale from 0 to 1: bars take no colour scale inside Streamlit's theme."""
    return np.asarray(_CIVIDIS[(np.clip(shares, 0, 1) * (len(_CIVIDIS) - 1)).round().astype(int)])


def rgb(shares: np.ndarray) -> np.ndarray:
    """Cividis as red, green and blue from 0 to 255, on a last axis; nan is as 0."""
    return np.asarray(_CIVIDIS_RGB[(np.clip(np.nan_to_num(shares), 0, 1) * (len(_CIVIDIS) - 1)).round().astype(int)])


def fitted_text(ink: str) -> dict[str, Any]:
    """How a bar holds its text: in the middle, as large as fits the size it has on the screen."""
    return {
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "both",
        "insidetextfont": {"size": 17, "color": ink},
    }


def dark_ink(shares: np.ndarray) -> np.ndarray:
    """Where dark text reads better on a cividis cell than light text, for shares of the scale from 0 to 1."""
    return np.asarray(np.nan_to_num(shares, nan=0.0) >= 0.5)


def log10_of(counts: Sequence[int]) -> np.ndarray:
    """log10 of whole numbers of any size; -inf for none."""
    return np.array([log10(count) if count else -np.inf for count in counts])


def unit_shares(logs: np.ndarray, linear: bool, bottom: float | None = None) -> np.ndarray:
    """Values from 0 to 1 for a colour scale, from log10 counts (-inf: no path, shown as nan).

    ``bottom``: log10 of the share of the largest at which a logarithmic scale begins; None: that of the smallest.
    """
    known = logs[np.isfinite(logs)]
    if not known.size:
        return np.full(logs.shape, np.nan)
    top = known.max()
    bottom = known.min() if bottom is None else top + bottom
    with np.errstate(invalid="ignore"):
        shares = (
            10.0 ** (logs - top) if linear else (logs - bottom) / (top - bottom) if top > bottom else logs - top + 1
        )
    return np.where(np.isfinite(logs), shares, np.nan)


def drawn_places(values: np.ndarray) -> np.ndarray:
    """The positions of a line that are drawn: all, or of a long one the least and the most of each part.

    >>> len(drawn_places(np.arange(960_000)))
    2000
    """
    if len(values) <= DRAWN:
        return np.arange(len(values))
    step = part_of(len(values))
    parts = ((first, values[first : first + step]) for first in range(0, len(values), step))
    extremes = {first + int(end(part)) for first, part in parts for end in (np.argmin, np.argmax)}
    return np.array(sorted({0, *extremes, len(values) - 1}))


def part_of(side: int) -> int:
    """Positions of a long line of which the least and the most are drawn."""
    return ceil(side / _PARTS)


def bars(values: np.ndarray, most: int) -> tuple[np.ndarray, int]:
    """Means over so many positions of a row (length,) that no more than ``most`` are left; and how many that is."""
    block = ceil(len(values) / most)
    return blocks(values[None, :], block)[0], block


def blocks(values: np.ndarray, block: int) -> np.ndarray:
    """Means over ``block`` x ``block`` cells of a map (height, width), smaller ones at its end; nan is left out."""
    if block == 1:
        return values
    high, long = (min(block, side) for side in values.shape)  # a row of a million is no square of blocks
    tall, wide = -(-values.shape[0] // high), -(-values.shape[1] // long)
    padded = np.full((tall * high, wide * long), np.nan)
    padded[: values.shape[0], : values.shape[1]] = values
    cells = padded.reshape(tall, high, wide, long)
    known = np.isfinite(cells)
    times = known.sum(axis=(1, 3))
    totals = np.where(known, cells, 0.0).sum(axis=(1, 3))
    return np.where(times > 0, totals / np.maximum(times, 1), np.nan)
