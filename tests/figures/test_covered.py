"""A covered map tells nothing, neither by number nor by colour; what can be clicked stays."""

from typing import Any

import plotly.graph_objects as go
import pytest

from core.exact import path_counts
from core.figures.covered import covered
from core.figures.maps import pathway_map
from core.network import graph_of, parse


def traces(figure: go.Figure, kind: str) -> list[dict[str, Any]]:
    """The traces of a kind, or of a mode."""
    return [trace for trace in figure.to_dict()["data"] if kind in (trace["type"], trace.get("mode"))]


@pytest.mark.parametrize("side", [9, 40])
def test_maps_of_one_size_look_alike_when_covered(side: int) -> None:
    strided, plain, unread = (
        covered(pathway_map(path_counts(graph_of(parse(f"{side}x{side}; {layers}")))))
        for layers in ("conv k3 s2 p1", "conv k3 p1 x4", "conv k1 s2")
    )
    assert strided.to_json() == plain.to_json() == unread.to_json()
    assert "paths" not in plain.to_json()


def test_a_covered_map_is_clicked_where_it_was_and_keeps_the_mark_of_the_pick() -> None:
    shown = pathway_map(path_counts(graph_of(parse("9x9; conv k3 p1"))), pixels=[(2, 3)])
    assert traces(covered(shown), "markers") == traces(shown, "markers")
    assert covered(shown).layout.shapes == shown.layout.shapes
