"""What a row of images shows, read from its traces: the image itself, the ring around its object, the words."""

import numpy as np
import pytest

from core.figures import template
from core.figures.images import RingedImage, image_row
from core.figures.training import panel
from tests.figures.test_map import array

IMAGE = np.arange(20.0).reshape(4, 5)


def test_an_image_is_drawn_as_it_is_with_row_0_at_the_top_and_the_brightest_white() -> None:
    figure = image_row([RingedImage(IMAGE, None, "nothing")], 8.0, 4, 84)
    (trace,) = figure.data
    assert array(trace.z) == pytest.approx(IMAGE)
    assert trace.zmax == 8.0
    assert trace.colorscale[-1][1] == "#FFFFFF"
    bottom, top = figure.layout.yaxis.range
    assert bottom > top
    assert not figure.layout.shapes


def test_a_ring_surrounds_its_object_and_lies_within_the_picture() -> None:
    figure = image_row(
        [RingedImage(IMAGE, None, "a"), RingedImage(IMAGE, ((3, 1), (0, 2)), "b<br>c", True)], 8.0, 4, 84
    )
    (ring,) = figure.layout.shapes
    assert (ring.type, ring.xref, ring.yref) == ("circle", "x2", "y2")
    assert ring.y0 < 2.5 < 3.5 < ring.y1
    assert ring.x0 < -0.5 < 1.5 < ring.x1
    assert figure.layout.xaxis2.range[0] <= ring.x0
    assert figure.layout.yaxis2.range[0] >= ring.y1
    first, second = figure.layout.annotations
    assert (first.text, second.text, second.xref) == ("a", "b<br>c", "x2 domain")
    assert second.font.color == template.ACCENT != first.font.color


def test_a_line_is_one_row_whose_object_is_ringed_along_it() -> None:
    figure = image_row([RingedImage(IMAGE[0], ((1, 2),), "a")], 8.0, 4, 40)
    assert array(figure.data[0].z).shape == (1, 5)
    (ring,) = figure.layout.shapes
    assert ring.x0 < 0.5 < 2.5 < ring.x1


def test_a_panel_without_a_map_is_grey_and_says_so() -> None:
    figure = panel("right answers", None, (4, 5), "not trained yet", None, 118)
    (heat,) = [trace for trace in figure.data if trace.type == "heatmap"]
    assert np.isnan(array(heat.z)).all()
    assert [note.text for note in figure.layout.annotations] == ["right answers", "not trained yet"]
