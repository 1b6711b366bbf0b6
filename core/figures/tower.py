"""The tower: every unit of a 1-D network as a cell holding its path count, every read as a line."""

from collections import defaultdict
from math import ceil, log10
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.exact.counts import grouped, short
from core.exact.tower import Edge, Row, Tower
from core.figures import template

_HALF = 0.24  # half a cell's height; rows are 1 apart
_WEIGHTS = 6  # line weights that are told apart


def tower_figure(tower: Tower, picked: tuple[int, int] | None = None) -> go.Figure:
    """Input at the bottom, output on top, each unit above the centre of what it sees.

    A line's weight follows the paths along it. With a picked unit, its paths are drawn in the accent colour and cells
    without such a path are pale. Cells are clickable: their custom data is ``row:position``.
    """
    rows = tower.rows
    traces: list[Any] = [_strips(rows)] if tower.edges is None else [*_lines(rows, tower.edges), _cells(rows, picked)]
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
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
    )


def _extent(rows: tuple[Row, ...]) -> list[float]:
    return [
        min(min(row.places) - row.spacing / 2 for row in rows) - 0.3,
        max(max(row.places) + row.spacing / 2 for row in rows) + 0.3,
    ]


def _name(label: str) -> str:
    """``layer 4 (conv k7 s2)`` as ``4 conv k7 s2``; long names are cut."""
    text = label.replace("layer ", "").replace("(", "").replace(")", "").replace("the input", "input")
    return text if len(text) <= 20 else text[:19] + "…"


def _cells(rows: tuple[Row, ...], picked: tuple[int, int] | None) -> go.Bar:
    counts = [count for row in rows for count in row.counts]
    logs = np.array([log10(count) if count else -np.inf for count in counts])
    shares = template.unit_shares(logs, linear=False)
    lit = np.array([lit for row in rows for lit in row.lit])
    pale = (picked is not None) & ~lit
    places = [(index, at) for index, row in enumerate(rows) for at in range(len(row.places))]
    names = [row.label for row in rows]
    return go.Bar(
        x=[place for row in rows for place in row.places],
        y=[2 * _HALF] * len(places),
        base=[index - _HALF for index, _ in places],
        width=[0.88 * row.spacing for row in rows for _ in row.places],
        marker={
            "color": np.nan_to_num(shares, nan=0.0),
            "colorscale": template.SEQUENTIAL,
            "cmin": 0,
            "cmax": 1,
            "opacity": np.where(pale, 0.18, 1.0).tolist(),
            "cornerradius": "18%",
            "line": {
                "width": [3 if place == picked else 0 for place in places],
                "color": template.ACCENT,
            },
        },
        text=[short(count) if count or not faint else "" for count, faint in zip(counts, pale, strict=True)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="both",
        insidetextfont={"size": 17, "color": template.ink(shares)},
        customdata=[f"{index}:{at}" for index, at in places],
        hovertext=[
            f"{names[index]}, unit {at}<br><b>{grouped_or_short(rows[index].counts[at])}</b> paths"
            for index, at in places
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def grouped_or_short(count: int) -> str:
    """All digits where they fit a line, else rounded."""
    return grouped(count) if count < 10**24 else f"about {short(count)}"


def _lines(rows: tuple[Row, ...], edges: tuple[Edge, ...]) -> list[go.Scatter]:
    """One trace for each weight, the lit ones on top: as many traces whatever is picked."""
    bins: dict[tuple[bool, int], list[Edge]] = defaultdict(list)
    for edge in edges:
        if edge.share > 0 or edge.lit:
            bins[edge.lit, min(_WEIGHTS - 1, int(edge.share**0.5 * _WEIGHTS))].append(edge)
    any_lit = any(lit for lit, _ in bins)
    traces = []
    for lit in (False, True):
        for weight in range(_WEIGHTS):
            xs: list[float | None] = []
            ys: list[float | None] = []
            for edge in bins[lit, weight]:
                xs += [rows[edge.below].places[edge.source], rows[edge.above].places[edge.target], None]
                ys += [edge.below + _HALF, edge.above - _HALF, None]
            strength = (weight + 1) / _WEIGHTS
            colour = template.ACCENT if lit else f"rgba(128,128,128,{(0.12 if any_lit else 0.2 + 0.6 * strength):.2f})"
            traces.append(
                go.Scatter(
                    x=xs, y=ys, mode="lines", hoverinfo="skip", line={"color": colour, "width": 0.6 + 3.6 * strength}
                )
            )
    return traces


def _strips(rows: tuple[Row, ...]) -> go.Heatmap:
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
    return go.Heatmap(
        x=at,
        y=list(range(len(rows))),
        z=np.array(strips, dtype=np.float32),
        colorscale=template.SEQUENTIAL,
        showscale=False,
        ygap=4,
        hoverinfo="skip",
    )
