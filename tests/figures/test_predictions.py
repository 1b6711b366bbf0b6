"""The figures of a class: which bar is marked, which pixel is framed, which way up."""

import re
from base64 import b64decode

import numpy as np
import plotly.graph_objects as go

from core.figures import template
from core.figures.predictions import prediction_bars, prediction_map


def valid(figure: go.Figure) -> go.Figure:
    return go.Figure(figure.to_plotly_json())


def decoded(data: dict[str, str]) -> np.ndarray:
    """An array as it travels to the browser."""
    shape = [int(side) for side in data.get("shape", "-1").split(",")]
    return np.frombuffer(b64decode(data["bdata"]), data["dtype"]).reshape(shape)


def bars(html: str) -> list[tuple[str, str, str, str]]:
    """Of each bar its label, colour, width and what stands behind it."""
    row = re.compile(
        r"<li[^>]*><span[^>]*>(.*?)</span><div[^>]*><div [^>]*background:(.*?);width:(.*?)\"></div></div>"
        r"<span[^>]*>(.*?)</span></li>"
    )
    found: list[tuple[str, str, str, str]] = row.findall(html)
    return found


def test_the_answer_and_ones_own_are_marked_on_their_bars() -> None:
    assert bars(prediction_bars(("9", "70", "72"), (4, 8, 0), answer=2, own=0)) == [
        ("9", template.SECOND, "50.0%", "4 · you"),
        ("70", template.GREY, "100.0%", "8"),
        ("72", template.ACCENT, "0.0%", "0 · computed"),
    ]


def test_who_met_the_answer_has_one_mark() -> None:
    assert bars(prediction_bars(("9", "70"), (4, 8), answer=1, own=1))[1][1:] == (
        template.ACCENT,
        "100.0%",
        "8 · computed · you",
    )


def test_an_option_that_somebody_typed_is_no_markup() -> None:
    assert "<b>" not in prediction_bars(("<b>x</b>", "y"), (0, 0), None, None)


def test_clicks_lie_where_they_were_made_row_0_at_the_top() -> None:
    figure = valid(prediction_map((3, 4), {(0, 3): 2, (2, 0): 1}, answers=((0, 3),), own=(2, 0)))
    grid = decoded(figure.data[0].z)
    assert (grid[0, 3], grid[2, 0], np.isfinite(grid).sum()) == (2, 1, 2)
    low, high = figure.layout.yaxis.range
    assert low > high
    frames = [(shape.x0 + 0.5, shape.y0 + 0.5, shape.line.color) for shape in figure.layout.shapes if shape.line.color]
    assert frames == [(3, 0, template.ACCENT), (0, 2, template.SECOND)]
