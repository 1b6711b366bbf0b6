"""Path counts against autograd: the gradient of all outputs of a linear network whose weights are all one.

The networks are written in PyTorch by hand, in float64, which is exact below 2^53.
"""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from core.exact import path_counts
from core.network import graph_of, parse


def ones(module: nn.Module) -> nn.Module:
    """The module with every weight 1, without bias, in float64."""
    module.double()
    for parameter in module.parameters():
        nn.init.ones_(parameter)
    return module


def conv(inputs: int, outputs: int, kernel: int, **options: object) -> nn.Module:
    return ones(nn.Conv2d(inputs, outputs, kernel, bias=False, **options))


def read_every_tap(kernel: int, stride: int, padding: int = 0) -> nn.Module:
    """Any pooling, as counted: one edge per tap, each channel by itself."""
    return Each(torch.ones(1, 1, kernel, kernel, dtype=torch.float64), stride, padding)


def binomial_blur(stride: int, padding: int) -> nn.Module:
    row = torch.tensor([1.0, 2.0, 1.0], dtype=torch.float64)
    return Each(torch.outer(row, row)[None, None], stride, padding)


class Each(nn.Module):
    def __init__(self, weight: torch.Tensor, stride: int, padding: int) -> None:
        super().__init__()
        self.weight, self.stride, self.padding = weight, stride, padding

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        wide = self.weight.expand(x.shape[1], 1, *self.weight.shape[2:])
        return F.conv2d(x, wide, stride=self.stride, padding=self.padding, groups=x.shape[1])


class Add(nn.Module):
    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return sum(branch(x) for branch in self.branches)


class Concat(Add):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def bordered(border: str) -> nn.Module:
    return conv(1, 1, 5, padding=2, padding_mode=border)


def stem() -> nn.Module:
    return nn.Sequential(conv(3, 4, 7, stride=2, padding=3), read_every_tap(3, 2, 1))


def residual() -> nn.Module:
    unit = nn.Sequential(conv(2, 4, 3, stride=2, padding=1), conv(4, 4, 3, padding=1))
    return nn.Sequential(Add(unit, conv(2, 4, 1, stride=2)), Add(conv(4, 4, 3, padding=1), nn.Identity()))


def inception() -> nn.Module:
    pooled = nn.Sequential(read_every_tap(3, 1, 1), conv(2, 2, 1))
    return nn.Sequential(Concat(conv(2, 3, 1), conv(2, 1, 3, padding=1), pooled), conv(6, 4, 2, groups=2))


def u_net() -> nn.Module:
    spread = ones(nn.ConvTranspose2d(3, 2, 2, stride=2, bias=False))
    inner = nn.Sequential(read_every_tap(2, 2), conv(2, 3, 3, padding=1), spread)
    return nn.Sequential(conv(1, 2, 3, padding=1), Concat(nn.Identity(), inner), conv(4, 1, 3, padding=1))


def spread() -> nn.Module:
    crossed = nn.ConvTranspose2d(1, 2, 4, stride=3, padding=1, dilation=2, output_padding=1, bias=False)
    return nn.Sequential(ones(crossed), nn.Upsample(scale_factor=2.0), conv(2, 1, 3, dilation=2))


@pytest.mark.parametrize(
    ("text", "build"),
    [
        ("9x9; conv k3 x4", lambda: nn.Sequential(*(conv(1, 1, 3) for _ in range(4)))),
        ("15x15; conv k3 p1 x4", lambda: nn.Sequential(*(conv(1, 1, 3, padding=1) for _ in range(4)))),
        ("9x8; conv k5 p2", lambda: bordered("zeros")),
        ("9x8; conv k5 p2 reflect", lambda: bordered("reflect")),
        ("9x8; conv k5 p2 replicate", lambda: bordered("replicate")),
        ("9x8; conv k5 p2 circular", lambda: bordered("circular")),
        ("9x9; conv k3 d2 p2 x2", lambda: nn.Sequential(*(conv(1, 1, 3, dilation=2, padding=2) for _ in range(2)))),
        ("32x30 c3; conv k7 s2 p3 c4; maxpool k3 s2 p1", stem),
        ("12x12; blur k3 s2 p1; blur k3 s2", lambda: nn.Sequential(binomial_blur(2, 1), binomial_blur(2, 0))),
        ("12x13 c2; add(conv k3 s2 p1 c4; conv k3 p1 | conv k1 s2 c4); add(conv k3 p1 | skip)", residual),
        ("7x6 c2; concat(conv k1 c3 | conv k3 p1 c1 | avgpool k3 s1 p1; conv k1); conv k2 g2 c4", inception),
        ("8x12; conv k3 p1 c2; concat(skip | maxpool k2; conv k3 p1 c3; tconv k2 s2 c2); conv k3 p1 c1", u_net),
        ("5x4; tconv k4 s3 d2 p1:0 c2; upsample s2; conv k3 d2 c1", spread),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_gradient_of_a_network_of_ones_is_its_path_counts(text: str, build: Callable[[], nn.Module]) -> None:
    network = parse(text)
    module, graph = build(), graph_of(network)
    x = torch.zeros(1, network.channels or 1, *network.size, dtype=torch.float64, requires_grad=True)
    y = module(x)
    assert y.shape[1:] == (graph.output.channels, *graph.output.size)
    (every,) = torch.autograd.grad(y.sum(), x, retain_graph=True)
    assert every.sum(dim=(0, 1)).tolist() == path_counts(graph, channels=True).array().tolist()
    unit = tuple(side // 2 for side in graph.output.size)
    (one,) = torch.autograd.grad(y[(..., *unit)].sum(), x)
    assert one.sum(dim=(0, 1)).tolist() == path_counts(graph, unit, channels=True).array().tolist()
    assert every.max() < 2**53
