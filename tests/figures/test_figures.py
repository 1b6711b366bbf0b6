"""Figures leave out Plotly's check of their values, for speed; here every kind is checked."""

import json
from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
import pytest

from core.exact import fields, path_counts
from core.exact.tower import tower
from core.figures import erf, field, maps
from core.figures.tower import tower_figure
from core.network import graph_of, parse

_PLANE = graph_of(parse("15x15; conv k3 p1 x2; conv k3 s2"))
_LARGE = graph_of(parse("300x280; conv k3 p1 x2"))
_ROW = graph_of(parse("15; conv k3 p1 x2; conv k3 s2"))
_LONG = graph_of(parse("600; conv k3 p1 x40"))
_MAP = np.random.default_rng(0).random((15, 15))
_FIELDS = fields(_PLANE)
_NAMES = ["input", "1", "2", "3"]

FIGURES: dict[str, Callable[[], go.Figure]] = {
    "tower": lambda: tower_figure(tower(_ROW)),
    "tower, a unit picked": lambda: tower_figure(tower(_ROW, picked=(1, 3)), (1, 3)),
    "tower, reduced": lambda: tower_figure(tower(_LONG)),
    "map": lambda: maps.pathway_map(path_counts(_PLANE)),
    "map, a pixel picked": lambda: maps.pathway_map(path_counts(_PLANE), True, (3, 4)),
    "map, large": lambda: maps.pathway_map(path_counts(_LARGE)),
    "profile": lambda: maps.profile(path_counts(_PLANE), False, (3, 4)),
    "profile of a row": lambda: maps.profile(path_counts(_ROW), True),
    "growth": lambda: field.growth(_NAMES, [axes[0] for axes in _FIELDS], 3, {2}),
    "nested": lambda: field.nested(_NAMES, _FIELDS, (3, 3)),
    "comparison": lambda: erf.comparison(_MAP, _MAP.T, ((2.0, 9.0), (3.0, 8.0))),
    "comparison, signed": lambda: erf.comparison(_MAP - 0.5, None, None),
    "comparison of rows": lambda: erf.comparison(_MAP[0], _MAP[1], ((2.0, 9.0),)),
    "profiles": lambda: erf.profiles(_MAP[0], _MAP[1] / 9, _MAP[2], 7, "column"),
    "convergence": lambda: erf.convergence((float("inf"), 0.5, 0.3, 0.2)),
}


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_is_what_plotly_makes_of_it(kind: str) -> None:
    found = FIGURES[kind]()
    assert _values(go.Figure(found.to_plotly_json())) == _values(found)


def _values(figure: go.Figure) -> dict[str, dict[str, object]]:
    values: dict[str, dict[str, object]] = json.loads(figure.to_json())
    if not values["layout"].get("annotations"):
        values["layout"].pop("annotations", None)
    return values
