"""Networks become graphs: sizes, channels, the names that messages use, and everything refused on the way."""

import re

import numpy as np
import pytest
from hypothesis import given

from core.errors import LimitError, NetworkError, UserError
from core.network import PRESETS, Network, graph_of, limits, parse
from core.network.graph import size_text
from core.network.layers import Join
from tests.network.cases import NETWORKS
from tests.network.strategies import networks
from tests.oracles import Adjacency


def assert_sized_as_brute_force(network: Network) -> None:
    graph, slow = graph_of(network), Adjacency(network, channels=True)
    assert [node.size for node in graph.nodes] == slow.sizes
    assert [node.channels for node in graph.nodes] == slow.widths
    for node, found in zip(graph.nodes, slow.maps, strict=True):
        read = {source for edges in found.values() for source, _, _ in edges}
        assert read <= set(node.inputs)


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_sizes_channels_and_inputs_are_those_of_every_edge_written_down(network: Network) -> None:
    assert_sized_as_brute_force(network)


@given(networks())
def test_random_networks_are_sized_as_every_edge_written_down(network: Network) -> None:
    assert_sized_as_brute_force(network)


@given(networks())
def test_one_axis_of_a_network_is_a_network(network: Network) -> None:
    """Sizes along each axis do not depend on the other axis."""
    graph = graph_of(network)
    for axis in range(len(network.size)):
        alone = graph_of(network.along(axis))
        assert [node.size for node in alone.nodes] == [(node.size[axis],) for node in graph.nodes]


def test_a_prefix_ends_after_so_many_layers_or_joins() -> None:
    network = parse("9 c2; conv k3; add(conv k3 p1 x2 | skip) x2; maxpool k2")
    assert [str(network.prefix(steps)) for steps in (0, 1, 3)] == [
        "9 c2",
        "9 c2; conv k3",
        "9 c2; conv k3; add(conv k3 p1 x2 | skip) x2",
    ]
    assert network.prefix(99) == network


def test_nodes_stand_in_order_and_joins_read_their_branches() -> None:
    graph = graph_of(parse("9; conv k3 p1; add(skip | conv k3 p1 x2); concat(conv k1 | skip)"))
    assert [node.inputs for node in graph.nodes] == [(), (0,), (1,), (2,), (1, 3), (4,), (5, 4)]
    assert [graph.name(index) for index in (0, 1, 4, 6)] == [
        "the input",
        "layer 1 (conv k3 p1)",
        "layer 4 (add)",
        "layer 6 (concat)",
    ]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_graph(name: str) -> None:
    network = PRESETS[name]
    graph = graph_of(network)
    assert graph.input.size == network.size
    assert graph.separable == (not any(isinstance(item, Join) for item in network.layers))


