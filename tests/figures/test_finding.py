"""Pictures of findings, read from what is drawn: which part, which way up, which colour, what is marked."""

from base64 import b64decode
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from core.checks import check
from core.checks.pictures import picture
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.exact import tower_from
from core.figures import template
from core.figures.finding import finding_maps, overlap_figure
from core.figures.thumbnails import finding_thumbnails

SVG = "{http://www.w3.org/2000/svg}"
BRIGHTEST, DARKEST = (254, 232, 56), (0, 34, 78)  # the ends of cividis, as published

Box = tuple[float, float, float, float]  # left, top, width, height


def drawn(text: str, code: str) -> list[ElementTree.Element]:
    """The small pictures of a finding."""
    design = design_of(text)
    (finding,) = [finding for finding in check(design) if finding.code == code]
    return [ElementTree.fromstring(svg) for svg in finding_thumbnails(finding, DesignAnalysis(design), 140)]


def array(value: Any) -> np.ndarray:
    """An array as it was sent."""
    shape = [int(side) for side in value["shape"].split(",")] if "shape" in value else [-1]
    return np.frombuffer(b64decode(value["bdata"]), value["dtype"]).reshape(shape)


def box(element: ElementTree.Element) -> Box:
    left, top, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
    return left, top, width, height


def view(svg: ElementTree.Element) -> Box:
    """The part of the input that is seen."""
    left, top, width, height = map(float, svg.attrib["viewBox"].split())
    return left, top, width, height


def rectangles(svg: ElementTree.Element, **look: str) -> list[Box]:
    return [box(part) for part in svg.iter(f"{SVG}rect") if look.items() <= part.attrib.items()]


def frames(svg: ElementTree.Element) -> list[Box]:
    return rectangles(svg, stroke=template.ACCENT)


def cells(svg: ElementTree.Element) -> tuple[Box, np.ndarray]:
    """Where a map lies, and its colours (rows, columns, rgba)."""
    (image,) = svg.iter(f"{SVG}image")
    picture = b64decode(image.attrib["href"].removeprefix("data:image/png;base64,"))
    return box(image), np.asarray(Image.open(BytesIO(picture)))


def test_a_grid_is_shown_around_the_centre_with_one_period_marked() -> None:
    before, after = drawn("64x64; conv k3 s2 p1", "parity")
    place, colours = cells(before)
    assert place == view(before) == (19.5, 19.5, 24, 24)  # 24 of 64 pixels, in the middle
    assert colours.shape == (24, 24, 4)
    # a kernel of 3 moved by 2 reads an odd row twice, an even one once: of four, an odd pixel of an odd row has all
    assert tuple(colours[1, 1, :3]) == BRIGHTEST
    light = colours[..., :3].sum(axis=-1)
    assert light[0, 0] < light[0, 1] == light[1, 0] < light[1, 1]
    assert frames(before) == [(30.5, 30.5, 2, 2)]
    assert {tuple(colour) for colour in cells(after)[1][..., :3].reshape(-1, 3)} == {BRIGHTEST}


def test_row_0_is_at_the_top_and_rows_are_not_columns() -> None:
    (before, *_) = drawn("40x24; conv k3 p1 x4", "border")
    assert view(before) == (-0.5, -0.5, 24, 40)
    place, colours = cells(before)
    assert place == view(before)
    assert colours.shape[:2] == (40, 24)
    assert float(before.attrib["height"]) == 140
    assert float(before.attrib["width"]) == 84
    assert frames(before) == [(-0.5, -0.5, 1, 1), (-0.5, 18.5, 1, 2)]  # the corner, and the middle of the left side


def test_uneven_padding_marks_the_last_row_and_column() -> None:
    (before, *_) = drawn("60x36; conv k3 s2 p1 x2", "uneven-padding")
    assert view(before) == (-0.5, 11.5, 36, 48)  # the last 48 of each axis
    assert frames(before) == [(-0.5, 55.5, 36, 4), (32.5, 11.5, 3, 48)]


def test_a_large_map_is_reduced_and_keeps_its_place() -> None:
    (before, *_) = drawn("224x224; conv k3 p1 x4", "border")
    place, colours = cells(before)
    assert colours.shape[:2] == (75, 75)
    assert place == (-0.5, -0.5, 225, 225)  # each cell is three pixels a side, of the last ones two are there
    assert view(before) == (-0.5, -0.5, 224, 224)


