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


def drawn(text: str, linear: bool = True, *pixels: tuple[int, int], **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = pathway_map(path_counts(graph_of(parse(text))), linear, pixels, **options).to_plotly_json()
    return found


def written(figure: dict[str, Any]) -> dict[tuple[float, float], tuple[str, str]]:
    """The number in each cell, by row and column, and its ink."""
    found = {}
    for trace in traces(figure, "bar"):
        rows, columns = array(trace["base"]) + array(trace["y"]) / 2, array(trace["x"])
        for row, column, text in zip(rows.tolist(), columns.tolist(), trace["text"], strict=True):
            found[round(row, 6), round(column, 6)] = text.strip(), trace["insidetextfont"]["color"]
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
    left, above = (array(trace["z"]) for trace in traces(drawn(text, True, (0, 3)), "heatmap")[1:3])
    counts = path_counts(graph_of(parse(text))).array().astype(float)
    assert left.ravel() == pytest.approx(counts[:, 3] / counts[:, 3].max())
    assert above.ravel() == pytest.approx(counts[0] / counts[0].max())


def test_picked_pixels_are_framed_at_their_rows_and_columns_in_two_colours() -> None:
    frames = drawn(HAND, True, (1, 4), (4, 0))["layout"]["shapes"][1:]
    assert [(frame["y0"], frame["y1"], frame["x0"], frame["x1"]) for frame in frames] == [
        (0.5, 1.5, 3.5, 4.5), (3.5, 4.5, -0.5, 0.5),
    ]  # fmt: skip
    assert [frame["line"]["color"] for frame in frames] == [template.ACCENT, template.SECOND]
    assert len(drawn(HAND)["layout"]["shapes"]) == 1


def test_numbers_stand_in_their_cells_dark_on_bright_ones_and_light_on_dark_ones() -> None:
    found = written(drawn(HAND))
    assert found[2, 2] == ("6", template.DARK_INK)
    assert found[0, 0] == ("1", template.LIGHT_INK)
    assert found[1, 2] == ("4", template.DARK_INK)


def test_a_map_without_strips_has_its_cells_alone() -> None:
    figure = drawn(HAND, strips=False)
    assert len(traces(figure, "heatmap")) == 1
    assert set(written(figure)) == {(row, column) for row in range(5) for column in range(7)}
    assert figure["layout"]["yaxis"]["range"] == [4.5, -0.5]


@pytest.mark.parametrize(("height", "corner", "centre"), [(480, "1.2k", "6.6k"), (900, "1225", "6561")])
def test_numbers_are_shortened_alike_where_the_widest_does_not_fit(height: int, corner: str, centre: str) -> None:
    found = written(drawn("15x15; conv k3 p1 x4", height=height))
    assert found[0, 0][0] == found[14, 14][0] == corner
    assert found[7, 7][0] == centre
    short = {text for (row, column), (text, _) in found.items() if row >= 0 and column >= 0}
    assert {text.endswith("k") for text in short} == {corner == "1.2k"}


def test_numbers_of_a_map_are_as_wide_as_each_other_so_that_all_are_shown_or_none() -> None:
    figure = drawn("7x7; conv k3 x3", strips=False)
    assert figure["layout"]["uniformtext"] == {"mode": "hide", "minsize": 14}
    texts = [text for trace in traces(figure, "bar") for text in trace["text"]]
    assert {text.strip() for text in texts} == {"1", "3", "6", "7", "9", "18", "21", "36", "42", "49"}
    half_digits = {"\u2007": 2, "\u2008": 1}  # as wide as a digit, and as a point: half of one
    assert {sum(half_digits.get(letter, 2) for letter in text) for text in texts} == {4}
