"""Images with their objects ringed, beside each other, and words under each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template

_DARKEST = -2.5  # standard deviations of the noise, from which on brightness is seen
_AIR = 1.2  # pixels between an object and its ring
_ROOM = _AIR + 0.2  # pixels around an image, for the ring of an object at its border
_GREYS = [[0.0, "#16181C"], [1.0, "#FFFFFF"]]


@dataclass(frozen=True, slots=True, eq=False)
class RingedImage:
    """An image, (height, width) or (length,); the first position and the length of its object per axis, or None."""

    image: np.ndarray
    ring: tuple[tuple[int, int], ...] | None
    words: str  # under it; lines are parted by <br>
    emphasised: bool = False  # its words stand in the accent's colour


def image_row(images: Sequence[RingedImage], brightest: float, columns: int, side: int) -> go.Figure:
    """Images in one row with room for ``columns`` of them, ``side`` pixels high; ``brightest`` is white."""
    traces: list[Any] = []
    layout: dict[str, Any] = {}
    shapes, notes = [], []
    for index, shown in enumerate(images):
        mark = "" if index == 0 else str(index + 1)
        plane = shown.image if shown.image.ndim == 2 else shown.image[None]
        rows, length = plane.shape
        tall = _ROOM if rows > 1 else 0.0
        block = -(-max(plane.shape) // template.SHOWN_SIDE)
        traces.append(
            {
                "type": "heatmap",
                "z": template.blocks(plane, block).astype(np.float32),
                "x0": (block - 1) / 2,
                "dx": block,
                "y0": (block - 1) / 2,
                "dy": block,
                "zmin": _DARKEST,
                "zmax": brightest,
                "colorscale": _GREYS,
                "showscale": False,
                "xaxis": f"x{mark}",
                "yaxis": f"y{mark}",
                "hoverinfo": "skip",
            }
        )
        across = [index / columns + 0.01, (index + 1) / columns - 0.01]
        square = {"scaleanchor": f"x{mark}", "constrain": "domain", "constraintoward": "bottom"} if rows > 1 else {}
        layout[f"xaxis{mark}"] = template.axis(
            domain=across,
            range=[-0.5 - _ROOM, length - 0.5 + _ROOM],
            anchor=f"y{mark}",
            constrain="domain",
            visible=False,
        )
        layout[f"yaxis{mark}"] = template.axis(
            range=[rows - 0.5 + tall, -0.5 - tall], anchor=f"x{mark}", visible=False, **square
        )
        if shown.ring is not None:
            shapes.append(_ring(shown.ring, mark))
        notes.append(
            {
                "text": shown.words,
                "x": 0.5,
                "y": 0,
                "xref": f"x{mark} domain",
                "yref": f"y{mark} domain",
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": template.LEAST_SIZE, **({"color": template.ACCENT} if shown.emphasised else {})},
            }
        )
    lines = max((shown.words.count("<br>") + 1 for shown in images), default=1)
    margin = {"l": 0, "r": 0, "t": 4, "b": 6 + 20 * lines, "pad": 0}
    return template.figure(traces, side + 10 + 20 * lines, margin=margin, shapes=shapes, annotations=notes, **layout)


def _ring(ring: tuple[tuple[int, int], ...], mark: str) -> dict[str, Any]:
    (top, tall), (left, wide) = ring if len(ring) == 2 else ((0, 1), ring[0])
    reach = _AIR if len(ring) == 2 else 0.0
    return {
        "type": "circle",
        "x0": left - 0.5 - _AIR,
        "x1": left + wide - 0.5 + _AIR,
        "y0": top - 0.5 - reach,
        "y1": top + tall - 0.5 + reach,
        "xref": f"x{mark}",
        "yref": f"y{mark}",
        "line": {"color": template.ACCENT, "width": 3},
    }
