"""Networks trained alike from several seeds: the same numbers twice, how far along, and what follows over seeds."""

from dataclasses import replace
from statistics import correlation

import numpy as np
import pytest

from core.errors import LimitError, UserError
from core.network import parse
from core.training import (
    MAX_SEEDS,
    Experiment,
    ResponseMaps,
    Run,
    TrainRecipe,
    counts_at_places,
    experiment,
    rank_correlation,
    train,
)
from core.training.experiment import interval

NETWORKS = (parse("6x6; conv k3"), parse("6x6; conv k3 p1 circular"))
RECIPE = TrainRecipe(steps=13, batch=4, width=2, looks=3, seed=5)


def finished(networks=NETWORKS, recipe=RECIPE, seeds=2) -> Experiment:
    *_, last = experiment(networks, recipe, seeds)
    return last.experiment


def test_the_same_seed_gives_the_same_numbers():
    one, other = finished(), finished()
    for first, second in zip(sum(one.runs, ()), sum(other.runs, ()), strict=True):
        assert first.losses == second.losses
        assert first.accuracy == second.accuracy
        for now, then in ((first.before, second.before), (first.after, second.after)):
            assert np.array_equal(now.right, then.right)
            assert np.array_equal(now.change, then.change)


def test_seeds_follow_the_first_and_give_what_a_training_alone_gives():
    found = finished()
    assert [[run.recipe.seed for run in runs] for runs in found.runs] == [[5, 6], [5, 6]]
    *_, alone = train(NETWORKS[1], replace(RECIPE, seed=6))
    assert found.runs[1][1].losses == alone.run.losses
    assert found.runs[1][0].losses != alone.run.losses
    assert len(alone.run.losses) == 13
    assert [run.after.looks for run in found.runs[0]] == [3, 3]


@pytest.mark.parametrize("steps", [1, 6, 7, 13])
def test_progress_counts_up_and_ends_at_its_total(steps):
    recipe = replace(RECIPE, steps=steps)
    parts = [(part.done, part.total) for part in experiment(NETWORKS, recipe, 2)]
    done = [each for each, _ in parts]
    assert done == sorted(set(done))
    assert {total for _, total in parts} == {2 * 2 * recipe.images(NETWORKS[0])}
    assert done[-1] == parts[-1][1]


def test_images_are_those_that_go_through_the_network():
    recipe = TrainRecipe(steps=13, batch=4, looks=3)  # a glimpse after steps 4, 8 and 12
    assert recipe.images(parse("6x6; conv k3")) == 3 * 13 * 4 + 2 * 3 * 36 + 3 * 36
    assert TrainRecipe(steps=1, batch=4, looks=3).images(parse("6")) == 3 * 4 + 2 * 3 * 6


def test_a_training_can_be_left_at_any_time():
    steps = experiment(NETWORKS, RECIPE)
    first = next(steps)
    assert first.experiment.runs[0][0].before is not None
    assert not first.experiment.runs[0][0].finished
    assert first.experiment.correlation(0, trained=False) is None  # of finished runs only
    assert first.experiment.accuracy(0) is None
    assert first.experiment.mean(0, trained=True) is None
    steps.close()
    assert list(steps) == []


def test_the_maps_are_the_mean_over_seeds():
    found = finished()
    located = found.mean(0, trained=True)
    assert located.looks == 6
    assert np.array_equal(located.right, (found.runs[0][0].after.right + found.runs[0][1].after.right) / 2)
    assert np.array_equal(located.change, (found.runs[0][0].after.change + found.runs[0][1].after.change) / 2)
    assert not np.array_equal(found.mean(0, trained=False).change, located.change)


def test_correlations_are_those_of_each_seed_and_absent_where_all_places_have_as_many_paths():
    found = finished()
    counts = counts_at_places(NETWORKS[0], RECIPE)
    maps = [(run.before.change, run.after.change, run.after.right) for run in found.runs[0]]
    for index, (trained, answers) in enumerate(((False, False), (True, False), (True, True))):
        expected = [rank_correlation(counts, each[index]) for each in maps]
        told = found.correlation(0, trained, answers)
        assert (told is None) == (expected == [None, None])
        assert told is None or told.values == tuple(value for value in expected if value is not None)
        assert found.correlation(1, trained, answers) is None
    assert found.accuracy(0).values == tuple(run.accuracy for run in found.runs[0])


