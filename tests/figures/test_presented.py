"""Figures for a projector: larger type, the height of the screen, a spotlight where it belongs."""

import re

import plotly.graph_objects as go
import pytest

from core.exact import path_counts
from core.figures.cuts import profile
from core.figures.maps import pathway_map
from core.figures.presented import presented, spotlight
from core.network import graph_of, parse

COUNTS = path_counts(graph_of(parse("9x7; conv k3 p1 x2")))


def types(figure: go.Figure) -> list[float]:
    """Every size of type around a figure."""
    layout = go.Figure(layout=figure.layout).to_json()
    return [float(size) for size in re.findall(r'font":\{[^{}]*"size":([\d.]+)', layout)]


@pytest.mark.parametrize("figure", [pathway_map(COUNTS), profile(COUNTS, linear=False)])
def test_all_type_is_24_pixels_or_larger_and_the_height_is_left_open(figure: go.Figure) -> None:
    larger = go.Figure(presented(figure).to_plotly_json())
    assert len(types(larger)) == len(types(figure)) > 0
    assert min(types(larger)) >= 24
    assert larger.layout.height is None
    assert [trace.type for trace in larger.data] == [trace.type for trace in figure.data]


def test_all_is_dark_but_for_the_picked_pixel() -> None:
    lit = go.Figure(spotlight(pathway_map(COUNTS), [(2, 5)], COUNTS.size).to_plotly_json())
    dark = lit.layout.shapes[-1]
    around, hole = dark.path.split("Z")[:2]
    assert around == "M-0.5,-0.5H6.5V8.5H-0.5"
    places = [float(number) for number in re.findall(r"-?[\d.]+", hole)]
    across, down = places[::2], places[1::2]
    assert (min(across) + max(across)) / 2 == pytest.approx(5)
    assert (min(down) + max(down)) / 2 == pytest.approx(2)
    assert dark.fillrule == "evenodd"
