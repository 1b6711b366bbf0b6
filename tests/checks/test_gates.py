"""Checks leave gates out: what scales a map carries no path; what is added to it does."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from core.checks import check
from core.design.analysis import DesignAnalysis
from core.design.traced import TracedDesign
from core.design.typed import TypedDesign
from core.exact.gates import flat_nodes, gated_nodes, with_gates
from core.live.sources.model import Model
from core.network import graph_of, parse
from tests.live.trace.attending import Windows


class Gate(nn.Module):
    """Squeeze and excitation."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Conv2d(4, 4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.inner(x.mean((2, 3), keepdim=True)).sigmoid()


class Context(nn.Module):
    """The mean of all positions, added to each."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + nn.functional.interpolate(nn.functional.adaptive_avg_pool2d(x, 1), x.shape[2:])


def design(*layers: nn.Module, side: int = 32) -> TracedDesign:
    return TracedDesign(Model("model", (1, side, side), lambda: deepcopy(nn.Sequential(*layers)).to("meta")))


def dilated(inputs: int) -> nn.Module:
    return nn.Conv2d(inputs, 4, 3, padding=2, dilation=2)


OF_FIELDS = {"field-small", "unproductive", "misaligned", "erf-small", "gridding"}


def test_checks_of_fields_do_not_see_gates() -> None:
    plain = check(TypedDesign(parse("32x32 c1; conv k3 d2 p2 c4 x3")))
    gated = check(design(dilated(1), dilated(4), Gate(), dilated(4)))
    messages, same = (
        {finding.code: finding.message.split("; the first")[0] for finding in findings if finding.code in OF_FIELDS}
        for findings in (plain, gated)
    )
    assert set(messages) == {"field-small", "gridding"}
    assert same == messages


def test_tiles_of_a_gated_network_are_told_of_its_gates() -> None:
    findings = check(design(nn.Conv2d(1, 4, 3, padding=1), Gate()))
    assert [finding.message for finding in findings if finding.code == "tiling"] == [
        "beside its own pixels a seamless tile must read 1 before and 1 after along each axis; "
        "its gates still read the whole tile"
    ]


def test_what_is_added_to_a_map_is_a_path_typed_or_as_a_module() -> None:
    typed = DesignAnalysis(TypedDesign(parse("33x33 c1; conv k3 p1; add(skip | global; upsample s33)")))
    traced = DesignAnalysis(design(nn.Conv2d(1, 1, 3, padding=1), Context(), side=33))
    for analysis in (typed, traced):
        assert analysis.gate_names == ()
        assert analysis.unit_field == (35, 35)
        assert analysis.path_counts((0, 0)).at((32, 32)) == 4
    assert traced.path_counts((3, 4)).array().tolist() == typed.path_counts((3, 4)).array().tolist()


def test_what_passes_through_a_gate_counts_where_that_is_asked_for() -> None:
    layers = (nn.Conv2d(1, 4, 3, padding=1), Gate())
    without, within = (DesignAnalysis(design(*layers), gates=asked) for asked in (False, True))
    assert without.path_counts((5, 5)).total() == 9
    assert within.path_counts((5, 5)).total() == 9 + 9 * 32**2 - 4 * 3 * 32 + 4
    assert without.gate_names == within.gate_names == ("layer 5 (1: mul)",)
    assert without.cost == within.cost


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("8; add(skip | global; conv k1; upsample s8; conv k1); conv k3 p1", [3, 4]),
        ("6x4; add(skip | global; upsample s6x4 bilinear); conv k3", [2]),
        ("8x8; add(skip | avgpool k8x1; upsample s8x1); conv k3 p1", [2]),  # along one axis
        ("8; add(skip | add(global | maxpool k8); upsample s8); conv k3", [4]),
        ("8; add(skip | concat(global; upsample s8 | avgpool k8; upsample s8); conv k1 c1)", [2, 4, 5, 6]),
        ("8; add(skip | maxpool k2; conv k3 p1; tconv k2 s2)", []),
        ("8; add(skip | global; upsample s8; conv k3 p1)", [2]),  # the convolution's border differs
        ("1; add(skip | conv k1)", []),
    ],
)
def test_nodes_are_flat_that_are_spread_from_one_position_and_not_mixed_since(text: str, flat: list[int]) -> None:
    graph = graph_of(parse(text))
    assert sorted(flat_nodes(graph)) == flat
    assert gated_nodes(graph) == []
    assert with_gates(graph) is graph


@pytest.mark.parametrize("side", [2, 4])
def test_queries_look_at_no_place_and_no_tile_of_theirs_is_seamless(side: int) -> None:
    windows = design(nn.Conv2d(1, 4, 3, padding=1), Windows((8, 8), side), side=8)
    assert not {"misaligned", "tiling"} & {finding.code for finding in check(windows)}
