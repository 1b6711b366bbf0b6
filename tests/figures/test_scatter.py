"""Designs by two numbers: the front is a line of its own, and every point says which design it is."""

from base64 import b64decode

import numpy as np
import plotly.graph_objects as go

from core.figures.scatter import Points, scatter

X, Y = np.array([3.0, 1.0, 2.0, np.nan, 400.0]), np.array([9.0, 2.0, 5.0, 1.0, 1.0])
POINTS = Points(X, Y, ["c", "a", "b", "none", "far"])
MET = np.array([True, True, True, True, False])


def decoded(data: dict[str, str]) -> list[float]:
    return np.frombuffer(b64decode(data["bdata"]), dtype=data["dtype"]).tolist()


def traces(fig: go.Figure) -> dict[str, tuple[list[float], list[float], list[str]]]:
    return {
        trace["name"]: (decoded(trace["x"]), decoded(trace["y"]), list(trace["customdata"]))
        for trace in fig.to_plotly_json()["data"]
    }


def test_the_front_is_a_line_from_left_to_right_and_the_others_lie_beside_it() -> None:
    drawn = traces(scatter(POINTS, MET, np.array([0, 1]), ("across", "up")))
    assert drawn["best"] == ([1.0, 3.0], [2.0, 9.0], ["a", "c"])
    assert drawn["condition met"] == ([2.0], [5.0], ["b"])
    assert drawn["not met"] == ([400.0], [1.0], ["far"])


def test_the_picked_design_has_a_ring() -> None:
    fig = scatter(POINTS, MET, np.array([0]), ("across", "up"), picked="b")
    assert traces(fig)["picked"] == ([2.0], [5.0], ["b"])


def test_a_wide_axis_is_logarithmic_and_axes_are_named() -> None:
    layout = scatter(POINTS, MET, np.array([0]), ("across", "up")).layout
    assert (layout.xaxis.type, layout.yaxis.type) == ("log", None)
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("across", "up")


def test_of_very_many_designs_the_front_is_drawn_whole() -> None:
    many = Points(np.arange(50_000.0), np.ones(50_000), [str(place) for place in range(50_000)])
    front = np.arange(100, 200)
    drawn = traces(scatter(many, np.ones(50_000, dtype=bool), front, ("across", "up")))
    assert len(drawn["best"][0]) == 100
    assert 2000 < len(drawn["designs"][0]) <= 4000
