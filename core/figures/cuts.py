"""Cuts through a map of path counts: paths against position, along the rows and down the columns of picked pixels."""

from collections.abc import Sequence
from math import ceil, log10, prod
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.counts import PathCounts
from ..formatting import format_count, short_count
from . import template
from .cells import PICKS, Pixels

_DRAWN = 4096  # positions of a cut that are drawn each
_PARTS = 1000  # of a longer one
_DOTTED = 64  # positions of a cut up to which each has its dot


def profile(counts: PathCounts, linear: bool, pixels: Pixels = (), height: int = 460) -> go.Figure:
    """Paths against position, through each of ``pixels``, two at most, or the centre: rows solid, columns dotted.

    The axis begins at zero or, where it goes by powers of ten, at one path. The picked pixels are marked.
    """
    flat = len(counts.size) == 1
    picked = list(zip(pixels, PICKS, strict=False))
    through = picked or [(tuple(side // 2 for side in counts.size), template.ACCENT)]
    cuts = [
        (axis, colour, pixel, *_cut(counts, pixel, axis))
        for pixel, colour in (through[:1] if flat else through)
        for axis in reversed(range(len(counts.size)))
    ]
    most = max(max(cut) for *_, cut in cuts)
    traces = [
        _line(axis, colour, pixel, places, cut, _heights(cut, most, linear))
        for axis, colour, pixel, places, cut in cuts
    ]
    for pixel, colour in picked:
        x, y = np.array(pixel), _heights([counts.at(pixel)] * len(pixel), most, linear)
        traces.append(_mark(x, y, colour, f"{','.join(map(str, pixel))}: {format_count(counts.at(pixel))} paths"))
    ticks = count_ticks(most) if linear else _powers(most)
    texts = [short_count(tick) if linear or tick < 10**4 else f"10<sup>{len(str(tick)) - 1}</sup>" for tick in ticks]
    longest, title = max(counts.size), "position"
    if longest > _DRAWN:
        title += f"; of every {_part(longest):,} the least and the most are drawn"
    top = 1.0 if linear else max(log10(most or 1), 1.0)
    return template.figure(
        traces,
        height,
        margin={
            "l": 40 + (8 * max(map(len, texts)) if linear else 32),
            "r": 10,
            "t": 10 if flat else 32,
            "b": 48,
            "pad": 0,
        },
        xaxis=template.axis(title=title, showline=True, linecolor=template.FAINT, nticks=8, ticklabelstandoff=4),
        yaxis=template.axis(
            title="paths" if linear else "paths, by powers of ten",
            showgrid=True,
            gridcolor=template.FAINT,
            ticklabelstandoff=6,
            range=[0, 1.06 * top],
            tickvals=_heights(ticks, most, linear),
            ticktext=texts,
        ),
        showlegend=not flat,
        legend={"orientation": "h", "y": 1, "x": 0, "yanchor": "bottom"},
    )


def count_ticks(most: int) -> list[int]:
    """Whole numbers from 0 to ``most`` at most, six of them at most, in steps of 1, 2 or 5 times a power of ten.

    >>> count_ticks(6561), count_ticks(2), count_ticks(0)
    ([0, 2000, 4000, 6000], [0, 1, 2], [0])
    """
    power = 10 ** max(len(str(most)) - 2, 0)
    step = next(times * power for times in (1, 2, 5, 10, 20) if most <= 5 * times * power)
    return list(range(0, most + 1, step))


def _powers(most: int) -> list[int]:
    """Powers of ten up to ``most``, six of them at most."""
    last = len(str(most)) - 1
    return [10**power for power in range(0, last + 1, -(-(last + 1) // 6))]


def _cut(counts: PathCounts, pixel: tuple[int, ...], axis: int) -> tuple[np.ndarray, list[int]]:
    """The positions of a cut that are drawn, and their counts: all, or of a long one the least and most of each part.

    >>> len(_cut(PathCounts((np.array(range(960_000), dtype=object),)), (0,), 0)[0])
    2000
    """
    if not counts.separable:
        along: tuple[int | slice, ...] = (*pixel[:axis], slice(None), *pixel[axis + 1 :])
        cut = counts.factors[0][along]
    else:
        others = [int(factor[place]) for factor, place in zip(counts.factors, pixel, strict=True)]
        cut = counts.factors[axis] * prod(others[:axis] + others[axis + 1 :])
    positions = np.arange(len(cut))
    if len(cut) > _DRAWN:
        step = _part(len(cut))
        parts = ((first, cut[first : first + step]) for first in range(0, len(cut), step))
        extremes = {first + int(end(part)) for first, part in parts for end in (np.argmin, np.argmax)}
        positions = np.array(sorted({0, *extremes, len(cut) - 1}))
    return positions, cut[positions].tolist()


def _part(side: int) -> int:
    """Positions of a long cut of which the least and the most are drawn."""
    return ceil(side / _PARTS)


def _heights(cut: Sequence[int], most: int, linear: bool) -> np.ndarray:
    """Shares of the most, or log10; nan where no path is and none can be drawn."""
    if linear:
        return np.array([count / (most or 1) for count in cut])
    return np.array([log10(count) if count else np.nan for count in cut])


def _line(
    axis: int, colour: str, pixel: tuple[int, ...], places: np.ndarray, cut: list[int], heights: np.ndarray
) -> dict[str, Any]:
    flat = len(pixel) == 1
    name = "along the input" if flat else f"column {pixel[1]}" if axis == 0 else f"row {pixel[0]}"
    return {
        "type": "scatter",
        "x": places,
        "y": heights,
        "mode": "lines+markers" if len(cut) <= _DOTTED else "lines",
        "line": {"color": colour, "width": 3, "dash": "dot" if axis == 0 and not flat else "solid"},
        "name": name,
        "hovertext": [format_count(count) for count in cut],
        "hovertemplate": f"{name}, position %{{x}}: <b>%{{hovertext}}</b> paths<extra></extra>",
    }


def _mark(x: np.ndarray, y: np.ndarray, colour: str, text: str) -> dict[str, Any]:
    """Where a picked pixel lies on its cuts."""
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "markers",
        "marker": {"size": 15, "color": "rgba(0,0,0,0)", "line": {"color": colour, "width": 3}},
        "showlegend": False,
        "hovertext": [text] * len(x),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
