"""What scales a map is a gate: without its gates a module counts as one in which they are numbers."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from core.exact import fields, path_counts
from core.exact.gates import gated_nodes, statistics_nodes, with_gates
from core.network import graph_of, parse
from core.network.graph import Graph
from tests.live.trace.building import MAP, Net, conv, net
from tests.live.trace.comparing import assert_exact, traced


class Gated(nn.Module):
    """A convolution, ``function``, a convolution; ``function`` is given what a gate goes through before it scales."""

    def __init__(self, function: Callable, cut: bool, **parts: nn.Module) -> None:
        super().__init__()
        self.first, self.last, self.cut = conv(), conv(), cut
        self.inner = Net(lambda m, x: function(m, x, self.gate), parts)

    def gate(self, scale: torch.Tensor) -> torch.Tensor:
        """As it is; or, where gates are cut off, numbers of its shape that do not depend on the input."""
        return torch.ones(scale.shape, device=scale.device) if self.cut else scale

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.inner(self.first(x)))


def coordinate(m, x, gate):
    rows, columns = m.c(x.mean(3, keepdim=True)).relu(), m.c(x.mean(2, keepdim=True)).relu()
    return x * gate(m.a(columns).sigmoid()) * gate(m.b(rows).sigmoid())


def cbam(m, x, gate):
    pooled = m.c(x.mean((2, 3), keepdim=True)) + m.c(x.amax((2, 3), keepdim=True))
    x = x * gate(pooled.sigmoid())
    return x * gate(m.s(torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)).sigmoid())


def response(m, x, gate):
    size = x.norm(p=2, dim=(2, 3), keepdim=True)
    return torch.addcmul(m.p, x, gate(size / gate(size.mean(1, keepdim=True)))) + x


def selective(m, x, gate):
    branches = torch.stack([m.c(x), m.k(x)], 1)
    scales = torch.stack([m.a(y := x.mean((2, 3), keepdim=True)), m.b(y)], 1)
    return (branches * gate(scales.softmax(1))).sum(1)


def in_place(m, x, gate):
    scale = m.c(x.mean((2, 3), keepdim=True)).sigmoid_()
    return x.mul_(gate(scale))


SQUEEZED = {
    "squeeze and excitation": lambda m, x, gate: x * gate(m.c(F.relu(m.a(x.mean((2, 3), keepdim=True)))).sigmoid()),
    "squeeze without squashing": lambda m, x, gate: x * gate(m.c(x.mean((2, 3), keepdim=True))),
    "the scale first": lambda m, x, gate: gate(m.c(x.mean((2, 3), keepdim=True))) * x,
    "spread before": lambda m, x, gate: x * gate(m.c(x.mean((2, 3), keepdim=True)).expand_as(x)),
    "a dense layer's": lambda m, x, gate: x * gate(m.d(x.mean((2, 3))).sigmoid()[:, :, None, None]),
    "a pool's": lambda m, x, gate: x * gate(F.hardsigmoid(F.interpolate(F.adaptive_avg_pool2d(x, 1), (7, 8)))),
    "in place": in_place,
    "efficient channel attention": lambda m, x, gate: (
        x * gate(m.e(x.mean((2, 3))[:, None]).sigmoid().transpose(1, 2)[..., None])
    ),
    "channels, then positions": cbam,
    "coordinate attention": coordinate,
    "global response norm": response,
    "selective kernels": selective,
    "divided by its size": lambda m, x, gate: x / gate(x.norm(dim=(2, 3), keepdim=True)),
    "root mean square norm": lambda m, x, gate: x * gate((x.pow(2).mean((1, 2, 3), keepdim=True) + 1).rsqrt()),
    "a row's": lambda m, x, gate: x * gate(x.amax(3, keepdim=True)),
}
SQUASHED = {
    "a mask": lambda m, x, gate: m.c(x) * gate(m.k(x).sigmoid()),
    "a mask of one channel": lambda m, x, gate: x * gate(m.k(x)[:, :1].sigmoid()),
    "a mask in part": lambda m, x, gate: m.c(x) * (1 + gate(m.k(x).tanh())),
    "a mask from below": lambda m, x, gate: x * gate(F.interpolate(m.k(F.avg_pool2d(x, 2)).sigmoid(), (7, 8))),
    "a mask of masks": lambda m, x, gate: x * gate(m.c(x).sigmoid() * m.k(x).sigmoid()),
    "a mask among channels": lambda m, x, gate: x * gate(torch.cat([m.c(x).sigmoid(), m.k(x).sigmoid()], 1)[:, 2:6]),
    "a softmax over positions": lambda m, x, gate: x * gate(x.flatten(2).softmax(-1).view_as(x)),
    "swish": lambda m, x, gate: x * gate(x.sigmoid()),
    "a mask in place": lambda m, x, gate: m.c(x).mul_(gate(m.k(x).sigmoid_())),
    "a gated linear unit": lambda m, x, gate: (y := torch.cat([m.c(x), m.k(x)], 1))[:, :4] * gate(y[:, 4:].sigmoid()),
}


def gated(function: Callable, cut: bool) -> nn.Module:
    parts = {"c": conv(kernel=1), "k": conv(kernel=5), "a": conv(kernel=1), "b": conv(kernel=1), "s": conv(2, 1, 5)}
    parts |= {"d": nn.Linear(4, 4), "e": nn.Conv1d(1, 1, 3, padding=1)}
    parameter = nn.Parameter(torch.zeros(1, 4, 1, 1))
    return Gated(function, cut, **parts, p=parameter)


@pytest.mark.parametrize("name", SQUEEZED | SQUASHED)
def test_without_its_gates_a_module_counts_as_if_they_were_numbers(name: str) -> None:
    function = (SQUEEZED | SQUASHED)[name]
    graph = traced(gated(function, cut=False), MAP).graph()
    assert gated_nodes(graph)
    assert_exact(gated(function, cut=True), MAP, graph, gates=False)
    assert_exact(gated(function, cut=False), MAP, graph)


def test_a_gated_linear_unit_passes_its_first_half() -> None:
    whole = nn.Sequential(conv(4, 8, 5), nn.GLU(1))
    graph = traced(whole, MAP).graph()
    assert graph.output.op.name == "scale"
    assert_exact(net(lambda m, x: m.c(x)[:, :4], c=conv(4, 8, 5)), MAP, graph, gates=False)


@pytest.mark.parametrize(
    "function",
    [
        lambda m, x: x * m.c(x),
        lambda m, x: m.c(x).sigmoid() * m.k(x).sigmoid(),
        lambda m, x: x + m.c(x).mean((2, 3), keepdim=True).sigmoid(),
        lambda m, x: x - x.mean((2, 3), keepdim=True),
        lambda m, x: x.mean(2, keepdim=True) * x.mean(3, keepdim=True),
        lambda m, x: x.mean((2, 3), keepdim=True) * m.c(x.amax((2, 3), keepdim=True)),
        lambda m, x: x * m.k(F.interpolate(x.mean((2, 3), keepdim=True), (7, 8))),  # its border differs
        lambda m, x: torch.maximum(x, x.sigmoid()),
        lambda m, x: m.c(x) * m.k(m.c(x).sigmoid()),
    ],
)
def test_a_sum_or_a_product_of_two_maps_has_no_gate(function: Callable) -> None:
    model = nn.Sequential(conv(), net(function, c=conv(), k=conv(kernel=5)), conv())
    graph = traced(model, MAP).graph()
    assert with_gates(graph) is graph
    assert_exact(model, MAP, graph)


def same(one: Graph, other: Graph) -> bool:
    """Whether two graphs have the same counts, to all outputs and to a unit, and the same field."""
    counts = all(
        path_counts(one, unit, weigh).array().tolist() == path_counts(other, unit, weigh).array().tolist()
        for unit in (None, (3, 0))
        for weigh in (False, True)
    )
    return counts and fields(one)[-1] == fields(other)[-1]


NORMS = {
    "instance norm": nn.InstanceNorm2d(4),
    "instance norm with weights": nn.InstanceNorm2d(4, affine=True),
    "group norm": nn.GroupNorm(2, 4),
    "group norm of one group": nn.GroupNorm(1, 4),
    "layer norm over all": nn.LayerNorm((4, 7, 8)),
    "layer norm along a row": nn.LayerNorm(8),
    "batch norm without constants": nn.BatchNorm2d(4, track_running_stats=False),
}


@pytest.mark.parametrize("name", NORMS)
def test_statistics_over_positions_are_a_gate(name: str) -> None:
    model = nn.Sequential(conv(), NORMS[name], conv())
    graph = traced(model, MAP).graph()
    assert [graph.nodes[index].path for index in statistics_nodes(graph)] == ["1"]
    assert same(graph, graph_of(parse("7x8 c4; conv k3 p1 x2")))
    assert_exact(model, MAP, graph)


@pytest.mark.parametrize(
    "model",
    [
        nn.Sequential(conv(), nn.BatchNorm2d(4), conv()),
        nn.Sequential(conv(), nn.InstanceNorm2d(4, track_running_stats=True), conv()),
        nn.Sequential(
            conv(), net(lambda m, x: m.n(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), n=nn.LayerNorm(4)), conv()
        ),
        nn.Sequential(conv(), nn.AdaptiveAvgPool2d(1), nn.GroupNorm(2, 4)),
    ],
)
def test_a_norm_by_constants_or_over_channels_alone_is_no_node(model: nn.Module) -> None:
    graph = traced(model, MAP).graph()
    assert gated_nodes(graph) == []
    assert {node.op.name for node in graph.nodes} <= {"input", "conv", "global"}
    assert_exact(model, MAP, graph)
