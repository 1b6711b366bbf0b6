"""Networks trained alike from several seeds: do the path counts of a place predict how the network answers there?

The link is measured by Spearman's rank correlation over all places, between the exact number of paths from the pixels
under the object to all outputs and how much the object changes the answer there. Over seeds it is the mean with
Student's 95 % interval. Nothing says that the link must exist; whatever comes out is reported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit  # scipy.stats, which has the rest too, takes seconds to load

from ..errors import LimitError
from ..exact import path_counts
from ..exact.work import refuse_absurd
from ..network.graph import graph_of
from ..network.network import Network
from ..ranks import ranks
from .recipe import TrainRecipe
from .run import ResponseMaps, Run, TrainProgress, train

MAX_SEEDS = 20


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds; ``low`` and ``high`` are its 95 % interval by Student's t, cut to possible values.

    Both are None for fewer than two seeds.
    """

    mean: float
    low: float | None
    high: float | None
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """The trainings so far: for each network one run per seed, the last of them perhaps not finished."""

    networks: tuple[Network, ...]
    recipe: TrainRecipe
    seeds: int
    runs: tuple[tuple[Run, ...], ...]

    def counts(self, index: int) -> np.ndarray:
        """Paths at each place of a network's object: Python integers."""
        return counts_at_places(self.networks[index], self.recipe)

    def mean(self, index: int, trained: bool) -> ResponseMaps | None:
        """The maps of a network, averaged over the seeds that are done; of the present one until the first is.

        None before there are any.
        """
        known = [(run, run.after if trained else run.before) for run in self.runs[index]]
        runs = [(run, of_run) for run, of_run in known if of_run is not None]
        done = [of_run for run, of_run in runs if (run.finished if trained else of_run.looks == self.recipe.looks)]
        maps = done or [of_run for _, of_run in runs[-1:]]
        if not maps:
            return None
        right = np.mean([run_maps.right for run_maps in maps], axis=0)
        change = np.mean([run_maps.change for run_maps in maps], axis=0)
        return ResponseMaps(right, change, sum(run_maps.looks for run_maps in maps))

    def correlation(self, index: int, trained: bool, answers: bool = False) -> Interval | None:
        """The rank correlation of path counts with the change, or with right ``answers``, over finished runs.

        None where it has no value: all places have as many paths, or no run is finished.
        """
        counts = self.counts(index)
        values = []
        for run in self.runs[index]:
            maps = run.after if trained else run.before
            if run.finished and maps is not None:
                values.append(rank_correlation(counts, maps.right if answers else maps.change))
        return interval([value for value in values if value is not None], -1)

    def accuracy(self, index: int) -> Interval | None:
        """The share of right answers on fresh images."""
        return interval([run.accuracy for run in self.runs[index] if run.accuracy is not None], 0)


class ExperimentProgress(NamedTuple):
    """``done`` images of ``total``, and the trainings so far."""

    done: int
    total: int
    experiment: Experiment


def experiment(networks: Sequence[Network], recipe: TrainRecipe, seeds: int = 1) -> Iterator[ExperimentProgress]:
    """Trains each network from ``recipe.seed`` and the seeds after it, all on the same images seed by seed.

    Refusals as in :func:`~.training.run.train`, by this call.
    """
    if not 1 <= seeds <= MAX_SEEDS:
        raise LimitError(f"{seeds} seeds are outside 1 to {MAX_SEEDS}; choose a number inside")
    networks = tuple(networks)
    for network in networks:
        recipe.refuse_absurd(network, times=seeds * len(networks))
        refuse_absurd(graph_of(network))  # its counts are asked for when all is trained
    recipes = [replace(recipe, seed=seed) for seed in range(recipe.seed, recipe.seed + seeds)]
    return _progress(networks, recipe, [[train(network, of_seed) for network in networks] for of_seed in recipes])


def _progress(
    networks: tuple[Network, ...], recipe: TrainRecipe, trainings: list[list[Iterator[TrainProgress]]]
) -> Iterator[ExperimentProgress]:
    """Runs the trainings one after the other: for each seed a row of them, one for each network."""
    total = len(trainings) * sum(recipe.images(network) for network in networks)
    runs: list[list[Run]] = [[] for _ in networks]
    before = 0
    for row in trainings:
        for index, training in enumerate(row):
            finished = runs[index]
            for done, _, run in training:
                runs[index] = [*finished, run]
                so_far = Experiment(networks, recipe, len(trainings), tuple(map(tuple, runs)))
                yield ExperimentProgress(before + done, total, so_far)
            before += recipe.images(networks[index])


def counts_at_places(network: Network, recipe: TrainRecipe) -> np.ndarray:
    """Paths from the pixels under the object to all outputs, at every place: Python integers.

    >>> counts_at_places(parse("5; conv k3"), TrainRecipe(side=2)).tolist()
    [3, 5, 5, 3]
    """
    counts = path_counts(graph_of(network)).array()
    for axis, side in enumerate(recipe.task_of(network).object_size):
        ends = np.cumsum(counts, axis=axis, dtype=object)
        starts = np.concatenate([np.zeros_like(ends.take([0], axis)), ends], axis=axis)
        places = counts.shape[axis] - side + 1
        low, high = starts.take(range(places), axis), starts.take(range(side, side + places), axis)
        counts = high - low
    return counts


def rank_correlation(counts: np.ndarray, values: np.ndarray) -> float | None:
    """Spearman's, over all places; None where either is the same everywhere.

    >>> rank_correlation(np.array([1, 10**400, 3], dtype=object), np.array([0.1, 0.9, 0.2]))
    1.0
    """
    if counts.min() == counts.max() or values.min() == values.max():
        return None
    return round(float(np.corrcoef(ranks(counts), ranks(values))[0, 1]), 12)


def interval(values: Sequence[float], least: float) -> Interval | None:
    """The mean of values from ``least`` to 1, and its 95 % interval; None without values.

    >>> accuracy = interval([0.8, 0.85, 0.9], 0)
    >>> round(accuracy.mean, 3), round(accuracy.low, 3), round(accuracy.high, 3)
    (0.85, 0.726, 0.974)
    """
    if not values:
        return None
    mean = float(np.mean(values))
    if len(values) < 2:
        return Interval(mean, None, None, tuple(values))
    error = np.std(values, ddof=1) / np.sqrt(len(values))  # standard error of the mean
    half = float(stdtrit(len(values) - 1, 0.975) * error)
    return Interval(mean, max(mean - half, least), min(mean + half, 1.0), tuple(values))
