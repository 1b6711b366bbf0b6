"""Small pictures of findings, read from what is drawn: which part, which way up, which colour, what is marked."""

from base64 import b64decode
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from core.checks import Finding, check
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.figures import template
from core.figures.finding import finding_thumbnails, overlap_figure


def drawn(text: str, code: str) -> list[dict[str, Any]]:
    """The small pictures of a finding, as the browser gets them; each is what Plotly's own check makes of it."""
    design = design_of(text)
    (finding,) = [finding for finding in check(design) if finding.code == code]
    return [go.Figure(figure).to_plotly_json() for figure in _figures(finding, DesignAnalysis(design))]


def _figures(finding: Finding, analysis: DesignAnalysis) -> list[go.Figure]:
    return finding_thumbnails(finding, analysis, 140)


def array(value: Any) -> np.ndarray:
    """An array as it was sent."""
    shape = [int(side) for side in value["shape"].split(",")] if "shape" in value else [-1]
    return np.frombuffer(b64decode(value["bdata"]), value["dtype"]).reshape(shape)


def frames(figure: dict[str, Any]) -> list[tuple[float, float, float, float]]:
    """The first and last row, then column, that each frame holds."""
    return [
        (shape["y0"] + 0.5, shape["y1"] - 0.5, shape["x0"] + 0.5, shape["x1"] - 0.5)
        for shape in figure["layout"]["shapes"]
        if shape["line"].get("color") == template.ACCENT
    ]


def test_a_grid_is_shown_around_the_centre_with_one_period_marked() -> None:
    before, after = drawn("64x64; conv k3 s2 p1", "parity")
    (heat,) = before["data"]
    assert (heat["x0"], heat["y0"]) == (20, 20)  # 24 of 64 pixels, in the middle
    values = array(heat["z"])
    assert values.shape == (24, 24)
    # a kernel of 3 moved by 2 reads an odd row twice, an even one once
    assert values[:2, :2].tolist() == [[0.25, 0.5], [0.5, 1.0]]
    assert (heat["zmin"], heat["zmax"]) == (0, 1)
    assert frames(before) == [(31, 32, 31, 32)]
    assert array(after["data"][0]["z"]).min() == 1.0


def test_row_0_is_at_the_top_and_rows_are_not_columns() -> None:
    (before, *_) = drawn("40x24; conv k3 p1 x4", "border")
    top, bottom = before["layout"]["yaxis"]["range"][::-1]
    assert (top, bottom) == (-0.5, 39.5)
    assert tuple(before["layout"]["xaxis"]["range"]) == (-0.5, 23.5)
    assert array(before["data"][0]["z"]).shape == (40, 24)
    assert frames(before) == [(0, 0, 0, 0), (19, 20, 0, 0)]  # the corner, and the middle of the left side


def test_uneven_padding_marks_the_last_row_and_column() -> None:
    (before, *_) = drawn("60x36; conv k3 s2 p1 x2", "uneven-padding")
    assert (before["data"][0]["x0"], before["data"][0]["y0"]) == (0, 12)  # the last 48 of each axis
    assert frames(before) == [(56, 59, 0, 35), (12, 59, 33, 35)]


def test_a_large_map_is_reduced_and_keeps_its_place() -> None:
    (before, *_) = drawn("224x224; conv k3 p1 x4", "border")
    (heat,) = before["data"]
    assert array(heat["z"]).shape == (75, 75)
    assert (heat["x0"], heat["dx"]) == (1, 3)  # each cell is the middle one of three pixels
    assert tuple(before["layout"]["xaxis"]["range"]) == (-0.5, 223.5)


def test_holes_are_shown_pixel_by_pixel() -> None:
    (before, *_) = drawn("200x200; conv k3 d8 p8 x8", "gridding")  # the field holds every 8th of 129 pixels
    (heat,) = before["data"]
    values = np.nan_to_num(array(heat["z"]), nan=-np.inf)
    least = heat["zmin"] if heat["zmin"] < 0 else np.nextafter(0, 1)
    read = values >= least
    assert values.shape == (72, 72)
    assert heat["dx"] == 1
    rows = np.flatnonzero(read.any(axis=1)) + heat["y0"]
    assert np.diff(rows).tolist() == [8] * (len(rows) - 1)
    assert 100 in rows  # the unit's own place


def test_fields_are_bars_from_the_input_down_and_the_layers_named_are_blue() -> None:
    before, _ = drawn("9x9; conv k3 p1 x6", "unproductive")
    (bars,) = before["data"]
    assert array(bars["x"]).tolist() == [1, 3, 5, 7, 9, 11, 13]
    assert array(bars["base"]).tolist() == [3.5, 2.5, 1.5, 0.5, -0.5, -1.5, -2.5]
    assert list(bars["marker"]["color"]) == [template.ACCENT] * 5 + [template.SECOND] * 2
    low, high = before["layout"]["yaxis"]["range"]
    assert low > high  # the first bar, the input's, is at the top
    (ground,) = before["layout"]["shapes"]
    assert (ground["x0"], ground["x1"]) == (-0.5, 8.5)


def test_a_tile_lies_in_what_it_must_read_beside_it() -> None:
    figure = overlap_figure((8, 10), ((3, 1), (2, 0))).to_plotly_json()
    halo, tile = figure["layout"]["shapes"]
    assert [halo[side] for side in ("y0", "y1", "x0", "x1")] == [-3.5, 8.5, -2.5, 9.5]
    assert [tile[side] for side in ("y0", "y1", "x0", "x1")] == [-0.5, 7.5, -0.5, 9.5]
    (numbers,) = figure["data"]
    places = zip(numbers["text"], array(numbers["x"]), array(numbers["y"]), strict=True)
    assert [place for place in places if place[0]] == [("3", 4.5, -2.0), ("1", 4.5, 8.0), ("2", -1.5, 3.5)]
    top, bottom = figure["layout"]["yaxis"]["range"][::-1]
    assert top < bottom


@pytest.mark.parametrize("text", ["64; conv k3 s2 p1 x2", "64; conv k3 p1 x4"])
def test_every_finding_of_one_axis_has_a_picture(text: str) -> None:
    design = design_of(text)
    for finding in check(design):
        assert all(len(figure.data) for figure in _figures(finding, DesignAnalysis(design)))
