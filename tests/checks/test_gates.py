"""Gates are cut off where they are added; whatever else looks like one stays."""

import pytest

from core.checks import check
from core.design.typed import TypedDesign
from core.exact import fields, path_counts
from core.exact.gates import flat_nodes, live, without_gates
from core.network import graph_of, parse


@pytest.mark.parametrize(
    ("gated", "plain"),
    [
        ("8; conv k3 p1; add(skip | global; upsample s8); conv k3 p1", "8; conv k3 p1; conv k3 p1"),
        ("8; add(conv k3 p1 | global; conv k1; upsample s8; conv k1); conv k3 p1", "8; conv k3 p1 x2"),
        ("6x4; add(skip | global; upsample s6x4 bilinear); conv k3", "6x4; conv k3"),
        ("8; add(skip | conv k3 p1 | global; upsample s8)", "8; add(skip | conv k3 p1)"),
        ("8; add(skip | add(skip | global; upsample s8); conv k3 p1)", "8; add(skip | conv k3 p1)"),
        ("8x8; add(skip | avgpool k8x1; upsample s8x1); conv k3 p1", "8x8; conv k3 p1"),  # along one axis
        ("8; add(skip | add(global | maxpool k8); upsample s8); conv k3", "8; conv k3"),
        ("8; add(skip | concat(global; upsample s8 | avgpool k8; upsample s8); conv k1 c1)", "8"),
    ],
)
def test_without_its_gates_a_network_counts_as_if_it_had_none(gated: str, plain: str) -> None:
    graph = without_gates(graph_of(parse(gated)))
    assert path_counts(graph).array().tolist() == path_counts(graph_of(parse(plain))).array().tolist()
    assert fields(graph)[-1] == fields(graph_of(parse(plain)))[-1]
    assert [graph.name(at) for at in range(len(graph.nodes))] == [
        graph_of(parse(gated)).name(at) for at in range(len(graph.nodes))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "8; conv k3 p1",
        "8; concat(skip | global; upsample s8)",  # context that units do see
        "8; global; upsample s8",
        "8; add(global; upsample s8 | conv k8; upsample s8)",  # nothing else is added
        "8; add(skip | maxpool k2; conv k3 p1; tconv k2 s2)",
        "8; add(skip | global; upsample s8; conv k3 p1)",  # no longer the same at every position
        "1; add(skip | conv k1)",
    ],
)
def test_what_is_no_gate_stays(text: str) -> None:
    graph = graph_of(parse(text))
    assert without_gates(graph) is graph


def test_nodes_of_a_gate_are_flat_and_no_longer_live() -> None:
    graph = graph_of(parse("8; add(skip | global; conv k1; upsample s8; conv k1); conv k3 p1"))
    assert sorted(flat_nodes(graph)) == [3, 4]
    assert sorted(live(without_gates(graph))) == [0, 5, 6]
    assert live(graph) == frozenset(range(7))


def test_checks_of_fields_do_not_see_gates() -> None:
    gate = "add(skip | global; upsample s32x32)"
    plain = check(TypedDesign(parse("32x32; conv k3 d2 p2 x3")))
    gated = check(TypedDesign(parse(f"32x32; conv k3 d2 p2 x2; {gate}; conv k3 d2 p2")))
    of_fields = {"field-small", "unproductive", "misaligned", "erf-small", "gridding"}
    told = {finding.code: finding.message for finding in plain if finding.code in of_fields}
    assert set(told) == {"field-small", "gridding"}
    assert {finding.code: finding.message for finding in gated if finding.code in of_fields} == told


def test_tiles_of_a_gated_network_are_told_of_its_gates() -> None:
    found = check(TypedDesign(parse("32; conv k3 p1; add(skip | global; upsample s32)")))
    assert [finding.message for finding in found if finding.code == "tiling"] == [
        "beside its own pixels a seamless tile must read 1 before and 1 after; its gates still read the whole tile"
    ]
