"""Three cuts through one position of a map of three axes, side by side as in an atlas, on one colour scale.

Above on the left lies the plane, rows down and columns across; on its right the column, whose depth runs across; below
the row, whose depth runs down. So neighbouring cuts share an axis, and lines show where they meet. Colours run over
the whole map, so that they stay what they are while the cuts move.
"""

from dataclasses import dataclass
from functools import partial
from math import ceil, log10, prod
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.counts import PathCounts
from ..formatting import format_count, share_told
from ..network.axes import PLACES
from . import template
from .cells import HOVERED, ONE_SIZE, SHADED, cell_texts, clicks, count_texts, share_texts

Position = tuple[int, ...]

_TITLE = 28  # pixels above each cut
_NARROW = 330  # pixels of the narrowest screen, on which titles have room as well
_WRITTEN = 22.0  # pixels of a cell from which on its number may be read
_OUT = 0.25  # cells, of a line outside them


@dataclass(frozen=True, slots=True)
class Pane:
    """One cut: across which axis, the axes that run down and across it, and the place of its first cell."""

    across: int
    down: int
    along: int
    top: float
    left: float

    def at(self, picked: Position, row: int, column: int) -> str:
        """The position of a cell, as it is typed."""
        place = list(picked)
        place[self.down], place[self.along] = row, column
        return ",".join(map(str, place))


