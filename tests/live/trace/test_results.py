"""Unit (R, C) of a traced module is ``result[..., R, C]``, and nothing else; what cannot be laid out so is a gap."""

from collections.abc import Callable
from itertools import product

import pytest
import torch
from torch import nn

from core.errors import UserError
from core.exact import path_counts
from core.exact.gates import with_gates
from core.live.trace import OUTPUT, Gap, Traced, trace
from core.network.graph import Graph
from tests.live.trace.building import MAP, conv, net
from tests.live.trace.comparing import traced
from tests.live.trace.drawing import drawn_module
from tests.live.trace.ones import ChannelCounts
from tests.live.trace.positions import SpatialCounts
from tests.live.trace.recording import recorded

SEEDS = range(120)


def assert_every_unit_is_its_element(
    module: nn.Module, size: tuple[int, ...], found: Traced, last: bool = False
) -> None:
    """The size is that of the module's result, and every unit's channel counts are the gradient of its elements.

    A result of fewer dimensions than a map has no such elements; there all outputs together are compared.
    """
    graph = with_gates(found.graph())
    run = recorded(module, size)
    oracle = ChannelCounts(run, size, SpatialCounts(run, size, graph.output.size).statistics)
    assert path_counts(graph, channels=True).array().tolist() == oracle.to().tolist()
    axes = len(graph.output.size)
    if len(oracle.shape) < axes + 2:
        return
    assert graph.output.size == (oracle.shape[1:-1] if last else oracle.shape[-axes:])
    result = oracle.result.movedim(-1, 1) if last else oracle.result
    for unit in product(*map(range, graph.output.size)):
        (gradient,) = torch.autograd.grad(result[(..., *unit)].sum(), oracle.input, retain_graph=True)
        assert path_counts(graph, unit, channels=True).array().tolist() == gradient.sum((0, 1)).tolist(), unit
        assert ((path_counts(graph, unit).array() > 0) >= (gradient.sum((0, 1)) > 0).numpy()).all(), unit


@pytest.mark.parametrize("seed", SEEDS)
def test_modules_of_tensor_operators_drawn_at_random_are_exact_or_gaps(seed: int) -> None:
    module, size = drawn_module(seed)
    found = traced(module, size)
    if isinstance(found.stages[OUTPUT], int):
        assert_every_unit_is_its_element(module, size, found)


def test_most_of_the_modules_drawn_at_random_are_exact() -> None:
    gaps = sum(isinstance(traced(*drawn_module(seed)).stages[OUTPUT], Gap) for seed in SEEDS)
    assert gaps < len(SEEDS) / 2


