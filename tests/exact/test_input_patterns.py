"""Formulas of the output and patterns of input sizes, against graphs that are built at every size."""

from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.exact.size_formula import formula_text, formula_value, size_formula
from core.exact.size_pattern import Pattern, nearest, size_patterns
from core.network import PRESETS, Graph, Network, graph_of, parse
from tests.network.strategies import networks
from tests.oracles import axis_reads


def _built(network: Network, side: int) -> Network:
    return Network((side,), network.layers, network.channels)


@settings(max_examples=40)
@given(networks(axes=1), st.integers(1, 40))
def test_a_formula_gives_the_output_of_every_possible_input(network: Network, side: int) -> None:
    formula = size_formula(graph_of(network), 0)
    try:
        output = graph_of(_built(network, side)).output.size[0]
    except UserError:
        return
    assert formula_value(formula, side) == output
    assert eval(formula_text(formula), {"floor": floor, "n": side}) == output  # noqa: S307  # as a reader would


@settings(max_examples=20)
@given(networks(axes=2, drawn=False))
def test_each_axis_has_a_formula_of_its_own(network: Network) -> None:
    graph = graph_of(network)
    for axis, side in enumerate(network.size):
        assert formula_value(size_formula(graph, axis), side) == graph.output.size[axis]


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("9", "n"),
        ("9; conv k3 x4", "n - 8"),
        ("9; conv k3 p1", "n"),
        ("9; conv k3 full", "n + 2"),
        ("9; conv k3 s2 p1", "floor((n - 1)/2) + 1"),
        ("8; maxpool k2", "floor(n/2)"),
        ("8; conv k2 s4", "floor((n - 2)/4) + 1"),
        ("9; conv k3 s2", "floor((n - 1)/2)"),
        ("9; conv k7 s3", "floor((n - 1)/3) - 1"),
        ("400; conv k10 s5; conv k3 s2 x4; conv k2 s2 x2", "floor((n - 80)/320)"),
        ("8; tconv k4 s2 p1", "2*n"),
        ("8; tconv k3 s2", "2*n + 1"),
        ("8; maxpool k2; tconv k2 s2", "2*floor(n/2)"),
        ("8; upsample s4; maxpool k2", "2*n"),
        ("8; upsample s2; maxpool k4", "floor(n/2)"),
        ("9; maxpool k2; upsample s3; maxpool k2", "floor(3*floor(n/2)/2)"),
        ("9; tconv k4 s3; conv k2 s2", "floor((3*n - 1)/2) + 1"),
        ("8; upsample s3 bilinear", "3*n"),
        ("8; attn causal; maxpool k2; attn w3", "floor(n/2)"),
        ("8; global; conv k3 p1", "1"),
        ("8; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2)", "n"),
    ],
)
def test_formulas_are_written_as_by_hand(text: str, formula: str) -> None:
    assert formula_text(size_formula(graph_of(parse(text)), 0)) == formula


@pytest.mark.parametrize(
    ("preset", "formula", "possible", "even", "smallest"),
    [
        ("ResNet-50", "floor((n - 1)/32) + 1", "every n", "n mod 32 = 1", 1),
        ("VGG-16", "floor(n/32)", "every n", "n mod 32 = 0", 32),
        ("U-Net", "n", "n mod 8 = 0", "n mod 8 = 0", 8),
        ("U-Net 572", "n - 184", "n mod 16 = 12", "n mod 16 = 12", 188),
        ("PatchGAN 16", "floor(n/2) - 2", "every n", "n mod 2 = 0", 6),
        ("PatchGAN 70", "floor(n/8) - 2", "every n", "n mod 8 = 0", 24),
        ("PatchGAN 286", "floor(n/32) - 2", "every n", "n mod 32 = 0", 96),
    ],
)
def test_published_networks_fit_the_sizes_they_are_known_to(
    preset: str, formula: str, possible: str, even: str, smallest: int
) -> None:
    graph = graph_of(PRESETS[preset])
    found = size_patterns(graph, 0, graph.input.size[0])
    assert formula_text(size_formula(graph, 0)) == formula
    assert (str(found.possible), str(found.even), found.smallest) == (possible, even, smallest)


