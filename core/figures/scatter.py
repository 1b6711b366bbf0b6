"""Designs by two of their numbers, with the front that none of them is beyond."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template

_DRAWN = 4000  # points beside those of the front
_WIDE = 50  # times the least that the most is from which on an axis is logarithmic
_HOVER = "%{customdata}<br>%{x:,}, %{y:,.4g}<extra></extra>"


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Designs by two numbers: ``x`` and ``y`` (designs,) float64, nan where there is none; ``texts`` name them."""

    x: np.ndarray
    y: np.ndarray
    texts: Sequence[str]

    def part(self, chosen: np.ndarray) -> "Points":
        """Those at ``chosen`` places, in order, that have both numbers."""
        known = chosen[np.isfinite(self.x[chosen]) & np.isfinite(self.y[chosen])]
        return Points(self.x[known], self.y[known], [self.texts[place] for place in known.tolist()])


def scatter(points: Points, met: np.ndarray, front: np.ndarray, titles: tuple[str, str], picked: str = "") -> go.Figure:
    """Every design that meets the condition, faintly those that do not, and the front as a line.

    ``met`` (designs,) of bool; ``front``: places of its designs; ``titles`` of the axes; ``picked``: a design's text.
    Of very many evenly chosen ones are drawn, and all of the front.
    """
    rest = np.setdiff1d(np.arange(len(points.texts)), front)
    rest = rest[:: -(-len(rest) // _DRAWN) or 1]
    best = points.part(front[np.argsort(points.x[front], kind="stable")])
    traces = [
        _trace(points.part(rest[~met[rest]]), "not met", template.FAINT, 6),
        _trace(points.part(rest[met[rest]]), "condition met" if not met.all() else "designs", template.SECOND, 7),
        _trace(best, "best", template.ACCENT, 11, mode="lines+markers", line={"color": template.ACCENT, "width": 2}),
    ]
    if picked in points.texts:
        place = np.array([list(points.texts).index(picked)])
        ring = {"symbol": "circle-open", "line": {"width": 3}}
        traces.append(_trace(points.part(place), "picked", template.GREY, 20, marker=ring))
    return template.figure(
        [trace for trace in traces if len(trace["x"])],
        460,
        xaxis=_axis(titles[0], points.x),
        yaxis=_axis(titles[1], points.y),
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 72, "r": 16, "t": 64, "b": 56},
        hovermode="closest",
    )


def _trace(points: Points, name: str, colour: str, size: int, **more: Any) -> dict[str, Any]:
    marker = {"color": colour, "size": size, **more.pop("marker", {})}
    return {
        "type": "scatter", "mode": "markers", "x": points.x, "y": points.y, "customdata": list(points.texts),
        "name": name, "marker": marker, "hovertemplate": _HOVER, **more,
    }  # fmt: skip


def _axis(title: str, values: np.ndarray) -> dict[str, Any]:
    known = values[np.isfinite(values)]
    wide = len(known) > 0 and known.min() > 0 and known.max() > _WIDE * known.min()
    kind = {"type": "log", "dtick": 1} if wide else {}
    return template.axis(title=title, showgrid=True, gridcolor=template.FAINT, **kind)
