"""Receptive fields, drawn: layer by layer as bars over the input, and nested on the input itself."""

from math import ceil, sqrt
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..exact.field import AxisField
from . import template

_DRAWN = 60  # layers drawn as bars; deeper networks show every n-th
_NESTED = 12  # fields nested on the input
_UNITS = 2500  # output units whose centres are drawn, to be clicked


def nearest_unit(field: AxisField, centre: float) -> int:
    """The unit whose field's centre lies nearest to an input position."""

    def distance(unit: int) -> float:
        position = field.centre(unit)
        return abs(float(position) - centre) if position is not None else float("inf")

    guess = round((centre - float(field.centre(0) or 0)) / (float(field.stride) or 1.0))
    near = {min(max(unit, 0), field.units - 1) for unit in (guess - 1, guess, guess + 1)}
    return min(sorted(near), key=distance)


def growth(names: list[str], fields: list[AxisField], unit: int, marked: set[int]) -> go.Figure:
    """A bar for every layer over the input: what its unit nearest to the output unit's centre sees.

    The part outside the input, which is padding, is pale; ``marked`` layers (unproductive) are in the second colour.
    """
    names = [template.shortened(name) for name in names]
    side = fields[0].input_side
    centre = float(fields[-1].centre(unit) or (side - 1) / 2)
    step = -(-len(fields) // _DRAWN)
    rows = sorted({*range(0, len(fields), step), len(fields) - 1, *sorted(marked)[:1]})
    traces: list[Any] = []
    for inside in (False, True):
        bases, lengths, hovers = [], [], []
        for index in rows:
            position = unit if index == len(fields) - 1 else nearest_unit(fields[index], centre)
            span = fields[index].clipped(position) if inside else fields[index].span(position)
            bases.append(span[0] - 0.5 if span else centre)
            lengths.append(span[1] - span[0] + 1 if span else 0)
            hovers.append(_told(names[index], fields[index], position))
        colours = [template.SECOND if index in marked else template.ACCENT for index in rows]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [names[index] for index in rows],
                "x": np.array(lengths),
                "base": np.array(bases),
                "marker": {"color": colours, "opacity": 1.0 if inside else 0.3, "cornerradius": 3},
                "width": 0.72,
                "hovertext": hovers,
                "hovertemplate": "%{hovertext}<extra></extra>",
                "text": [f" {fields[index].size} " if inside else "" for index in rows],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "constraintext": "none" if len(rows) <= 30 else "both",
                "textfont": {"color": "#FFFFFF", "size": 14},
                "cliponaxis": False,
            }
        )
    spans = [span for index in rows if (span := fields[index].span(nearest_unit(fields[index], centre)))]
    low, high = min(0, *(span[0] for span in spans)), max(side - 1, *(span[1] for span in spans))
    room = 0.02 * (high - low + 1)
    input_box = {"x0": -0.5, "x1": side - 0.5, "y0": 0, "y1": 1}
    middle = {"x0": centre, "x1": centre, "y0": 0, "y1": 1}
    across: dict[str, Any] = {"yref": "y domain", "layer": "below"}
    return template.figure(
        traces,
        min(1200, max(360, 30 * len(rows) + 90)),
        barmode="overlay",
        shapes=[
            {
                "type": "rect",
                **input_box,
                **across,
                "fillcolor": "rgba(128,128,128,0.16)",
                "line": {"color": template.GREY, "width": 1.5},
            },
            {"type": "line", **middle, **across, "line": {"color": template.GREY, "width": 1.5, "dash": "dot"}},
        ],
        xaxis=template.axis(
            title="input position", range=[low - room - 0.5, high + room + 0.5], showgrid=True, gridcolor=template.FAINT
        ),
        yaxis=template.axis(type="category", autorange="reversed"),
        margin={"l": template.label_margin(names), "r": 8, "t": 8, "b": 56},
    )


