"""What panes show, read from their traces: which way up, which colour, which number, on one scale and in one frame."""

from base64 import b64decode
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest

from core.exact import fields, path_counts
from core.figures import alignment, panes, template
from core.figures.field import growth
from core.figures.scale import log_shares
from core.network import graph_of, parse

VALID, SAME = (path_counts(graph_of(parse(f"9x7; conv k3 {pad} x2"))) for pad in ("", "p1"))


def array(data: object) -> np.ndarray:
    """An array as a figure holds it."""
    if not isinstance(data, dict):
        return np.asarray(data)
    shape = [int(part) for part in data["shape"].split(",")] if "shape" in data else [-1]
    return np.frombuffer(b64decode(data["bdata"]), dtype=data["dtype"]).reshape(shape)


def cells(figure: go.Figure) -> np.ndarray:
    """What the figure's heatmap colours, rows from the first."""
    (heat,) = [trace for trace in figure.data if trace.type == "heatmap"]
    assert (heat.x0, heat.dx, heat.y0, heat.dy) == (0, 1, 0, 1)
    return array(heat.z)


def numbers(figure: go.Figure) -> dict[tuple[int, int], tuple[str, str]]:
    """The text and its ink in each cell, by row and column."""
    found = {}
    for trace in figure.data:
        if trace.type == "bar" and trace.marker.color == "rgba(0,0,0,0)":
            y = array(trace.base) + array(trace.y) / 2
            for row, column, text in zip(y, array(trace.x), trace.text, strict=True):
                found[round(row), round(column)] = text.strip(), trace.insidetextfont.color
    return found


def maps(linear: bool = False, pixels: tuple[panes.Pixel, panes.Pixel] = (None, None)) -> list[go.Figure]:
    scale = panes.ShareScale.of([log_shares(VALID), log_shares(SAME)], linear)
    return panes.count_panes([VALID, SAME], scale, pixels, 400)


def test_maps_hold_every_count_at_its_place_with_row_0_at_the_top() -> None:
    for figure, counts in zip(maps(), (VALID, SAME), strict=True):
        texts = {place: text for place, (text, _) in numbers(figure).items()}
        assert texts == {place: str(counts.at(place)) for place in np.ndindex(counts.size)}
        top, bottom = figure.layout.yaxis.range
        assert top > bottom == -0.5
        assert figure.layout.xaxis.range[0] < figure.layout.xaxis.range[1]


def test_equal_shares_have_equal_colours_in_all_panes() -> None:
    first, second = map(cells, maps())
    assert first.min() == 0.0  # the corner of the unpadded design, 1 of 9 · 7, begins the scale
    assert first.max() == second.max() == 1.0
    assert second[0, 0] == pytest.approx(1 - np.log(25 / 81) / np.log(1 / 63), abs=1e-6)


def test_a_linear_scale_shows_the_share_itself() -> None:
    assert cells(maps(linear=True)[1])[0, 0] == pytest.approx(25 / 81)


def test_numbers_are_dark_on_bright_cells_and_light_on_dark_ones() -> None:
    texts = numbers(maps()[0])
    assert texts[0, 0] == ("1", template.LIGHT_INK)
    assert texts[4, 3] == ("63", template.DARK_INK)


def test_a_picked_pixel_is_framed_at_its_row_and_column() -> None:
    figure = maps(pixels=((5, 2), None))[0]
    frames = [shape for shape in figure.layout.shapes if shape.line.color == template.ACCENT]
    assert [(shape.y0, shape.y1, shape.x0, shape.x1) for shape in frames] == [(4.5, 5.5, 1.5, 2.5)]
    assert not [shape for shape in maps()[1].layout.shapes if shape.line.color == template.ACCENT]


def test_a_click_hands_back_the_pixel_as_it_is_typed() -> None:
    (places,) = [trace for trace in maps()[0].data if trace.type == "scatter"]
    for name, y, x in zip(places.customdata, array(places.y), array(places.x), strict=True):
        assert name == f"{y},{x}"


def test_a_row_is_one_line_of_cells() -> None:
    counts = path_counts(graph_of(parse("9; conv k3 x2")))
    scale = panes.ShareScale.of([log_shares(counts)], linear=False)
    (figure,) = panes.count_panes([counts], scale, [(3,)], 400)
    assert cells(figure).shape == (1, 9)
    assert [text for _, (text, _) in sorted(numbers(figure).items())] == ["1", "3", "6", "8", "9", "8", "6", "3", "1"]
    (places,) = [trace for trace in figure.data if trace.type == "scatter"]
    assert list(places.customdata) == [str(at) for at in range(9)]


