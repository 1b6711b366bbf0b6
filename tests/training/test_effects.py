"""What path counts foretell here, far outside the noise: seeds are fixed, and others give the same."""

import numpy as np
import pytest

from core.network import parse
from core.remedies import remedied
from core.training import Experiment, TrainRecipe, experiment

RECIPE = TrainRecipe()
CORNERS = np.ix_([0, -1], [0, -1])


def trained(text: str, remedy: str, recipe: TrainRecipe) -> Experiment:
    network = parse(text)
    *_, last = experiment([network, remedied(network, remedy)], recipe)
    return last.experiment


@pytest.fixture(scope="module")
def valid() -> Experiment:
    return trained("16x16; conv k3 x4", "border-circular", RECIPE)


def test_without_padding_squares_in_the_corners_are_missed_and_with_circular_padding_they_are_found(valid):
    right, remedied_right = (valid.mean(index, trained=True).right for index in (0, 1))
    assert right[8, 8] > 0.9
    assert right[CORNERS].max() < 0.6  # chance
    assert remedied_right[CORNERS].min() > 0.9
    assert remedied_right[8, 8] > 0.9
    assert valid.accuracy(1).mean > valid.accuracy(0).mean + 0.05


def test_places_with_few_paths_change_the_answer_least_before_and_after_training(valid):
    assert valid.correlation(0, trained=False).mean > 0.8
    assert valid.correlation(0, trained=True).mean > 0.8
    assert valid.correlation(0, trained=True, answers=True).mean > 0.5
    assert valid.correlation(1, trained=False) is None  # every place has as many paths


def test_pixels_that_no_window_reads_are_answered_as_if_they_were_empty():
    recipe = TrainRecipe(steps=150, looks=4, contrast=16.0)
    found = trained("16x16; conv k1 s2; conv k3 p1", "kernel-padding", recipe)
    counts, located = found.counts(0), found.mean(0, trained=True)
    unread = counts == 0
    assert unread.mean() == 0.75
    assert located.change[unread].max() == 0
    assert len(set(located.right[unread])) == 1  # the answer to an image without a square
    assert located.change[~unread].min() > 0.1
    assert located.right[unread].max() == pytest.approx(0.5, abs=0.2)  # chance, from few looks
    assert located.right[~unread].min() > 0.7
    filled = found.mean(1, trained=True)
    assert found.counts(1).min() > 0
    assert filled.change[unread].min() > 0.1
    assert filled.right[unread].mean() > located.right[unread].mean() + 0.3
    assert found.accuracy(1).mean > found.accuracy(0).mean + 0.2
