"""Losses of trainings, step by step; while one goes on, beside the maps of what is answered where."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template

_COLOURS = (template.ACCENT, template.SECOND)
_POINTS = 400  # drawn of a curve; longer ones are means over so many parts


def losses(curves: Mapping[str, Sequence[Sequence[float]]], height: int = 380) -> go.Figure:
    """For each network by name its seeds' losses, faint, and their mean over seeds, smoothed, heavy."""
    traces = _curves(curves)
    return template.figure(
        traces,
        height,
        xaxis=template.axis(title="step", showline=True, linecolor=template.FAINT),
        yaxis=template.axis(title="loss", showgrid=True, gridcolor=template.FAINT, rangemode="tozero"),
        showlegend=True,
        legend={"orientation": "h", "y": 1.12, "x": 0},
    )


def watched(
    curves: Mapping[str, Sequence[Sequence[float]]],
    maps: Mapping[str, Sequence[np.ndarray]],
    steps: int,
    height: int = 400,
) -> go.Figure:
    """The losses so far, of ``steps``; beside them rows of maps from 0 to 1, by name, each with a map per network."""
    wide = 0.5 if maps else 1.0
    layout: dict[str, Any] = {
        "xaxis": template.axis(title="step", domain=[0, wide - 0.06 if maps else 1.0], range=[0, steps]),
        "yaxis": template.axis(title="loss", showgrid=True, gridcolor=template.FAINT, rangemode="tozero"),
    }
    traces, notes = _curves(curves), []
    places = [(row, column) for row, name in enumerate(maps) for column in range(len(maps[name]))]
    for mark, (row, column) in enumerate(places, start=2):
        name, columns = list(maps.items())[row]
        values = columns[column] if columns[column].ndim == 2 else columns[column][None]
        traces.append(
            {
                "type": "heatmap",
                "z": template.blocks(values, -(-max(values.shape) // template.SHOWN_SIDE)).astype(np.float32),
                "zmin": 0,
                "zmax": 1,
                "colorscale": template.SEQUENTIAL,
                "showscale": False,
                "xaxis": f"x{mark}",
                "yaxis": f"y{mark}",
                "hovertemplate": f"{name}: %{{z:.3g}}<extra></extra>",
            }
        )
        left, top = wide + column * (1 - wide) / 2, 1 - row / len(maps)
        layout |= _place(mark, values.shape, (left + 0.01, left + (1 - wide) / 2 - 0.01), top, 1 / len(maps) - 0.1)
        label = f"{name}: {template.shortened(list(curves)[column])}"
        anchor = {"x": 0.5, "y": 1.0, "xref": f"x{mark} domain", "yref": f"y{mark} domain", "yanchor": "bottom"}
        notes.append({"text": label, **anchor, "showarrow": False, "font": {"size": 13}})
    return template.figure(traces, height, annotations=notes, **layout)


def _place(mark: int, shape: tuple[int, ...], across: tuple[float, float], top: float, tall: float) -> dict[str, Any]:
    """The axes of one map."""
    rows, columns = shape
    square: dict[str, Any] = {"scaleanchor": f"x{mark}", "constrain": "domain", "constraintoward": "top"}
    x = template.axis(
        domain=list(across), anchor=f"y{mark}", range=[-0.5, columns - 0.5], visible=False, constrain="domain"
    )
    y: dict[str, Any] = {"domain": [top - tall, top], "anchor": f"x{mark}", "range": [rows - 0.5, -0.5]}
    y |= {"visible": False, **(square if rows > 1 else {})}
    return {f"xaxis{mark}": x, f"yaxis{mark}": template.axis(**y)}


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
