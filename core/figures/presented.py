"""A figure for a projector: its type larger, its height left to the screen, a spotlight on what is picked."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

LARGER = 1.85  # times the type of a page: 24 pixels and more
_IN_CELLS = 1.4  # that of numbers that cells must hold


def presented(figure: go.Figure, times: float = LARGER) -> go.Figure:
    """The same figure with all type, and the margins that hold it, ``times`` as large; as high as its place."""
    drawn = _larger(figure.to_dict(), times)
    layout = {name: part for name, part in drawn["layout"].items() if name != "height"}
    return go.Figure(data=drawn["data"], layout=layout, _validate=False)


def spotlight(figure: go.Figure, pixels: Sequence[Sequence[int]], size: Sequence[int]) -> go.Figure:
    """The same map of ``size`` (rows, columns) in the dark but for a disc around each of ``pixels``, (row, column)."""
    rows, columns = size
    radius = max(1.2, 0.05 * max(rows, columns))
    around = f"M-0.5,-0.5H{columns - 0.5}V{rows - 0.5}H-0.5Z"
    dark = {
        "type": "path",
        "path": around + "".join(_circle(column, row, radius) for row, column in pixels),
        "fillcolor": "rgba(0,0,0,0.55)",
        "fillrule": "evenodd",
        "line": {"width": 0},
    }
    drawn = figure.to_dict()
    layout = {**drawn["layout"], "shapes": [*drawn["layout"].get("shapes", []), dark]}
    return go.Figure(data=drawn["data"], layout=layout, _validate=False)


def _circle(x: float, y: float, radius: float) -> str:
    """A circle of four Bézier curves: paths of Plotly know no arcs."""
    bow = 0.5523 * radius
    ends = [(radius, 0.0, 0.0, bow), (0.0, radius, -bow, 0.0), (-radius, 0.0, 0.0, -bow), (0.0, -radius, bow, 0.0)]
    path = f"M{x + radius},{y}"
    for (right, down, ahead_x, ahead_y), (to_right, to_down, back_x, back_y) in pairwise([*ends, ends[0]]):
        path += f"C{x + right + ahead_x},{y + down + ahead_y} "
        path += f"{x + to_right - back_x},{y + to_down - back_y} {x + to_right},{y + to_down}"
    return f"{path}Z"


def _larger(value: Any, times: float, inside: str = "") -> Any:
    if isinstance(value, Mapping):
        bars = value.get("type") == "bar"  # these have room where cells have none
        parts = {
            name: _larger(part, times, "font" if bars and name == "textfont" else name) for name, part in value.items()
        }
        return parts | _sizes(value, times, inside)
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
        return [_larger(part, times, inside) for part in value]
    return value


def _sizes(value: Mapping[str, Any], times: float, inside: str) -> dict[str, Any]:
    """The numbers of a part of a figure that grow: sizes of type, and the margins."""
    if inside.endswith("font") and isinstance(value.get("size"), (int, float)):
        within = min(times, _IN_CELLS) if inside in ("textfont", "insidetextfont") else times
        return {"size": round(value["size"] * within)}
    if inside == "margin":
        return {side: round(width * times) for side, width in value.items() if isinstance(width, (int, float))}
    return {}
