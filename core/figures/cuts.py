"""Cuts through a map of path counts: paths against position, along each axis through picked pixels."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor, log10, prod
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.counts import PathCounts
from ..formatting import format_count, share_told, short_count
from . import template
from .cells import PICKS, Pixels

_DOTTED = 64  # positions of a cut up to which each has its dot


def profile(counts: PathCounts, linear: bool, pixels: Pixels = (), height: int = 460, whole: int = 0) -> go.Figure:
    """Paths against position, through each of ``pixels``, two at most, or the centre.

    Rows are solid, columns dotted, depths dashed.

    The axis begins at zero or, where it goes by powers of ten, at one path. The picked pixels are marked. ``whole``:
    the denominator, where the counts are numerators of shares, whose axis is ``linear``.
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
        _line(axis, colour, pixel, places, [_told(count, whole) for count in cut], _heights(cut, most, linear))
        for axis, colour, pixel, places, cut in cuts
    ]
    for pixel, colour in picked:
        x, y = np.array(pixel), _heights([counts.at(pixel)] * len(pixel), most, linear)
        traces.append(_mark(x, y, colour, f"{','.join(map(str, pixel))}: {_told(counts.at(pixel), whole)}"))
    ticks, texts = _share_ticks(most, whole) if whole else _path_ticks(most, linear)
    longest, title = max(counts.size), "position"
    if longest > template.DRAWN:
        title += f"; of every {template.part_of(longest):,} the least and the most are drawn"
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
            title="share" if whole else "paths" if linear else "paths, by powers of ten",
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


def _path_ticks(most: int, linear: bool) -> tuple[list[int], list[str]]:
    ticks = count_ticks(most) if linear else _powers(most)
    texts = [short_count(tick) if linear or tick < 10**4 else f"10<sup>{len(str(tick)) - 1}</sup>" for tick in ticks]
    return ticks, texts


def _share_ticks(most: int, whole: int) -> tuple[list[Fraction], list[str]]:
    """Ticks at even parts of the whole, in per cent, up to the largest share."""
    largest = Fraction(most, whole)
    tenth = Fraction(10) ** (floor(log10(largest)) - 1 if most else 0)
    step = next(times * tenth for times in (1, 2, 5, 10, 20, 50) if largest <= 5 * times * tenth)
    shares = [step * place for place in range(int(largest / step) + 1)]
    return [share * whole for share in shares], [f"{float(100 * share):.4g} %" for share in shares]


def _told(count: int, whole: int) -> str:
    return share_told(count, whole) if whole else f"{format_count(count)} paths"


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
    positions = template.drawn_places(cut)
    return positions, cut[positions].tolist()


def _heights(cut: Sequence[int | Fraction], most: int, linear: bool) -> np.ndarray:
    """Shares of the most, or log10; nan where no path is and none can be drawn."""
    if linear:
        return np.array([float(count / (most or 1)) for count in cut])
    return np.array([log10(count) if count else np.nan for count in cut])


def _line(
    axis: int, colour: str, pixel: tuple[int, ...], places: np.ndarray, told: list[str], heights: np.ndarray
) -> dict[str, Any]:
    name, dash = _named(axis, pixel)
    return {
        "type": "scatter",
        "x": places,
        "y": heights,
        "mode": "lines+markers" if len(told) <= _DOTTED else "lines",
        "line": {"color": colour, "width": 3, "dash": dash},
        "name": name,
        "hovertext": told,
        "hovertemplate": f"{name}, position %{{x}}: <b>%{{hovertext}}</b><extra></extra>",
    }


def _named(axis: int, pixel: tuple[int, ...]) -> tuple[str, str]:
    """What a cut through a pixel is called, and how it is drawn."""
    match len(pixel) - axis:
        case 1:
            names = ("along the input", f"row {pixel[0]}", "along the width")
            return names[len(pixel) - 1], "solid"
        case 2:
            return f"column {pixel[1]}" if len(pixel) == 2 else "along the height", "dot"
        case _:
            return "along the depth", "dash"


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
