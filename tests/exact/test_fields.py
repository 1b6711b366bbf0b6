"""Receptive fields against brute force: the reads of every unit followed back, and the counts of interior units."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from core.errors import LimitError, NetworkError
from core.exact import AxisField, axis_fields, fields, path_counts, stride_period, unit_stride
from core.network import Network, graph_of, parse
from core.network.graph import Graph, Node
from core.network.layers import Join
from core.network.maps import Lookup
from core.network.operations import INPUT, SLICE
from tests.network.cases import NETWORKS, layers
from tests.network.strategies import networks
from tests.oracles import count_matrix, endless_reads

PLAIN = {
    name: network
    for name, network in NETWORKS.items()
    if not any(not isinstance(layer, Join) and layer.op.name == "random" for layer in layers(network.layers))
}
_VALID = "conv k2,conv k3,maxpool k2,conv k2 d2,random r1,random r0,random r2 seed4,blur k3 s2,upsample s2"
VALID = st.sampled_from(_VALID.split(","))


def hull(reads: frozenset[int]) -> tuple[int, int] | None:
    return (min(reads), max(reads)) if reads else None


def assert_fields_are_followed_back(network: Network) -> None:
    for axis, field in enumerate(fields(graph_of(network))[-1]):
        reads = endless_reads(network, axis)
        spans = [hull(reads(unit)) for unit in range(-3, field.units + 3)]
        assert [field.span(unit) for unit in range(-3, field.units + 3)] == spans
        sizes = [span[1] - span[0] + 1 if span else 0 for span in spans[3:-3]]
        assert field.sizes == (min(sizes), max(sizes))
        assert field.size == max(sizes)
        for unit in range(field.units):
            span = spans[unit + 3]
            inside = range(max(0, span[0]), min(network.size[axis], span[1] + 1)) if span else ()
            assert field.clipped(unit) == hull(frozenset(inside))
            assert field.centre(unit) == (Fraction(sum(span), 2) if span else None)
        assert field.padding == (-spans[3][0] if spans[3] else None)


@pytest.mark.parametrize("network", PLAIN.values(), ids=PLAIN)
def test_fields_are_those_of_every_read_followed_back(network: Network) -> None:
    assert_fields_are_followed_back(network)


@given(networks(drawn=False))
@settings(max_examples=200)
def test_fields_of_random_networks_are_those_of_every_read_followed_back(network: Network) -> None:
    assert_fields_are_followed_back(network)


@given(st.integers(31, 40), st.lists(VALID, min_size=1, max_size=6))
def test_without_padding_a_field_ends_at_the_outermost_pixels_that_reach_the_unit(side: int, chain: list[str]) -> None:
    """Random connections included: nothing is read beyond the map."""
    try:
        graph = graph_of(parse(f"{side}; {'; '.join(chain)}"))
    except NetworkError:
        reject()  # grown smaller than a window
    field = axis_fields(graph, 0)[-1]
    for unit in range(field.units):
        read = np.flatnonzero(path_counts(graph, (unit,)).array().astype(bool))
        assert field.span(unit) == field.clipped(unit) == (read[0], read[-1])


@pytest.mark.parametrize(
    "text", ["12", "12; conv k3 p1", "9; tconv k1 s2", "9; tconv k2 s3", "8; tconv k2 s2 d3", "9; upsample s2 bilinear"]
)
@pytest.mark.parametrize("drawn", ["random r0", "random r2", "random r3 seed1"])
def test_random_connections_see_all_that_the_units_they_read_see(text: str, drawn: str) -> None:
    """Also where a unit between others sees nothing, or elsewhere than they: a transposed window leaves gaps."""
    graph, reads = graph_of(parse(f"{text}; {drawn}")), endless_reads(parse(text))
    field, lookup = axis_fields(graph, 0)[-1], graph.output.lookup
    assert lookup is not None
    for unit, row in enumerate(lookup.sources.tolist()):
        assert field.span(unit) == hull(frozenset().union(*map(reads, row)))


@pytest.mark.parametrize("size", ["7x5", "6x6"])  # in a square both axes have their own fields too
def test_random_connections_in_two_dimensions_give_a_row_the_field_of_all_its_units(size: str) -> None:
    network = parse(f"{size}; conv k2; random r1 seed3")
    rows, columns = fields(graph_of(network))[-1]
    read = count_matrix(network).astype(bool)  # (unit row, unit column, row, column)
    for row in range(rows.units):
        assert rows.span(row) == hull(frozenset(np.flatnonzero(read[row].any(axis=(0, 2))).tolist()))
    for column in range(columns.units):
        assert columns.span(column) == hull(frozenset(np.flatnonzero(read[:, column].any(axis=(0, 1))).tolist()))


def test_random_connections_keep_the_stride_of_the_map_they_read() -> None:
    """3/2 of a pixel per unit, five units: the turn is not a whole number of pixels."""
    graph = graph_of(parse("8; upsample s2; conv k3 s3; random r1"))
    assert [field.stride for field in axis_fields(graph, 0)] == [1, Fraction(1, 2), Fraction(3, 2), Fraction(3, 2)]
    assert stride_period(graph) == (3,)


@pytest.mark.parametrize(
    ("text", "size", "stride", "padding"),
    [
        ("64; conv k3", 3, 1, 0),
        ("64; conv k3 s2 p1 x3", 15, 8, 7),
        ("64; conv k3 d4 p4", 9, 1, 4),
        ("64; conv k2 p1:0", 2, 1, 1),
        ("64; upsample s2", 1, Fraction(1, 2), 0),
        ("64; upsample s3 bilinear", 2, Fraction(1, 3), 1),
        ("64; tconv k4 s2 p1", 2, Fraction(1, 2), 1),
        ("64; tconv k3 s2 p1", 2, Fraction(1, 2), 0),
        ("64; conv k3 s2 p1; tconv k2 s2", 3, 1, 1),
        ("64; conv k3 p1; global", 66, 64, 1),
    ],
)
def test_fields_worked_out_by_hand(text: str, size: int, stride: Fraction, padding: int) -> None:
    field = axis_fields(graph_of(parse(text)), 0)[-1]
    assert (field.size, field.stride, field.padding) == (size, stride, padding)


def test_units_of_a_transposed_window_see_by_turns() -> None:
    """k3 s2: even units read two samples, odd ones read one; k1 s2: odd units read nothing."""
    field = axis_fields(graph_of(parse("8; tconv k3 s2")), 0)[-1]
    assert [field.span(unit) for unit in range(5)] == [(-1, 0), (0, 0), (0, 1), (1, 1), (1, 2)]
    assert field.sizes == (1, 2)
    gaps = axis_fields(graph_of(parse("8; tconv k1 s2")), 0)[-1]
    assert [gaps.span(unit) for unit in range(3)] == [(0, 0), None, (1, 1)]
    assert (gaps.centre(1), gaps.clipped(1), gaps.sizes) == (None, None, (0, 1))


def test_a_field_in_the_padding_alone_has_no_part_inside() -> None:
    field = axis_fields(graph_of(parse("4; conv k2 p5")), 0)[-1]
    assert (field.span(0), field.clipped(0)) == ((-5, -4), None)
    assert field.clipped(5) == (0, 1)


@pytest.mark.parametrize(
    ("text", "misaligned", "rates"),
    [
        ("9; add(skip | conv k3 p1)", None, ()),
        ("9; add(conv k2 | conv k2 p1:0; conv k2)", (Fraction(1, 2), Fraction(1, 2)), ()),
        ("9; add(skip | conv k3 p0:2)", (1, 1), ()),
        ("8; concat(skip | maxpool k2; tconv k2 s2)", (Fraction(1, 2), Fraction(1, 2)), ()),
        ("8; concat(skip | maxpool k2; upsample s2 bilinear)", (Fraction(1, 2), Fraction(1, 2)), ()),
        ("9; concat(skip | conv k3 s2 p1; tconv k3 s2 p1)", None, ()),
        ("6; concat(conv k1 s2 | conv k4)", None, (2, 1)),
    ],
)
def test_a_join_tells_whether_its_branches_look_at_the_same_place(
    text: str, misaligned: tuple[Fraction, Fraction] | None, rates: tuple[int, ...]
) -> None:
    field = axis_fields(graph_of(parse(text)), 0)[-1]
    assert (field.misaligned, field.rates) == (misaligned, rates)


def test_branches_of_different_stride_see_the_union_of_their_fields() -> None:
    field = axis_fields(graph_of(parse("6; concat(conv k1 s2 | conv k4)")), 0)[-1]
    assert [field.span(unit) for unit in range(3)] == [(0, 3), (1, 4), (2, 5)]
    assert [field.span(unit) for unit in (4, 5)] == [(4, 8), (5, 10)]
    assert field.sizes == (4, 4)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("64; conv k3", 1),
        ("64; conv k3 s2 p1 x3", 8),
        ("64; conv k3 s2 p1; tconv k2 s2", 2),
        ("64; upsample s2; conv k3 s3", 3),
        ("64; concat(conv k2 s2 | conv k3 s2 p1); conv k3 s3", 6),
        ("60; concat(conv k3 s2 p1; upsample s2 | conv k4 s3 p1; upsample s3)", 6),
    ],
)
def test_the_pattern_of_strides_repeats_after_their_product(text: str, period: int) -> None:
    graph = graph_of(parse(text))
    assert unit_stride(graph, 0) == period
    counts = path_counts(graph).array().tolist()
    assert counts[24 : 24 + period] == counts[24 + period : 24 + 2 * period]


def test_fields_that_would_repeat_only_after_very_many_units_are_refused() -> None:
    """Each map is small, but the turns of 1000/999, 80/79 and 7 multiply: 560,000 fields, then 1,120,000 …"""
    graph = graph_of(parse("4; upsample s1000; conv k1 s999; upsample s80; conv k1 s79; upsample s7"))
    with pytest.raises(LimitError):
        axis_fields(graph, 0)


def test_a_field_is_a_plain_value() -> None:
    field = axis_fields(graph_of(parse("9; conv k3")), 0)[-1]
    assert isinstance(field, AxisField)
    assert field == axis_fields(graph_of(parse("9; conv k3")), 0)[-1]


def test_the_field_of_listed_reads_holds_all_of_them_in_whatever_order() -> None:
    reads = Lookup(np.array([[3, 0, 7, 4]]), 8)
    nodes = (Node(INPUT, "input", (), (8,), 1), Node(SLICE, "gather", (0,), (1,), 1, maps=(reads,)))
    assert fields(Graph(nodes))[-1][0].span(0) == (0, 7)


def test_fields_of_attention_over_many_tokens_are_followed_at_once() -> None:
    field = axis_fields(graph_of(parse("4096; add(skip | attn causal w512) x12")), 0)[-1]
    assert [field.clipped(unit) for unit in (0, 511, 4095)] == [(0, 0), (0, 511), (0, 4095)]
    short = axis_fields(graph_of(parse("4096; attn causal w512 x3")), 0)[-1]
    assert short.clipped(4095) == (4095 - 3 * 511, 4095)
