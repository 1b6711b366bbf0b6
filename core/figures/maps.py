"""Two-dimensional maps of path counts, with the row and the column that they are the product of."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.counts import PathCounts
from ..formatting import format_count, share_told
from . import template
from .cells import HOVERED, ONE_SIZE, SHADED, Pixels, cell_texts, clicks, count_texts, ground, pixel_frames, share_texts

_ROOM = 1.45  # of the strips' thickness, before the map: they and the gap between


@dataclass(frozen=True, slots=True)
class Shown:
    """A map ready to draw: shares of the colour scale, and how many pixels one cell stands for."""

    shares: np.ndarray  # (rows, columns) float32, nan where no path leads
    block: int


def shown(logs: np.ndarray, linear: bool) -> Shown:
    """Colour shares of log10 counts (height, width), reduced to at most ``template.SHOWN_SIDE`` cells a side."""
    shares = template.unit_shares(logs, linear)
    block = ceil(max(shares.shape) / template.SHOWN_SIDE)
    return Shown(template.blocks(shares, block).astype(np.float32), block)


def pathway_map(
    counts: PathCounts,
    linear: bool = False,
    pixels: Pixels = (),
    height: int = 600,
    name: str = "",
    strips: bool = True,
    whole: int = 0,
) -> go.Figure:
    """The map of path counts, row 0 at the top; above and left of it the row and the column it is the product of.

    A network with branches has no such factors; the strips then cut the map through the first of ``pixels``, or the
    centre; without ``strips`` the map stands alone. ``pixels``, two at most, are framed. ``name`` stands above the map.
    What no path reaches is grey. ``whole``: the denominator, where the counts are numerators of shares.
    """
    rows, columns = counts.size
    drawn = shown(counts.log10_counts(), linear)
    top = 32 if name or drawn.block > 1 else 6
    thick = _gap(rows, columns)
    room = _ROOM * thick if strips and not whole else 0.0
    cell = (height - top - 6) / (max(rows, columns) + room)
    beside = _strips(counts, linear, pixels, cell) if strips and not whole else []
    traces: list[Any] = [_heatmap(drawn, counts, whole), *beside, clicks(rows, columns)]
    if _legible(counts.size):
        numbers = counts.array()
        y, x = np.indices(numbers.shape)
        listed = numbers.ravel().tolist()
        texts = share_texts(listed, whole, cell) if whole else count_texts(listed, cell)
        traces += cell_texts(x.ravel(), y.ravel(), texts, drawn.shares)
    notes = [_note(name, -0.5, -room - 0.5, xanchor="left", yanchor="bottom")] if name else []
    if strips and not whole and counts.separable:
        corner = -0.9 * thick - 0.5
        notes.append(_note("\u00d7", corner, corner, xanchor="center", yanchor="middle"))
    mean = f"each cell is the mean of {drawn.block} x {drawn.block} pixels"
    return template.figure(
        traces,
        height,
        margin={"l": 6, "r": 6, "t": top, "b": 6},
        barmode="overlay",
        bargap=0,
        uniformtext=ONE_SIZE,
        shapes=[ground(rows, columns), *pixel_frames(pixels)],
        annotations=notes,
        **({"title": {"text": mean, "font": {"size": template.LEAST_SIZE}}} if drawn.block > 1 else {}),
        **_square_axes(rows, columns, room),
    )


def _note(text: str, x: float, y: float, **anchors: str) -> dict[str, Any]:
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": {"size": template.FONT_SIZE}, **anchors}


def _heatmap(drawn: Shown, counts: PathCounts | None, whole: int = 0) -> dict[str, Any]:
    cells = drawn.shares.shape
    hover: dict[str, Any] = {"hoverinfo": "skip"}
    if counts is not None and max(cells) <= HOVERED:
        told = partial(share_told, whole=whole) if whole else format_count
        texts = np.array([told(count) for count in counts.array().ravel().tolist()]).reshape(cells)
        hover = {"customdata": texts}
        noun = "" if whole else " paths"
        hover["hovertemplate"] = f"row %{{y}}, column %{{x}}<br><b>%{{customdata}}</b>{noun}<extra></extra>"
    gap = 1.5 if _legible(cells) else 0
    place = {"x0": (drawn.block - 1) / 2, "dx": drawn.block, "y0": (drawn.block - 1) / 2, "dy": drawn.block}
    return {**SHADED, **place, "z": drawn.shares, "xgap": gap, "ygap": gap, **hover}


def _legible(cells: Sequence[int]) -> bool:
    return max(cells) <= template.LEGIBLE_SIDE


def _gap(rows: int, columns: int) -> float:
    """Thickness of the strips, in cells."""
    return max(1.0, max(rows, columns) * 0.05)


def _strips(counts: PathCounts, linear: bool, pixels: Pixels, cell: float) -> list[dict[str, Any]]:
    thick = _gap(*counts.size)
    gap = 1.5 if _legible(counts.size) else 0
    beside = [-1.4 * thick - 0.5, -0.4 * thick - 0.5]
    traces: list[dict[str, Any]] = []
    for across, values in enumerate(_cuts(counts, pixels)):
        shares = template.unit_shares(PathCounts((values,)).log10_counts(), linear).astype(np.float32)
        place = {"x0": 0, "dx": 1, "y": beside} if across else {"y0": 0, "dy": 1, "x": beside}
        z = shares[None, :] if across else shares[:, None]
        traces.append({**SHADED, **place, "z": z, "xgap": gap, "ygap": gap, "hoverinfo": "skip"})
        if _legible(counts.size):
            ahead, middle = np.arange(len(values)), np.full(len(values), -0.9 * thick - 0.5)
            x, y = (ahead, middle) if across else (middle, ahead)
            traces += cell_texts(x, y, count_texts(values.tolist(), cell), shares)
    return traces


def _cuts(counts: PathCounts, pixels: Pixels) -> tuple[np.ndarray, np.ndarray]:
    """The column and the row whose product the map is, or the cuts through a pixel where there are none."""
    if counts.separable:
        return counts.factors[0], counts.factors[1]
    row, column = pixels[0] if pixels else (counts.size[0] // 2, counts.size[1] // 2)
    whole = counts.array()
    return whole[:, column], whole[row]


def _square_axes(rows: int, columns: int, room: float) -> dict[str, Any]:
    """Square cells, row 0 at the top, with room for the strips, in cells."""
    return {
        "xaxis": template.axis(range=[-0.5 - room, columns - 0.5], constrain="domain", visible=False),
        "yaxis": template.axis(
            range=[rows - 0.5, -0.5 - room], scaleanchor="x", constrain="domain", constraintoward="top", visible=False
        ),
    }
