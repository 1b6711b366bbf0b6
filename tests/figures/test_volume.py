"""What the three cuts of a volume show: which counts, which way up, where they meet, what a click hands back."""

from typing import Any

import numpy as np
import pytest

from core.exact import path_counts
from core.figures.volume import volume_cuts
from core.network import graph_of, parse
from tests.figures.test_map import array, traces, written

HAND = "2x3x4; conv k1x3x1 p0x1x0; conv k2x1x1; conv k1x1x2 s1x1x2"
DEPTHS, ROWS, COLUMNS = [1, 1], [2, 3, 2], [1, 1, 1, 1]
JOINED = "3x4x5; add(skip | conv k3 p1)"


def drawn(text: str, linear: bool = True, *picked: tuple[int, ...], height: int = 600) -> dict[str, Any]:
    counts = path_counts(graph_of(parse(text)))
    found: dict[str, Any] = volume_cuts(counts, linear, *picked, height=height).to_plotly_json()
    return found


def cells(figure: dict[str, Any]) -> list[np.ndarray]:
    """The colours of the plane, the column and the row."""
    return [array(trace["z"]) for trace in traces(figure, "heatmap")]


@pytest.mark.parametrize("text", [HAND, JOINED])
def test_the_cuts_go_through_the_picked_position_and_share_its_lines(text: str) -> None:
    whole = path_counts(graph_of(parse(text))).array()
    picked = (1, 0, 3)
    plane, column, row = cells(drawn(text, True, picked))
    most = whole.max()
    assert plane == pytest.approx((whole[1] / most).astype(float))
    assert column == pytest.approx((whole[:, :, 3].T / most).astype(float))
    assert row == pytest.approx((whole[:, 0] / most).astype(float))
    assert plane[0] == pytest.approx(row[1])  # row 0 of plane 1
    assert plane[:, 3] == pytest.approx(column[:, 1])  # column 3 of plane 1
    assert column[0] == pytest.approx(row[:, 3])  # the line through the planes


def test_without_a_pick_the_cuts_meet_in_the_centre_and_nothing_is_framed() -> None:
    figure = drawn(JOINED)
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["plane 1", "column 2", "row 2"]
    rectangles = [shape for shape in figure["layout"]["shapes"] if shape["type"] == "rect"]
    assert len(rectangles) == 3  # the grounds
    picked = drawn(JOINED, True, (0, 3, 4))
    assert [note["text"] for note in picked["layout"]["annotations"]] == ["plane 0", "column 4", "row 3"]
    assert len([shape for shape in picked["layout"]["shapes"] if shape["type"] == "rect"]) == 6


def test_colours_stay_what_they_are_while_the_cuts_move() -> None:
    whole = path_counts(graph_of(parse("5x5x5; conv k3 p1 x2"))).array()
    logs = np.log10(whole.astype(float))
    shares = (logs - logs.min()) / (logs.max() - logs.min())
    for picked in ((0, 0, 0), (2, 2, 2), (4, 1, 3)):
        plane, *_ = cells(drawn("5x5x5; conv k3 p1 x2", False, picked))
        assert plane == pytest.approx(shares[picked[0]], abs=1e-6)


def test_a_click_hands_back_the_position_of_its_cell_in_every_cut() -> None:
    figure = drawn(JOINED, True, (1, 2, 3))
    plane, column, row = traces(figure, "scatter")
    assert [len(part["customdata"]) for part in (plane, column, row)] == [4 * 5, 4 * 3, 3 * 5]
    left = traces(figure, "heatmap")[1]["x0"]
    below = traces(figure, "heatmap")[2]["y0"]
    places = dict(zip(zip(array(column["x"]).tolist(), array(column["y"]).tolist(), strict=True), column["customdata"],
                      strict=True))  # fmt: skip
    assert places[left + 2, 1] == "2,1,3"
    places = dict(zip(zip(array(row["x"]).tolist(), array(row["y"]).tolist(), strict=True), row["customdata"],
                      strict=True))  # fmt: skip
    assert places[4, below] == "0,2,4"
    assert plane["customdata"][0] == "1,0,0"


def test_small_volumes_show_their_numbers_and_hovers_name_the_position() -> None:
    figure = drawn(HAND, True, (0, 1, 0))
    numbers = {text for text, _ in written(figure).values()}
    assert numbers == {"2", "3"}
    hovers = traces(figure, "heatmap")[0]["customdata"]
    assert hovers[1][2] == "plane 0, row 1, column 2<br><b>3</b> paths"


def test_what_no_path_reaches_has_no_colour() -> None:
    plane, *_ = cells(drawn("3x4x4; conv k1 s1x2x2", True, (0, 0, 0)))
    assert np.isnan(plane[1::2]).all()
    assert np.isnan(plane[:, 1::2]).all()
    assert (plane[::2, ::2] == 1).all()
