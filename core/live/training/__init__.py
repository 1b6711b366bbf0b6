"""A small network trained on the spot: are the pixels with few paths really the ones that it misses?"""

from core.live.training.experiment import (
    MAX_SEEDS,
    Experiment,
    ExperimentProgress,
    Interval,
    counts_at_places,
    experiment,
    rank_correlation,
)
from core.live.training.recipe import TrainRecipe
from core.live.training.rival import rival
from core.live.training.run import Located, Run, TrainProgress, train
from core.live.training.script import script
from core.live.training.tasks import TASKS

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
