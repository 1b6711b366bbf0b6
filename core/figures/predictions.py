"""What a class predicted: bars, or a map of the pixels that were clicked, with the answer marked."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template

Position = tuple[int, int]  # (row, column)


def prediction_bars(labels: Sequence[str], counts: Sequence[int], answer: int | None, own: int | None) -> str:
    """HTML of one bar for each label, in order; ``answer`` and ``own`` are the indices of the bars that are marked.

    Any telephone draws it at once, and reads it aloud as a list.
    """
    most = max([*counts, 1])
    rows = []
    for index, (label, count) in enumerate(zip(labels, counts, strict=True)):
        marks = [word for word, place in (("computed", answer), ("you", own)) if place == index]
        colour = template.ACCENT if index == answer else template.SECOND if index == own else template.GREY
        bar = f'<div style="{_BAR};background:{colour};width:{100 * count / most:.1f}%"></div>'
        told = " · ".join([str(count), *marks])
        rows.append(
            f'<li style="{_ROW}"><span style="{_LABEL}">{escape(label)}</span>'
            f'<div style="flex:1">{bar}</div><span style="{_COUNT}">{told}</span></li>'
        )
    return f'<ol style="list-style:none;margin:0;padding:0">{"".join(rows)}</ol>'


_ROW = "align-items:center;display:flex;gap:0.75rem;margin:0.4rem 0;padding:0"
_LABEL = "max-width:45%;min-width:3rem;overflow-wrap:anywhere;text-align:right"
_BAR = "border-radius:0.25rem;height:1.5rem;min-width:2px"
_COUNT = "font-weight:600;min-width:6.5rem"


def prediction_map(
    size: Position, counts: Mapping[Position, int], answers: Sequence[Position], own: Position | None, height: int = 420
) -> go.Figure:
    """The pixels of an input, row 0 at the top, with how many chose each; the answers and one's own are framed."""
    grid = np.full(size, np.nan, dtype=np.float32)
    for position, count in counts.items():
        grid[position] = count
    traces: list[Any] = [
        {
            "type": "heatmap",
            "z": grid,
            "zmin": 0,
            "zmax": max([*counts.values(), 1]),
            "colorscale": template.SEQUENTIAL,
            "showscale": False,
            "zsmooth": False,
            "hovertemplate": "pixel %{y},%{x}: %{z:.0f}<extra></extra>",
        }
    ]
    if max(size) <= template.LEGIBLE_SIDE and counts:
        shares = np.array(list(counts.values())) / max(counts.values())
        ink = np.where(template.dark_ink(shares), template.DARK_INK, template.LIGHT_INK)
        traces.append(
            {
                "type": "scatter",
                "mode": "text",
                "x": [column for _, column in counts],
                "y": [row for row, _ in counts],
                "text": [str(count) for count in counts.values()],
                "textfont": {"color": ink.tolist(), "size": template.FONT_SIZE},
                "hoverinfo": "skip",
            }
        )
    rows, columns = size
    frames = [_frame(position, template.ACCENT, "solid") for position in answers]
    frames += [] if own is None else [_frame(own, template.SECOND, "dot")]
    return template.figure(
        traces,
        height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        shapes=[_ground(rows, columns), *frames],
        xaxis=template.axis(visible=False, range=[-0.6, columns - 0.4], constrain="domain"),
        yaxis=template.axis(visible=False, range=[rows - 0.4, -0.6], scaleanchor="x", scaleratio=1, constrain="domain"),
    )


def _frame(position: Position, colour: str, dash: str) -> dict[str, Any]:
    row, column = position
    box = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", **box, "line": {"color": colour, "width": 3, "dash": dash}}


def _ground(rows: int, columns: int) -> dict[str, Any]:
    box = {"x0": -0.5, "x1": columns - 0.5, "y0": -0.5, "y1": rows - 0.5}
    return {"type": "rect", **box, "fillcolor": template.FAINT, "line": {"width": 0}, "layer": "below"}
