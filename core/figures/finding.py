"""A finding, drawn: the culprit's part of the map before and after a fix, on one scale of shares."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..checks import tiling
from ..checks.pictures import Picture
from . import template
from .scale import Scale

HALO = "rgba(217,72,15,0.35)"  # the accent, half transparent


def finding_maps(pictures: Sequence[Picture], height: int = 430) -> list[go.Figure]:
    """One map for each picture: colours show the share of the most-read pixel shown, the same in all of them."""
    parts = [picture_logs(picture) for picture in pictures]
    scale = Scale.of(parts)
    return [
        _row(picture, part) if part.ndim == 1 else _map(picture, scale.values(part), scale, height)
        for picture, part in zip(pictures, parts, strict=True)
    ]


def overlap_figure(size: tuple[int, ...], overlap: tiling.Overlap, height: int = 430) -> go.Figure:
    """A tile as large as the input, grey, within what it must read, orange, to scale; row 0 at the top.

    The pixels to read beside each edge are written there. A 1-D tile is drawn as a band, of a 3-D one its planes.
    """
    size, overlap = size[-2:], overlap[-2:]
    (above, below), (left, right) = overlap if len(size) == 2 else ((0, 0), *overlap)
    rows, columns = size if len(size) == 2 else (max(1, size[0] // 6), *size)
    outer = {"x0": -left - 0.5, "x1": columns + right - 0.5, "y0": -above - 0.5, "y1": rows + below - 0.5}
    tile = {"x0": -0.5, "x1": columns - 0.5, "y0": -0.5, "y1": rows - 0.5}
    line = {"color": template.ACCENT, "width": 2}
    middle_row, middle_column = (rows - 1) / 2, (columns - 1) / 2
    texts = [
        (middle_column, -above / 2 - 0.5, above),
        (middle_column, rows + below / 2 - 0.5, below),
        (-left / 2 - 0.5, middle_row, left),
        (columns + right / 2 - 0.5, middle_row, right),
    ]
    numbers = {
        "type": "scatter",
        "mode": "text",
        "x": np.array([x for x, _, _ in texts]),
        "y": np.array([y for _, y, _ in texts]),
        "text": [f"{pixels:,}" if pixels else "" for *_, pixels in texts],
        "hoverinfo": "skip",
    }
    return template.figure(
        [numbers],
        height,
        margin={"l": 2, "r": 2, "t": 2, "b": 2},
        shapes=[
            {"type": "rect", **outer, "fillcolor": HALO, "line": line, "layer": "below"},
            {"type": "rect", **tile, "fillcolor": template.GREY, "line": {"width": 0}, "layer": "below"},
        ],
        xaxis=template.axis(range=[outer["x0"], outer["x1"]], constrain="domain", visible=False),
        yaxis=template.axis(range=[outer["y1"], outer["y0"]], scaleanchor="x", constrain="domain", visible=False),
    )


def scale_words(pictures: Sequence[Picture]) -> str:
    """How the colours are read."""
    return Scale.of([picture_logs(picture) for picture in pictures]).words


def picture_logs(picture: Picture) -> np.ndarray:
    """log10 of the share of the largest count in the part shown, -inf where no path leads."""
    part = picture.counts.log10_counts()[tuple(slice(first, last + 1) for first, last in picture.part)]
    known = part[np.isfinite(part)]
    return np.asarray(part - known.max() if known.size else part)


def _map(picture: Picture, values: np.ndarray, scale: Scale, height: int) -> go.Figure:
    """The part of a map that is shown; marks and axes count pixels of the input."""
    (top, last_row), (left, last_column) = picture.part
    block = -(-max(values.shape) // template.SHOWN_SIDE)
    heat: dict[str, Any] = {
        "type": "heatmap",
        "z": template.blocks(values, block).astype(np.float32),
        "x0": left + (block - 1) / 2,
        "dx": block,
        "y0": top + (block - 1) / 2,
        "dy": block,
        "zmin": scale.range[0],
        "zmax": scale.range[1],
        "colorscale": template.SEQUENTIAL,
        "showscale": False,
        "hovertemplate": "row %{y}, column %{x}<extra></extra>",
    }
    return template.figure(
        [heat],
        height,
        margin={"l": 44, "r": 8, "t": 8, "b": 30},
        shapes=[_frame(mark) for mark in picture.marks],
        xaxis=template.axis(range=[left - 0.5, last_column + 0.5], constrain="domain", nticks=6),
        yaxis=template.axis(
            range=[last_row + 0.5, top - 0.5],
            scaleanchor="x",
            constrain="domain",
            constraintoward="top",
            nticks=6,
            ticklabelstandoff=4,
        ),
    )


def _row(picture: Picture, logs: np.ndarray) -> go.Figure:
    """A row of counts as bars."""
    ((first, last),) = picture.part
    shares, block = template.bars(np.where(np.isfinite(logs), 10.0**logs, 0.0), template.DRAWN)
    bars: dict[str, Any] = {
        "type": "bar",
        "x": np.arange(first, last + 1, block),
        "width": block * 0.94,
        "offset": 0.03 * block - 0.5,
        "y": shares,
        "marker": {"color": template.colours(shares)},
        "hovertemplate": "position %{x}: %{y:.4g} of the most<extra></extra>",
    }
    shapes = [
        {
            "type": "rect",
            "x0": mark[0][0] - 0.5,
            "x1": mark[0][1] + 0.5,
            "y0": 0,
            "y1": 1.04,
            "line": {"color": template.ACCENT, "width": 3},
        }
        for mark in picture.marks
    ]
    return template.figure(
        [bars],
        300,
        bargap=0.06,
        shapes=shapes,
        xaxis=template.axis(title="input position"),
        yaxis=template.axis(title="share of the most", range=[0, 1.06]),
    )


def _frame(mark: tuple[tuple[int, int], ...]) -> dict[str, Any]:
    (top, bottom), (left, right) = mark
    return {
        "type": "rect",
        "x0": left - 0.5,
        "x1": right + 0.5,
        "y0": top - 0.5,
        "y1": bottom + 0.5,
        "line": {"color": template.ACCENT, "width": 3},
        "layer": "above",
    }
