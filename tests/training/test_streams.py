"""Nothing that a training is judged on was drawn for its steps, whatever the seed."""

import hashlib

import numpy as np
import pytest
import torch
from torch import nn

from core.network import parse
from core.training import TrainRecipe
from core.training.fitting import accuracy, fit, response_maps
from core.training.trained_model import trained_model

SEEDS = (0, 1, 7, 2**31 - 1, 2**31, 2**31 + 7, 2**32 - 1, 2**32, 2**33 + 1, 2**64 + 5)


class Recorder(nn.Module):
    """Answers like ``module`` and keeps every batch of images that it is given."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module, self.batches = module, []

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        self.batches.append(images.detach().clone())
        return self.module(images)


def hashes(batches: list[torch.Tensor]) -> set[str]:
    return {hashlib.sha256(image.numpy().tobytes()).hexdigest() for batch in batches for image in batch}


def values(batches: list[torch.Tensor]) -> np.ndarray:
    """Every number that was drawn; an object changes those of its own pixels only."""
    return np.unique(np.concatenate([batch.numpy().ravel() for batch in batches]))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task_name", ["detect", "which"])
def test_no_image_and_no_noise_of_an_evaluation_occurs_in_training(task_name, seed):
    network, recipe = parse("6x5; conv k3"), TrainRecipe(task=task_name, width=1)
    task = recipe.task_of(network)
    recorder = Recorder(trained_model(network, recipe))

    def batches_of(action) -> list[torch.Tensor]:
        recorder.batches = []
        action()
        return recorder.batches

    training = batches_of(lambda: list(fit(recorder, task, 20, 32, 0.01, seed)))
    maps = batches_of(lambda: list(response_maps(recorder, task, 8, seed)))
    fresh = batches_of(lambda: accuracy(recorder, task, 500, seed))
    assert len(hashes(training)) == 20 * 32
    assert not hashes(training) & hashes(maps)
    assert not hashes(training) & hashes(fresh)
    assert not hashes(maps) & hashes(fresh)
    assert np.intersect1d(values(training), values(maps)).size == 0
    assert np.intersect1d(values(training), values(fresh)).size == 0
    assert np.intersect1d(values(maps), values(fresh)).size == 0
