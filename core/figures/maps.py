"""Two-dimensional maps: path counts with their row and column factors, and cuts through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.counts import PathCounts
from ..formatting import format_count, short_count
from . import template

_CLICKS = 4096  # clickable places laid over a map; larger maps are clicked block by block
_HOVERED = 65  # cells a side whose exact counts travel with the figure
_CELLS: dict[str, Any] = {
    "type": "heatmap",
    "zmin": 0,
    "zmax": 1,
    "colorscale": template.SEQUENTIAL,
    "showscale": False,
    "zsmooth": False,
}


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
    pixel: tuple[int, ...] | None = None,
    height: int = 600,
    name: str = "",
) -> go.Figure:
    """The map of path counts, row 0 at the top; above and left of it the row and the column it is the product of.

    A network with branches has no such factors; the strips then cut the map through ``pixel``, or the centre.
    ``name`` stands above the map instead of what the strips are. What no path reaches is grey.
    """
    rows, columns = counts.size
    drawn = shown(counts.log10_counts(), linear)
    traces: list[Any] = [_heatmap(drawn, counts), *_strips(counts, linear, pixel), clicks(rows, columns)]
    if _legible(counts.size):
        whole = counts.array()
        y, x = np.indices(whole.shape)
        traces += _numbers(x.ravel(), y.ravel(), whole.ravel().tolist(), drawn.shares)
    heading = {
        "text": name or ("row \u00d7 column = map" if counts.separable else "cuts through the map"),
        "x": -0.5,
        "y": -2.65 * _gap(rows, columns) - 0.5,
        "showarrow": False,
        "font": {"size": 14},
        "xanchor": "left",
        "yanchor": "middle",
    }
    mean = f"each cell is the mean of {drawn.block} x {drawn.block} pixels"
    return template.figure(
        traces,
        height,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        barmode="overlay",
        bargap=0,
        shapes=[ground(rows, columns), *([pixel_frame(pixel)] if pixel else [])],
        annotations=[heading],
        **({"title": {"text": mean, "font": {"size": 13}}} if drawn.block > 1 else {}),
        **_square_axes(rows, columns),
    )


def profile(counts: PathCounts, linear: bool, pixel: tuple[int, ...] | None = None, height: int = 460) -> go.Figure:
    """Cuts through the map along each axis, through ``pixel`` or the centre: paths against position."""
    position = pixel or tuple(side // 2 for side in counts.size)
    names = ("along the input",) if len(counts.size) == 1 else ("down the column", "along the row")
    traces: list[Any] = []
    for axis, (name, colour) in enumerate(
        zip(names, (template.SECOND, template.ACCENT)[len(counts.size) % 2 :], strict=False)
    ):
        cut = [counts.at((*position[:axis], index, *position[axis + 1 :])) for index in range(counts.size[axis])]
        logs = PathCounts((np.array(cut, dtype=object),)).log10_counts()
        values = 10.0 ** (logs - np.max(logs)) if linear and np.isfinite(logs).any() else logs
        traces.append(
            {
                "type": "scatter",
                "x": np.arange(len(cut)),
                "y": np.where(np.isfinite(values), values, np.nan),
                "mode": "lines+markers" if len(cut) <= 64 else "lines",
                "line": {"color": colour, "width": 3, "dash": "solid" if axis == 0 else "dot"},
                "name": name,
                "hovertext": [format_count(count) for count in cut],
                "hovertemplate": "position %{x}: <b>%{hovertext}</b> paths<extra></extra>",
            }
        )
    label = "share of the largest count" if linear else "log10 of the count"
    return template.figure(
        traces,
        height,
        xaxis=template.axis(title="position", showline=True, linecolor=template.FAINT),
        yaxis=template.axis(
            title=label, showgrid=True, gridcolor=template.FAINT, rangemode="tozero" if linear else "normal"
        ),
        showlegend=len(traces) > 1,
        legend={"orientation": "h", "y": 1.08, "x": 0},
    )


def _heatmap(drawn: Shown, counts: PathCounts | None) -> dict[str, Any]:
    cells = drawn.shares.shape
    hover: dict[str, Any] = {"hoverinfo": "skip"}
    if counts is not None and max(cells) <= _HOVERED:
        texts = np.array([format_count(count) for count in counts.array().ravel().tolist()]).reshape(cells)
        hover = {"customdata": texts}
        hover["hovertemplate"] = "row %{y}, column %{x}<br><b>%{customdata}</b> paths<extra></extra>"
    gap = 1.5 if _legible(cells) else 0
    place = {"x0": (drawn.block - 1) / 2, "dx": drawn.block, "y0": (drawn.block - 1) / 2, "dy": drawn.block}
    return {**_CELLS, **place, "z": drawn.shares, "xgap": gap, "ygap": gap, **hover}


def _numbers(x: np.ndarray, y: np.ndarray, counts: list[int], shares: np.ndarray) -> list[dict[str, Any]]:
    """Counts inside square cells."""
    return cell_texts(x, y, np.array([short_count(count) if count else "" for count in counts]), shares)


def cell_texts(x: np.ndarray, y: np.ndarray, texts: np.ndarray, shares: np.ndarray) -> list[dict[str, Any]]:
    """Texts inside square cells; ``shares``: of the colour scale, by which the ink is chosen."""
    dark = template.dark_ink(shares.ravel())
    return [
        cell_text(x[cells], y[cells], texts[cells], ink)
        for cells, ink in ((dark, template.DARK_INK), (~dark, template.LIGHT_INK))
        if cells.any()
    ]


def cell_text(x: np.ndarray, y: np.ndarray, texts: np.ndarray, ink: str) -> dict[str, Any]:
    """Texts of one ink, as see-through bars: Plotly fits a bar's text to the size it has on the screen."""
    return {
        "type": "bar",
        "x": x,
        "base": y - 0.5,
        "y": np.ones(len(x)),
        "width": 1,
        "marker": {"color": "rgba(0,0,0,0)"},
        "text": texts,
        **template.fitted_text(ink),
        "hoverinfo": "skip",
    }


