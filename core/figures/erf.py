"""Effective receptive fields, drawn: measured, predicted and their difference; profiles; convergence."""

from math import isfinite
from typing import Any

import numpy as np
import plotly.graph_objects as go

from . import template
from .cells import clicks

Box = tuple[tuple[float, float], ...]  # per axis: first and last position of the theoretical field


def comparison(measured: np.ndarray, predicted: np.ndarray | None, box: Box | None, height: int = 360) -> go.Figure:
    """Maps (height, width) or rows (length,) of one sum each: measured, predicted, measured - predicted."""
    if measured.ndim == 1:
        return _rows(measured, predicted, box)
    top = peak(measured, predicted)
    signed = measured.min() < 0
    maps: list[tuple[str, np.ndarray, Any, float, float]] = [
        (
            "measured",
            measured / top,
            template.DIVERGING if signed else template.SEQUENTIAL,
            -1.0 if signed else 0.0,
            1.0,
        )
    ]
    if predicted is not None:
        difference = (measured - predicted) / top
        most = max(float(np.abs(difference).max()), 1e-9)
        maps.append(("predicted", predicted / top, template.SEQUENTIAL, 0.0, 1.0))
        maps.append(("difference", difference, template.DIVERGING, -most, most))
    rows, columns = measured.shape
    layout: dict[str, Any] = {}
    traces: list[Any] = []
    block = -(-max(rows, columns) // template.SHOWN_SIDE)
    for index, (_, values, colours, low, high) in enumerate(maps):
        mark = "" if index == 0 else str(index + 1)
        begin, width = index / len(maps), 1 / len(maps)
        traces.append(
            go.Heatmap(
                z=template.blocks(values, block).astype(np.float32),
                x0=(block - 1) / 2,
                dx=block,
                y0=(block - 1) / 2,
                dy=block,
                zmin=low,
                zmax=high,
                colorscale=colours,
                showscale=False,
                xaxis=f"x{mark}",
                yaxis=f"y{mark}",
                hovertemplate="row %{y}, column %{x}<br><b>%{z:.4g}</b> of the peak<extra></extra>",
            )
        )
        layout[f"xaxis{mark}"] = template.axis(
            domain=[begin + 0.008, begin + width - 0.008],
            range=[-0.5, columns - 0.5],
            constrain="domain",
            visible=False,
            anchor=f"y{mark}",
        )
        layout[f"yaxis{mark}"] = template.axis(
            range=[rows - 0.5, -0.5],
            scaleanchor=f"x{mark}",
            constrain="domain",
            constraintoward="top",
            visible=False,
            anchor=f"x{mark}",
        )
    fig = template.figure([*traces, clicks(rows, columns)], height, **layout)
    for index, (name, *_) in enumerate(maps):
        mark = "" if index == 0 else str(index + 1)
        fig.add_annotation(
            text=name,
            x=0.5,
            y=1.0,
            yanchor="bottom",
            yshift=4,
            xref=f"x{mark} domain",
            yref=f"y{mark} domain",
            showarrow=False,
            font={"size": 15},
        )
        if box:
            (y0, y1), (x0, x1) = box
            fig.add_shape(
                type="rect", x0=x0 - 0.5, x1=x1 + 0.5, y0=y0 - 0.5, y1=y1 + 0.5, xref=f"x{mark}", yref=f"y{mark}",
                line={"color": template.ACCENT, "width": 2.5},
            )  # fmt: skip
    fig.update_layout(margin={"l": 8, "r": 8, "t": 40, "b": 8})
    return fig


def peak(measured: np.ndarray, predicted: np.ndarray | None) -> float:
    """The largest value of both maps, to which colours are scaled."""
    return float(max(np.abs(measured).max(), predicted.max() if predicted is not None else 0.0)) or 1.0


def profiles(
    measured: np.ndarray, errors: np.ndarray, predicted: np.ndarray | None, position: int, name: str, height: int = 300
) -> go.Figure:
    """One row (length,) of the map with twice its standard error, and the prediction; shares of the sum."""
    x = list(range(len(measured)))
    band = go.Scatter(
        x=[*x, *x[::-1]],
        y=[*(measured + 2 * errors), *(measured - 2 * errors)[::-1]],
        fill="toself",
        mode="none",
        fillcolor="rgba(217,72,15,0.25)",
        hoverinfo="skip",
        name="two standard errors",
    )
    traces: list[Any] = [band] if np.isfinite(errors).all() else []
    traces.append(_line(x, measured, template.ACCENT, "measured"))
    if predicted is not None:
        traces.append(_line(x, predicted, template.SECOND, "predicted", dash="dash"))
    fig = template.figure(
        traces,
        height,
        xaxis=template.axis(title=name, showline=True, linecolor=template.FAINT),
        yaxis=template.axis(title="share", showgrid=True, gridcolor=template.FAINT, rangemode="tozero"),
        showlegend=True,
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    )
    fig.add_vline(x=position, line={"color": template.GREY, "width": 1.5, "dash": "dot"})
    return fig


def convergence(history: tuple[float, ...], height: int = 300) -> go.Figure:
    """Relative standard error against samples on logarithmic axes, beside the fall of 1/√n."""
    known = [(count, error) for count, error in enumerate(history, start=1) if isfinite(error) and error > 0]
    n = np.array([count for count, _ in known], dtype=np.float64)
    errors = np.array([error for _, error in known])
    traces: list[Any] = [_line(n.tolist(), errors, template.ACCENT, "relative standard error")]
    if len(known):
        traces.append(_line(n.tolist(), errors[-1] * np.sqrt(n[-1] / n), template.GREY, "1/√n", dash="dash"))
    return template.figure(
        traces,
        height,
        xaxis=template.axis(title="samples", type="log", showgrid=True, gridcolor=template.FAINT, dtick=1),
        yaxis=template.axis(type="log", showgrid=True, gridcolor=template.FAINT, tickformat=".2g"),
        showlegend=True,
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
    )


def _rows(measured: np.ndarray, predicted: np.ndarray | None, box: Box | None) -> go.Figure:
    x = list(range(len(measured)))
    traces = [_line(x, measured, template.ACCENT, "measured")]
    if predicted is not None:
        traces.append(_line(x, predicted, template.SECOND, "predicted from the counts", dash="dash"))
        traces.append(_line(x, measured - predicted, template.GREY, "difference"))
    fig = template.figure(
        traces,
        430,
        xaxis=template.axis(title="input position", showline=True, linecolor=template.FAINT),
        yaxis=template.axis(title="share", showgrid=True, gridcolor=template.FAINT),
        showlegend=True,
        legend={"orientation": "h", "y": 1.1, "x": 0},
    )
    if box:
        fig.add_vrect(x0=box[0][0] - 0.5, x1=box[0][1] + 0.5, fillcolor=template.FAINT, line_width=0, layer="below")
    return fig


def _line(x: list[Any], y: np.ndarray, colour: str, name: str, dash: str = "solid") -> go.Scatter:
    return go.Scatter(x=x, y=y, mode="lines", name=name, line={"color": colour, "width": 3, "dash": dash})
