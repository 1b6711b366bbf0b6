"""Maps of shares and bars of lengths: what they show."""

import numpy as np
import plotly.graph_objects as go

from core.figures.lengths import length_bars, share_maps
from tests.figures.test_predictions import decoded


def _values(figure: go.Figure, trace: int, name: str) -> np.ndarray:
    plain = go.Figure(figure.to_plotly_json())  # checks every value
    value = getattr(plain.data[trace], name)
    return decoded(value) if isinstance(value, dict) else np.asarray(value)


def test_maps_stand_side_by_side_each_to_its_own_largest() -> None:
    figure = share_maps({"plain": np.array([[1.0, 2.0], [0.0, 4.0]]), "weighed": np.array([[3.0, 0.0], [0.0, 0.0]])})
    assert _values(figure, 0, "z").tolist() == [[0.25, 0.5], [0, 1]]
    assert _values(figure, 1, "z").tolist() == [[1, 0], [0, 0]]
    assert [note.text for note in figure.layout.annotations] == ["plain", "weighed"]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # row 0 at the top
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]


def test_shares_of_a_small_map_are_written_and_keep_their_scale() -> None:
    figure = share_maps({"share": np.array([[0.5, 0.0]])}, most=1.0)
    assert _values(figure, 0, "z").tolist() == [[0.5, 0]]
    assert figure.data[0].texttemplate == "%{z:.0%}"
    assert share_maps({"share": np.zeros((16, 2))}, most=1.0).data[0].texttemplate is None


def test_large_maps_are_reduced_and_empty_ones_stay() -> None:
    assert _values(share_maps({"large": np.ones((600, 300))}), 0, "z").shape == (200, 100)
    assert _values(share_maps({"none": np.zeros((2, 2))}), 0, "z").tolist() == [[0, 0], [0, 0]]


def test_one_axis_is_drawn_as_lines() -> None:
    figure = share_maps({"plain": np.array([1.0, 2.0]), "weighed": np.array([4.0, 1.0])})
    assert [trace.name for trace in figure.data] == ["plain", "weighed"]
    assert _values(figure, 1, "y").tolist() == [1, 0.25]


def test_bars_are_shares_of_all_paths_however_many() -> None:
    figure = length_bars({2: 10**400, 5: 3 * 10**400})
    assert _values(figure, 0, "x").tolist() == [2, 5]
    assert _values(figure, 0, "y").tolist() == [0.25, 0.75]
