"""Losses of trainings, step by step, and the maps of what is answered where."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template
from .multiples import small_map

_COLOURS = (template.ACCENT, template.SECOND)
_LINE = 24  # pixels of a line of words
_POINTS = 400  # drawn of a curve; longer ones are means over so many parts


def losses(curves: Mapping[str, Sequence[Sequence[float]]], steps: int | None = None, height: int = 380) -> go.Figure:
    """For each network by name its seeds' losses, faint, and their mean over seeds, smoothed, heavy.

    ``steps``: how many there will be; None: as many as there are.
    """
    traces = _curves(curves)
    return template.figure(
        traces,
        height,
        xaxis=template.axis(
            title="step", showline=True, linecolor=template.FAINT, **({"range": [0, steps]} if steps else {})
        ),
        yaxis=template.axis(title="loss", showgrid=True, gridcolor=template.FAINT, rangemode="tozero"),
        showlegend=True,
        legend={"orientation": "h", "y": 1.12, "x": 0},
    )


def panel(
    name: str, values: np.ndarray | None, shape: tuple[int, ...], told: str, pixel: tuple[int, ...] | None, side: int
) -> go.Figure:
    """A map from 0 to 1 with its name above and a word below, ``side`` pixels wide; grey where there is none yet."""
    known = np.full(shape, np.nan) if values is None else values
    figure = small_map(known, 0.0, 1.0, pixel, height=side + 2 * _LINE)
    notes = [
        {"text": name, "y": 1, "yanchor": "bottom"},
        {"text": told, "y": 0, "yanchor": "top"},
    ]
    frame = {"x": 0.5, "xref": "paper", "yref": "paper", "showarrow": False, "font": {"size": template.LEAST_SIZE}}
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": _LINE, "b": _LINE, "pad": 0}, annotations=[{**frame, **n} for n in notes]
    )
    return figure


def _curves(curves: Mapping[str, Sequence[Sequence[float]]]) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    for (name, runs), colour in zip(curves.items(), _COLOURS, strict=False):
        longest = max(map(len, runs), default=0)
        whole = [run for run in runs if len(run) == longest and longest]
        part = -(-longest // _POINTS)
        for run in whole if len(whole) > 1 else ():
            traces.append(_line(*_smooth(np.array(run), part), colour, name, 1, 0.3, False))
        if whole:
            traces.append(_line(*_smooth(np.mean(whole, axis=0), max(part, longest // 40)), colour, name, 3, 1, True))
    return traces


def _smooth(values: np.ndarray, part: int) -> tuple[np.ndarray, np.ndarray]:
    """Means over ``part`` steps each, at their middles."""
    part = max(part, 1)
    starts = np.arange(0, len(values), part)
    return (starts + np.minimum(starts + part, len(values)) + 1) / 2, np.add.reduceat(values, starts) / np.diff(
        [*starts, len(values)]
    )


def _line(
    x: np.ndarray, y: np.ndarray, colour: str, name: str, width: int, opacity: float, named: bool
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"color": colour, "width": width},
        "opacity": opacity,
        "name": name,
        "showlegend": named,
        "hovertemplate": "step %{x:.0f}: %{y:.4f}<extra></extra>",
    }
