"""Figures leave out Plotly's check of their values, for speed; here every kind is checked."""

import json
from base64 import b64decode
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import plotly.graph_objects as go
import pytest

from core.exact import fields, path_counts
from core.figures import cuts, depths, erf, field, images, maps, multiples, scale, training
from core.network import graph_of, parse

_PLANE = graph_of(parse("15x15; conv k3 p1 x2; conv k3 s2"))
_LARGE = graph_of(parse("300x280; conv k3 p1 x2"))
_ROW = graph_of(parse("15; conv k3 p1 x2; conv k3 s2"))
_MAP = np.random.default_rng(0).random((15, 15))
_FIELDS = fields(_PLANE)
_NAMES = ["input", "1", "2", "3"]

FIGURES: dict[str, Callable[[], go.Figure]] = {
    "map": lambda: maps.pathway_map(path_counts(_PLANE)),
    "map, a pixel picked": lambda: maps.pathway_map(path_counts(_PLANE), True, [(3, 4), (0, 0)]),
    "map, large": lambda: maps.pathway_map(path_counts(_LARGE)),
    "profile": lambda: cuts.profile(path_counts(_PLANE), False, [(3, 4), (0, 0)]),
    "profile of a row": lambda: cuts.profile(path_counts(_ROW), True),
    "growth": lambda: field.growth(_NAMES, [axes[0] for axes in _FIELDS], 3, {2}),
    "nested": lambda: field.nested(_NAMES, _FIELDS, (3, 3)),
    "comparison": lambda: erf.comparison(_MAP, _MAP.T, ((2.0, 9.0), (3.0, 8.0))),
    "comparison, signed": lambda: erf.comparison(_MAP - 0.5, None, None),
    "comparison of rows": lambda: erf.comparison(_MAP[0], _MAP[1], ((2.0, 9.0),)),
    "profiles": lambda: erf.profiles(_MAP[0], _MAP[1] / 9, _MAP[2], 7, "column"),
    "small map": lambda: multiples.small_map(_MAP, 0.0, 1.0, (3, 4)),
    "small map of differences": lambda: multiples.small_map(_MAP - 0.5, -0.5, 0.5, diverging=True),
    "small row": lambda: multiples.small_map(_MAP[0], 0.0, 1.0, (3,)),
    "small row of differences": lambda: multiples.small_map(_MAP[0] - 0.5, -0.5, 0.5, diverging=True),
    "colours": lambda: scale.colour_bar(0.0, 1.0, "share"),
    "colours of powers": lambda: scale.colour_bar(-3.0, 0.0, "share", logarithmic=True),
    "depths": lambda: depths.depths({"a": [Fraction(3), Fraction(9)], "b": [Fraction(3, 2)]}, "ratio"),
    "losses": lambda: training.losses({"a": [_MAP[0].tolist(), _MAP[1].tolist()], "b": [_MAP[2].tolist()]}),
    "losses before the first step": lambda: training.losses({"a": [], "b": []}),
    "panel": lambda: training.panel("right", _MAP, _MAP.shape, "50 %", (3, 4), 124),
    "panel without a map": lambda: training.panel("right", None, (15,), "", None, 124),
    "images": lambda: images.image_row(
        [images.RingedImage(_MAP, ((3, 2), (4, 2)), "a<br>b", True), images.RingedImage(_MAP[0], ((3, 2),), "c")],
        8.0,
        4,
        130,
    ),
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


def test_maps_on_one_scale_can_be_compared_and_unread_pixels_stay_apart() -> None:
    logs = [scale.log_shares(path_counts(graph_of(parse(text)))) for text in ("9x9; conv k3 x4", "9x9; conv k1 s2")]
    found = scale.Scale.of(logs)
    assert found.logarithmic
    assert found.range == pytest.approx((-2 * np.log10(19), 0.0))
    assert np.isnan(found.values(logs[1])[0, 1])
    assert not scale.Scale.of([logs[1]]).logarithmic
    assert scale.Scale.of([logs[1]]).values(logs[1])[0, :2].tolist() == [1.0, 0.0]


def test_differences_share_the_largest_as_the_end_of_their_scale() -> None:
    assert multiples.spread([np.array([0.25, -0.5]), np.array([0.125, np.nan])]) == 0.5
    assert multiples.spread([]) == 1.0


def test_losses_are_means_over_the_seeds_that_are_as_far() -> None:
    found = training.losses({"a": [[1.0, 0.5], [3.0, 1.5], [9.0]]})
    (mean,) = [trace for trace in found.data if trace.line.width == 3]
    assert np.frombuffer(b64decode(mean.y["bdata"])).tolist() == [2.0, 1.0]
