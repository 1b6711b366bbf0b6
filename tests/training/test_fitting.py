"""The training steps, against Adam written out by hand."""

import math

import pytest
import torch

from core.live.modules.streams import random_stream
from core.network import parse
from core.training import TrainRecipe
from core.training.fitting import TrainedModel, fit
from core.training.trained_model import trained_model

NETWORK = parse("6x5; conv k3; conv k2")
RECIPE = TrainRecipe(width=2, steps=6, batch=5, rate=0.03)


def by_hand(module: TrainedModel, steps: int, seed: int) -> list[float]:
    """Adam as Kingma and Ba 2015 write it, algorithm 1, with a rate that rises, then falls along a cosine."""
    generator, task, losses = random_stream(seed, "training"), RECIPE.task_of(NETWORK), []
    weights = list(module.parameters())
    means, squares = [torch.zeros_like(each) for each in weights], [torch.zeros_like(each) for each in weights]
    for step in range(1, steps + 1):
        risen = min(1.0, step / (steps / 10))  # over the first tenth
        rate = 0.03 * risen * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))
        images, labels, places = task.batch(5, generator)
        loss = task.loss(module(images), labels, places)
        gradients = torch.autograd.grad(loss, weights)
        losses.append(loss.item())
        with torch.no_grad():
            for index, (weight, gradient) in enumerate(zip(weights, gradients, strict=True)):
                means[index] = 0.9 * means[index] + 0.1 * gradient
                squares[index] = 0.999 * squares[index] + 0.001 * gradient**2
                mean, square = means[index] / (1 - 0.9**step), squares[index] / (1 - 0.999**step)
                weight -= rate * mean / (square.sqrt() + 1e-8)
    return losses


@pytest.mark.parametrize("steps", [1, 6, 25])
def test_the_steps_are_those_of_adam_with_a_rate_that_falls_along_a_cosine(steps):
    trained, expected = trained_model(NETWORK, RECIPE), trained_model(NETWORK, RECIPE)
    losses = list(fit(trained, RECIPE.task_of(NETWORK), steps, 5, 0.03, 9))
    assert losses == pytest.approx(by_hand(expected, steps, 9), rel=1e-9)
    for one, other in zip(trained.parameters(), expected.parameters(), strict=True):
        assert torch.allclose(one, other, rtol=1e-9, atol=1e-9)


def test_the_last_of_many_steps_hardly_moves_the_weights():
    module, moved = trained_model(NETWORK, RECIPE), []
    before = [each.detach().clone() for each in module.parameters()]
    for _ in fit(module, RECIPE.task_of(NETWORK), 40, 5, 0.03, 0):
        after = [each.detach().clone() for each in module.parameters()]
        moved.append(max((a - b).abs().max().item() for a, b in zip(after, before, strict=True)))
        before = after
    assert moved[0] == pytest.approx(0.03 / 4, rel=1e-3)  # the first of the four that make up a tenth
    assert moved[-1] < 0.03 * 0.01


def test_a_seed_gives_the_same_losses_and_another_seed_others():
    def losses(seed: int) -> list[float]:
        return list(fit(trained_model(NETWORK, RECIPE), RECIPE.task_of(NETWORK), 4, 5, 0.03, seed))

    assert losses(1) == losses(1)
    assert losses(1) != losses(2)


def test_weights_are_drawn_from_the_seed_and_biases_begin_at_zero():
    first, again, other = (trained_model(NETWORK, TrainRecipe(width=2, seed=seed)).state_dict() for seed in (1, 1, 2))
    biases = [name for name in first if name.endswith("bias")]
    assert len(biases) == 3  # both layers', and the head's
    for name, value in first.items():
        assert value.dtype == torch.float64
        assert torch.equal(value, again[name])
        assert torch.equal(value, other[name]) == (name in biases)
        assert (value == 0).all() == (name in biases)


def test_means_of_pools_are_exact_to_float64():
    module = trained_model(parse("7"), TrainRecipe(width=1, activation="linear"))
    ramp = torch.zeros(1, 1, 7, dtype=torch.float64)
    ramp[0, 0, 3] = 1
    weight = next(module.parameters()).item()
    assert module(ramp).item() == pytest.approx(weight / 7, rel=1e-14)  # 1/7 in float32 is off by 1e-8


def test_every_channel_of_the_input_is_given_the_same_image():
    module = trained_model(parse("4 c3"), TrainRecipe(activation="linear"))
    image = torch.tensor([[[1.0, 2.0, 3.0, 4.0]]], dtype=torch.float64)
    weight = next(module.parameters())
    assert weight.shape == (1, 3, 1)
    assert module(image).item() == pytest.approx(2.5 * weight.sum().item())
