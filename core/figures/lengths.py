"""Shares of paths: maps of them side by side, and how many paths there are of each length."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template

_NUMBERS = {"texttemplate": "%{z:.0%}", "textfont": {"size": template.LEAST_SIZE}}
_COLOURS = (template.ACCENT, template.SECOND)


def share_maps(named: Mapping[str, np.ndarray], most: float | None = None, height: int = 420) -> go.Figure:
    """Maps (height, width) side by side, or rows (length,) in one plot, by name; nan is empty.

    Colours run from 0 to ``most``, in whose shares small maps are written, or unless given to each map's largest value.
    """
    if next(iter(named.values())).ndim == 1:
        return _rows(named, most, height)
    traces: list[Any] = []
    layout: dict[str, Any] = {}
    notes = []
    for index, (name, values) in enumerate(named.items()):
        mark = "" if index == 0 else str(index + 1)
        rows, columns = values.shape
        block = -(-max(values.shape) // template.SHOWN_SIDE)
        top = most if most is not None else float(np.nanmax(values, initial=0.0)) or 1.0
        traces.append(
            {
                "type": "heatmap",
                "z": (template.blocks(values, block) / top).astype(np.float32),
                "x0": (block - 1) / 2,
                "dx": block,
                "y0": (block - 1) / 2,
                "dy": block,
                "zmin": 0,
                "zmax": 1,
                "colorscale": template.SEQUENTIAL,
                "showscale": False,
                **(_NUMBERS if most is not None and max(values.shape) <= template.LEGIBLE_SIDE else {}),
                "xaxis": f"x{mark}",
                "yaxis": f"y{mark}",
                "hovertemplate": f"row %{{y}}, column %{{x}}<br><b>%{{z:.3g}}</b>{_of(most)}<extra></extra>",
            }
        )
        left, right = (index + 0.01) / len(named), (index + 0.99) / len(named)
        layout[f"xaxis{mark}"] = template.axis(
            domain=[left, right], range=[-0.5, columns - 0.5], constrain="domain", visible=False, anchor=f"y{mark}"
        )
        layout[f"yaxis{mark}"] = template.axis(
            range=[rows - 0.5, -0.5], scaleanchor=f"x{mark}", constrain="domain", visible=False, anchor=f"x{mark}",
            constraintoward="top",
        )  # fmt: skip
        notes.append(
            {
                "text": name, "x": 0.5, "y": 1.0, "xref": f"x{mark} domain", "yref": f"y{mark} domain", "yshift": 4,
                "yanchor": "bottom", "showarrow": False, "font": {"size": 15},
            }
        )  # fmt: skip
    return template.figure(traces, height, margin={"l": 8, "r": 8, "t": 36, "b": 8}, annotations=notes, **layout)


def length_bars(spectrum: Mapping[int, int], height: int = 300) -> go.Figure:
    """The share of all paths that has each length; no count is too long for it."""
    total = sum(spectrum.values())
    shares = np.array([count / total for count in spectrum.values()])
    bars = {
        "type": "bar",
        "x": list(spectrum),
        "y": shares,
        "marker": {"color": template.SECOND},
        "hovertemplate": "%{x} windows: <b>%{y:.3g}</b> of all paths<extra></extra>",
    }
    return template.figure(
        [bars],
        height,
        xaxis=template.axis(title="windows on the path", showline=True, linecolor=template.FAINT),
        yaxis=template.axis(title="share of the paths", showgrid=True, gridcolor=template.FAINT, rangemode="tozero"),
    )


def _of(most: float | None) -> str:
    return " of the largest" if most is None else " of its paths"


def _rows(named: Mapping[str, np.ndarray], most: float | None, height: int) -> go.Figure:
    traces: list[Any] = []
    for (name, values), colour in zip(named.items(), _COLOURS, strict=False):
        top = most if most is not None else float(np.nanmax(values, initial=0.0)) or 1.0
        places = template.drawn_places(np.nan_to_num(values))
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": places,
                "y": values[places] / top,
                "name": name,
                "line": {"color": colour, "width": 3},
            }
        )
    return template.figure(
        traces,
        height,
        xaxis=template.axis(title="position", showline=True, linecolor=template.FAINT),
        yaxis=template.axis(title="share", showgrid=True, gridcolor=template.FAINT, range=[0, 1.04]),
        showlegend=len(named) > 1,
        legend={"orientation": "h", "y": 1.12, "x": 0},
    )
