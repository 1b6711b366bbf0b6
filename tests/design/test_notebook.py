"""A design in a notebook: its headline and its map, small, whole, and without a request to anybody."""

import re
import sys
from base64 import b64decode

import plotly.graph_objects as go
import pytest

from core import DesignAnalysis, design_map, design_of


@pytest.mark.parametrize(
    "text",
    [
        "15x15; conv k3 p1 x4",
        "WaveNet",
        "ResNet-50",
        "ResNet-18+partial-padding",
        "nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1))@3x300x200",
        "64x64; conv k1 s2",
    ],
)
def test_it_is_small_and_asks_for_nothing(text):
    html = design_of(text)._repr_html_()
    assert len(html) < 50_000
    drawing = b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)[1]).decode()
    for part in (html, drawing):
        assert "<script" not in part
        assert not re.search(r'(?:href|src)="(?!data:)|url\(|@import', part)
    assert text.partition("@")[0] in html
    assert html == DesignAnalysis(design_of(text))._repr_html_()


def test_the_headline_tells_the_numbers_of_the_analysis():
    html = design_of("15x15; conv k3 p1 x4")._repr_html_()
    for words in (
        "15x15 → 15x15",
        "6,561 paths from the centre",
        "1,225 paths from the first corner",
        "sees 9x9 pixels",
    ):
        assert words in html
    assert "over the centre: 0.1867<" in html


def test_what_a_name_holds_is_text():
    html = design_of("nn.Sequential(nn.Conv2d(3, 8, 3))@3x9x9")._repr_html_()
    assert "<nn." not in html
    assert design_of("9; " + "conv k1; " * 200 + "conv k3")._repr_html_().count("conv k1") < 30


def test_what_has_no_numbers_says_why():
    design = design_of("timm:volo_d1_224", exact=False)
    assert "nothing exact can be said" in design._repr_html_()


def test_without_plotly_the_headline_stands_alone(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("core.figures")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "plotly", None)
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)
    html = design_of("15x15; conv k3 p1 x4")._repr_html_()
    assert "<em>figures need Plotly: pip install " in html
    assert "6,561 paths" in html


@pytest.mark.parametrize(("text", "cells"), [("15x12; conv k3 p1 x4", (15, 12)), ("9; conv k3 x4", (1, 9))])
def test_the_map_is_a_plotly_figure_of_every_position(text, cells):
    analysis = DesignAnalysis(design_of(text))
    for unit in (None, analysis.unit):
        figure = design_map(analysis, unit)
        assert isinstance(figure, go.Figure)
        heat = next(trace for trace in figure.data if trace.type == "heatmap")
        assert tuple(map(int, heat.z["shape"].split(","))) == cells
