"""A small network trained on the spot: are the pixels with few paths really the ones that it misses?"""

from .experiment import (
    MAX_SEEDS,
    Experiment,
    ExperimentProgress,
    Interval,
    counts_at_places,
    experiment,
    rank_correlation,
)
from .recipe import TrainRecipe
from .rival import rival
from .run import Located, Run, TrainProgress, train
from .script import script
from .tasks import TASKS

__all__ = [
    "MAX_SEEDS",
    "TASKS",
    "Experiment",
    "ExperimentProgress",
    "Interval",
    "Located",
    "Run",
    "TrainProgress",
    "TrainRecipe",
    "counts_at_places",
    "experiment",
    "rank_correlation",
    "rival",
    "script",
    "train",
]
