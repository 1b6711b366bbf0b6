"""Networks trained alike from several seeds: does what a place has in paths say how well it is answered?

The link between path counts and what training makes of them is Spearman's rank correlation over all places, between the
paths from the pixels under the object to all outputs (exact) and how much the object changes the answer there. Over
seeds: the mean, and Student's 95 % interval of it. Nothing says that the link must be there: what comes out is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import stats

from ..errors import LimitError
from ..exact import path_counts
from ..exact.work import refuse_absurd
from ..network.graph import graph_of
from ..network.network import Network
from .recipe import TrainRecipe
from .run import Located, Run, TrainProgress, train

MAX_SEEDS = 20


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds; ``low`` and ``high``: its 95 % interval by Student's t, cut to the values that there are.

    None for fewer than two seeds.
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

    def mean(self, index: int, trained: bool) -> Located | None:
        """The maps of a network, averaged over the seeds so far; None before the first."""
        maps = [located for run in self.runs[index] if (located := run.after if trained else run.before) is not None]
        if not maps:
            return None
        right = np.mean([located.right for located in maps], axis=0)
        return Located(right, np.mean([located.change for located in maps], axis=0), sum(each.looks for each in maps))

    def correlation(self, index: int, trained: bool, answers: bool = False) -> Interval | None:
        """The rank correlation of path counts with the change, or with right ``answers``; None where it has no value:
        all places have as many paths, or no seed is through."""
        counts = self.counts(index)
        found = []
        for run in self.runs[index]:
            located = run.after if trained else run.before
            if run.finished and located is not None:
                value = rank_correlation(counts, located.right if answers else located.change)
                found += [] if value is None else [value]
        return interval(found, -1)

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

    Refusals as in :func:`~core.training.run.train`, by this call.
    """
    if not 1 <= seeds <= MAX_SEEDS:
        raise LimitError(f"{seeds} seeds are outside 1 to {MAX_SEEDS}; choose a number inside")
    given = tuple(networks)
    for network in given:
        recipe.refuse_absurd(network, times=seeds * len(given))
        refuse_absurd(graph_of(network))  # its counts are asked for when all is trained
    begun = [[train(network, replace(recipe, seed=recipe.seed + seed)) for network in given] for seed in range(seeds)]
    return _runs(given, recipe, begun)


def _runs(
    networks: tuple[Network, ...], recipe: TrainRecipe, begun: list[list[Iterator[TrainProgress]]]
) -> Iterator[ExperimentProgress]:
    total = len(begun) * sum(recipe.images(network) for network in networks)
    runs: list[list[Run]] = [[] for _ in networks]
    before = 0
    for trainings in begun:
        for index, training in enumerate(trainings):
            held = runs[index]
            for done, _, run in training:
                runs[index] = [*held, run]
                so_far = Experiment(networks, recipe, len(begun), tuple(map(tuple, runs)))
                yield ExperimentProgress(before + done, total, so_far)
            before += recipe.images(networks[index])


def counts_at_places(network: Network, recipe: TrainRecipe) -> np.ndarray:
    """Paths from the pixels under the object to all outputs, at every place: Python integers.

    >>> from core.network import parse
    >>> counts_at_places(parse("5; conv k3"), TrainRecipe(side=2)).tolist()
    [3, 5, 5, 3]
    """
    counts = path_counts(graph_of(network)).array()
    for axis, own in enumerate(recipe.task_of(network).extent):
        ends = np.cumsum(counts, axis=axis, dtype=object)
        starts = np.concatenate([np.zeros_like(ends.take([0], axis)), ends], axis=axis)
        places = counts.shape[axis] - own + 1
        low, high = starts.take(range(places), axis), starts.take(range(own, own + places), axis)
        counts = high - low
    return counts


def rank_correlation(counts: np.ndarray, values: np.ndarray) -> float | None:
    """Spearman's, over all places; None where either is the same everywhere.

    >>> rank_correlation(np.array([1, 10**400, 3], dtype=object), np.array([0.1, 0.9, 0.2]))
    1.0
    """
    _, ranks = np.unique(counts.ravel(), return_inverse=True)  # ranks of whole numbers of any size
    if ranks.min() == ranks.max() or values.min() == values.max():
        return None
    return round(float(stats.spearmanr(ranks, values.ravel()).statistic), 12)


def interval(values: Sequence[float], least: float) -> Interval | None:
    """The mean of values from ``least`` to 1, and its 95 % interval; None without values.

    >>> found = interval([0.8, 0.85, 0.9], 0)
    >>> round(found.mean, 3), round(found.low, 3), round(found.high, 3)
    (0.85, 0.726, 0.974)
    """
    if not values:
        return None
    mean = float(np.mean(values))
    if len(values) < 2:
        return Interval(mean, None, None, tuple(values))
    half = float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values))
    return Interval(mean, max(mean - half, least), min(mean + half, 1.0), tuple(values))
