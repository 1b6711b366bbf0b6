"""Small multiples: many maps of one size of drawing and one colour scale, or their differences to the first."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template
from .cells import clicks

Pixel = tuple[int, ...]

_BARS = 512  # of a row; of a longer one each is a mean


def small_map(
    values: np.ndarray, low: float, high: float, pixel: Pixel | None = None, diverging: bool = False, height: int = 200
) -> go.Figure:
    """A map (height, width) or a row (length,) of floats, nan grey, without axes; a frame around ``pixel``."""
    if values.ndim == 1:
        return _row(values, low, high, pixel, diverging, height)
    rows, columns = values.shape
    block = -(-max(rows, columns) // template.SHOWN_SIDE)
    heat: dict[str, Any] = {
        "type": "heatmap",
        "z": template.blocks(values, block).astype(np.float32),
        "x0": (block - 1) / 2,
        "dx": block,
        "y0": (block - 1) / 2,
        "dy": block,
        "zmin": low,
        "zmax": high,
        "colorscale": template.DIVERGING if diverging else template.SEQUENTIAL,
        "showscale": False,
        "hovertemplate": "row %{y}, column %{x}: %{z:.3g}<extra></extra>",
    }
    ground = {"x0": -0.5, "x1": columns - 0.5, "y0": -0.5, "y1": rows - 0.5}
    shapes = [{"type": "rect", **ground, "fillcolor": template.FAINT, "line": {"width": 0}, "layer": "below"}]
    if pixel is not None and all(position < side for position, side in zip(pixel, values.shape, strict=True)):
        place = {"x0": pixel[1] - 0.5, "x1": pixel[1] + 0.5, "y0": pixel[0] - 0.5, "y1": pixel[0] + 0.5}
        shapes.append({"type": "rect", **place, "line": {"color": template.ACCENT, "width": 3}})
    return template.figure(
        [heat, clicks(rows, columns)],
        height,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        shapes=shapes,
        xaxis=template.axis(range=[-0.5, columns - 0.5], constrain="domain", visible=False),
        yaxis=template.axis(range=[rows - 0.5, -0.5], scaleanchor="x", constrain="domain", visible=False),
    )


def spread(differences: Sequence[np.ndarray]) -> float:
    """The largest difference from zero in any of the maps: the end of their diverging scale."""
    known = [float(np.abs(part[np.isfinite(part)]).max(initial=0.0)) for part in differences]
    return max(known, default=0.0) or 1.0


def _row(values: np.ndarray, low: float, high: float, pixel: Pixel | None, diverging: bool, height: int) -> go.Figure:
    """Bars from the scale's zero, or from its foot where it has none."""
    foot = 0.0 if low <= 0 <= high and diverging else low
    length = len(values)
    values, block = template.bars(values, _BARS)
    shares = (values - low) / (high - low)
    colour = template.ACCENT if diverging else template.colours(np.nan_to_num(shares))
    bars: dict[str, Any] = {
        "type": "bar",
        "x": np.arange(0, length, block) + (block - 1) / 2,
        "base": foot,
        "y": np.nan_to_num(values - foot),
        "marker": {"color": colour},
        "customdata": values,
        "hovertemplate": "position %{x}: %{customdata:.3g}<extra></extra>",
    }
    marked: dict[str, Any] = {}
    if pixel is not None and pixel[0] < length:
        place = {"x0": pixel[0] - 0.5, "x1": pixel[0] + 0.5, "y0": low, "y1": high}
        marked["shapes"] = [{"type": "rect", **place, "line": {"color": template.ACCENT, "width": 3}}]
    return template.figure(
        [bars],
        height,
        bargap=0.06,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        xaxis=template.axis(visible=False),
        yaxis=template.axis(visible=False, range=[low, high]),
        **marked,
    )
