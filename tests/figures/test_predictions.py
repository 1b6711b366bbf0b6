"""The figures of a class: which bar is marked, which pixel is framed, which way up."""

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


def test_the_answer_and_ones_own_are_marked_on_their_bars() -> None:
    figure = valid(prediction_bars(("9", "70", "72"), (4, 7, 0), answer=2, own=0))
    colours = list(figure.data[0].marker.color)
    assert colours == [template.SECOND, template.GREY, template.ACCENT]
    assert {note.text: note.x for note in figure.layout.annotations} == {"computed": 2, "you": 0}


def test_who_met_the_answer_has_one_mark() -> None:
    figure = valid(prediction_bars(("9", "70"), (4, 7), answer=1, own=1))
    assert [note.text for note in figure.layout.annotations] == ["computed, and you"]


def test_clicks_lie_where_they_were_made_row_0_at_the_top() -> None:
    figure = valid(prediction_map((3, 4), {(0, 3): 2, (2, 0): 1}, answers=((0, 3),), own=(2, 0)))
    grid = decoded(figure.data[0].z)
    assert (grid[0, 3], grid[2, 0], np.isfinite(grid).sum()) == (2, 1, 2)
    low, high = figure.layout.yaxis.range
    assert low > high
    frames = [(shape.x0 + 0.5, shape.y0 + 0.5, shape.line.color) for shape in figure.layout.shapes if shape.line.color]
    assert frames == [(3, 0, template.ACCENT), (0, 2, template.SECOND)]
