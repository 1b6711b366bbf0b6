"""Ratios against depth on a logarithmic axis: a straight line is exponential growth."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import log10
from typing import Any

import plotly.graph_objects as go

from ..formatting import format_ratio
from . import template


def depths(curves: Mapping[str, Sequence[Fraction]], name: str, height: int = 380) -> go.Figure:
    """One line per curve, its ratios at depth 1, 2, …; ``name`` says what they are ratios of."""
    traces: list[dict[str, Any]] = []
    colours = (template.ACCENT, template.SECOND, template.GREY)
    for (label, ratios), colour, dash in zip(curves.items(), colours, ("solid", "dash", "dot"), strict=False):
        traces.append(
            {
                "type": "scatter",
                "x": list(range(1, len(ratios) + 1)),
                "y": [log10(ratio.numerator) - log10(ratio.denominator) for ratio in ratios],
                "mode": "lines+markers",
                "line": {"color": colour, "width": 3, "dash": dash},
                "marker": {"size": 9},
                "name": label,
                "hovertext": [format_ratio(ratio) for ratio in ratios],
                "hovertemplate": "depth %{x}: 1 to %{hovertext}<extra></extra>",
            }
        )
    return template.figure(
        traces,
        height,
        xaxis=template.axis(title="times the layers are stacked", showline=True, linecolor=template.FAINT, dtick=1),
        yaxis=template.axis(
            title=name,
            showgrid=True,
            gridcolor=template.FAINT,
            tickprefix="10<sup>",
            ticksuffix="</sup>",
            rangemode="tozero",
        ),
        showlegend=True,
        legend={"orientation": "h", "y": 1.12, "x": 0},
    )
