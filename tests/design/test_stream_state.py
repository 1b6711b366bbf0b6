"""Modules fed block by block with the state of every layer: what is told is enough, and nothing less is."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional

from core.design.opening import design_of
from core.design.stream_proof import prove
from core.design.traced import module_design
from core.exact.streams import stream


class Causal(nn.Module):
    """A padded convolution, as in a codec's encoder."""

    def __init__(self, before: int, after: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv1d(before, after, kernel, stride)
        self.pad = kernel - stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(functional.pad(x, (self.pad, 0)))


class Trimmed(nn.Module):
    """A transposed convolution whose end is cut off, as in a codec's decoder."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose1d(before, after, 2 * stride, stride)
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(x)[..., : -self.stride]


class Chomp(nn.Module):
    """A block of locuslab/TCN, with its normalised weights."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        conv = nn.Conv1d(channels, channels, 3, padding=2 * dilation, dilation=dilation)
        self.conv, self.cut = nn.utils.parametrizations.weight_norm(conv), 2 * dilation

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(self.conv(x)[:, :, : -self.cut].contiguous() + x)


class Gated(nn.Module):
    """A layer of WaveNet, in place where that is possible."""

    def __init__(self) -> None:
        super().__init__()
        self.both = nn.Conv1d(2, 8, 3, padding=2, dilation=2)
        self.last = nn.Conv1d(4, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x += self.last(functional.glu(self.both(x), dim=1))
        return functional.leaky_relu_(x)


class Waves(nn.Module):
    """A U-Net along time with its shortcut, upsampled by shuffling channels between positions."""

    def __init__(self) -> None:
        super().__init__()
        self.top, self.low = nn.Conv1d(1, 4, 5, padding=2), nn.Conv1d(4, 8, 4, 2, 1)
        self.end = nn.Conv1d(8, 1, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        top = functional.elu(self.top(x))
        low = functional.elu(self.low(top))
        fine = low.view(len(x), 4, 2, -1).transpose(2, 3).reshape(len(x), 4, -1)
        return self.end(torch.cat([fine, top], dim=1))


class Mixed(nn.Module):
    """Channels last in the middle, as in ConvNeXt; every position twice at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.wide, self.norm, self.dense = nn.Conv1d(2, 4, 7, padding=3), nn.LayerNorm(4), nn.Linear(4, 4)
        self.end = nn.Conv1d(4, 2, 4, padding=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.dense(functional.gelu(self.norm(self.wide(x).transpose(1, 2)))).transpose(1, 2)
        return self.end(x.repeat_interleave(2, dim=-1))


class Spectrum(nn.Module):
    """Bands and time: windows over both, time padded before."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 3, 3, (2, 1), (1, 0)), nn.Conv2d(3, 2, (1, 4), padding=(0, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.second(functional.relu(self.first(functional.pad(x, (2, 0))), inplace=True))


MODULES = [
    (nn.Sequential(Causal(1, 4, 7), Causal(4, 8, 4, 2), nn.ELU(), Causal(8, 8, 3), Trimmed(8, 4, 2)), (1, 96)),
    (nn.Sequential(Chomp(2, 1), Chomp(2, 4)), (2, 64)),
    (nn.Sequential(nn.Conv1d(1, 2, 3, padding=1), Gated()), (1, 64)),
    (Waves(), (1, 64)),
    (Mixed(), (2, 48)),
    (Spectrum(), (1, 6, 40)),
    (nn.Sequential(nn.Conv1d(1, 4, 5, padding=2, padding_mode="reflect"), nn.MaxPool1d(3, 2, 1)), (1, 64)),
]
NAMES = ["codec", "tcn", "gated", "waves", "mixed", "spectrum", "mirrored"]


@pytest.mark.parametrize(("module", "size"), MODULES, ids=NAMES)
def test_a_module_needs_no_more_than_the_state_that_is_told_and_no_less(
    module: nn.Module, size: tuple[int, ...]
) -> None:
    design = module_design(module.eval(), size)
    found = stream(design.graph, len(size) - 2)
    proof = prove(design, found)
    assert proof.at_input is None
    assert proof.blocks > 3
    assert max(proof.difference, proof.outside) < 1e-12
    assert min(proof.past_inside, proof.future_inside) > 1e-6
    told = dict(found.moments)
    for node, here in told.items():
        if not here.kept:
            continue
        first = min(here.kept, key=lambda above: here.kept[above])
        short = {above: max(kept, here.kept[first] + 1) for above, kept in here.kept.items()}
        found.__dict__["moments"] = {**told, node: replace(here, kept=short)}  # one position less of one map
        assert prove(design, found).difference > 1e-6, node


def test_a_network_of_two_axes_is_fed_with_the_state_of_its_layers() -> None:
    design = design_of("8x48; conv k3 p1; add(skip | conv k3 d2 p2); conv k4 s2 p1")
    proof = prove(design, stream(design.graph, 1))
    assert proof.at_input is None
    assert proof.difference < 1e-12


class Folded(nn.Module):
    """What is added in frames of four: no dimension is time alone then."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Conv1d(1, 2, 3, padding=1), nn.Conv1d(1, 2, 5, padding=2)
        self.end = nn.Conv1d(2, 1, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        frames = self.one(x).unflatten(-1, (-1, 4)) + self.two(x).unflatten(-1, (-1, 4))
        return self.end(frames.flatten(-2))


def test_what_cannot_be_fed_so_says_why_and_is_proved_at_the_input() -> None:
    design = module_design(Folded().eval(), (1, 64))
    proof = prove(design, stream(design.graph))
    assert proof.at_input is not None
    assert "keeps is a tensor of no operator" in proof.at_input
    assert proof.difference < 1e-12


@pytest.mark.parametrize("kind", [torch.float32, torch.float64, torch.bfloat16])
def test_a_module_at_hand_stays_as_it_is(kind: torch.dtype) -> None:
    module = nn.Sequential(nn.Conv1d(1, 2, 3)).to(kind)
    design = module_design(module, (1, 32))
    prove(design, stream(design.graph))
    assert module[0].weight.dtype == kind
    assert module.training


def test_what_rounding_hides_is_told_by_its_gradient() -> None:
    """Twelve layers whose weights of the first tap are 0.001: a change there is 1e-36 of the output."""
    layers = [nn.Conv1d(1, 1, 2, bias=False) for _ in range(12)]
    for layer in layers:
        layer.weight.data = torch.tensor([[[1e-3, 1.0]]])
    design = module_design(nn.Sequential(*layers), (1, 64))
    proof = prove(design, stream(design.graph))
    assert 0 < proof.past_inside < 1e-30
    assert proof.future_inside > 1e-3
