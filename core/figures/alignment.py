"""Profiles and fields of several designs in one frame: positions of the input lie alike in all of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.counts import PathCounts
from ..formatting import format_count
from . import template
from .panes import ShareScale, frames
from .scale import log_shares


def aligned(figures: Sequence[go.Figure]) -> list[go.Figure]:
    """The figures with one frame: the input positions that any of them shows, one height, one margin for names.

    Where one shows more than twice the positions of another, each keeps its own.
    """
    spans = [tuple(figure.layout.xaxis.range) for figure in figures]
    lengths = [high - low for low, high in spans] or [1]
    margin = max((figure.layout.margin.l for figure in figures), default=0)
    height = max((figure.layout.height for figure in figures), default=0)
    for figure in figures:
        figure.update_layout(height=height, margin_l=margin)
        if max(lengths) <= 2 * min(lengths):
            figure.update_xaxes(range=[min(low for low, _ in spans), max(high for _, high in spans)])
    return list(figures)


def profile_panes(
    cuts: Sequence[Sequence[int]],
    linear: bool,
    names: Sequence[Sequence[str]],
    picked: Sequence[int | None],
    title: str,
) -> list[go.Figure]:
    """Shares along a cut through each map, the first design's behind the others' as a dotted line.

    ``names``: of the positions, handed back by a click; all panes have the same two axes.
    """
    logs = [log_shares(PathCounts((np.array(cut, dtype=object),))) for cut in cuts]
    scale = ShareScale.of(logs, linear)
    values = [np.where(np.isfinite(part), 10.0**part if linear else part, np.nan) for part in logs]
    low = 0.0 if linear else scale.bottom
    room = 0.06 * (1.0 if linear else -scale.bottom)
    extents = frames([(len(cut),) for cut in cuts])
    result = []
    for index, (heights, cut, pixel, (extent,)) in enumerate(zip(values, cuts, picked, extents, strict=True)):
        places = template.drawn_places(np.nan_to_num(heights, nan=scale.bottom))
        own = _line(places, heights, cut, names[index])
        first = {"mode": "lines", "line": {"color": template.GREY, "width": 2, "dash": "dot"}, "hoverinfo": "skip"}
        under = template.drawn_places(np.nan_to_num(values[0], nan=scale.bottom))
        behind = [{"type": "scatter", "x": under, "y": values[0][under], **first}] if index else []
        prefix = {} if linear else {"tickprefix": "10<sup>", "ticksuffix": "</sup>", "nticks": 6}
        figure = template.figure(
            [*behind, own],
            360,
            margin={"l": 64, "r": 8, "t": 12, "b": 52},
            xaxis=template.axis(
                title=title, range=[-0.6, extent - 0.4], showline=True, linecolor=template.FAINT, nticks=8
            ),
            yaxis=template.axis(
                title="share of the most", showgrid=True, gridcolor=template.FAINT,
                range=[low - room, low + 18.5 * room], **prefix,
            ),
        )  # fmt: skip
        if pixel is not None:
            figure.add_vline(x=pixel, line={"color": template.ACCENT, "width": 2, "dash": "dot"})
        result.append(figure)
    return result


def _line(places: np.ndarray, heights: np.ndarray, cut: Sequence[int], names: Sequence[str]) -> dict[str, Any]:
    """A line through the ``places`` of a cut."""
    return {
        "type": "scatter",
        "x": places,
        "y": heights[places],
        "mode": "lines+markers",
        "line": {"color": template.ACCENT, "width": 3},
        "marker": {"size": 8 if len(cut) <= 64 else 3},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "customdata": np.array([names[place] for place in places]),
        "hovertext": [format_count(cut[place]) for place in places],
        "hovertemplate": "position %{x}: <b>%{hovertext}</b> paths<extra></extra>",
    }
