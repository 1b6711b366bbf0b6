"""The pictures of a stream: rows from the input up, and phases around their own samples."""

import numpy as np
import plotly.graph_objects as go

from core.figures.streams import MapBar, contexts, moment_rows
from tests.figures.test_predictions import decoded


def _bars(trace: go.Bar) -> list[tuple[float, float, float]]:
    """Row, from and to of every bar."""
    row, base, length = (decoded(part) if isinstance(part, dict) else np.array(part)
                         for part in (trace.y, trace.base, trace.x))  # fmt: skip
    return [(float(a), float(b), float(b + c)) for a, b, c in zip(row, base, length, strict=True)]


def test_every_map_has_a_row_and_what_is_read_and_kept_lies_where_it_is() -> None:
    rows = [MapBar("input", 0.0, (-4.0, 0.0), (-1.0, 0.0), "a"), MapBar("1 conv k3 p1", -1.0, (-2.0, -1.0), None, "b")]
    figure = go.Figure(moment_rows(rows, (-2.0, -1.0), "ms").to_plotly_json())
    known, read, kept = map(_bars, figure.data)
    assert [(row, end) for row, _, end in known] == [(0, 0), (1, -1)]
    assert read == [(0, -4, 0), (1, -2, -1)]
    assert kept == [(0, -1, 0)]
    assert figure.layout.yaxis.ticktext == ("input", "1 conv k3 p1")
    assert figure.layout.yaxis.range[0] < figure.layout.yaxis.range[1]  # the input at the bottom
    own, now = figure.layout.shapes
    assert (own.x0, own.x1, now.x0) == (-2, -1, 0)


def test_a_phase_reaches_from_its_past_to_its_future() -> None:
    figure = go.Figure(contexts(np.array([3.0, 2.0]), np.array([1.0, 2.0]), 0.5, "ms").to_plotly_json())
    past, own, future = ((decoded(bar.base).tolist(), decoded(bar.y).tolist()) for bar in figure.data)
    assert past == ([-3, -2], [3, 2])
    assert own == ([0, 0], [0.5, 0.5])
    assert future == ([0.5, 0.5], [1, 2])


def test_a_colour_has_one_meaning_in_both_pictures_and_a_hatching_beside_it() -> None:
    moment = moment_rows([MapBar("input", 0.0, (-4.0, 0.0), (-1.0, 0.0), "a")], (-2.0, -1.0), "ms")
    phases = contexts(np.array([3.0]), np.array([1.0]), 0.5, "ms")
    _, read, kept = moment.data
    past, own, future = phases.data
    assert read.marker.color == past.marker.color
    assert len({read.marker.color, kept.marker.color, own.marker.color, future.marker.color}) == 4
    shapes = [bar.marker.pattern.shape for bar in (read, kept, own, future)]
    assert (shapes[0], shapes[2]) == (None, None)
    assert None not in (shapes[1], shapes[3])
    assert shapes[1] != shapes[3]
