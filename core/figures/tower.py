"""The tower: every unit of a 1-D network as a cell holding its path count, every read as a line."""

from math import ceil, log10
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.tower import Edge, Row, Tower
from ..formatting import format_count, short_count
from . import template

_HALF = 0.24  # half a cell's height; rows are 1 apart
_WEIGHTS = 6  # line weights that are told apart


def tower_figure(tower: Tower, picked: tuple[int, int] | None = None, bottom: float | None = None) -> go.Figure:
    """Input at the bottom, output on top, each unit above the centre of what it sees.

    A line's weight follows the paths along it. With a picked unit, its paths are drawn in the accent colour and cells
    without such a path are pale. Cells are clickable: their custom data is ``row:position``. ``bottom``: log10 of the
    share of the tower's largest count at which the colours begin; None: that of its smallest.
    """
    rows = tower.rows
    traces: list[Any] = (
        [_strips(rows)] if tower.edges is None else [*_lines(rows, tower.edges), *_cells(rows, picked, bottom)]
    )
    height = min(860, max(380, 74 * len(rows) + 60)) if tower.edges is not None else min(860, 30 * len(rows) + 120)
    ticks = range(len(rows))
    step = ceil(len(rows) / 26)
    return template.figure(
        traces,
        height,
        xaxis=template.axis(visible=False, range=_extent(rows)),
        yaxis=template.axis(
            tickvals=list(ticks)[::step],
            ticktext=[_name(row.label) for row in rows][::step],
            range=[-0.5, len(rows) - 0.5],
            ticks="",
        ),
        bargap=0,
        barmode="overlay",
        margin={"l": template.label_margin([_name(row.label) for row in rows]), "r": 8, "t": 8, "b": 8},
    )


def _extent(rows: tuple[Row, ...]) -> list[float]:
    return [
        min(min(row.places) - row.spacing / 2 for row in rows) - 0.3,
        max(max(row.places) + row.spacing / 2 for row in rows) + 0.3,
    ]


def _name(label: str) -> str:
    """``layer 4 (conv k7 s2)`` as ``4 conv k7 s2``; long names are cut."""
    text = label.replace("layer ", "").replace("(", "").replace(")", "").replace("the input", "input")
    return template.shortened(text)


def _cells(rows: tuple[Row, ...], picked: tuple[int, int] | None, bottom: float | None) -> list[dict[str, Any]]:
    """The units, those with dark and those with light text apart; arrays throughout, which Plotly takes as they are."""
    counts = [count for row in rows for count in row.counts]
    logs = np.array([log10(count) if count else -np.inf for count in counts])
    shares = np.nan_to_num(template.unit_shares(logs, linear=False, bottom=bottom), nan=0.0)
    pale = np.array([not lit for row in rows for lit in row.lit]) & (picked is not None)
    index = np.repeat(np.arange(len(rows)), [len(row.counts) for row in rows])
    position = np.concatenate([np.arange(len(row.counts)) for row in rows])
    place = np.concatenate([row.places for row in rows])
    spacing = np.array([row.spacing for row in rows])
    texts = np.array(
        [short_count(count) if count or not faint else "" for count, faint in zip(counts, pale, strict=True)]
    )
    names = np.array([f"{row}:{at}" for row, at in zip(index, position, strict=True)])
    hovers = np.array(
        [
            f"{rows[row].label}, unit {at}<br><b>{format_count(rows[row].counts[at])}</b> paths"
            for row, at in zip(index, position, strict=True)
        ]
    )
    frame = (index == picked[0]) & (position == picked[1]) if picked else np.zeros(len(counts), dtype=bool)
    dark = template.dark_ink(shares)
    return [
        {
            "type": "bar",
            "x": place[cells],
            "y": np.full(cells.sum(), 2 * _HALF),
            "base": index[cells] - _HALF,
            "width": 0.88 * (spacing[0] if np.ptp(spacing) == 0 else spacing[index[cells]]),
            "marker": {
                "color": template.colours(shares[cells]),
                "opacity": np.where(pale[cells], 0.18, 1.0) if picked else 1.0,
                "cornerradius": "18%",
                "line": {"width": np.where(frame[cells], 3.0, 0.0) if picked else 0.0, "color": template.ACCENT},
            },
            "text": texts[cells],
            **template.fitted_text(ink),
            "customdata": names[cells],
            "hovertext": hovers[cells],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "selected": {"marker": {"opacity": 1}},
            "unselected": {"marker": {"opacity": 1}},
        }
        for cells, ink in ((dark, template.DARK_INK), (~dark, template.LIGHT_INK))
        if cells.any()
    ]


def _lines(rows: tuple[Row, ...], edges: tuple[Edge, ...]) -> list[dict[str, Any]]:
    """One trace for each weight that occurs, the lit ones on top."""
    drawn = [edge for edge in edges if edge.share > 0 or edge.lit]
    share = np.array([edge.share for edge in drawn])
    lit = np.array([edge.lit for edge in drawn], dtype=bool)
    weight = np.minimum(_WEIGHTS - 1, np.sqrt(share) * _WEIGHTS).astype(int)
    gap = np.full(len(drawn), np.nan)
    begin = [rows[edge.below].places[edge.source] for edge in drawn]
    end = [rows[edge.above].places[edge.target] for edge in drawn]
    xs = np.stack([begin, end, gap], axis=1)
    ys = np.stack([[edge.below + _HALF for edge in drawn], [edge.above - _HALF for edge in drawn], gap], axis=1)
    traces = []
    for on in (False, True):
        for step in range(_WEIGHTS):
            lines = (lit == on) & (weight == step)
            if not lines.any():
                continue
            strength = (step + 1) / _WEIGHTS
            grey = f"rgba(128,128,128,{(0.12 if lit.any() else 0.2 + 0.6 * strength):.2f})"
            traces.append(
                {
                    "type": "scatter",
                    "x": xs[lines].ravel(),
                    "y": ys[lines].ravel(),
                    "mode": "lines",
                    "hoverinfo": "skip",
                    "line": {"color": template.ACCENT if on else grey, "width": 0.6 + 3.6 * strength},
                }
            )
    return traces


def _strips(rows: tuple[Row, ...]) -> dict[str, Any]:
    """The reduced drawing: one strip a row, each input position coloured by the unit above it."""
    low, high = _extent(rows)
    columns = min(template.SHOWN_SIDE * 2, ceil(high - low))
    at = np.linspace(low, high, columns)
    strips = []
    for row in rows:
        nearest = np.abs(np.array(row.places)[:, None] - at).argmin(axis=0)
        logs = np.array([log10(count) if count else np.nan for count in row.counts])[nearest]
        outside = (at < min(row.places) - row.spacing / 2) | (at > max(row.places) + row.spacing / 2)
        top, bottom = np.nanmax(logs, initial=0.0), np.nanmin(logs, initial=np.inf)
        spread = top - bottom
        strips.append(np.where(outside, np.nan, (logs - bottom) / spread if spread > 0 else logs * 0 + 1))
    return {
        "type": "heatmap",
        "x": at,
        "y": np.arange(len(rows)),
        "z": np.array(strips, dtype=np.float32),
        "colorscale": template.SEQUENTIAL,
        "showscale": False,
        "ygap": 4,
        "hoverinfo": "skip",
    }
