"""What a recipe refuses, before anything is allocated."""

from dataclasses import replace

import pytest
import torch

from core.errors import LimitError, UserError
from core.network import PRESETS, limits, parse
from core.training import TASKS, TrainRecipe, experiment, recipe, train


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"task": "find"}, "there is no task 'find'; there are detect, which, where, shapes"),
        ({"activation": "swish"}, "there is no activation 'swish'; there are linear, relu"),
        ({"steps": 0}, "0 steps are outside 1 to 20000; choose a number inside"),
        ({"steps": 20_001}, "20001 steps are outside 1 to 20000"),
        ({"batch": 513}, "513 images in a batch are outside 1 to 512"),
        ({"width": 65}, "65 channels are outside 1 to 64"),
        ({"looks": 257}, "257 looks are outside 1 to 256"),
        ({"side": 0}, "0 pixels of the square's side are outside 1 to 64"),
        ({"seed": -1}, "a seed of -1 is outside 0 to 2147483647; choose one inside"),
        ({"seed": 2**31}, "a seed of 2147483648 is outside"),
        ({"rate": 0.0}, "a learning rate of 0 is outside 0 to 1; try 0.01"),
        ({"rate": float("nan")}, "a learning rate of nan is outside 0 to 1"),
        ({"contrast": 0.0}, "a contrast of 0 is outside 0 to 1000; try 8"),
        ({"contrast": 1001.0, "task": "shapes"}, "a contrast of 1001 is outside 0 to 1000; try 4"),
    ],
)
def test_a_number_outside_its_bounds_is_refused(given, message):
    with pytest.raises(UserError, match=message):
        TrainRecipe(**given)


def test_the_largest_numbers_are_taken():
    most = {"steps": recipe.MAX_STEPS, "batch": recipe.MAX_BATCH, "width": recipe.MAX_WIDTH, "looks": 256, "side": 64}
    TrainRecipe(**most, rate=1.0, contrast=1000.0, seed=2**31 - 1)


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        ("128x128; conv k3 p1 x4", {}, r"needs \d\.\de\+13 operations, more than 5\.0e\+12; use fewer steps or looks"),
        ("1024x1024 c1; conv k1 s1024", {"looks": 1}, "operations, more than"),  # few weights, but many pixels
        ("192x192; conv k3 p1", {"steps": 1, "looks": 1, "batch": 512}, r"needs 7\.2e\+09 bytes of feature maps, more"),
        ("1000x1000 c1; conv k1 s1000", {"steps": 1, "looks": 1, "side": 64}, r"use (fewer steps|a smaller input)"),
        ("24x24; conv k1 c4096; conv k3 c4096", {"steps": 1, "looks": 1}, "operations, more than"),
    ],
)
def test_an_absurd_training_is_refused_before_anything_is_allocated(text, given, message, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("allocated all the same")

    monkeypatch.setattr(torch, "empty", refuse)
    monkeypatch.setattr(torch, "randn", refuse)
    network, asked = parse(text), TrainRecipe(**given)
    for begin in (TrainRecipe.refuse_absurd, lambda recipe, network: train(network, recipe)):
        with pytest.raises(LimitError, match=message):
            begin(asked, network)
    with pytest.raises(LimitError, match=message):
        experiment([network], asked)


def test_the_presets_that_are_published_networks_are_refused_and_small_ones_taken():
    with pytest.raises(LimitError, match="operations, more than"):
        TrainRecipe().refuse_absurd(PRESETS["ResNet-18"])
    TrainRecipe().refuse_absurd(PRESETS["Four 3-wide convolutions"])


def test_counts_that_would_take_too_long_are_refused_before_the_training_and_not_after(monkeypatch):
    network = parse("96x96 c1; add(skip | conv k3 p1) x110")
    given = TrainRecipe(side=64, steps=1, looks=1, batch=1)
    given.refuse_absurd(network)
    experiment([network], given)  # refused by the call, if at all
    monkeypatch.setattr(limits, "MAX_SECONDS", 1e-6)
    with pytest.raises(LimitError, match="counting this network would take about"):
        experiment([network], given)


def test_every_task_has_a_contrast_of_its_own():
    assert set(recipe.CONTRASTS) == set(TASKS)
    for name, contrast in recipe.CONTRASTS.items():
        assert TrainRecipe(task=name).task_of(parse("12x12")).contrast == contrast
    assert replace(TrainRecipe(), contrast=3.0).task_of(parse("12x12")).contrast == 3


def test_the_network_is_given_pooling_and_as_many_outputs_as_the_task_has():
    assert str(TrainRecipe(task="where").with_head(parse("9x9; conv k3"))) == "9x9; conv k3; global; conv k1 c2"