EXACT: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "rows gathered into an axis of one": (lambda: net(lambda m, x: torch.cat(x.split(1, 2), 2)), (1, 4, 5)),
    "rows gathered, then a window": (
        lambda: net(lambda m, x: m.c(torch.cat(x.split(1, 2), 2)), c=nn.Conv2d(1, 2, 3, padding=1)),
        (1, 4, 5),
    ),
    "messages from row to row (SCNN)": (
        lambda: net(
            lambda m, x: torch.cat([rows := x[:, :, :1], rows := m.c(rows) + x[:, :, 1:2], m.c(rows) + x[:, :, 2:]], 2),
            c=nn.Conv2d(2, 2, (1, 3), padding=(0, 1)),
        ),
        (2, 3, 5),
    ),
    "a dense layer's result as a map": (lambda: net(lambda m, x: m.d(x).view(1, 1, 3, 4), d=dense(12)), (2, 3, 2)),
    "a dense layer's result as a map, and a window": (
        lambda: net(lambda m, x: m.c(m.d(x).view(1, 1, 3, 4)), d=dense(12), c=nn.Conv2d(1, 2, 1)),
        (2, 3, 2),
    ),
    "a shuffle after channels were taken apart": (
        lambda: net(lambda m, x: nn.functional.pixel_shuffle(x.unflatten(1, (4, 2)).flatten(1, 2), 2)),
        (8, 2, 3),
    ),
    "one of several copies": (
        lambda: net(lambda m, x: x.mean(2, keepdim=True).expand(1, 3, 4, 5).select(2, 1)[:, :, None]),
        (3, 4, 5),
    ),
    "a sum of copies": (lambda: net(lambda m, x: x[:, None].expand(1, 3, 2, 4, 5).sum(1)), (2, 4, 5)),
    "a norm over copies": (
        lambda: net(lambda m, x: nn.functional.layer_norm(x.expand(1, 3, 4, 5), (3, 4, 5))),
        (1, 4, 5),
    ),
    "zeros alone beside a map": (
        lambda: net(lambda m, x: torch.cat([(y := nn.functional.pad(x, (0, 0, 0, 0, 0, 2)))[:, 2:], y[:, :2]], 1)),
        (2, 3, 4),
    ),
    "one channel as the axis it was": (lambda: net(lambda m, x: x.reshape(1, 1, 1, 5).flatten(2)[:, None]), (1, 1, 5)),
    "channels and rows exchanged": (lambda: net(lambda m, x: x.permute(0, 2, 1, 3)), (3, 4, 5)),
    "a tensor of five dimensions": (lambda: net(lambda m, x: x.unflatten(1, (2, 2))), (4, 3, 5)),
}
GAPS = {
    "channels last": (lambda m, x: x.permute(0, 2, 3, 1), "exchanged, with each other or with its channels"),
    "rows and columns exchanged": (lambda m, x: x.mT, "exchanged"),
    "tokens in another order": (lambda m, x: x.mT.flatten(2), "not those of a map, in its order"),
    "copies of what is moved": (
        lambda m, x: x[:, :, :1, None].expand(1, 4, 1, 3, 8).permute(0, 3, 4, 2, 1),
        "copies of what is moved between channels and positions",
    ),
    "tokens repeated": (lambda m, x: x.mean((2, 3)).unsqueeze(2).expand(1, 4, 9), "not those of a map, in its order"),
}


def dense(outputs: int) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(12, outputs))


@pytest.mark.parametrize("name", EXACT)
def test_a_result_is_laid_out_as_the_module_gives_it(name: str) -> None:
    build, size = EXACT[name]
    module = build()
    assert_every_unit_is_its_element(module, size, traced(module, size))


@pytest.mark.parametrize("name", GAPS)
def test_a_result_that_cannot_be_laid_out_so_is_a_gap_and_what_goes_on_from_it_is_none(name: str) -> None:
    function, reason = GAPS[name]
    model = nn.Sequential(conv(), net(function))
    found = traced(model, MAP)
    with pytest.raises(UserError, match=f"stage 'output': it depends on the result in the model itself: .*({reason})"):
        found.graph()
    assert isinstance(found.graph("0"), Graph)
    assert [gap.operator for gap in found.gaps] == ["the result"]
    assert isinstance(found.stages["1"], Gap)


def test_a_stage_that_is_no_map_is_no_gap_of_what_comes_after_it() -> None:
    last = net(lambda m, x: x.permute(0, 2, 3, 1))
    found = traced(nn.Sequential(conv(), last, net(lambda m, x: x.permute(0, 3, 1, 2)), conv()), MAP)
    assert isinstance(found.stages["1"], Gap)
    assert found.gaps == ()
    assert found.graph().output.size == (7, 8)


def test_of_a_model_that_says_so_the_channels_may_be_last() -> None:
    model = nn.Sequential(conv(4, 3, stride=2), net(lambda m, x: x.permute(0, 2, 3, 1)))
    found = trace(model.to("meta"), MAP, channels_last=True)
    model = nn.Sequential(conv(4, 3, stride=2), net(lambda m, x: x.permute(0, 2, 3, 1)))
    assert_every_unit_is_its_element(model, MAP, found, last=True)
