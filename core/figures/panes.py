"""Figures of several designs side by side: one scale of colours, one frame of axes, numbers in the cells.

A share is that of a design's own most-read position, so that designs of any size can be compared. Maps are
(height, width) or (length,), the latter drawn as one row of cells; row 0 is at the top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..design.analysis import DesignAnalysis, Unit
from ..exact.counts import PathCounts
from ..formatting import format_count
from . import template
from .cells import HOVERED, ONE_SIZE, cell_texts, clicks, count_texts, ground, inked_texts, pixel_frames
from .maps import pathway_map
from .scale import colour_bar, log_shares

Pixel = tuple[int, ...] | None
Size = tuple[int, ...]

_STRONG = 0.55  # of the scale: cells of a difference from which on light ink reads best
_LEAST_HEIGHT = 72
_WIDTH = 460  # pixels of a pane, of two beside each other on a laptop
# As template.DIVERGING, but nothing where nothing differs: a pane of equal maps is as dark as the page.
_DIFFERENCE = [[0.0, "rgba(27,95,168,1)"], [0.5, "rgba(128,128,128,0.16)"], [1.0, "rgba(194,80,10,1)"]]


@dataclass(frozen=True, slots=True)
class ShareScale:
    """The colours of several maps: from nothing to 1, or by powers of ten from ``bottom`` (a negative one) to 1."""

    linear: bool
    bottom: float

    @classmethod
    def of(cls, maps: Sequence[np.ndarray], linear: bool) -> "ShareScale":
        """The scale on which all maps of log10 shares can be read; -inf is no path.

        >>> ShareScale.of([np.array([0.0, -2.0]), np.array([-3.0, -np.inf])], linear=False).bottom
        -3.0
        """
        known = [float(part[np.isfinite(part)].min(initial=0.0)) for part in maps]
        return cls(linear, min(known, default=0.0) or -1.0)

    def colours(self, logs: np.ndarray) -> np.ndarray:
        """Places on the scale, from 0 to 1; nan where no path leads."""
        places = 10.0**logs if self.linear else 1 - logs / self.bottom
        return np.where(np.isfinite(logs), places, np.nan)

    def bar(self, name: str) -> go.Figure:
        """The colours as a strip."""
        if self.linear:
            return colour_bar(0.0, 1.0, name)
        return colour_bar(self.bottom, 0.0, name, logarithmic=True)


def frames(sizes: Sequence[Size]) -> list[Size]:
    """What each pane shows, per axis: the largest of the inputs, so that a position lies alike in all panes.

    Where one is more than twice another, or they differ in axes, each fills its own pane.

    >>> frames([(9, 9), (9, 12)]), frames([(9,), (64,)])
    ([(9, 12), (9, 12)], [(9,), (64,)])
    """
    if len({len(size) for size in sizes}) > 1:
        return list(sizes)
    longest = tuple(map(max, zip(*sizes, strict=True)))
    shortest = tuple(map(min, zip(*sizes, strict=True)))
    alike = all(most <= 2 * least for most, least in zip(longest, shortest, strict=True))
    return [longest if alike else size for size in sizes]


def count_panes(maps: Sequence[PathCounts], scale: ShareScale, pixels: Sequence[Pixel], height: int) -> list[go.Figure]:
    """A map of path counts for each design, its whole numbers in the cells where they can be read."""
    result = []
    for counts, pixel, frame in zip(maps, pixels, frames([counts.size for counts in maps]), strict=True):
        colours = _plane(scale.colours(log_shares(counts)))
        texts = hovers = None
        if max(counts.size) <= HOVERED:
            whole = _plane(counts.array())
            hovers = _texts(whole, lambda count: f"{format_count(count)} paths")
            side = min(height, _WIDTH) / max(_plane_size(frame))
            texts = np.array(count_texts(whole.ravel().tolist(), side)).reshape(whole.shape)
        cells = _Cells(colours, texts, hovers, counts.size, frame)
        result.append(_amounts(cells, pixel, height))
    return result


def design_map(analysis: DesignAnalysis, unit: Unit = None, height: int = 480) -> go.Figure:
    """The map of the paths to all outputs, or to one unit, of a design of one axis or two.

    >>> type(design_map(DesignAnalysis(design_of("9; conv k3 x4")))).__name__
    'Figure'
    """
    counts = analysis.path_counts(unit)
    if len(counts.size) == 2:
        return pathway_map(counts, height=height)
    scale = ShareScale.of([log_shares(counts)], linear=True)
    return count_panes([counts], scale, [None], _LEAST_HEIGHT)[0]


def field_panes(
    maps: Sequence[np.ndarray],
    boxes: Sequence[tuple[tuple[float, float], ...] | None],
    pixels: Sequence[Pixel],
    height: int,
) -> list[go.Figure]:
    """A measured field for each design, of which every peak is 1; per cent of it in the cells; a box around the
    theoretical field, given as first and last position per axis."""
    result = []
    for values, box, pixel, frame in zip(maps, boxes, pixels, frames([part.shape for part in maps]), strict=True):
        shares = _plane(values / (values.max() or 1.0))
        legible = max(shares.shape) <= template.LEGIBLE_SIDE
        texts = _texts(shares, lambda share: f"{100 * share:.0f}" if share else "") if legible else None
        hovers = _texts(shares, lambda share: f"{share:.3g} of the peak") if max(shares.shape) <= HOVERED else None
        figure = _amounts(_Cells(shares, texts, hovers, values.shape, frame), pixel, height)
        if box is not None:
            (top, bottom), (left, right) = box if len(box) == 2 else ((0.0, 0.0), box[0])
            place = {"x0": left - 0.5, "x1": right + 0.5, "y0": top - 0.5, "y1": bottom + 0.5}
            line = {"color": template.ACCENT, "width": 2.5, "dash": "dot"}
            figure.layout.shapes += (go.layout.Shape(type="rect", line=line, **place),)
        result.append(figure)
    return result


def difference_panes(
    differences: Sequence[np.ndarray], most: float, pixels: Sequence[Pixel], height: int, ink: str
) -> list[go.Figure]:
    """Differences of shares, from -``most`` to ``most`` on one diverging scale; percentage points in the cells.

    ``ink``: of the numbers on pale cells, through which the page is seen.
    """
    result = []
    for values, pixel in zip(differences, pixels, strict=True):
        plane = _plane(values)
        hovers = _texts(plane, lambda value: f"{100 * value:+.3g} points") if max(plane.shape) <= HOVERED else None
        cells = _Cells(plane, None, hovers, values.shape, values.shape)
        heat = {**_heatmap(cells), "zmin": -most, "zmax": most, "colorscale": _DIFFERENCE}
        numbers = _points(plane, most, ink) if max(plane.shape) <= template.LEGIBLE_SIDE else []
        result.append(_pane([heat, *numbers, _clicks(values.shape)], cells, pixel, height, []))
    return result


def difference_bar(most: float, name: str) -> go.Figure:
    """The colours of the differences as a strip."""
    bar = colour_bar(-most, most, name, diverging=True)
    bar.data[0].colorscale = _DIFFERENCE
    return bar


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """A plane of cells: what is coloured (rows, columns), its texts, and the part of the input that is in view."""

    values: np.ndarray
    texts: np.ndarray | None
    hovers: np.ndarray | None
    size: Size  # of the map
    frame: Size


def _amounts(cells: _Cells, pixel: Pixel, height: int) -> go.Figure:
    """Cells on the scale from 0 to 1, with their texts."""
    heat = {**_heatmap(cells), "zmin": 0, "zmax": 1, "colorscale": template.SEQUENTIAL}
    numbers: list[dict[str, Any]] = []
    if cells.texts is not None and max(cells.values.shape) <= template.LEGIBLE_SIDE:
        y, x = np.indices(cells.values.shape)
        numbers = cell_texts(x.ravel(), y.ravel(), cells.texts.ravel().tolist(), cells.values)
    return _pane([heat, *numbers, _clicks(cells.size)], cells, pixel, height, [ground(*cells.values.shape)])


def _heatmap(cells: _Cells) -> dict[str, Any]:
    block = -(-max(cells.values.shape) // template.SHOWN_SIDE)
    gap = 1.5 if max(cells.values.shape) <= template.LEGIBLE_SIDE else 0
    hover: dict[str, Any] = {"hoverinfo": "skip"}
    if cells.hovers is not None:
        where = "row %{y}, column %{x}" if len(cells.size) == 2 else "position %{x}"
        hover = {"customdata": cells.hovers, "hovertemplate": f"{where}<br><b>%{{customdata}}</b><extra></extra>"}
    return {
        "type": "heatmap",
        "z": template.blocks(cells.values, block).astype(np.float32),
        "x0": (block - 1) / 2,
        "dx": block,
        "y0": (block - 1) / 2,
        "dy": block,
        "xgap": gap,
        "ygap": gap,
        "zsmooth": False,
        "showscale": False,
        **hover,
    }


def _pane(
    traces: list[dict[str, Any]], cells: _Cells, pixel: Pixel, height: int, shapes: list[dict[str, Any]]
) -> go.Figure:
    """Square cells, row 0 at the top, as wide as the pane."""
    rows, columns = _plane_size(cells.frame)
    marks = [] if pixel is None else pixel_frames([pixel if len(pixel) == 2 else (0, *pixel)])
    return template.figure(
        traces,
        max(_LEAST_HEIGHT, min(height, height * rows // columns)),
        margin={"l": 2, "r": 2, "t": 4, "b": 4},
        barmode="overlay",
        bargap=0,
        uniformtext=ONE_SIZE,
        shapes=[*shapes, *marks],
        xaxis=template.axis(range=[-0.5, columns - 0.5], constrain="domain", constraintoward="left", visible=False),
        yaxis=template.axis(
            range=[rows - 0.5, -0.5], scaleanchor="x", constrain="domain", constraintoward="top", visible=False
        ),
    )


def _points(plane: np.ndarray, most: float, ink: str) -> list[dict[str, Any]]:
    """Percentage points in the cells."""
    y, x = (part.ravel() for part in np.indices(plane.shape))
    values = np.nan_to_num(plane.ravel())
    texts = [f"{points:+d}" if (points := round(100 * value)) else "0" for value in values.tolist()]
    strong = np.abs(values) > _STRONG * most
    return inked_texts(x, y, texts, [(strong, template.LIGHT_INK), (~strong, ink)])


def _clicks(size: Size) -> dict[str, Any]:
    """Places to click, which hand back the pixel as it is typed."""
    rows, columns = _plane_size(size)
    places = clicks(rows, columns)
    pairs = zip(places["y"].tolist(), places["x"].tolist(), strict=True)
    names = [f"{row},{column}" if len(size) == 2 else str(column) for row, column in pairs]
    return {**places, "customdata": np.array(names)}


def _plane(values: np.ndarray) -> np.ndarray:
    """A map as rows of cells."""
    return values if values.ndim == 2 else values[None, :]


def _plane_size(size: Size) -> tuple[int, int]:
    return (size[0], size[1]) if len(size) == 2 else (1, size[0])


def _texts(plane: np.ndarray, write: Any) -> np.ndarray:
    return np.array([write(value) for value in plane.ravel().tolist()]).reshape(plane.shape)
