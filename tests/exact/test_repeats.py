"""Long inputs: the counts of the ends and of one period, filled in, are those of every position."""

from dataclasses import replace
from fractions import Fraction
from time import process_time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.errors import UserError
from core.exact import arriving, path_counts, repeats, tower_from, tower_to
from core.exact.field import central_unit, fields
from core.exact.paths import arriving_counts
from core.exact.repeats import shortened
from core.network import Graph, Network, graph_of, parse
from core.network.graph import Node
from core.network.maps import Slice
from core.network.operations import SLICE
from tests.network.strategies import networks


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs of any length are shortened."""
    monkeypatch.setattr(repeats, "LONG", 1)


@given(networks(), st.data(), st.integers(20, 90), st.booleans(), st.booleans())
def test_a_longer_input_is_counted_position_by_position_alike(
    network: Network, data: st.DataObject, longer: int, single: bool, channels: bool
) -> None:
    size = tuple(side + longer + 7 * axis for axis, side in enumerate(network.size))
    try:
        graph = graph_of(replace(network, size=(size[0], *network.size[1:])))
    except UserError:
        assume(False)
    unit = tuple(data.draw(st.integers(0, side - 1)) for side in graph.output.size) if single else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "LONG", 1)
        found = path_counts(graph, unit, channels)
    assert found.array().tolist() == path_counts(graph, unit, channels).array().tolist()
    if not channels:
        assert found.array().tolist() == tower_to(graph, unit)[0].array().tolist()


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("3000; conv k3 p1 x4", 20),
        ("3000; conv k3 p1 symmetric; conv k4 s3 p2 circular", 30),
        ("3001; conv k3 s2 p1; tconv k4 s2 p1; blur k5 p2 reflect", 40),
        ("3000; conv k3 s2 p1:0; upsample s2 bilinear; conv k3 d4 p8:0", 60),
        ("3000; add(skip | conv k2 d8 p8:0; conv k1) x3", 60),
        ("3000; tconv k2 s2; conv k2 s3", 20),
        ("3000; upsample s2 bilinear; conv k2 s3", 40),
        ("3000; concat(maxpool k2; upsample s2 | conv k3 p1)", 20),
        ("2000x5; add(skip | conv k3 p1) x2", 20),
        ("3000; conv k3 p1 x2; global; conv k3 p1", 20),
        ("3000x20; conv k3 s2 p1; add(global | maxpool k3 s3; global)", 40),
    ],
)
@pytest.mark.usefixtures("eager")
def test_what_is_counted_does_not_grow_with_the_input(text: str, longest: int) -> None:
    graph = graph_of(parse(text))
    short, _, cuts = shortened(graph)
    assert short.input.size[0] <= longest
    assert short.input.size[0] + sum(cut.length for cut in cuts if cut.axis == 0) == graph.input.size[0]
    assert path_counts(graph).array().tolist() == tower_to(graph)[0].array().tolist()


@given(networks(), st.integers(20, 90))
def test_what_arrives_at_the_outputs_of_a_longer_input_is_counted_unit_by_unit_alike(
    network: Network, longer: int
) -> None:
    size = (network.size[0] + longer, *network.size[1:])
    try:
        graph = graph_of(replace(network, size=size))
    except UserError:
        assume(False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arriving, "LONG", 1)
        found = arriving_counts(graph)
    assert found.array().tolist() == tower_from(graph)[-1].array().tolist()


@pytest.mark.parametrize(
    "text", ["3000; conv k3 p1 x4", "3001; conv k4 s3 p2 circular; tconv k4 s2 p1; conv k5 p2 reflect"]
)
def test_what_arrives_is_counted_on_a_short_input(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "LONG", 1)
    assert arriving.shortened_on(graph_of(parse(text)))[0].input.size[0] < 60


@pytest.mark.parametrize("side", range(80, 130))
@pytest.mark.usefixtures("eager")
def test_what_lies_after_the_last_window_belongs_to_the_end(side: int) -> None:
    graph = graph_of(parse(f"{side}; conv k6 s5 x2"))
    assert path_counts(graph).array().tolist() == tower_to(graph)[0].array().tolist()


@pytest.mark.usefixtures("eager")
def test_what_a_slice_leaves_out_belongs_to_the_ends() -> None:
    graph = graph_of(parse("200; conv k3 p1"))
    kept = Slice(3, 2, 90)
    sliced = Graph((*graph.nodes, Node(SLICE, "slice", (1,), (90,), 1, (kept,))))
    short, _, (cut,) = shortened(sliced)
    assert short.input.size == (200 - cut.length,)
    assert path_counts(sliced).array().tolist() == tower_to(sliced)[0].array().tolist()


@pytest.mark.parametrize("text", ["500; random r2 seed1", "500; add(skip | global; upsample s500)"])
@pytest.mark.usefixtures("eager")
def test_what_reads_a_whole_map_has_no_inside(text: str) -> None:
    graph = graph_of(parse(text))
    assert shortened(graph)[0] is graph


@pytest.mark.parametrize(
    "text",
    [
        "500; conv k3 p1 x3",
        "501; conv k5 s2 p2:1; conv k3 d4 p3:5 s3",
        "500; add(skip | conv k3 d2 p0:4; conv k2 p1:0); conv k7 s4 p9",
        "502; conv k4 s3 p3; tconv k4 s2 p1; conv k3 p1",
    ],
)
@pytest.mark.usefixtures("eager")
def test_windows_that_weigh_their_outputs_repeat_inside(text: str) -> None:
    graph = design_of(f"{text}+partial-padding").graph
    assert shortened(graph)[0].input.size[0] < 90
    for unit in (None, (0,), (graph.output.size[0] // 2,)):
        assert path_counts(graph, unit).array().tolist() == tower_to(graph, unit)[0].array().tolist()


def test_a_million_samples_are_measured_in_seconds() -> None:
    """Three stacks of kernels of 2, dilated by 1 to 512, over a minute of sound: hand-worked, 3,070 samples."""
    begin = process_time()
    stack = "; ".join(f"add(skip | conv k2 d{2**power} p{2**power}:0)" for power in range(10))
    analysis = DesignAnalysis(design_of(f"960000; {'; '.join([stack] * 3)}"))
    counts = analysis.counts
    assert analysis.fields[-1][0].size == 3070
    assert counts.at((0,)) == counts.at((900_000,)) == 3**30  # zeros before the first sample, none after the last
    assert counts.at((959_999,)) == 2**30  # only the tap on the sample itself, and the shortcut
    assert analysis.measures()["corner_centre"] == Fraction(2, 3) ** 30
    assert analysis.unit_counts.total() == 3**30
    assert process_time() - begin < 6  # some 0.7 s; position by position it is a minute


def row(text: str) -> tuple[Any, ...]:
    return fields(graph_of(parse(text)))[-1]


@given(st.lists(st.sampled_from(["conv k3 s2 p1", "tconv k3 s2", "upsample s3", "conv k2 d3 p3:0", "tconv k1 s2"])))
def test_the_central_unit_is_the_one_centred_nearest_the_middle(layers: list[str]) -> None:
    try:
        (axis_field,) = row("; ".join(["8", *layers[:5]]))
    except UserError:
        assume(False)
    away = {
        unit: abs(2 * centre - 7) for unit in range(axis_field.units) if (centre := axis_field.centre(unit)) is not None
    }
    (found,) = central_unit((axis_field,))
    assert not away or found == max(unit for unit in away if away[unit] == min(away.values()))
