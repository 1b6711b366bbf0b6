"""What a class predicted: a histogram, or a map of the pixels that were clicked, with the answer marked."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template

Position = tuple[int, int]  # (row, column)


def prediction_bars(
    labels: Sequence[str], counts: Sequence[int], answer: int | None, own: int | None, height: int = 300
) -> go.Figure:
    """One bar for each label, in order; ``answer`` and ``own`` are the indices of the bars that are marked."""
    most = max([*counts, 1])
    notes = [
        {
            "x": index,
            "y": counts[index],
            "text": text,
            "showarrow": False,
            "yshift": 34 if index == answer and text != _ANSWER else 14,
            "font": {"size": template.FONT_SIZE, "color": colour},
        }
        for index, text, colour in _marks(answer, own)
    ]
    colours = [
        template.ACCENT if index == answer else template.SECOND if index == own else template.GREY
        for index in range(len(labels))
    ]
    bars = {
        "type": "bar",
        "x": list(range(len(labels))),
        "y": list(counts),
        "marker": {"color": colours},
        "text": [str(count) if count else "" for count in counts],
        "textposition": "inside",
        "insidetextanchor": "end",
        "textangle": 0,
        "hovertext": [f"{label}: {count}" for label, count in zip(labels, counts, strict=True)],
        "hoverinfo": "text",
    }
    return template.figure(
        [bars],
        height,
        margin={"l": 8, "r": 8, "t": 16, "b": 84 if _is_wordy(labels) else 44},
        annotations=notes,
        xaxis=template.axis(
            tickvals=list(range(len(labels))),
            ticktext=[_wrapped(label) for label in labels],
            tickangle=0 if not _is_wordy(labels) else -30,
            range=[-0.6, len(labels) - 0.4],
        ),
        yaxis=template.axis(visible=False, range=[0, 1.35 * most]),
        bargap=0.15,
    )


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


_ANSWER, _OWN = "computed", "you"


def _marks(answer: int | None, own: int | None) -> list[tuple[int, str, str]]:
    if answer is not None and answer == own:
        return [(answer, f"{_ANSWER}, and {_OWN}", template.ACCENT)]
    found = [(answer, _ANSWER, template.ACCENT), (own, _OWN, template.SECOND)]
    return [(index, text, colour) for index, text, colour in found if index is not None]


def _is_wordy(labels: Sequence[str]) -> bool:
    return sum(map(len, labels)) > 44


def _wrapped(label: str) -> str:
    return label if len(label) <= 16 else label[:15] + "…"


def _frame(position: Position, colour: str, dash: str) -> dict[str, Any]:
    row, column = position
    box = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", **box, "line": {"color": colour, "width": 3, "dash": dash}}


def _ground(rows: int, columns: int) -> dict[str, Any]:
    box = {"x0": -0.5, "x1": columns - 0.5, "y0": -0.5, "y1": rows - 0.5}
    return {"type": "rect", **box, "fillcolor": template.FAINT, "line": {"width": 0}, "layer": "below"}
