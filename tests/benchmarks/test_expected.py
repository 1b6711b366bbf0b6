"""The benchmark of the expected field measures what it says, on a model that takes no time."""

import numpy as np
import torch
from torch import nn

from tests.benchmarks import expected


def test_expected_sampled_and_replknet_fields_are_compared_with_one_reference() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1))
    closed, needed, replknet = expected.compared(
        "two layers", module, module, side=9, reference=64, most=16, unit=(4, 4)
    )
    assert (closed.met, replknet.met) == (None, None)
    assert "two layers" in closed.what
    assert "times cheaper" in needed.found
    assert "its correlation with 64 samples, 0.9" in needed.what
    assert "correlation 0." in replknet.found


def test_sampling_stops_at_the_first_power_of_two_that_reaches_what_is_wanted() -> None:
    truth = np.arange(9.0).reshape(3, 3)
    rough = truth[::-1] + 0.1 * truth
    batches = iter([np.stack([rough, truth, truth, truth])] * 9)
    assert expected.samples_needed(lambda: next(batches), truth, 0.9, 64)[0] == 4
    batches = iter([np.stack([rough] * 4)] * 9)
    count, reached = expected.samples_needed(lambda: next(batches), truth, 0.9, 6)
    assert count == 6
    assert reached < 0