@pytest.mark.parametrize(
    ("name", "size", "channels", "layers"),
    [("VGG-16", 7, 512, 18), ("AlexNet", 6, 256, 8), ("ResNet-18", 7, 512, 29), ("ResNet-50", 7, 2048, 70)],
)  # layers: 13 + 5 pools; 5 + 3 pools; 17 + 1 pool + 3 shortcuts + 8 adds; 49 + 1 + 4 + 16
def test_published_networks_have_their_published_sizes(name: str, size: int, channels: int, layers: int) -> None:
    graph = graph_of(PRESETS[name])
    assert (graph.output.size, graph.output.channels) == ((size, size), channels)
    assert len(graph.nodes) == layers + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9; conv k11", r"layer 1 (conv k11): a window spanning 11 does not fit 9 samples padded by (0, 0); use more"),
        ("9; conv k3 x5", "layer 5 (conv k3): a window spanning 3 does not fit 1 samples"),
        ("9; add(conv k3 p1; conv k20 | skip)", "layer 2 (conv k20): a window spanning 20 does not fit 9 samples"),
        ("9; conv k3 p1; add(skip | conv k2; conv k9)", "layer 3 (conv k9): a window spanning 9 does not fit 8"),
        ("9; conv k5 p9 reflect", "layer 1 (conv k5 p9 reflect): reflect padding of 9 is wider than the 8 samples"),
        ("2; tconv k1 p1", "layer 1 (tconv k1 p1): 2 samples spread by stride 1 and cropped by (1, 1) leave nothing"),
        ("9; conv k3 c4 g3", "layer 1 (conv k3 c4 g3): 3 groups do not divide 1 channels in and 4 out; choose groups"),
        (
            "9; add(conv k3 | skip)",
            "layer 2 (add): its branches give maps of 7 and 9; give every branch the same total",
        ),
        ("9; attn near10", "layer 1 (attn near10): a neighbourhood of 10 positions does not fit 9; use a smaller one"),
        (
            "9; attn near4 d3",
            "(attn near4 d3): a neighbourhood of 4 positions, 3 apart, does not fit 9; use a smaller one, or less",
        ),
        (
            "9x9; attn causal",
            "(attn causal): causal attention reads the past, and a map of several axes has none; use an input of one",
        ),
        ("9x8; concat(skip | conv k1x2)", "layer 2 (concat): its branches give maps of 9x8 and 9x7"),
        ("9; add(conv k3 p1 c2 | skip)", "layer 2 (add): its branches give 2 and 1 channels; set the same with c, or"),
        ("9; conv k1; add(skip | conv k1 x2; maxpool k2) x2", "layer 5 (add): its branches give maps of 9 and 4"),
    ],
)
def test_a_layer_that_does_not_fit_is_named_with_its_sizes_and_a_way_out(text: str, message: str) -> None:
    with pytest.raises(NetworkError, match=re.escape(message)):
        graph_of(parse(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "640000; upsample s100",
            "layer 1 (upsample s100): a feature map of 64000000 is larger than 2097152 positions",
        ),
        ("1024x1024; upsample s2", "a feature map of 2048x2048 is larger than 2097152 positions; use a"),
        ("9999; conv k1; tconv k2 s1000", "layer 2 (tconv k2 s1000): a feature map of 9998002 is larger than 2097152"),
        ("1000x1000; random r2", "layer 1 (random r2 seed0): 3000000 random connections are more than 2097152; use"),
        (
            "9; concat(conv k1 c60000 | conv k1 c6000)",
            "layer 3 (concat): 66000 channels are more than 65536; use fewer",
        ),
        (
            "1x1000000; conv k1x1 p0x9 x2; conv k1 p1x0",
            "layer 3 (conv k1 p1x0): a feature map of 3x1000036 is larger than",
        ),
    ],
)
def test_a_map_beyond_a_limit_is_refused_before_anything_is_allocated(
    text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("zeros", "arange", "concatenate"):
        monkeypatch.setattr(np, name, None)
    with pytest.raises(LimitError, match=re.escape(message)):
        graph_of(parse(text))


@pytest.mark.parametrize("text", ["64; conv k1024 d1024 same s1024", "64; conv k1024 d1024 full s1024"])
def test_padding_given_by_a_word_has_the_limit_of_padding_given_by_number(text: str) -> None:
    """A padded row is allocated: half a million zeros for each of a thousand columns fill the memory."""
    with pytest.raises(UserError, match=rf"padding \d+ is outside 0 to {limits.MAX_PAD}"):
        graph_of(parse(text))


@pytest.mark.parametrize(("size", "text"), [((9,), "9"), ((3, 4), "3x4")])
def test_sizes_are_written_as_users_write_them(size: tuple[int, ...], text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize("pool", ["maxpool", "avgpool"])
def test_a_dilated_pool_must_read_a_sample_at_every_position(pool: str) -> None:
    """Two taps four apart on samples 0 and 1: the pool at 2 would read positions -2 and 2, both of them padding."""
    with pytest.raises(NetworkError, match=r"a pooling window reads padding only, between 2 samples that its dilation"):
        graph_of(parse(f"2; {pool} k2 s1 d4 p4"))
    assert graph_of(parse(f"4; {pool} k2 s1 d4 p4")).output.size == (8,)
    assert graph_of(parse("2; conv k2 s1 d4 p4")).output.size == (6,)  # a convolution may read nothing