def _legible(cells: Sequence[int]) -> bool:
    return max(cells) <= template.LEGIBLE_SIDE


def _gap(rows: int, columns: int) -> float:
    """Thickness of the strips, in cells."""
    return max(1.0, max(rows, columns) * 0.05)


def _strips(counts: PathCounts, linear: bool, pixel: tuple[int, ...] | None) -> list[dict[str, Any]]:
    thick = _gap(*counts.size)
    gap = 1.5 if _legible(counts.size) else 0
    beside = [-2 * thick - 0.5, -thick - 0.5]
    traces: list[dict[str, Any]] = []
    for across, values in enumerate(_cuts(counts, pixel)):
        shares = template.unit_shares(PathCounts((values,)).log10_counts(), linear).astype(np.float32)
        place = {"x0": 0, "dx": 1, "y": beside} if across else {"y0": 0, "dy": 1, "x": beside}
        z = shares[None, :] if across else shares[:, None]
        traces.append({**_CELLS, **place, "z": z, "xgap": gap, "ygap": gap, "hoverinfo": "skip"})
        if _legible(counts.size):
            ahead, middle = np.arange(len(values)), np.full(len(values), -1.5 * thick - 0.5)
            x, y = (ahead, middle) if across else (middle, ahead)
            traces += _numbers(x, y, values.tolist(), shares)
    return traces


def _cuts(counts: PathCounts, pixel: tuple[int, ...] | None) -> tuple[np.ndarray, np.ndarray]:
    """The column and the row whose product the map is, or the cuts through a pixel where there are none."""
    if counts.separable:
        return counts.factors[0], counts.factors[1]
    row, column = pixel or (counts.size[0] // 2, counts.size[1] // 2)
    whole = counts.array()
    return whole[:, column], whole[row]


def clicks(rows: int, columns: int) -> dict[str, Any]:
    """Invisible places to click: a heatmap itself reports no clicks."""
    step = ceil(max(1.0, (rows * columns / _CLICKS) ** 0.5))
    y, x = np.mgrid[step // 2 : rows : step, step // 2 : columns : step]
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


def pixel_frame(pixel: tuple[int, ...]) -> dict[str, Any]:
    """The mark around the picked pixel."""
    row, column = pixel
    place = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", **place, "line": {"color": template.ACCENT, "width": 4}}


def _square_axes(rows: int, columns: int) -> dict[str, Any]:
    """Square cells, row 0 at the top, with room for the strips."""
    room = 3.1 * _gap(rows, columns)
    return {
        "xaxis": template.axis(range=[-0.5 - room, columns - 0.5], constrain="domain", visible=False),
        "yaxis": template.axis(
            range=[rows - 0.5, -0.5 - room], scaleanchor="x", constrain="domain", constraintoward="top", visible=False
        ),
    }
