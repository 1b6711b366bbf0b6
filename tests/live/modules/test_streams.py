"""The streams of one seed differ from one another, and from those of every other seed."""

from itertools import combinations

import numpy as np
import pytest
import torch
from torch import nn

from core.live import ErfRecipe, ModelRecipe, build, measure
from core.live.modules.streams import STREAMS, random_stream, stream_seed
from core.live.sources.model import Model
from core.network import parse

SEEDS = (*range(50), 2**31 - 1, *(2**power + extra for power in (31, 32, 33, 40, 64) for extra in (0, 1, 7)))


def drawn(seed: int, stream: str) -> torch.Tensor:
    return torch.randn(512, generator=random_stream(seed, stream), dtype=torch.float64)


def test_no_number_is_drawn_twice_in_all_streams_of_many_seeds():
    values = torch.cat([drawn(seed, stream) for seed in SEEDS for stream in STREAMS])
    assert len(values) == len(SEEDS) * 4 * 512
    assert len(torch.unique(values)) == len(values)


def test_streams_begin_apart_for_ten_thousand_seeds_and_stay_within_32_bits():
    for seed in range(10_000):
        seeds = [stream_seed(seed, stream) for stream in STREAMS]
        assert len(set(seeds)) == 4
        assert 0 <= min(seeds) <= max(seeds) < 2**32


def test_a_stream_is_the_same_each_time_it_is_begun():
    for stream in STREAMS:
        assert torch.equal(drawn(2**40 + 3, stream), drawn(2**40 + 3, stream))


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
def test_streams_of_one_seed_are_uncorrelated(seed):
    streams = [torch.randn(20_000, generator=random_stream(seed, stream)) for stream in STREAMS]
    for one, other in combinations(streams, 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.04  # of 20,000 independent pairs: below 0.028 in 9,999 of 10,000


def recorded_inputs(monkeypatch, recipe: ErfRecipe) -> torch.Tensor:
    """The noise that a measurement is made on."""
    inputs, real = [], torch.randn

    def randn(*size, **options):
        inputs.append(real(*size, **options))
        return inputs[-1]

    with monkeypatch.context() as patched:
        patched.setattr(torch, "randn", randn)
        list(measure(NETWORK, recipe))
    return torch.cat([values.detach().flatten() for values in inputs])


NETWORK = parse("8x8; conv k3 p1; conv k3 p1")


@pytest.mark.parametrize("seed", [0, 5, 2**31 - 1])
def test_the_noise_of_a_measurement_is_not_the_noise_that_the_weights_were_made_of(seed, monkeypatch):
    kind = ModelRecipe("linear", "gaussian", seed=seed)
    noise = recorded_inputs(monkeypatch, ErfRecipe(samples=3, seed=seed, model=kind, redraw=False))
    assert len(noise) == 3 * 8 * 64
    for weight in build(NETWORK, kind).parameters():
        normal = (weight / weight.std()).detach().flatten()
        same = min(len(normal), len(noise))
        assert abs(np.corrcoef(normal[:same], noise[:same])[0, 1]) < 0.2  # 1 where both begin one stream


def test_redrawn_weights_leave_the_noise_as_it_is(monkeypatch):
    kept, redrawn = (recorded_inputs(monkeypatch, ErfRecipe(samples=2, redraw=redraw)) for redraw in (False, True))
    assert torch.equal(kept, redrawn)


@pytest.mark.parametrize("seed", [0, 5, 2**31 - 1])
def test_the_noise_is_not_what_a_model_drew_its_own_weights_from(seed):
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.randn(400, dtype=torch.float64))

    weights = Model("net", (1, 400), Net).real(seed).weight.detach()
    assert torch.equal(weights, Model("net", (1, 400), Net).real(seed).weight)
    for stream in ("noise", "training", "evaluation"):
        assert np.intersect1d(weights, drawn(seed, stream)).size == 0