def nested(
    names: list[str],
    fields: list[tuple[AxisField, ...]],
    unit: tuple[int, int],
    places: tuple[str, ...] = ("row", "column"),
) -> go.Figure:
    """The input with the fields of the layers below one output unit, nested around its centre, to scale.

    ``places``: what positions are called along the two axes, down and across.
    """
    rows, columns = (axis.input_side for axis in fields[0])
    centres = [float(axis.centre(position) or 0) for axis, position in zip(fields[-1], unit, strict=True)]
    step = -(-(len(fields) - 1) // _NESTED) or 1
    chosen = sorted({*range(len(fields) - 1, 0, -step), len(fields) - 1})
    low, high = [0.0, 0.0], [float(rows), float(columns)]
    shapes: list[dict[str, Any]] = [_box(0, rows - 1, 0, columns - 1, template.GREY, 2, "rgba(128,128,128,0.16)")]
    corners: list[tuple[float, float, str]] = []
    for index in chosen:
        last = index == len(fields) - 1
        spans = [
            axis.span(position if last else nearest_unit(axis, centre))
            for axis, position, centre in zip(fields[index], unit, centres, strict=True)
        ]
        if spans[0] is None or spans[1] is None:
            continue
        (top, bottom), (left, right) = spans[0], spans[1]
        shapes.append(_box(top, bottom, left, right, template.ACCENT, 3.5 if last else 1.2, None))
        corners.append(((left + right) / 2, bottom + 0.5, _told(names[index], fields[index][0], unit[0])))
        low = [min(low[0], top), min(low[1], left)]
        high = [max(high[0], bottom + 1), max(high[1], right + 1)]
    dots = {
        "type": "scatter",
        "x": np.array([x for x, _, _ in corners]),
        "y": np.array([y for _, y, _ in corners]),
        "mode": "markers",
        "marker": {"size": 9, "color": template.ACCENT},
        "hovertext": [text for *_, text in corners],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    cross = {
        "type": "scatter",
        "x": centres[1:],
        "y": centres[:1],
        "mode": "markers",
        "marker": {"symbol": "cross", "size": 13, "color": template.ACCENT},
        "hovertemplate": f"centre: {places[0]} {centres[0]:g}, {places[1]} {centres[1]:g}<extra></extra>",
    }
    grid = _unit_centres(fields[-1])
    room = 0.03 * max(high[0] - low[0], high[1] - low[1])
    return template.figure(
        [grid, dots, cross],
        560,
        margin={"l": 48, "r": 16, "t": 8, "b": 40},
        shapes=shapes,
        xaxis=template.axis(range=[low[1] - room - 0.5, high[1] + room - 0.5], constrain="domain"),
        yaxis=template.axis(range=[high[0] + room - 0.5, low[0] - room - 0.5], scaleanchor="x", constrain="domain"),
    )


def _unit_centres(fields: tuple[AxisField, ...]) -> dict[str, Any]:
    """A dot at the centre of every output unit's field, clickable: its custom data is ``row,column``."""
    step = max(1, ceil(sqrt(fields[0].units * fields[1].units / _UNITS)))
    rows, columns = (range(step // 2, axis.units, step) for axis in fields)
    places = [
        (y, x, f"{row},{column}")
        for row in rows
        for column in columns
        if (y := fields[0].centre(row)) is not None and (x := fields[1].centre(column)) is not None
    ]
    return {
        "type": "scatter",
        "x": np.array([float(x) for _, x, _ in places]),
        "y": np.array([float(y) for y, _, _ in places]),
        "customdata": np.array([name for *_, name in places]),
        "mode": "markers",
        "marker": {"size": 7, "color": template.GREY},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "hovertemplate": "unit %{customdata}<extra></extra>",
    }


def _told(name: str, field: AxisField, unit: int) -> str:
    span, centre = field.span(unit), field.centre(unit)
    if span is None or centre is None:
        return f"{name}: unit {unit} sees nothing"
    wide = span[1] - span[0] + 1
    return f"<b>{name}</b><br>unit {unit} sees {span[0]} to {span[1]}: {wide} wide, centre {float(centre):g}"


def _box(
    top: float, bottom: float, left: float, right: float, colour: str, width: float, fill: str | None
) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": left - 0.5,
        "x1": right + 0.5,
        "y0": top - 0.5,
        "y1": bottom + 0.5,
        "line": {"color": colour, "width": width},
        "fillcolor": fill or "rgba(0,0,0,0)",
        "layer": "below",
    }
