"""A map with what it says covered: its cells stay, all alike and without numbers, until they are shown."""

from typing import Any

import plotly.graph_objects as go

_CELL = "rgba(128,128,128,0.42)"


def covered(figure: go.Figure) -> go.Figure:
    """Cells of one grey; what is clicked stays in its place, and the mark of a pick too."""
    drawn = figure.to_dict()
    traces = [hidden for trace in drawn["data"] if (hidden := _hidden(trace)) is not None]
    layout = {**drawn["layout"], "annotations": [], "title": {}}
    return go.Figure(data=traces, layout=layout, _validate=False)


def _hidden(trace: dict[str, Any]) -> dict[str, Any] | None:
    """A trace that tells nothing; None for the numbers, which maps write as bars."""
    if trace["type"] == "bar":
        return None
    if trace["type"] != "heatmap":
        return trace
    silent = {"customdata": None, "text": None, "hovertemplate": None, "hoverinfo": "skip"}
    return {**trace, **silent, "z": _alike(trace["z"]), "colorscale": [[0.0, _CELL], [1.0, _CELL]]}


def _alike(values: Any) -> list[list[float]]:
    """As many rows and columns, all ones; the values may have been encoded for the browser."""
    if isinstance(values, dict):
        rows, columns = map(int, values["shape"].split(","))
    else:
        rows, columns = len(values), len(values[0])
    return [[1.0] * columns for _ in range(rows)]