def test_the_published_maps_of_the_u_net_and_the_discriminators() -> None:
    unet = graph_of(PRESETS["U-Net 572"])
    assert unet.output.size == (388, 388)
    assert min(node.size[0] for node in unet.nodes) == 28
    fields = dict.fromkeys(("PatchGAN 16", "PatchGAN 70", "PatchGAN 286"), 1)
    for name in fields:
        for layer in reversed(PRESETS[name].layers):
            fields[name] = (fields[name] - 1) * layer.stride[0] + layer.kernel[0]
    assert list(fields.values()) == [16, 70, 286]


@settings(max_examples=40)
@given(networks(axes=1, drawn=False), st.integers(8, 20))
def test_patterns_say_which_sizes_can_be_built_and_leave_nothing_over(network: Network, near: int) -> None:
    found = size_patterns(graph_of(network), 0, near)
    for side in range(near, near + 20):
        built = _graph(network, side)
        if found.possible is not None and not _is_limited(network, side):
            assert (side % found.possible.modulus in found.possible.residues) == (built is not None)
        if found.even is not None and built is not None:
            assert (side % found.even.modulus in found.even.residues) == (_left_over(built) == 0)
    sides = [side for side in range(1, near + 1) if _graph(network, side) is not None]
    if sides and found.smallest is not None:
        assert found.smallest <= sides[0]


def _is_limited(network: Network, side: int) -> bool:
    """Whether another thing than the sizes of maps is in the way: a pool between dilated taps."""
    try:
        graph_of(_built(network, side))
    except UserError as error:
        return "a pooling window reads padding only" in str(error)
    return False


def _graph(network: Network, side: int) -> Graph | None:
    try:
        return graph_of(_built(network, side))
    except UserError:
        return None


def _left_over(graph: Graph) -> int:
    """Positions after the last window of every layer that slides one: of what is shown, all but up to its last tap."""
    total = 0
    for node in graph.nodes[1:]:
        if node.layer is None or not node.layer.op.slides:
            continue
        below = graph.nodes[node.inputs[0]].size[0]
        layer = node.layer
        shown = below + sum(layer.pads()[0])
        last = (len(axis_reads(layer, 0, below)) - 1) * layer.stride[0] + layer.dilation[0] * (layer.kernel[0] - 1)
        total += shown - last - 1
    return total


def test_each_layer_that_strides_asks_for_a_remainder_of_its_own() -> None:
    graph = graph_of(parse("224; conv k7 s2 p3; maxpool k3 s2 p1; conv k4 s2 p1; conv k3 p1"))
    demands = size_patterns(graph, 0, 224).demands
    assert [(demand.node, demand.sizes) for demand in demands] == [
        (1, Pattern(2, (1,))),  # 7 windows' taps reach an odd number of samples
        (2, Pattern(4, (1,))),
        (3, Pattern(8, (5,))),  # a map of an even length: ceil(n / 4) = 2 m with n = 1 mod 4
    ]


def test_branches_that_ask_for_different_remainders_leave_no_even_size() -> None:
    graph = graph_of(parse("64; concat(conv k3 s2 p1 | conv k2 s2)"))
    found = size_patterns(graph, 0, 64)
    assert (str(found.possible), str(found.even)) == ("n mod 2 = 0", "no n")
    assert nearest(graph, 0, 64, 1) is None
    assert nearest(graph, 0, 64, -1, evenly=False) == 62


@pytest.mark.parametrize(
    ("text", "side", "step", "expected"),
    [
        ("224; conv k3 s2 p1 x5", 224, 1, 225),
        ("224; conv k3 s2 p1 x5", 225, 1, 257),
        ("224; conv k3 s2 p1 x5", 225, -1, 193),
        ("5; conv k5", 5, -1, None),
    ],
)
def test_the_nearest_even_size(text: str, side: int, step: int, expected: int | None) -> None:
    assert nearest(graph_of(parse(text)), 0, side, step) == expected


def test_a_stride_product_too_long_to_follow_has_no_pattern() -> None:
    found = size_patterns(graph_of(parse("1024; conv k3 s7 p1; conv k3 s11 p1; conv k3 s17 p1")), 0, 1024)
    assert (found.possible, found.even, found.demands) == (None, None, ())
