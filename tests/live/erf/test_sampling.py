"""Measured effective fields: what they agree with, when they stop, what they repeat."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from core.errors import LimitError, UserError
from core.exact.paths import path_counts
from core.live import REDUCTIONS, ErfRecipe, ModelRecipe, agreement, measure, prediction
from core.live.erf import sampling as erf_module
from core.network import graph_of, parse

CHAIN = parse("33x33; conv k3 p1 x5")
SMALL = parse("9x9; conv k3 p1 x2")


def measured(network=SMALL, **values):
    *_, last = measure(network, ErfRecipe(**values))
    return last.measurement


def agreement_with_counts(network, measurement, reduce, unit, weights="kaiming"):
    graph = graph_of(network)
    at = None if unit == "all" else tuple(side // 2 for side in graph.output.size)
    predicted = prediction(path_counts(graph, at).array(), reduce, weights).share
    return agreement(measurement.mean, predicted)


@pytest.mark.parametrize("reduce", ["abs", "square"])
@pytest.mark.parametrize("unit", ["centre", "all"])
def test_random_chains_agree_with_what_counts_predict(reduce, unit):
    measurement = measured(CHAIN, unit=unit, reduce=reduce, samples=200)
    found = agreement_with_counts(CHAIN, measurement, reduce, unit)
    # over all outputs the map is nearly flat: noise weighs more against its small variation
    assert found.correlation > (0.98 if unit == "centre" else 0.8)
    assert found.relative_error < (0.25 if unit == "centre" else 0.1)


def test_signs_measure_what_ones_on_fixed_random_weights_would_cancel(monkeypatch):
    def correlations() -> list[float]:
        recipes = [{"unit": "all", "redraw": False, "model": ModelRecipe("linear", seed=seed)} for seed in range(8)]
        maps = (measured(CHAIN, samples=60, **recipe) for recipe in recipes)
        return [agreement_with_counts(CHAIN, measurement, "abs", "all").correlation for measurement in maps]

    signs = correlations()
    monkeypatch.setattr(torch, "randint", lambda low, high, size, generator: torch.ones(size))
    assert min(signs) > 0.9
    assert np.mean(correlations()) < 0.6


@pytest.mark.parametrize("activation", ["linear", "leaky_relu", "gelu", "tanh", "sigmoid"])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_activation_keeps_the_shape_of_the_prediction(activation, batch_norm):
    network = parse("17x17; conv k3 p1 x4")
    model = ModelRecipe(activation, "gaussian", batch_norm)
    found = agreement_with_counts(network, measured(network, samples=60, model=model), "abs", "centre")
    assert found.correlation > 0.97


def test_fixed_weights_are_one_draw_and_redrawn_ones_are_many():
    fixed = measured(samples=40, redraw=False, reduce="square")
    redrawn = measured(samples=40, reduce="square")
    errors = [agreement_with_counts(SMALL, each, "square", "centre").relative_error for each in (fixed, redrawn)]
    assert errors[0] > errors[1]
    repeated = measured(samples=40, redraw=False, reduce="square", model=ModelRecipe(seed=1))
    assert not np.allclose(repeated.mean, fixed.mean)  # another model


@pytest.mark.parametrize("reduce", REDUCTIONS)
def test_a_seed_repeats_every_number(reduce):
    first, same, other = (measured(reduce=reduce, samples=5, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first.mean, same.mean)
    assert np.array_equal(first.standard_error, same.standard_error)
    assert first.history == same.history
    assert not np.array_equal(first.mean, other.mean)


def test_reductions_are_those_of_their_names():
    mean = {reduce: measured(reduce=reduce, samples=20).mean for reduce in REDUCTIONS}
    np.testing.assert_allclose(mean["relu"], (mean["abs"] + mean["signed"]) / 2, atol=1e-9)
    assert (mean["square"] >= mean["abs"] ** 2 - 1e-12).all()
    assert (mean["signed"] < 0).any()


def test_mean_and_standard_error_are_those_of_the_single_samples(monkeypatch):
    samples = np.random.default_rng(0).normal(size=(7, 9, 9))
    stream = iter(samples)
    monkeypatch.setattr(erf_module, "_sample", lambda *_: next(stream))
    found = measured(samples=7)
    np.testing.assert_allclose(found.mean, samples.mean(0))
    np.testing.assert_allclose(found.standard_error, samples.std(0, ddof=1) / np.sqrt(7))
    expected = np.sqrt((found.standard_error**2).mean() / (found.mean**2).mean())
    assert found.relative_error == pytest.approx(expected)
    assert len(found.history) == 7


def test_undefined_samples_are_left_out_and_counted(monkeypatch):
    samples = np.ones((6, 9, 9))
    samples[1, 0, 0], samples[4, 3, 3] = np.nan, np.inf
    stream = iter(samples)
    monkeypatch.setattr(erf_module, "_sample", lambda *_: next(stream))
    found = measured(samples=6)
    assert (found.samples, found.rejected) == (4, 2)
    assert found.mean.tolist() == np.ones((9, 9)).tolist()


def test_a_measurement_of_nothing_but_undefined_samples_is_an_error(monkeypatch):
    monkeypatch.setattr(erf_module, "_sample", lambda *_: np.full((9, 9), np.nan))
    with pytest.raises(UserError, match="all 3 samples gave NaN or infinite gradients; use fewer layers"):
        measured(samples=3)


def test_gradients_beyond_float32_are_rejected_not_averaged():
    # each pair of layers multiplies by 316^2: one position per channel has no variance to normalise by
    network = parse("1; " + "conv k1; " * 30 + "conv k1")
    with pytest.raises(UserError, match="all 2 samples gave NaN"):
        measured(network, samples=2, model=ModelRecipe("linear", batch_norm=True))


def test_a_tolerance_ends_the_measurement_early():
    early = measured(samples=500, tolerance=0.1)
    assert early.stopped_early
    assert 8 <= early.samples < 500
    assert early.history[-1] <= 0.1 < min(early.history[7:-1])
    assert not measured(samples=8, tolerance=1e-9).stopped_early


def test_progress_can_be_left_at_any_time(monkeypatch):
    monkeypatch.setattr(erf_module, "_PAUSE", 0)
    running = measure(SMALL, ErfRecipe(samples=50))
    parts = list(islice(running, 3))
    assert [(part.done, part.total) for part in parts] == [(1, 50), (2, 50), (3, 50)]
    assert np.isnan(parts[0].measurement.standard_error).all()
    assert parts[0].measurement.mean.tolist() != parts[2].measurement.mean.tolist()
    running.close()
    with pytest.raises(StopIteration):
        next(running)


def test_the_parts_do_not_change_what_comes_out(monkeypatch):
    whole = measured(samples=6)
    monkeypatch.setattr(erf_module, "_PAUSE", 0)
    assert np.array_equal(measured(samples=6).mean, whole.mean)


@pytest.mark.parametrize("shape", [(9, 9), (1, 9, 9), (3, 9, 9), (8, 9, 9)])
def test_an_image_takes_the_place_of_noise(shape):
    image = np.random.default_rng(1).random(shape)
    found = measured(samples=4, input=image)
    assert not np.array_equal(found.mean, measured(samples=4).mean)
    if len(shape) == 2:
        assert np.array_equal(found.mean, measured(samples=4, input=image[None]).mean)


def test_a_fixed_model_of_one_channel_sees_an_image_once():
    network = parse("9 c1; conv k3 p1 c4; conv k3 p1 c1")
    found = measured(network, samples=3, input=np.linspace(0, 1, 9), redraw=False)
    assert not found.standard_error.any()


def test_a_tolerance_waits_for_eight_samples():
    network = parse("9 c1; conv k3 p1 c4; conv k3 p1 c1")
    found = measured(network, samples=50, input=np.linspace(0, 1, 9), redraw=False, tolerance=0.5)
    assert (found.samples, found.stopped_early) == (8, True)


def test_the_counting_twin_needs_one_sample():
    found = measured(samples=64, model=ModelRecipe(weights="ones"))
    assert (found.samples, found.history, found.standard_error.any()) == (1, (0.0,), False)


def test_a_network_of_no_weights_can_be_measured():
    assert measured(parse("8x8; avgpool k2"), samples=2).mean[4, 4] > 0
    assert measured(parse("8"), samples=2, unit=(3,)).mean.tolist() == [0, 0, 0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"unit": (9, 0)}, "there is no output unit 9,0 in a map of 9x9; rows and columns count from 0 to 8x8"),
        ({"unit": (1,)}, "there is no output unit 1 in a map of 9x9"),
        ({"unit": "corner"}, "there is no unit 'corner'; give its indices, or centre or all"),
        ({"reduce": "max"}, "there is no reduction 'max'; there are abs, square, signed, relu"),
        ({"samples": 0}, "0 samples are outside 1 to 4096"),
        ({"seed": -1}, "a seed of -1 is outside"),
        ({"tolerance": 2.0}, "a tolerance of 2.0 is outside 0 to 1"),
        ({"input": "cat"}, "there is no input 'cat'"),
        ({"input": np.zeros((8, 9))}, r"an image of shape \(8, 9\) does not fit an input of 9x9; resize it"),
        ({"input": np.full((9, 9), 2.0)}, "image values run from 2 to 2; scale them to 0 to 1"),
        ({"input": np.full((9, 9), np.nan)}, "image values run from nan to nan"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_the_call(values, message):
    with pytest.raises(UserError, match=message):
        measure(SMALL, replace(ErfRecipe(), **values))


def test_a_model_too_large_is_refused_by_the_call():
    with pytest.raises(LimitError, match="multiply-adds"):
        measure(parse("512x512 c64; conv k31 same; maxpool k8"), ErfRecipe())
