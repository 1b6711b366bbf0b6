"""Dense layers along positions: channel counts are the gradient of the module with all weights one."""

from collections.abc import Callable
from copy import deepcopy
from itertools import pairwise

import pytest
import torch
from torch import nn

from core.exact import path_counts
from core.exact.cost import cost
from core.live.trace import trace


class Mixer(nn.Module):
    """Patches, and blocks that mix positions through ``features``, or without any, then channels; with shortcuts."""

    def __init__(self, features: int | None, depth: int = 2, positions: int = 12) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 4, 2, 2, bias=False)
        sides = [positions, positions] if features is None else [positions, features, positions]
        self.tokens = nn.ModuleList(self.dense(sides) for _ in range(depth))
        self.channels = nn.ModuleList(self.dense([4, 6, 4]) for _ in range(depth))

    def dense(self, sides: list[int]) -> nn.Module:
        return nn.Sequential(*(nn.Linear(before, after, bias=False) for before, after in pairwise(sides)))

    def forward(self, x):
        x = self.patches(x)
        size = x.shape[2:]
        x = x.flatten(2).transpose(1, 2)
        for tokens, channels in zip(self.tokens, self.channels, strict=True):
            x = x + tokens(x.transpose(1, 2)).transpose(1, 2)
            x = x + channels(x)
        return x.transpose(1, 2).unflatten(2, size)


class Halves(Mixer):
    """Features of which one half scales the other, as in a gated block."""

    def dense(self, sides: list[int]) -> nn.Module:
        return super().dense(sides) if len(sides) != 3 or sides[0] == 4 else _Halved(*sides)


class _Halved(nn.Module):
    def __init__(self, before: int, features: int, after: int) -> None:
        super().__init__()
        self.one = nn.Linear(before, 2 * features, bias=False)
        self.two = nn.Linear(features, after, bias=False)

    def forward(self, x):
        left, right = self.one(x).chunk(2, dim=-1)
        return self.two(left + right)


class Rows(nn.Module):
    """Every row mixed by itself: a dense layer along the width alone."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, bias=False)
        self.row = nn.Linear(6, 6, bias=False)

    def forward(self, x):
        return self.row(self.conv(x))


CASES: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "through features": (lambda: Mixer(5), (3, 6, 8)),
    "at once": (lambda: Mixer(None), (3, 6, 8)),
    "through halves": (lambda: Halves(3), (3, 8, 6)),
    "rows": (Rows, (3, 5, 8)),
}


@pytest.mark.parametrize("name", CASES)
def test_channel_counts_are_the_gradient_of_ones(name: str) -> None:
    build, size = CASES[name]
    module = build()
    found = trace(deepcopy(module).to("meta"), size)
    assert found.gaps == ()
    graph = found.graph()
    for weight in module.parameters():
        nn.init.ones_(weight)
    x = torch.zeros(1, *size, dtype=torch.float64, requires_grad=True)
    y = module.double()(x)
    for unit in (None, (0, 0), (2, 3) if name == "rows" else (1, 1)):
        ends = y if unit is None else y[(..., *unit)]
        (gradient,) = torch.autograd.grad(ends.sum(), x, retain_graph=True)
        assert path_counts(graph, unit, channels=True).array().tolist() == gradient.sum((0, 1)).tolist(), unit
    assert cost(graph).parameters == sum(weight.numel() for weight in module.parameters())


@pytest.mark.parametrize("features", [None, 5])
def test_every_position_reads_every_one_once_through_however_many_features(features: int | None) -> None:
    graph = trace(Mixer(features, depth=1).to("meta"), (3, 6, 8)).graph()
    row, column = 2, 5  # of patch 1, 2
    assert path_counts(graph, (1, 2)).at((row, column)) == (1 + 1) * (1 + 1)  # its own: round both, or through them
    assert path_counts(graph, (0, 0)).at((row, column)) == 1 * (1 + 1)
