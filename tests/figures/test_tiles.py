"""The picture of a tile shows what is lost where, and what is kept."""

from base64 import b64decode

import numpy as np
import plotly.graph_objects as go

from core.figures.tiles import lost_paths


def decoded(data: dict[str, str]) -> np.ndarray:
    """An array in the typed form in which Plotly sends it."""
    shape = [int(side) for side in data.get("shape", "-1").split(",")]
    return np.frombuffer(b64decode(data["bdata"]), data["dtype"]).reshape(shape)


def test_losses_are_coloured_from_the_top_and_what_is_kept_is_framed() -> None:
    shares = np.zeros((4, 6))
    shares[0, 5] = 0.5
    figure = go.Figure(lost_paths(shares, ((1, 3), (1, 5))).to_plotly_json())
    (heat,) = figure.data
    assert decoded(heat.z)[0, 5] == 0.5
    assert np.isnan(decoded(heat.z)).sum() == 23  # the others are grey
    assert heat.zmax == 0.5
    assert list(figure.layout.yaxis.range) == [3.5, -0.5]
    frame = figure.layout.shapes[1]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 4.5, 0.5, 2.5)


def test_a_tile_of_one_axis_has_a_bar_for_each_output() -> None:
    figure = go.Figure(lost_paths(np.array([0.5, 0.0, 0.25]), ((1, 3),)).to_plotly_json())
    (bars,) = figure.data
    assert decoded(bars.y).tolist() == [0.5, 0.0, 0.25]
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (0.5, 2.5)
