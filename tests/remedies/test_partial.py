"""Partial padding against fractions carried edge by edge, and what must hold for any weights."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.comparison import variant
from core.design.typed import TypedDesign
from core.errors import NetworkError
from core.exact import path_counts, reach_counts
from core.network import Network, graph_of, parse
from core.remedies.partial import with_partial_padding
from tests.network.cases import NETWORKS
from tests.network.strategies import networks
from tests.oracles import Adjacency


def rational(network: Network) -> np.ndarray:
    """Paths to all outputs, each worth the product of taps over taps on samples of its zero-padded convolutions."""
    adjacency, nodes = Adjacency(network), graph_of(network).nodes
    worth = [dict.fromkeys(found, Fraction(0)) for found in adjacency.maps]
    worth[-1] = dict.fromkeys(adjacency.maps[-1], Fraction(1))
    for index in range(len(nodes) - 1, 0, -1):
        layer = nodes[index].layer
        weighed = layer is not None and layer.op.name == "conv" and layer.border == "zeros"
        for unit, edges in adjacency.maps[index].items():
            share = Fraction(prod(layer.kernel), len(edges)) if weighed and edges else Fraction(1)
            for source, read, times in edges:
                worth[source][read] += worth[index][unit] * times * share
    result = np.zeros(network.size, dtype=object)
    for (_, position), value in worth[0].items():
        result[position] = value
    return result


def counted(network: Network) -> np.ndarray:
    graph, scale = with_partial_padding(graph_of(network))
    return np.vectorize(lambda count: Fraction(count, scale), otypes=[object])(path_counts(graph).array())


def pads_with_zeros(network: Network) -> bool:
    try:
        with_partial_padding(graph_of(network))
    except NetworkError:
        return False
    return True


@settings(max_examples=50)
@given(networks())
def test_counts_are_those_of_fractions_carried_edge_by_edge(network: Network) -> None:
    assume(pads_with_zeros(network))
    assert counted(network).tolist() == rational(network).tolist()


@pytest.mark.parametrize("name", [name for name, network in NETWORKS.items() if pads_with_zeros(network)])
def test_every_kind_of_layer_and_join_may_stand_beside_it(name: str) -> None:
    assert counted(NETWORKS[name]).tolist() == rational(NETWORKS[name]).tolist()


@settings(max_examples=40)
@given(networks(), st.data())
def test_both_ends_agree(network: Network, data: st.DataObject) -> None:
    assume(pads_with_zeros(network))
    graph, _ = with_partial_padding(graph_of(network))
    pixel = tuple(data.draw(st.integers(0, side - 1)) for side in graph.input.size)
    unit = tuple(data.draw(st.integers(0, side - 1)) for side in graph.output.size)
    assert path_counts(graph, unit).at(pixel) == reach_counts(graph, pixel).at(unit)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("5; conv k3 p1", ["5/2", "7/2", "3", "7/2", "5/2"]),
        ("4; conv k3 s2 p1", ["3/2", "5/2", "1", "1"]),  # outputs of 2 and 3 samples: 3/2 and 1
        ("4; add(skip | conv k3 p1)", ["7/2", "9/2", "9/2", "7/2"]),
        ("3; conv k1 p1; conv k3", ["2", "3", "2"]),  # outputs that see padding alone weigh nothing
    ],
)
def test_rows_worked_out_by_hand(text: str, row: list[str]) -> None:
    assert [str(value) for value in counted(parse(text)).tolist()] == row


def test_the_sum_over_a_padded_window_is_as_if_it_lay_inside() -> None:
    """What Liu et al. ask for: every output has the paths of a whole window, so that all sums to n times the taps."""
    assert counted(parse("9x7; conv k5x3 p2x1")).sum() == 9 * 7 * 15


def test_a_network_without_zero_padding_has_nothing_to_change() -> None:
    for text in ("9; conv k3", "9; conv k3 p1 circular", "9; maxpool k3 s1 p1", "9; tconv k3 p1"):
        with pytest.raises(NetworkError, match="no convolution padded with zeros; nothing to change"):
            with_partial_padding(graph_of(parse(text)))


def test_as_a_design_it_can_be_changed_further() -> None:
    design = TypedDesign(parse("16; conv k3 s2 p1 x2"))
    first = variant(design, ("partial-padding", "even-input"))
    then = variant(design, ("even-input", "partial-padding"))
    assert first.analysis.graph.input.size == (17,)
    assert first.measures == then.measures
    assert first.network is None
    assert first.design.name == "17; conv k3 s2 p1 x2 (partial-padding)"
    assert first.design.at_input((33,)).graph.input.size == (33,)
