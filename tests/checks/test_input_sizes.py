"""Plans of other input sizes: what they predict is what the graph of that size has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.exact import fields
from core.exact.input_sizes import exact_fit_sizes, left_over_at, reading_one, sizes_at, uncollapsed_size
from core.network import Network, graph_of, parse
from tests.network.strategies import networks


@given(networks(drawn=False), st.integers(1, 24))
def test_a_plan_is_what_the_graph_of_that_size_has(network: Network, side: int) -> None:
    graph = graph_of(network)
    for axis in range(len(network.size)):
        size = (*network.size[:axis], side, *network.size[axis + 1 :])
        planned = sizes_at(graph, axis, side)
        try:
            built = graph_of(Network(size, network.layers, network.channels))
        except UserError:
            continue  # the other axis, a limit, or a pool between dilated taps: plans ask less
        assert planned == [node.size[axis] for node in built.nodes]
        assert left_over_at(graph, axis, planned) == sum(axes[axis].left_over for axes in fields(built))


@pytest.mark.parametrize(
    ("text", "side"),
    [("64; concat(skip | maxpool k2; tconv k2 s2)", 65), ("9; conv k9", 8), ("9; conv k3 p5 reflect", 5)],
)
def test_there_is_no_plan_where_layers_would_not_fit(text: str, side: int) -> None:
    graph = graph_of(parse(text))
    assert sizes_at(graph, 0, side) is None
    assert sizes_at(graph, 0, graph.input.size[0]) == [node.size[0] for node in graph.nodes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("224x224; conv k7 s2 p3; maxpool k3 s2 p1; conv k3 s2 p1 x3", [(225, 225), (193, 193)]),
        ("224x97; conv k7 s2 p3; maxpool k3 s2 p1; conv k3 s2 p1 x3", [(225, 97), (193, 97)]),
        ("10; maxpool k2", []),
        ("5; maxpool k2 s2", [(6,), (4,)]),
        ("3; conv k3 s4 p1", [(5,), (1,)]),
        ("3; conv k2 s4 p0:1", [(5,), (1,)]),
        ("97; conv k3 s2; add(skip | maxpool k2; tconv k2 s2)", []),
    ],
)
def test_even_sizes_leave_nothing_over(text: str, expected: list[tuple[int, ...]]) -> None:
    assert exact_fit_sizes(graph_of(parse(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8; maxpool k2 x3; conv k3 p1", (16,)),
        ("8x64; maxpool k2 x3; conv k3 p1", (16, 64)),
        ("9; conv k9; conv k3 p1", (10,)),
        ("9; global; conv k3 p1", None),  # one position at any size
        ("8; add(skip | maxpool k8; conv k3 p1; tconv k8 s8)", (16,)),
    ],
)
def test_a_larger_input_keeps_maps_from_shrinking_to_one_position(text: str, expected: tuple[int, ...] | None) -> None:
    graph = graph_of(parse(text))
    assert reading_one(graph, 0, [node.size[0] for node in graph.nodes])
    assert uncollapsed_size(graph) == expected