def volume_cuts(
    counts: PathCounts, linear: bool = False, picked: Position = (), height: int = 600, whole: int = 0
) -> go.Figure:
    """The cuts of a map (depth, height, width) through ``picked``, or its centre; a click hands back a position.

    ``whole``: the denominator, where the counts are numerators of shares. What no path reaches is grey.
    """
    size = counts.size
    through = picked or tuple(side // 2 for side in size)
    cell = (height - 2 * _TITLE - 6) / (size[1] + size[0])
    panes = _panes(size, _TITLE / min(cell, _NARROW / (size[2] + size[0])))
    cuts = [counts.cut(pane.across, through[pane.across]) for pane in panes]
    turned = [cut.array().T if pane.down > pane.along else cut.array() for pane, cut in zip(panes, cuts, strict=True)]
    shares = _shares(counts, turned, linear)
    traces: list[Any] = []
    for pane, numbers, part in zip(panes, turned, shares, strict=True):
        traces += [_heatmap(pane, numbers, part, through, whole), _clicks(pane, numbers.shape, through)]
        if cell >= _WRITTEN:
            traces += _texts(pane, numbers, part, cell, whole)
    low, far = panes[2].top + size[0], panes[1].left + size[0]
    return template.figure(
        traces,
        height,
        margin={"l": 6, "r": 70, "t": _TITLE, "b": 6},
        barmode="overlay",
        bargap=0,
        uniformtext=ONE_SIZE,
        shapes=[shape for pane in panes for shape in _marks(pane, size, through, bool(picked), cell >= _WRITTEN)],
        annotations=[_title(pane, through[pane.across]) for pane in panes],
        xaxis=template.axis(
            range=[-0.5 - _OUT, far - 0.5 + _OUT], constrain="domain", constraintoward="left", visible=False
        ),
        yaxis=template.axis(
            range=[low - 0.5 + _OUT, -0.5 - _OUT],
            scaleanchor="x",
            constrain="domain",
            constraintoward="top",
            visible=False,
        ),
    )


def _panes(size: Position, gap: float) -> tuple[Pane, Pane, Pane]:
    """The plane, the column beside it and the row below."""
    return Pane(0, 1, 2, 0.0, 0.0), Pane(2, 1, 0, 0.0, size[2] + gap), Pane(1, 0, 2, size[1] + gap, 0.0)


def _shares(counts: PathCounts, cuts: list[np.ndarray], linear: bool) -> list[np.ndarray]:
    """Colours of the cuts, on the scale of the whole map."""
    ends = [[count for count in factor.ravel().tolist() if count] for factor in counts.factors]
    known = [log10(prod(map(end, ends))) for end in (min, max)] if all(ends) else []
    logs = np.concatenate([*(template.log10_of(cut.ravel().tolist()) for cut in cuts), known])
    shares = template.unit_shares(logs, linear).astype(np.float32)
    places = np.cumsum([cut.size for cut in cuts])
    return [part.reshape(cut.shape) for part, cut in zip(np.split(shares, places)[: len(cuts)], cuts, strict=True)]


def _heatmap(pane: Pane, numbers: np.ndarray, shares: np.ndarray, through: Position, whole: int) -> dict[str, Any]:
    block = ceil(max(shares.shape) / template.SHOWN_SIDE)
    hover: dict[str, Any] = {"hoverinfo": "skip"}
    if max(shares.shape) <= HOVERED:
        told = partial(share_told, whole=whole) if whole else format_count
        noun = "" if whole else " paths"
        texts = [
            f"{_named(pane.at(through, row, column))}<br><b>{told(count)}</b>{noun}"
            for (row, column), count in np.ndenumerate(numbers)
        ]
        hover = {
            "customdata": np.array(texts).reshape(numbers.shape),
            "hovertemplate": "%{customdata}<extra></extra>",
        }
    gap = 1 if max(shares.shape) <= template.LEGIBLE_SIDE else 0
    return {
        **SHADED,
        "z": template.blocks(shares, block).astype(np.float32),
        "x0": pane.left + (block - 1) / 2,
        "dx": block,
        "y0": pane.top + (block - 1) / 2,
        "dy": block,
        "xgap": gap,
        "ygap": gap,
        **hover,
    }


def _named(position: str) -> str:
    """``plane 3, row 4, column 5``."""
    return ", ".join(f"{name} {place}" for name, place in zip(PLACES, position.split(","), strict=True))


def _clicks(pane: Pane, shape: tuple[int, ...], through: Position) -> dict[str, Any]:
    """Places to click, each handing back its position."""
    places = clicks(*shape)
    names = [
        pane.at(through, row, column) for row, column in zip(places["y"].tolist(), places["x"].tolist(), strict=True)
    ]
    return {**places, "x": places["x"] + pane.left, "y": places["y"] + pane.top, "customdata": np.array(names)}


def _texts(pane: Pane, numbers: np.ndarray, shares: np.ndarray, cell: float, whole: int) -> list[dict[str, Any]]:
    y, x = np.indices(numbers.shape)
    listed = numbers.ravel().tolist()
    texts = share_texts(listed, whole, cell) if whole else count_texts(listed, cell)
    return cell_texts(x.ravel() + pane.left, y.ravel() + pane.top, texts, shares)


def _marks(pane: Pane, size: Position, through: Position, is_picked: bool, numbered: bool) -> list[dict[str, Any]]:
    """The grey below the cells, the lines in which the other cuts meet this one, and what is picked.

    Where cells hold numbers the lines stand outside them.
    """
    box = {
        "x0": pane.left - 0.5,
        "x1": pane.left + size[pane.along] - 0.5,
        "y0": pane.top - 0.5,
        "y1": pane.top + size[pane.down] - 0.5,
    }
    x, y = pane.left + through[pane.along], pane.top + through[pane.down]
    across, down = ((box["x0"], box["x1"]), (box["y0"], box["y1"]))
    lines = [{"x0": x, "x1": x, "y0": down[0], "y1": down[1]}, {"x0": across[0], "x1": across[1], "y0": y, "y1": y}]
    if numbered:
        lines = [{"x0": x, "x1": x, "y0": end, "y1": end + out} for end, out in zip(down, (-_OUT, _OUT), strict=True)]
        lines += [
            {"x0": end, "x1": end + out, "y0": y, "y1": y} for end, out in zip(across, (-_OUT, _OUT), strict=True)
        ]
    look = {"color": template.ACCENT, "width": 2 if numbered else 1}
    frame = {"x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5}
    return [
        {"type": "rect", **box, "fillcolor": template.FAINT, "line": {"width": 0}, "layer": "below"},
        *({"type": "line", **ends, "line": look, "opacity": 1 if numbered else 0.6} for ends in lines),
        *([{"type": "rect", **frame, "line": {"color": template.ACCENT, "width": 3}}] if is_picked else []),
    ]


def _title(pane: Pane, place: int) -> dict[str, Any]:
    return {
        "text": f"{PLACES[pane.across]} {place}",
        "x": pane.left - 0.5,
        "y": pane.top - 0.5,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": template.FONT_SIZE},
    }
