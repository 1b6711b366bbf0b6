"""What the map shows, read from the traces that are drawn: places, orientation, frame, ink, colour."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from core.exact import path_counts
from core.figures import template
from core.figures.maps import pathway_map
from core.network import graph_of, parse

HAND = "5x7; conv k3x1 x2; conv k1x3 s1x2"
ROWS, COLUMNS = [1, 2, 3, 2, 1], [1, 1, 2, 1, 2, 1, 1]


def array(value: Any) -> np.ndarray:
    """The numbers of a trace, however they are encoded."""
    if not isinstance(value, dict):
        return np.asarray(value)
    flat = np.frombuffer(b64decode(value["bdata"]), dtype=np.dtype(value["dtype"]))
    return flat.reshape([int(side) for side in value["shape"].split(",")]) if "shape" in value else flat


def drawn(text: str, linear: bool = True, pixel: tuple[int, int] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = pathway_map(path_counts(graph_of(parse(text))), linear, pixel).to_plotly_json()
    return found


def traces(figure: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["type"] == kind]


def test_the_counts_of_the_example_are_those_worked_out_by_hand() -> None:
    counts = path_counts(graph_of(parse(HAND)))
    assert counts.factors[0].tolist() == ROWS
    assert counts.factors[1].tolist() == COLUMNS


def test_a_linear_map_is_coloured_by_the_share_of_the_largest_with_row_0_at_the_top() -> None:
    figure = drawn(HAND)
    cells = array(traces(figure, "heatmap")[0]["z"])
    assert cells == pytest.approx(np.outer(ROWS, COLUMNS) / 6)
    assert cells[0, 2] == pytest.approx(2 / 6)  # row 0, column 2
    top, bottom = figure["layout"]["yaxis"]["range"][1], figure["layout"]["yaxis"]["range"][0]
    assert bottom == 4.5 > top


def test_a_logarithmic_map_runs_from_the_least_to_the_most() -> None:
    cells = array(traces(drawn(HAND, linear=False), "heatmap")[0]["z"])
    assert cells[0, 0] == 0
    assert cells[2, 2] == 1
    assert cells[1, 0] == pytest.approx(np.log(2) / np.log(6))


def test_the_strips_are_the_column_on_the_left_and_the_row_above() -> None:
    left, above = (array(trace["z"]) for trace in traces(drawn(HAND), "heatmap")[1:3])
    assert left.shape == (5, 1)
    assert above.shape == (1, 7)
    assert left.ravel() == pytest.approx(np.array(ROWS) / 3)
    assert above.ravel() == pytest.approx(np.array(COLUMNS) / 2)


def test_without_factors_the_strips_cut_the_map_through_the_picked_pixel() -> None:
    text = "5x7; add(skip | conv k3 p1); conv k3 p1"
    left, above = (array(trace["z"]) for trace in traces(drawn(text, pixel=(0, 3)), "heatmap")[1:3])
    counts = path_counts(graph_of(parse(text))).array().astype(float)
    assert left.ravel() == pytest.approx(counts[:, 3] / counts[:, 3].max())
    assert above.ravel() == pytest.approx(counts[0] / counts[0].max())


def test_the_picked_pixel_is_framed_at_its_column_and_row() -> None:
    frame = drawn(HAND, pixel=(1, 4))["layout"]["shapes"][-1]
    assert (frame["x0"], frame["x1"], frame["y0"], frame["y1"]) == (3.5, 4.5, 0.5, 1.5)
    assert frame["line"]["color"] == template.ACCENT


def test_numbers_stand_in_their_cells_dark_on_bright_ones_and_light_on_dark_ones() -> None:
    written: dict[tuple[float, float], tuple[str, str]] = {}
    for trace in traces(drawn(HAND), "bar"):
        places = zip(array(trace["x"]).tolist(), (array(trace["base"]) + 0.5).tolist(), strict=True)
        for place, text in zip(places, trace["text"], strict=True):
            written[place] = (text, trace["insidetextfont"]["color"])
    assert written[2, 2] == ("6", template.DARK_INK)
    assert written[0, 0] == ("1", template.LIGHT_INK)
    assert written[2, 1] == ("4", template.DARK_INK)  # column 2, row 1
