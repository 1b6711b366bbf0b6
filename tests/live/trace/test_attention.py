"""Attention by value paths: channel counts are the gradient of the same module, its attention frozen."""

from collections.abc import Callable
from copy import deepcopy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.overrides import TorchFunctionMode

from core.exact import path_counts
from core.exact.gates import with_gates
from core.live.sources.numbers import fixed_numbers
from core.live.trace import Traced, trace
from tests.live.trace.attending import Attention, Causal, Channels, LastToken, Reduced, Tokens, Windows, frozen

Made = Callable[[], nn.Module]


def conv(channels: int = 4, kernel: int = 3, stride: int = 1) -> nn.Module:
    return nn.Conv2d(3, channels, kernel, stride, padding=kernel // 2, bias=False)


def then(*parts: nn.Module) -> nn.Module:
    return nn.Sequential(conv(), *parts)


MODULES: dict[str, tuple[Made, tuple[int, ...]]] = {
    "a class token": (lambda: Tokens(), (3, 6, 8)),
    "a class token, fused": (lambda: Tokens(fused=True), (3, 6, 8)),
    "a class token that goes": (lambda: Tokens(keep=False), (3, 8, 6)),
    "no token": (lambda: Tokens(before=0), (3, 6, 8)),
    "registers": (lambda: Tokens(before=4, depth=3), (3, 4, 6)),
    "one key for all heads": (lambda: Tokens(key_heads=1), (3, 6, 4)),
    "one key for all heads, fused": (lambda: Tokens(key_heads=1, fused=True), (3, 6, 4)),
    "a token at the end": (LastToken, (3, 6, 8)),
    "windows": (lambda: then(Windows((6, 9))), (3, 6, 9)),
    "windows, fused": (lambda: then(Windows((6, 9), fused=True)), (3, 6, 9)),
    "shifted windows": (lambda: then(Windows((6, 9), shift=1), nn.Conv2d(4, 2, 3, bias=False)), (3, 6, 9)),
    "shifted windows, fused": (lambda: then(Windows((8, 4), 4, shift=2, fused=True)), (3, 8, 4)),
    "windows in turn": (lambda: then(Windows((9, 6)), Windows((9, 6), shift=2), Windows((9, 6))), (3, 9, 6)),
    "a grid": (lambda: then(Windows((6, 9), grid=True), Windows((6, 9))), (3, 6, 9)),
    "spatial reduction": (lambda: then(Reduced(), Reduced(fused=True)), (3, 6, 8)),
    "a causal sequence": (lambda: nn.Sequential(nn.Conv1d(3, 4, 3, bias=False), Causal(9), Causal(9)), (3, 11)),
    "a sliding causal sequence": (lambda: nn.Sequential(nn.Conv1d(3, 4, 1, bias=False), Causal(9, 3)), (3, 9)),
    "channels": (lambda: then(Channels(), nn.Conv2d(4, 4, 3, padding=1, bias=False), Channels(4, 1)), (3, 5, 6)),
}


def traced(module: nn.Module, size: tuple[int, ...]) -> Traced:
    module = deepcopy(module).eval()
    numbers = fixed_numbers(module)
    return trace(module.to("meta"), size, numbers=numbers)


def image(result: torch.Tensor, size: tuple[int, ...]) -> torch.Tensor:
    """A result as a map: of tokens, the last that fill one."""
    if result.dim() == len(size) + 2:
        return result
    count = torch.Size(size).numel()
    return result[:, result.shape[1] - count :].transpose(1, 2).reshape(len(result), -1, *size)


@pytest.mark.parametrize("name", MODULES)
def test_channel_counts_are_the_gradient_with_attention_frozen(name: str) -> None:
    assert_counted(*MODULES[name])


def assert_counted(build: Made, size: tuple[int, ...]) -> None:
    found = traced(build(), size)
    assert found.gaps == ()
    graph = found.graph()
    x = torch.zeros(1, *size, dtype=torch.float64, requires_grad=True)
    y = image(frozen(build())(x), graph.output.size)
    for unit in (None, (0,) * len(graph.output.size), tuple(side // 2 for side in graph.output.size)):
        ends = y if unit is None else y[(..., *unit)]
        (gradient,) = torch.autograd.grad(ends.sum(), x, retain_graph=True)
        assert path_counts(graph, unit, channels=True).array().tolist() == gradient.sum((0, 1)).tolist(), unit


class Made(Attention):
    """Weights as ``made`` makes them of queries, keys and values."""

    def __init__(self, made: Callable[..., torch.Tensor]) -> None:
        super().__init__()
        self.made = made
        self.table = nn.Parameter(torch.randn(2, 9))
        self.register_buffer("mask", torch.stack([torch.zeros(4, 4), torch.full((4, 4), -1e9).triu(1)]))

    def weighed(self, q, k, v, mask):
        return self.made(self, q, k, v)


class Sequence(nn.Module):
    """All positions of a map of 2x2, with a shortcut."""

    def __init__(self, made: Callable[..., torch.Tensor]) -> None:
        super().__init__()
        self.attention = Made(made)

    def forward(self, x):
        tokens = x.flatten(2).transpose(1, 2)
        return (tokens + self.attention(tokens)).transpose(1, 2).reshape(x.shape)


def scores(q, k):
    return q @ k.transpose(-2, -1)


REFUSED: dict[str, tuple[Callable[..., torch.Tensor], str, str]] = {
    "a mask from the input": (
        lambda m, q, k, v: (scores(q, k) + k.mean((1, 3))[:, None, None]).softmax(-1) @ v,
        "add",
        "a mask or bias of attention computed from the input",
    ),
    "no softmax": (lambda m, q, k, v: scores(q, k) @ v, "bmm", "three maps without a softmax"),
    "a softmax over queries": (
        lambda m, q, k, v: scores(q, k).softmax(-2) @ v,
        "_softmax",
        "over other dimensions than keys",
    ),
    "the largest weights alone": (
        lambda m, q, k, v: scores(q, k).topk(2).values.softmax(-1) @ v[:, :, :2],
        "topk",
        "no rule covers it for the weights of attention",
    ),
    "a mask of one head": (
        lambda m, q, k, v: (scores(q, k) + m.mask).softmax(-1) @ v,
        "bmm",
        "not the same for all heads",
    ),
    "a mask across the axes": (
        lambda m, q, k, v: (scores(q, k) + m.mask[1]).softmax(-1) @ v,
        "bmm",
        "not made of one for each axis",
    ),
    "weights hidden afterwards": (
        lambda m, q, k, v: (scores(q, k).softmax(-1) * torch.ones(4, 4).tril()) @ v,
        "mul",
        "times constants of which some are zero",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_frozen_attention_is_a_gap(name: str) -> None:
    made, operator, reason = REFUSED[name]
    gap = traced(Sequence(made), (4, 2, 2)).gaps[0]
    assert gap.operator == operator
    assert reason in gap.reason


def test_a_mask_whose_numbers_are_lost_is_a_gap() -> None:
    module = Causal(5).eval()
    (gap,) = trace(module.to("meta"), (4, 5)).gaps
    assert "a mask whose numbers are not known" in gap.reason


def test_a_learned_bias_hides_nothing() -> None:
    def biased(m, q, k, v):
        return (scores(q, k) + m.table[:, m.mask[0].long().flatten()].view(1, 2, 4, 4)).softmax(-1) @ v

    graph = traced(Sequence(biased), (4, 2, 2)).graph()
    assert path_counts(graph).array().tolist() == [[4 + 1, 4 + 1], [4 + 1, 4 + 1]]


def test_a_bias_from_the_query_alone_brings_no_path() -> None:
    def biased(m, q, k, v):
        return (scores(q, k) + q.mean(-1, keepdim=True)).softmax(-1) @ v

    graph = traced(Sequence(biased), (4, 2, 2)).graph()
    assert path_counts(graph).array().tolist() == [[4 + 1, 4 + 1], [4 + 1, 4 + 1]]


def test_gates_are_the_query_once_and_every_key_once() -> None:
    graph = traced(Causal(3), (4, 3)).graph()
    values = [3, 2, 1]  # queries that read each position
    shortcut = query = 1
    assert path_counts(graph).array().tolist() == [shortcut + value for value in values]
    assert path_counts(with_gates(graph)).array().tolist() == [shortcut + 2 * value + query for value in values]


def test_the_result_of_tokens_is_the_image_of_their_map() -> None:
    graph = traced(Tokens(before=3), (3, 6, 8)).graph()
    assert graph.output.size == (3, 4)
    assert path_counts(graph, (0, 0)).array().shape == (6, 8)


@st.composite
def stacks(draw: st.DrawFn) -> tuple[Made, tuple[int, ...]]:
    """Blocks of all kinds in any order, on a map that all of them fit."""
    height, width = draw(st.sampled_from([(6, 6), (12, 6), (6, 12)]))
    kinds = (
        lambda: Windows((height, width), 3),
        lambda: Windows((height, width), 3, shift=1),
        lambda: Windows((height, width), 2, shift=1, fused=True),
        lambda: Windows((height, width), 3, grid=True, key_heads=1),
        lambda: Reduced(),
        lambda: Channels(),
        lambda: nn.Conv2d(4, 4, 3, padding=1, bias=False),
    )
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4))
    return lambda: then(*(kind() for kind in chosen)), (3, height, width)


@settings(max_examples=25, deadline=None)
@given(stacks())
def test_stacked_attention_is_counted(drawn: tuple[Made, tuple[int, ...]]) -> None:
    assert_counted(*drawn)


@pytest.mark.parametrize("name", ["a class token", "shifted windows", "a sliding causal sequence", "a grid"])
def test_units_see_what_perturbing_the_input_changes(name: str) -> None:
    """Not the twin: the module with its own weights, its attention held as it is for the unperturbed input."""
    build, size = MODULES[name]
    torch.manual_seed(0)
    graph = traced(build(), size).graph()
    module = build().double().eval()
    x = torch.randn(1, *size, dtype=torch.float64)
    with Held() as held:
        before = image(module(x), graph.output.size)
        unit = tuple(side // 2 for side in graph.output.size)
        seen = torch.zeros(size[1:], dtype=torch.bool)
        for pixel in np.ndindex(*size[1:]):
            moved = x.clone()
            moved[(..., *pixel)] += torch.randn(size[0], dtype=torch.float64)
            held.again()
            after = image(module(moved), graph.output.size)
            seen[pixel] = (after - before)[(..., *unit)].abs().max() > 1e-12
    assert (path_counts(graph, unit).array() > 0).tolist() == seen.tolist()


class Held(TorchFunctionMode):
    """Every softmax gives what it gave in the first run."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[torch.Tensor] = []
        self.place: int | None = None

    def again(self) -> None:
        self.place = 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if func is not torch.Tensor.softmax:
            return result
        if self.place is None:
            self.given.append(result)
            return result
        self.place += 1
        return self.given[self.place - 1]


class Masked(nn.Module):
    """Attention along time with a mask that is made of numbers while the module runs."""

    def __init__(self, rewritten: bool) -> None:
        super().__init__()
        self.rewritten = rewritten

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mask = torch.full((5, 5), -torch.inf, device="cpu").triu(1)
        moved = mask.to(x.device)
        if self.rewritten:
            mask.zero_()
        return ((x.mT @ x + moved).softmax(-1) @ x.mT).mT


def test_a_mask_of_numbers_is_read_and_one_that_is_rewritten_is_none() -> None:
    """The numbers that it holds in the end are not those that it had."""
    found = trace(Masked(False), (4, 5))
    assert path_counts(found.graph()).array().tolist() == [5, 4, 3, 2, 1]
    assert "a mask whose numbers are not known" in str(trace(Masked(True), (4, 5)).gaps[0])