def test_holes_are_shown_pixel_by_pixel() -> None:
    (before, *_) = drawn("200x200; conv k3 d8 p8 x8", "gridding")  # the field holds every 8th of 129 pixels
    (_, top, width, height), colours = cells(before)
    read = (colours[..., 3] > 0) & (colours[..., :3] != DARKEST).any(axis=-1)
    assert colours.shape[:2] == (72, 72) == (height, width)
    rows = np.flatnonzero(read.any(axis=1)) + top + 0.5
    assert np.diff(rows).tolist() == [8] * (len(rows) - 1)
    assert 100 in rows  # the unit's own place


def test_fields_are_bars_from_the_input_down_and_the_layers_named_are_blue() -> None:
    before, _ = drawn("9x9; conv k3 p1 x6", "unproductive")
    bars = [part for part in before.iter(f"{SVG}rect") if part.attrib["fill"] != template.FAINT]
    assert [box(bar)[2] for bar in bars] == [1, 3, 5, 7, 9, 11, 13]
    assert [box(bar)[0] for bar in bars] == [3.5, 2.5, 1.5, 0.5, -0.5, -1.5, -2.5]
    assert [box(bar)[1] for bar in bars] == sorted(box(bar)[1] for bar in bars)  # the first, the input's, at the top
    assert [bar.attrib["fill"] for bar in bars] == [template.ACCENT] * 5 + [template.SECOND] * 2
    ((left, _, width, _),) = rectangles(before, fill=template.FAINT)
    assert (left, width) == (-0.5, 9)


def test_a_row_of_counts_is_bars_that_stand_on_the_ground() -> None:
    (before, *_) = drawn("9; conv k3 p1 x4", "border")
    bars = [box(part) for part in before.iter(f"{SVG}rect") if "stroke" not in part.attrib]
    paths = (35, 61, 75, 80, 81, 80, 75, 61, 35)  # each the sum of three neighbours, four times, from ones
    assert [round(81 * height, 3) for *_, height in bars] == list(paths)
    assert {round(top + height, 4) for _, top, _, height in bars} == {1.0}
    assert [round(left + 0.47, 4) for left, *_ in bars] == list(range(9))
    left, top, width, height = view(before)
    assert (left, width) == (-0.5, 9)
    assert top < 0
    assert top + height == 1


def test_a_small_tile_lies_in_what_it_must_read_beside_it() -> None:
    (tile,) = drawn("64x48; conv k3 p1 x2", "tiling")
    assert rectangles(tile, fill=template.GREY) == [(-0.5, -0.5, 48, 64)]
    (halo,) = [part for part in rectangles(tile) if part != (-0.5, -0.5, 48, 64)]
    assert halo == view(tile) == (-2.5, -2.5, 52, 68)


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
        for svg in finding_thumbnails(finding, DesignAnalysis(design), 140):
            picture = ElementTree.fromstring(svg)
            assert len(picture)


VOLUMES = {  # designs of three axes, each with findings of several kinds
    "12x20x20; conv k3 s2 p1 x2": ("border", "parity", "uneven-padding"),
    "12x20x20; conv k1 s2": ("unread",),
    "8x16x16; conv k3 p1; tconv k3 s2": ("checkerboard",),
    "16x16x16; conv k3 p1 x2": ("tiling",),
}


@pytest.mark.parametrize(("text", "code"), [(text, code) for text, codes in VOLUMES.items() for code in codes])
def test_a_finding_about_a_volume_is_drawn_in_a_plane_that_is_named(text: str, code: str) -> None:
    analysis = DesignAnalysis(design_of(text))
    assert code in {finding.code for finding in check(analysis.design)}
    assert drawn(text, code)
    if (shown := picture(code, analysis)) is None:
        assert code == "tiling"  # which shows a tile and no counts
        return
    plane = int(shown.shows.rpartition("in plane ")[2])
    whole = analysis.counts if code != "checkerboard" else tower_from(analysis.graph)[-1]
    assert shown.counts.array().tolist() == whole.array()[plane].tolist()
    assert plane == {"border": 0, "uneven-padding": whole.size[0] - 1}.get(code, plane)
    assert all(len(box) == 2 for box in (shown.part, *shown.marks))
    (figure,) = finding_maps([shown])
    (top, bottom), (left, right) = shown.part
    assert array(figure.to_plotly_json()["data"][0]["z"]).shape == (bottom - top + 1, right - left + 1)
