"""What is told of each place, against a slow loop over images and against the exact path counts."""

from itertools import product

import numpy as np
import pytest
import torch

from core.live.modules.streams import random_stream
from core.live.modules.weights import Convolution
from core.network import graph_of, parse
from core.network.window import BORDERS
from core.training import TrainRecipe, counts_at_places
from core.training import fitting as fitting_module
from core.training.fitting import accuracy, response_maps
from core.training.trained_model import trained_model


@pytest.mark.parametrize(
    ("text", "task", "side"),
    [
        ("6x5; conv k3 p1 x2", "detect", 1),
        ("6x7; conv k3 s2", "detect", 2),
        ("9; conv k3; maxpool k2", "which", 2),
        ("5x6 c3; conv k3", "where", 1),
        ("10x11; conv k3 c2", "shapes", 1),
    ],
)
def test_every_place_is_answered_as_image_by_image(text, task, side, monkeypatch):
    monkeypatch.setattr(fitting_module, "CHUNK", 7)
    recipe = TrainRecipe(task=task, side=side, width=2, seed=3)
    network = parse(text)
    module, asked = trained_model(network, recipe), recipe.task_of(network)
    generator = random_stream(3, "noise")
    empty_images = torch.randn(fitting_module.EMPTY_IMAGES, 1, *network.size, generator=generator, dtype=torch.float64)
    if task == "detect":
        nothing = (torch.tensor([0]), torch.zeros(1, len(network.size), dtype=torch.long))
        with torch.no_grad():
            quiet = np.mean([asked.correct(module(image[None]), *nothing).item() for image in empty_images])
    else:
        generator = random_stream(3, "noise")
    hits, squares = np.zeros(asked.places_shape()), np.zeros(asked.places_shape())
    for look, (right, change) in enumerate(response_maps(module, asked, 5, 3)):
        noise = torch.randn(1, 1, *network.size, generator=generator, dtype=torch.float64)
        label = 1 if task == "detect" else 0 if task == "where" else look % 4
        for place in product(*map(range, asked.places_shape())):
            image = noise.clone()
            window = tuple(slice(at, at + own) for at, own in zip(place, asked.object_size, strict=True))
            image[0, 0][window] += asked.objects(torch.tensor([label]))[0]
            with torch.no_grad():
                answer, empty = module(image), module(noise)
            hits[place] += asked.correct(answer, torch.tensor([label]), torch.tensor([place])).item()
            squares[place] += (answer - empty).square().mean().item()
        expected = hits / (look + 1)
        assert np.array_equal(right.numpy(), (expected + quiet) / 2 if task == "detect" else expected)
        assert np.allclose(change.numpy(), np.sqrt(squares / (look + 1)), rtol=1e-9, atol=1e-12)
    assert look == 4


@pytest.mark.parametrize("side", [1, 2, 3])
@pytest.mark.parametrize(
    "text",
    [
        "9x8; conv k3 x3",
        "9; conv k3 s2 p1 x2",
        "9x9; conv k1 s2; conv k3 p1",
        "8x7; conv k3 p1; add(skip | conv k3 p1 x2)",
        "8x8; concat(conv k3 p1 c1 | conv k5 p2 c1); conv k2 c1",
        "7x6; random r3 seed2; conv k3 p1",
        "6; tconv k3 s2; avgpool k3 s1",
        *(f"8x9; conv k3 p1 {border} x2; conv k3 s2" for border in BORDERS),
    ],
)
def test_the_change_of_a_linear_learner_of_ones_is_the_exact_path_count(text, side):
    network = parse(text)
    recipe = TrainRecipe(side=side, width=1, activation="linear", contrast=5.0)
    module = trained_model(network, recipe)
    for inner in module.modules():
        if isinstance(inner, Convolution):
            torch.nn.init.ones_(inner.weight)
    *_, (_, change) = response_maps(module, recipe.task_of(network), 2, 0)
    counts = counts_at_places(network, recipe)
    shared = graph_of(network).output.positions  # global pooling is a mean
    if "random" in text:
        shared *= 4  # so are random connections, of a sample and three others
    if "avgpool" in text:
        shared *= 3
    assert change.shape == counts.shape
    assert np.allclose(change.numpy(), 5 * counts.astype(float) / shared, rtol=1e-9, atol=1e-9)


def test_counts_at_places_are_sums_over_the_object_in_whole_numbers_of_any_size():
    network = parse("11x10; conv k3 p1 x30")
    ones = counts_at_places(network, TrainRecipe())
    square = counts_at_places(network, TrainRecipe(side=3))
    assert ones.shape == (11, 10)
    assert square.shape == (9, 8)
    assert square[2, 5] == sum(ones[2:5, 5:8].flat)
    assert type(square[2, 5]) is int
    assert square[4, 4] > 2**63
    assert counts_at_places(parse("9x12; conv k1"), TrainRecipe(task="shapes")).tolist() == [[81] * 4]


def test_the_accuracy_is_that_of_fresh_images():
    network, recipe = parse("5x5; conv k3"), TrainRecipe(width=2)
    module, task = trained_model(network, recipe), recipe.task_of(network)
    images, labels, _ = task.batch(300, random_stream(4, "evaluation"))
    with torch.no_grad():
        said = torch.cat([module(image[None]) for image in images])[:, 0] > 0
    assert accuracy(module, task, 300, 4) == pytest.approx((said == labels.bool()).double().mean().item())
    assert accuracy(module, task, 300, 5) != accuracy(module, task, 300, 4)
