"""A finding, drawn: the culprit's part of the map before and after a fix, on one scale of shares."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..checks.pictures import Picture
from . import template
from .scale import Scale


def finding_maps(pictures: Sequence[Picture], height: int = 430) -> list[go.Figure]:
    """One map for each picture: colours show the share of the most-read pixel shown, the same in all of them."""
    parts = [_logs(picture) for picture in pictures]
    scale = Scale.of(parts)
    return [
        _row(picture, part) if part.ndim == 1 else _map(picture, scale.values(part), scale, height)
        for picture, part in zip(pictures, parts, strict=True)
    ]


def scale_words(pictures: Sequence[Picture]) -> str:
    """How the colours are read."""
    return Scale.of([_logs(picture) for picture in pictures]).words


def _logs(picture: Picture) -> np.ndarray:
    """log10 of the share of the largest count in the part shown, -inf where no path leads."""
    part = picture.counts.log10_counts()[tuple(slice(first, last + 1) for first, last in picture.part)]
    known = part[np.isfinite(part)]
    return np.asarray(part - known.max() if known.size else part)


def _map(picture: Picture, values: np.ndarray, scale: Scale, height: int) -> go.Figure:
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
    shares = np.where(np.isfinite(logs), 10.0**logs, 0.0)
    bars: dict[str, Any] = {
        "type": "bar",
        "x": np.arange(first, last + 1),
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