def test_what_no_path_reaches_has_no_colour_and_no_number() -> None:
    counts = path_counts(graph_of(parse("5x5; conv k1 s2")))
    scale = panes.ShareScale.of([log_shares(counts)], linear=True)
    (figure,) = panes.count_panes([counts], scale, [None], 400)
    assert np.isnan(cells(figure)[1, 0])
    assert numbers(figure)[1, 0][0] == ""


def test_differences_rise_towards_orange_on_one_scale_around_zero() -> None:
    less = np.array([[0.5, 0.0], [-0.25, 0.125]])
    first, second = panes.difference_panes([less, -less], 0.5, [None, None], 400, "#123456")
    for figure, values in ((first, less), (second, -less)):
        (heat,) = [trace for trace in figure.data if trace.type == "heatmap"]
        assert (heat.zmin, heat.zmax) == (-0.5, 0.5)
        assert cells(figure) == pytest.approx(values)
        low, middle, high = (colour for _, colour in heat.colorscale)
        assert low.startswith("rgba(27,95,168") and high.startswith("rgba(194,80,10")  # noqa: PT018
        assert middle.endswith("0.16)")  # the page is seen through: no glare in the dark
    texts = numbers(first)
    assert texts == {
        (0, 0): ("+50", template.LIGHT_INK), (0, 1): ("0", "#123456"),
        (1, 0): ("-25", "#123456"), (1, 1): ("+12", "#123456"),
    }  # fmt: skip


def test_panes_show_the_same_positions_where_sizes_are_near() -> None:
    assert panes.frames([(9, 9), (9, 12)]) == [(9, 12), (9, 12)]
    assert panes.frames([(9, 9), (64, 64)]) == [(9, 9), (64, 64)]
    assert panes.frames([(9,), (9, 9)]) == [(9,), (9, 9)]


def test_fields_of_layers_are_aligned_by_input_position() -> None:
    drawn = []
    for text in ("9; conv k3 p1 x2", "9; conv k3 p1 x4"):
        graph = graph_of(parse(text))
        along = [axes[0] for axes in fields(graph)]
        drawn.append(growth([str(index) for index in range(len(along))], along, 4, set()))
    low = min(figure.layout.xaxis.range[0] for figure in drawn)
    first, second = alignment.aligned(drawn)
    assert tuple(first.layout.xaxis.range) == tuple(second.layout.xaxis.range)
    assert first.layout.xaxis.range[0] == low


def test_profiles_share_both_axes_and_stand_before_the_first() -> None:
    cuts = [[1, 3, 9, 3, 1], [9, 9, 9, 9, 9]]
    names = [[str(at) for at in range(5)]] * 2
    first, second = alignment.profile_panes(cuts, True, names, [None, 3], "position")
    assert tuple(first.layout.yaxis.range) == tuple(second.layout.yaxis.range)
    assert len(first.data) == 1
    behind, own = second.data
    assert behind.line.dash == "dot"
    assert array(behind.y) == pytest.approx(np.array(cuts[0]) / 9)
    assert array(own.y) == pytest.approx(np.ones(5))
    assert second.layout.shapes[0].x0 == 3


def test_a_profile_of_powers_falls_by_one_for_each_factor_of_ten() -> None:
    (figure,) = alignment.profile_panes([[1, 10, 100]], False, [["0", "1", "2"]], [None], "position")
    heights = array(figure.data[0].y).tolist()
    assert [after - before for before, after in pairwise(heights)] == pytest.approx([1.0, 1.0])


def test_a_measured_field_has_its_peak_at_the_top_of_the_scale_and_its_box_around_the_field() -> None:
    values = np.zeros((5, 5))
    values[2, 3], values[1, 3] = 8.0, 2.0
    (figure,) = panes.field_panes([values], [((1.0, 3.0), (2.0, 4.0))], [None], 400)
    assert cells(figure)[2, 3] == 1.0
    assert numbers(figure)[1, 3][0] == "25"
    box = figure.layout.shapes[-1]
    assert (box.y0, box.y1, box.x0, box.x1) == (0.5, 3.5, 1.5, 4.5)


@pytest.mark.parametrize("figure", [*maps(), *maps(linear=True), panes.difference_bar(0.5, "share")])
def test_a_pane_is_what_plotly_makes_of_it(figure: go.Figure) -> None:
    assert go.Figure(figure.to_plotly_json()).to_plotly_json()["layout"] == figure.to_plotly_json()["layout"]
