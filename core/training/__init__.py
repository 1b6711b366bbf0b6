"""Small networks trained on the spot: are the pixels with few paths really the ones that they miss?"""

from .examples import Example, PlaceAnswers, answers_at, fresh_examples
from .experiment import (
    MAX_SEEDS,
    Experiment,
    ExperimentProgress,
    Interval,
    counts_at_places,
    experiment,
    rank_correlation,
)
from .networks import second_network, typed_network
from .recipe import TrainRecipe
from .run import ResponseMaps, Run, TrainProgress, train
from .script import script
from .tasks import TASKS

__all__ = [
    "MAX_SEEDS",
    "TASKS",
    "Example",
    "Experiment",
    "ExperimentProgress",
    "Interval",
    "PlaceAnswers",
    "ResponseMaps",
    "Run",
    "TrainProgress",
    "TrainRecipe",
    "answers_at",
    "counts_at_places",
    "experiment",
    "fresh_examples",
    "rank_correlation",
    "script",
    "second_network",
    "train",
    "typed_network",
]
