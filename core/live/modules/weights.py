"""How the weights of a live model are drawn: every scheme, by name, seeded."""

from collections.abc import Callable
from math import prod, sqrt

import torch
from torch import nn

Transposed = nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d
Convolution = nn.Conv1d | nn.Conv2d | nn.Conv3d | Transposed

# What keeps the signal's scale through each activation (PyTorch's ``calculate_gain``; GELU takes ReLU's).
GAINS = {"linear": 1.0, "relu": sqrt(2), "leaky_relu": sqrt(2 / (1 + 0.01**2)), "gelu": sqrt(2), "tanh": 5 / 3,
         "sigmoid": 1.0}  # fmt: skip


def _kaiming(weight: torch.Tensor, fan_in: float, fan_out: float, gain: float, generator: torch.Generator) -> None:
    """N(0, gain² / fan_in): He et al. 2015."""
    weight.normal_(0, gain / sqrt(fan_in), generator=generator)


def _xavier(weight: torch.Tensor, fan_in: float, fan_out: float, gain: float, generator: torch.Generator) -> None:
    """U(±√(6 / (fan_in + fan_out))): Glorot and Bengio 2010."""
    limit = sqrt(6 / (fan_in + fan_out))
    weight.uniform_(-limit, limit, generator=generator)


def _uniform(weight: torch.Tensor, fan_in: float, fan_out: float, gain: float, generator: torch.Generator) -> None:
    """U(±1 / √fan_in): what PyTorch's layers draw when nothing else is asked for."""
    weight.uniform_(-1 / sqrt(fan_in), 1 / sqrt(fan_in), generator=generator)


def _gaussian(weight: torch.Tensor, fan_in: float, fan_out: float, gain: float, generator: torch.Generator) -> None:
    """N(0, 1 / fan_in): zero-mean, whatever the activation."""
    weight.normal_(0, 1 / sqrt(fan_in), generator=generator)


Draw = Callable[[torch.Tensor, float, float, float, torch.Generator], None]
SCHEMES: dict[str, Draw] = {"kaiming": _kaiming, "xavier": _xavier, "uniform": _uniform, "gaussian": _gaussian}


def redraw(module: nn.Module, weights: str, activation: str, generator: torch.Generator) -> None:
    """Draws the weights of every convolution in ``module`` anew, in place.

    ``weights``: a name in ``SCHEMES``, or ``ones``, which draws nothing. ``generator`` is a CPU generator, so that a
    seed gives the same weights on every device. All schemes have mean zero.
    """
    for convolution in module.modules():
        if not isinstance(convolution, Convolution):
            continue
        weight = convolution.weight.detach()
        if weights == "ones":
            weight.fill_(1)
            continue
        drawn = torch.empty(weight.shape, dtype=weight.dtype)
        SCHEMES[weights](drawn, *_fans(convolution), GAINS[activation], generator)
        weight.copy_(drawn)


def _fans(convolution: Convolution) -> tuple[float, float]:
    """Inputs that an output reads, outputs that an input reaches."""
    taps, strides = prod(convolution.kernel_size), prod(convolution.stride)
    fan_in: float = convolution.in_channels // convolution.groups * taps
    fan_out: float = convolution.out_channels // convolution.groups * taps
    if isinstance(convolution, Transposed):
        return max(fan_in / strides, 1), fan_out
    return fan_in, max(fan_out / strides, 1)
