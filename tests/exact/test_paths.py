"""Path counts against brute force: every layer, border mode, stride, dilation, padding and join."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.exact import PathCounts, path_counts, reach_counts, tower_from, tower_to
from core.network import Graph, Network, graph_of, parse
from core.network.kinds import KINDS
from core.network.layers import Join
from core.network.window import BORDERS
from tests.network.cases import NETWORKS, layers
from tests.network.strategies import networks
from tests.oracles import count_matrix

CASES = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)


def assert_same(found: np.ndarray, expected: np.ndarray) -> None:
    """Equal numbers, equal shapes, and whole numbers of Python's own."""
    assert found.shape == expected.shape
    assert found.tolist() == expected.tolist()
    assert all(type(count) is int for count in found.ravel().tolist())


def assert_counts(network: Network, channels: bool) -> None:
    """All counts of pixels and units, from both ends, are those of the full matrix."""
    graph = graph_of(network)
    matrix = count_matrix(network, channels)
    outputs = tuple(range(len(network.size)))
    assert_same(path_counts(graph, channels=channels).array(), matrix.sum(axis=outputs))
    for unit in np.ndindex(*graph.output.size):
        assert_same(path_counts(graph, unit, channels).array(), matrix[unit])
    for pixel in np.ndindex(*network.size):
        assert_same(reach_counts(graph, pixel, channels).array(), matrix[(..., *pixel)])


def test_the_case_table_shows_every_layer_and_every_border_mode() -> None:
    shown = [layer for network in NETWORKS.values() for layer in layers(network.layers)]
    assert {layer.op.name for layer in shown} == {*KINDS, "add", "concat"}
    windows = [layer for layer in shown if not isinstance(layer, Join)]
    bordered = {op for op, kind in KINDS.items() if "border" in kind.options}
    padded = {(layer.op.name, layer.border) for layer in windows if layer.op.name in bordered and np.any(layer.pads())}
    assert padded == {(op, border) for op in bordered for border in BORDERS}
    assert any(layer.bilinear for layer in windows)
    assert any(layer.groups > 1 for layer in windows)
    for op in (*bordered, "tconv"):
        alike = [layer for layer in windows if layer.op.name == op]
        assert any(max(layer.stride) > 1 for layer in alike)
        assert any(max(layer.dilation) > 1 for layer in alike)
        assert any(before != after for layer in alike for before, after in layer.pads())
    assert {len(network.size) for network in NETWORKS.values()} == {1, 2, 3}


@CASES
def test_counts_are_those_of_every_edge_written_down(network: Network) -> None:
    assert_counts(network, channels=False)


@CASES
def test_channel_counts_are_those_of_every_edge_written_down(network: Network) -> None:
    assert_counts(network, channels=True)


@CASES
def test_every_feature_map_on_the_way_is_counted(network: Network) -> None:
    """To and from every map, all of it or one unit; a map that no path leads by counts zero."""
    graph = graph_of(network)
    axes = tuple(range(len(network.size)))
    for at, node in enumerate(graph.nodes):
        unit = tuple(side // 2 for side in node.size)
        to_all, to_unit = tower_to(graph, node=at), tower_to(graph, unit, node=at)
        from_all, from_unit = tower_from(graph, node=at), tower_from(graph, unit, node=at)
        for other in range(len(graph.nodes)):
            behind = count_matrix(network, first=other, last=at) if other <= at else None
            assert_same(to_all[other].array(), zeros(graph, other) if behind is None else behind.sum(axis=axes))
            assert_same(to_unit[other].array(), zeros(graph, other) if behind is None else behind[unit])
            ahead = count_matrix(network, first=at, last=other) if other >= at else None
            inputs = tuple(axis + len(axes) for axis in axes)
            assert_same(from_all[other].array(), zeros(graph, other) if ahead is None else ahead.sum(axis=inputs))
            assert_same(from_unit[other].array(), zeros(graph, other) if ahead is None else ahead[(..., *unit)])


def zeros(graph: Graph, at: int) -> np.ndarray:
    return np.zeros(graph.nodes[at].size, dtype=int).astype(object)


def test_towers_begin_at_the_input_and_end_at_the_output_unless_told() -> None:
    graph = graph_of(parse("5x4; conv k2; add(conv k3 p1 | skip)"))
    for unit in (None, (1, 2)):
        assert_towers(tower_to(graph, unit), tower_to(graph, unit, node=len(graph.nodes) - 1))
        assert_towers(tower_from(graph, unit), tower_from(graph, unit, node=0))
    assert_same(tower_to(graph)[0].array(), path_counts(graph).array())
    assert_same(tower_from(graph, (1, 2))[-1].array(), reach_counts(graph, (1, 2)).array())


def assert_towers(found: list[PathCounts], expected: list[PathCounts]) -> None:
    for one, other in zip(found, expected, strict=True):
        assert_same(one.array(), other.array())


@given(networks())
@settings(max_examples=60)
def test_random_networks_are_counted_as_every_edge_written_down(network: Network) -> None:
    assert_counts(network, channels=False)


@given(networks())
@settings(max_examples=60)
def test_random_networks_with_channels_are_counted_as_every_edge_written_down(network: Network) -> None:
    assert_counts(network, channels=True)


def test_spatial_counts_do_not_see_channels() -> None:
    wide, narrow = "8 c5; conv k3 c7 g1; conv k3 c2", "8; conv k3 x2"
    assert_same(path_counts(graph_of(parse(wide))).array(), path_counts(graph_of(parse(narrow))).array())


def test_channel_counts_multiply_by_the_channels_a_path_may_pass_through() -> None:
    """3 in, 5, 2 out: every spatial path is 3 * 5 * 2 paths; two groups of a layer halve its share."""
    plain = path_counts(graph_of(parse("8; conv k3 x2"))).array()
    assert_same(path_counts(graph_of(parse("8 c3; conv k3 c5; conv k3 c2")), channels=True).array(), plain * 30)
    grouped = graph_of(parse("8 c4; conv k3 c6 g2; conv k3 c2"))
    assert_same(path_counts(grouped, channels=True).array(), plain * (4 * 6 * 2 // 2))


def test_a_chain_is_kept_as_one_factor_per_axis_and_a_join_is_not() -> None:
    chain = path_counts(graph_of(parse("9x7; conv k3 x2")))
    joined = path_counts(graph_of(parse("9x7; add(conv k3 p1 | skip)")))
    drawn = path_counts(graph_of(parse("9x7; random r1")))
    assert (chain.separable, joined.separable, drawn.separable) == (True, False, False)
    assert [factor.shape for factor in chain.factors] == [(9,), (7,)]
    assert chain.size == joined.size == drawn.size == (9, 7)
