"""A sampled field and its closed form, each of sum 1, and their sizes, before and after a training."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch

from core.errors import UserError
from core.live.erf.sizes import erf_sizes
from core.network import parse
from core.training import TrainRecipe, train
from core.training.effective_field import effective_field
from core.training.trained_model import trained_model

NETWORK = parse("9x9; conv k3 p1")
RECIPE = TrainRecipe(steps=30, width=4, looks=1, activation="linear")


@pytest.fixture(scope="module")
def run():
    *_, last = train(NETWORK, RECIPE)
    return last.run


@pytest.mark.parametrize("trained", [False, True])
def test_of_one_linear_layer_both_maps_are_those_of_its_weights(run, trained):
    *steps, last = effective_field(run, trained, samples=400)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert all(step.pair is None for step in steps)
    assert (last.done, last.total) == (401, 401)
    weight = next(trained_model(NETWORK, RECIPE, run.state if trained else None).parameters()).detach().numpy()
    squares = np.square(weight).sum((0, 1))
    signs = np.array(list(product([-1, 1], repeat=len(weight))))  # at the unit's channels: all that may be drawn
    means = np.abs(np.einsum("so,oyx->syx", signs, weight.sum(1))).mean(0)
    window = (slice(3, 6), slice(3, 6))  # around unit 4,4
    found = last.pair
    assert found.expected[window] == pytest.approx(np.sqrt(squares) / np.sqrt(squares).sum())
    assert found.sampled[window] == pytest.approx(means / means.sum(), rel=0.2)
    assert found.sampled.sum() == pytest.approx(1)
    assert found.expected.sum() == pytest.approx(1)
    assert found.sides == tuple(erf_sizes(each, (4, 4)).square_95.side for each in (found.sampled, found.expected))


def test_training_changes_what_is_seen(run):
    (*_, before), (*_, after) = effective_field(run, False, samples=4), effective_field(run, True, samples=4)
    assert not np.allclose(before.pair.expected, after.pair.expected)


def test_a_gradient_that_is_zero_everywhere_has_no_maps(run):
    shut = replace(run, state={name: torch.zeros_like(value) for name, value in run.state.items()})
    with pytest.raises(UserError, match="zero everywhere"):
        list(effective_field(shut, True, samples=2))
