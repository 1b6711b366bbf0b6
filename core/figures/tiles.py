"""A tile: the share of the paths of each output that leaves it, and the outputs that it owns, framed."""

from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template

Spans = tuple[tuple[int, int], ...]  # first output and the one after the last, per axis

_LEAST = 1e-12  # of a share that is drawn at all


def lost_paths(shares: np.ndarray, owned: Spans, height: int = 480) -> go.Figure:
    """Shares (rows, columns), row 0 at the top, or (length,): grey where no path is lost; ``owned`` is framed."""
    return _line(shares, owned[0], height) if shares.ndim == 1 else _map(shares, owned, height)


def _map(shares: np.ndarray, owned: Spans, height: int) -> go.Figure:
    rows, columns = shares.shape
    block = ceil(max(shares.shape) / template.SHOWN_SIDE)
    drawn = template.blocks(np.where(shares > _LEAST, shares, np.nan), block).astype(np.float32)
    most = float(shares.max()) or 1.0
    heat: dict[str, Any] = {
        "type": "heatmap",
        "z": drawn,
        "x0": (block - 1) / 2,
        "dx": block,
        "y0": (block - 1) / 2,
        "dy": block,
        "zmin": 0,
        "zmax": most,
        "colorscale": template.SEQUENTIAL,
        "hoverongaps": False,
        "hovertemplate": "row %{y}, column %{x}<br><b>%{z:.2~%}</b> of its paths are lost<extra></extra>",
        "colorbar": {
            "orientation": "h",
            "y": 1,
            "yanchor": "bottom",
            "tickformat": ".0%",
            "ticklabelposition": "outside top",
            "nticks": 6,
            "thickness": 12,
            "outlinewidth": 0,
        },
    }
    (top, bottom), (left, right) = owned
    frame = {"x0": left - 0.5, "x1": right - 0.5, "y0": top - 0.5, "y1": bottom - 0.5}
    ground = {"x0": -0.5, "x1": columns - 0.5, "y0": -0.5, "y1": rows - 0.5}
    return template.figure(
        [heat],
        height,
        margin={"l": 44, "r": 16, "t": 54, "b": 30},
        shapes=[
            {"type": "rect", **ground, "fillcolor": template.FAINT, "line": {"width": 0}, "layer": "below"},
            {"type": "rect", **frame, "line": {"color": template.ACCENT, "width": 4}},
        ],
        xaxis=template.axis(range=[-0.5, columns - 0.5], constrain="domain", nticks=6),
        yaxis=template.axis(
            range=[rows - 0.5, -0.5], scaleanchor="x", constrain="domain", constraintoward="top", nticks=6
        ),
    )


def _line(shares: np.ndarray, owned: tuple[int, int], height: int) -> go.Figure:
    first, end = owned
    bars = {
        "type": "bar",
        "x": np.arange(len(shares)),
        "y": shares,
        "marker": {"color": template.SECOND},
        "hovertemplate": "output %{x}<br><b>%{y:.2~%}</b> of its paths are lost<extra></extra>",
    }
    frame = {"x0": first - 0.5, "x1": end - 0.5, "y0": 0, "y1": 1, "yref": "y domain"}
    return template.figure(
        [bars],
        height,
        bargap=0,
        shapes=[{"type": "rect", **frame, "line": {"color": template.ACCENT, "width": 4}}],
        xaxis=template.axis("output of the tile", range=[-1, len(shares)]),
        yaxis=template.axis("paths lost", tickformat=".0%", range=[0, max(float(shares.max()) * 1.08, 0.05)]),
    )
