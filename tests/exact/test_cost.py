"""Costs against PyTorch's own parameters and counter of operations, and by hand."""

from math import prod

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from core.design.traced import TracedDesign
from core.exact.cost import Cost, cost, node_cost
from core.live.modules.layers import layer_module
from core.live.sources.sequential import sequential
from core.live.trace import OUTPUT
from core.network import PRESETS, graph_of, parse
from core.network.kinds import KINDS
from tests.network.cases import NETWORKS, layers
from tests.oracles import axis_reads


@pytest.mark.parametrize("name", NETWORKS)
def test_weights_and_operations_of_convolutions_are_those_that_pytorch_counts(name: str) -> None:
    graph = graph_of(NETWORKS[name])
    for index, node in enumerate(graph.nodes):
        if node.layer is None:
            continue
        source, found = graph.nodes[node.inputs[0]], node_cost(graph, index)
        module = layer_module(node, source, counting=False)
        assert found.parameters == sum(weights.numel() for weights in module.parameters())
        if node.layer.op.name in ("conv", "tconv"):
            with FlopCounterMode(display=False) as counter, torch.no_grad():
                module(torch.zeros(1, source.channels, *source.size))
            assert 2 * found.multiply_adds == counter.get_total_flops()
        elif node.layer.op.name == "attn":
            pairs = (axis_reads(node.layer, axis, side) for axis, side in enumerate(source.size))
            longest = prod(max(row.total() for row in rows) for rows in pairs)
            values = source.positions * source.channels * node.channels
            assert found.multiply_adds == values + node.positions * node.channels * longest
        else:
            reads = {"global": source.positions, "random": node.layer.connections + 1}
            taps = reads.get(node.layer.op.name, prod(node.layer.kernel))
            if node.layer.bilinear:
                taps = prod(min(factor, 2) for factor in node.layer.stride)
            assert found.multiply_adds == (taps > 1) * taps * node.positions * node.channels


def test_every_layer_is_in_the_cases() -> None:
    ops = {item.op.name for network in NETWORKS.values() for item in layers(network.layers)}
    assert set(KINDS) <= ops


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9", Cost(0, 0)),
        ("9; conv k3", Cost(3, 7 * 3)),
        ("8x8 c3; conv k3 p1 c16", Cost(432, 64 * 432)),  # taps on padding are counted
        ("8x8 c4; conv k3 s2 p1 g4", Cost(36, 16 * 36)),
        ("4 c2; tconv k4 s2 p1 c3", Cost(24, 4 * 24)),
        ("8 c2; maxpool k2; avgpool k2 s1", Cost(0, 2 * (4 * 2 + 3 * 2))),
        ("4 c2; upsample s2", Cost(0, 0)),
        ("4 c2; add(skip | conv k1); concat(skip | skip)", Cost(4, 16)),
        ("4x4; random r3", Cost(0, 64)),
        ("4 c2; attn w2 c3", Cost(6, 4 * 6 + 4 * 3 * 2)),  # values, then two keys a query
    ],
)
def test_costs_worked_out_by_hand(text: str, expected: Cost) -> None:
    assert cost(graph_of(parse(text))) == expected


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("VGG-16", 14_710_464),  # torchvision: 14,714,688 of the convolutions, 4,224 of them biases
        ("ResNet-18", 11_166_912),  # 11,176,512 without the classifier, 9,600 of them of normalisation
        ("ResNet-50", 23_454_912),  # 23,508,032, 53,120
        ("AlexNet", 2_468_544),  # 2,469,696, 1,152
    ],
)
def test_parameters_of_well_known_networks(name: str, parameters: int) -> None:
    assert cost(graph_of(PRESETS[name])).parameters == parameters


def test_a_traced_dense_layer_has_a_weight_for_every_position_that_it_flattens() -> None:
    text = "nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.ReLU(), nn.Flatten(), nn.Linear(288, 10, bias=False))"
    graph = TracedDesign(sequential(text, (3, 8, 8))).traced.graph(OUTPUT)
    assert cost(graph) == Cost(3 * 8 * 9 + 2880, 36 * 216 + 2880)
