"""What path counts foretell here, from each seed: the first two lessons, trained as the page trains them."""

import numpy as np
import pytest

from core.network import parse
from core.remedies import remedied
from core.training import Experiment, TrainRecipe, experiment

RECIPE = TrainRecipe()
CORNERS = np.ix_([0, -1], [0, -1])


def trained(text: str, remedy: str, recipe: TrainRecipe, seeds: int) -> Experiment:
    network = parse(text)
    *_, last = experiment([network, remedied(network, remedy)], recipe, seeds)
    return last.experiment


@pytest.fixture(scope="module")
def valid() -> Experiment:
    return trained("16x16; conv k3 x4", "border-circular", RECIPE, 2)


def test_without_padding_squares_in_the_corners_are_missed_and_with_circular_padding_they_are_found(valid):
    for as_it_is, circular in zip(*valid.runs, strict=True):
        assert as_it_is.after.right[8, 8] > 0.9
        assert as_it_is.after.right[CORNERS].max() < 0.65  # chance is a half, from eight noise images and 64 empty ones
        assert circular.after.right[CORNERS].min() > 0.9
        assert circular.after.right[8, 8] > 0.9
        assert circular.accuracy > as_it_is.accuracy + 0.05


def test_places_with_few_paths_change_the_answer_least_before_and_after_training(valid):
    assert min(valid.correlation(0, trained=False).values) > 0.7
    assert min(valid.correlation(0, trained=True).values) > 0.7
    assert min(valid.correlation(0, trained=True, answers=True).values) > 0.5
    assert valid.correlation(1, trained=False) is None  # every place has as many paths


def test_pixels_that_no_window_reads_are_answered_as_if_they_were_empty():
    pair = trained("16x16; conv k1 s2; conv k3 p1", "kernel-padding", TrainRecipe(steps=400, looks=4), 1)
    unread = pair.counts(0) == 0
    assert unread.mean() == 0.75
    assert pair.counts(1).min() > 0
    for as_it_is, padded in zip(*pair.runs, strict=True):
        right, change = as_it_is.after.right, as_it_is.after.change
        assert change[unread].max() == 0
        assert len(set(right[unread])) == 1  # the answer to an image without a square
        assert right[unread].max() == pytest.approx(0.5, abs=0.2)  # chance, from few looks
        assert change[~unread].min() > 0.1
        assert right[~unread].min() > 0.7
        assert padded.after.change[unread].min() > 0.01
        assert padded.after.right[unread].mean() > right[unread].mean() + 0.15
        assert padded.accuracy > as_it_is.accuracy + 0.1