def ranked(numbers: list[float]) -> list[float]:
    """How many are smaller, and half of those that are alike."""
    return [
        sum(other < number for other in numbers) + sum(other == number for other in numbers) / 2 for number in numbers
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_rank_correlation_is_spearmans_with_ties(seed):
    random = np.random.default_rng(seed)
    counts, values = random.integers(0, 6, (7, 5)), random.integers(0, 4, (7, 5)) / 4
    expected = correlation(*(ranked(each.ravel().tolist()) for each in (counts, values)))
    assert rank_correlation(counts, values) == pytest.approx(expected, abs=1e-9)
    huge = counts.astype(object) + 10**400  # no float tells these apart
    assert rank_correlation(huge, values) == pytest.approx(expected, abs=1e-9)


def test_nothing_correlates_with_what_is_the_same_everywhere():
    assert rank_correlation(np.array([3, 3, 3]), np.array([0.1, 0.2, 0.3])) is None
    assert rank_correlation(np.array([1, 2, 3]), np.array([0.5, 0.5, 0.5])) is None
    assert rank_correlation(np.array([1, 2, 3]), np.array([3.0, 2.0, 1.0])) == -1


# Student's t of a table (97.5 %), by how many values there are: one more than degrees of freedom.
STUDENTS = {2: 12.7062, 3: 4.30265, 4: 3.18245, 6: 2.57058, 20: 2.09302}


@pytest.mark.parametrize("number", STUDENTS)
def test_the_interval_is_students(number):
    values = [0.45 + 0.1 * (index % 2) * index / number for index in range(number)]
    mean = sum(values) / number
    deviation = (sum((value - mean) ** 2 for value in values) / (number - 1)) ** 0.5
    found = interval(values, -1)
    assert found.mean == pytest.approx(mean)
    assert found.high - found.mean == pytest.approx(STUDENTS[number] * deviation / number**0.5, rel=1e-5)
    assert found.mean - found.low == pytest.approx(found.high - found.mean)


def test_the_interval_stays_within_what_there_is():
    assert (interval([0.1, 0.9], 0).low, interval([0.1, 0.9], 0).high) == (0, 1)
    assert interval([-0.9, 0.9], -1).low == -1
    assert (interval([0.7], 0).mean, interval([0.7], 0).low, interval([0.7], 0).high) == (0.7, None, None)
    assert interval([0.7] * 3, 0).low == pytest.approx(0.7)
    assert interval([], 0) is None


def test_a_seed_without_a_value_is_left_out():
    flat, uneven = np.zeros(4), np.array([0.0, 0.5, 1.0, 0.0])
    network, recipe = parse("4; conv k2"), TrainRecipe()

    def run(change: np.ndarray) -> Run:
        return Run(network, recipe, (0.5,), ResponseMaps(flat, change, 1), ResponseMaps(flat, change, 1), 0.5, {})

    found = Experiment((network,), recipe, 2, ((run(flat), run(uneven)),))
    assert len(found.correlation(0, trained=True).values) == 1
    assert found.correlation(0, trained=True, answers=True) is None


def test_a_loss_that_is_not_finite_is_refused_with_its_step():
    steps = train(parse("9 c64; conv k3 p1 x150"), replace(RECIPE, rate=1.0, activation="linear", steps=30, looks=1))
    with pytest.raises(UserError, match=r"not finite (at|after) step \d+; use a smaller learning rate or fewer layers"):
        list(steps)


@pytest.mark.parametrize("seeds", [0, MAX_SEEDS + 1, -1])
def test_an_absurd_number_of_seeds_is_refused_by_the_call(seeds):
    with pytest.raises(LimitError, match=f"{seeds} seeds are outside 1 to 20; choose a number inside"):
        experiment(NETWORKS, RECIPE, seeds)


def test_all_seeds_and_networks_together_are_bounded():
    network, recipe = parse("64x64; conv k3 p1 x4"), TrainRecipe(steps=1000)
    recipe.refuse_absurd(network)
    with pytest.raises(LimitError, match=r"this training needs .* operations, more than 5\.0e"):
        experiment([network, network], recipe, 20)


def test_seeds_beyond_the_last_are_refused_by_the_call():
    with pytest.raises(LimitError, match="a seed of 2147483648 is outside 0 to 2147483647"):
        experiment(NETWORKS, replace(RECIPE, seed=2**31 - 2), 3)
