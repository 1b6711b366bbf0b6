"""Small networks trained on the spot: are the pixels with few paths really the ones that they miss?"""

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
    "Experiment",
    "ExperimentProgress",
    "Interval",
    "ResponseMaps",
    "Run",
    "TrainProgress",
    "TrainRecipe",
    "counts_at_places",
    "experiment",
    "rank_correlation",
    "script",
    "second_network",
    "train",
    "typed_network",
]
