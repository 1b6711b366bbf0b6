"""A stream in time: how far each map is known at one moment, what the latest output reads, what is kept; and phases.

A colour has one meaning in both pictures, and a hatching beside it: what is kept is striped, what is read after dotted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template

Part = tuple[float, float]  # from and to

_OWN = "#C9A227"  # the output's own samples: neither what is read nor what is kept
_READ, _KEPT, _AFTER = template.SECOND, template.ACCENT, template.THIRD
_STRIPES, _DOTS = "/", "."
_edge = {"width": 1.5, "color": _OWN}


@dataclass(frozen=True, slots=True)
class MapBar:
    """A row of the picture, in units of time before (negative) or after the moment.

    ``known``: where what is known of the map ends. ``read``: what the latest output reads, from and to; None where
    nothing. ``kept``: from where to where it is kept. ``told``: what a reader is told who points at it.
    """

    name: str
    known: float
    read: Part | None
    kept: Part | None
    told: str


def moment_rows(rows: Sequence[MapBar], own: Part, unit: str) -> go.Figure:
    """Rows from the input at the bottom to the output at the top; ``own``: the latest output's own samples."""
    drawn = [part for row in rows for part in (row.read, row.kept) if part is not None]
    first, last = min(own[0], *(part[0] for part in drawn)), max(0.0, own[1], *(part[1] for part in drawn))
    room = 0.03 * (last - first)
    low = first - room
    known = [(low, row.known) if row.known > low else None for row in rows]
    traces = [
        _bars(rows, known, template.FAINT, 0.78),
        _bars(rows, [row.read for row in rows], _READ, 0.52),
        _bars(rows, [row.kept for row in rows], _KEPT, 0.3, _STRIPES),
    ]
    names = [template.shortened(row.name) for row in rows]
    across: dict[str, Any] = {"yref": "y domain", "y0": 0, "y1": 1, "layer": "below"}
    return template.figure(
        traces,
        max(330, min(24, 600 // len(rows)) * len(rows) + 120),
        barmode="overlay",
        margin={"l": template.label_margin(names), "r": 24, "t": 52, "b": 56},
        shapes=[
            {"type": "rect", "x0": own[0], "x1": own[1], **across, "fillcolor": _OWN, "opacity": 0.4, "line": _edge},
            {"type": "line", "x0": 0, "x1": 0, **across, "line": {"color": template.GREY, "width": 2, "dash": "dot"}},
        ],
        annotations=[_note("now", 0.0, "center", 2), _note("its own samples", own[1], "right", 20)],
        xaxis=template.axis(
            title=f"{unit} from now", range=[low, last + room], showgrid=True, gridcolor=template.FAINT, nticks=6
        ),
        yaxis=template.axis(
            tickmode="array", tickvals=list(range(len(rows))), ticktext=names, range=[-0.6, len(rows) - 0.4]
        ),
    )


def contexts(past: np.ndarray, future: np.ndarray, own: float, unit: str, height: int = 300) -> go.Figure:
    """What each phase reads around its own samples: ``past`` and ``future`` (phases,) in the same units as ``own``."""
    phases = np.arange(len(past))
    parts = (("past", -past, past, _READ, ""), ("own", past * 0, past * 0 + own, _OWN, ""),
             ("future", past * 0 + own, future, _AFTER, _DOTS))  # fmt: skip
    bars = [
        {
            "type": "bar",
            "x": phases,
            "base": base,
            "y": lengths,
            "marker": _filled(colour, hatching),
            "width": 0.86 if len(past) <= 64 else 1,
            "hovertemplate": f"output %{{x}} of a period<br>{name}: <b>%{{y:.4g}}</b> {unit}<extra></extra>",
        }
        for name, base, lengths, colour, hatching in parts
    ]
    return template.figure(
        bars,
        height,
        barmode="overlay",
        margin={"l": 72, "r": 16, "t": 12, "b": 56},
        xaxis=template.axis(
            title="output of a period", range=[-0.6, len(past) - 0.4], tick0=0, dtick=ceil(len(past) / 8)
        ),
        yaxis=template.axis(title=unit, showgrid=True, gridcolor=template.FAINT, nticks=6),
    )


def _filled(colour: str, hatching: str) -> dict[str, Any]:
    """A bar of a colour, with a hatching where it has one."""
    plain = {"color": colour, "line": {"width": 0}}
    over = {"shape": hatching, "bgcolor": colour, "fgcolor": "#FFFFFF", "size": 7, "solidity": 0.22}
    return {**plain, "pattern": over} if hatching else plain


def _bars(
    rows: Sequence[MapBar], parts: Sequence[Part | None], colour: str, width: float, hatching: str = ""
) -> dict[str, Any]:
    """A bar for each row that has this part."""
    known = [(index, part) for index, part in enumerate(parts) if part is not None]
    return {
        "type": "bar",
        "orientation": "h",
        "y": np.array([index for index, _ in known]),
        "base": np.array([part[0] for _, part in known]),
        "x": np.array([part[1] - part[0] for _, part in known]),
        "width": width,
        "marker": _filled(colour, hatching),
        "hovertext": [rows[index].told for index, _ in known],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _note(text: str, x: float, anchor: str, shift: int) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": 1, "yref": "y domain", "yanchor": "bottom", "yshift": shift, "xanchor": anchor,
        "showarrow": False, "font": {"size": template.LEAST_SIZE},
    }  # fmt: skip
