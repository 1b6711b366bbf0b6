"""What cuts show, read from their traces: which cut, how high, from where the axis begins, what is marked."""

from math import log10
from typing import Any

import pytest

from core.exact import path_counts
from core.exact.counts import PathCounts
from core.exact.shares import path_shares
from core.figures import template
from core.figures.cuts import profile
from core.network import graph_of, parse
from tests.figures.test_map import array

HAND = path_counts(graph_of(parse("5x7; conv k3x1 x2; conv k1x3 s1x2")))  # 1 2 3 2 1 down, 1 1 2 1 2 1 1 across


def lines(counts: PathCounts, linear: bool, *pixels: tuple[int, ...]) -> dict[str, Any]:
    """The lines by their names."""
    return {trace.name: trace for trace in profile(counts, linear, pixels).data if "lines" in trace.mode}


def marks(counts: PathCounts, linear: bool, *pixels: tuple[int, ...]) -> list[Any]:
    return [trace for trace in profile(counts, linear, pixels).data if trace.mode == "markers"]


def test_cuts_run_through_the_centre_until_a_pixel_is_picked() -> None:
    found = lines(HAND, True)
    assert set(found) == {"row 2", "column 3"}
    assert array(found["row 2"].y) * 6 == pytest.approx([3, 3, 6, 3, 6, 3, 3])
    assert array(found["column 3"].y) * 6 == pytest.approx([1, 2, 3, 2, 1])
    assert not marks(HAND, True)


def test_each_of_two_pixels_has_its_cuts_and_marks_in_its_colour() -> None:
    found = lines(HAND, True, (0, 2), (4, 6))
    assert {name: line.line.color for name, line in found.items()} == {
        "row 0": template.ACCENT, "column 2": template.ACCENT,
        "row 4": template.SECOND, "column 6": template.SECOND,
    }  # fmt: skip
    first, second = marks(HAND, True, (0, 2), (4, 6))
    assert array(first.x).tolist() == [0, 2]
    assert array(first.y) * 6 == pytest.approx([2, 2])
    assert (first.marker.line.color, second.marker.line.color) == (template.ACCENT, template.SECOND)
    assert "4,6: 1 paths" in second.hovertext[0]


@pytest.mark.parametrize("text", ["15x15; conv k3 p1 x4", "96; conv k3 x40", "5x5; conv k1 s2", "7; conv k1"])
@pytest.mark.parametrize("linear", [True, False])
def test_the_axis_is_labelled_and_begins_at_zero_or_at_one_path(text: str, linear: bool) -> None:
    counts = path_counts(graph_of(parse(text)))
    figure = profile(counts, linear)
    axis, most = figure.layout.yaxis, max(counts.at(place) for place in [tuple(side // 2 for side in counts.size)])
    assert axis.title.text.startswith("paths")
    assert axis.range[0] == 0
    assert array(axis.tickvals)[0] == 0
    assert axis.ticktext[0] == ("0" if linear else "1")
    assert 2 <= len(axis.ticktext) <= 6 or most <= 5
    heights = [height for trace in figure.data for height in array(trace.y) if height == height]
    assert max(heights, default=0) <= axis.range[1]


def test_labels_of_a_linear_axis_stand_at_their_share_of_the_most() -> None:
    axis = profile(path_counts(graph_of(parse("15x15; conv k3 p1 x4"))), True).layout.yaxis
    assert dict(zip(axis.ticktext, array(axis.tickvals), strict=True)) == pytest.approx(
        {"0": 0, "2000": 2000 / 6561, "4000": 4000 / 6561, "6000": 6000 / 6561}
    )


def test_powers_of_ten_lie_evenly_and_unread_pixels_have_no_height() -> None:
    counts = path_counts(graph_of(parse("19; conv k3 x8")))
    line = lines(counts, False)["along the input"]
    assert array(line.y)[7] == pytest.approx(log10(counts.at((7,))))
    assert array(line.y)[0] == 0
    gaps = array(lines(path_counts(graph_of(parse("5x5; conv k1 s2"))), False)["row 2"].y)
    assert [height == height for height in gaps] == [True, False, True, False, True]


def test_shares_are_drawn_from_zero_in_per_cent_and_told_as_fractions() -> None:
    shares = path_shares(graph_of(parse("4; attn causal x2")), (3,))
    figure = profile(shares.numerators, True, ((0,),), whole=shares.denominator)
    (line,) = [trace for trace in figure.data if "lines" in trace.mode]
    assert array(line.y) * 25 == pytest.approx([25, 13, 7, 3])
    assert list(line.hovertext) == ["25/48 (52 %)", "13/48 (27 %)", "7/48 (15 %)", "1/16 (6.2 %)"]
    ticks = dict(zip(figure.layout.yaxis.ticktext, figure.layout.yaxis.tickvals, strict=True))
    assert ticks["0 %"] == 0
    assert ticks["20 %"] == pytest.approx(0.2 / (25 / 48))
    assert figure.layout.yaxis.title.text == "share"
