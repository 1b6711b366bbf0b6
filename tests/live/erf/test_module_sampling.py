"""Samples of any module: the same measurement as of typed networks."""

import numpy as np
import pytest
import torch
from torch import nn

from core.errors import UserError
from core.live import ErfRecipe, ModelRecipe, build, measure
from core.live.erf.module_sampling import measure_module
from core.live.expected import expected_field
from core.network import parse


def test_a_typed_networks_model_is_measured_alike_as_a_module() -> None:
    network = parse("9x9 c2; conv k3 p1 c4 x2; maxpool k2")
    recipe = ErfRecipe(samples=5, redraw=False)
    *_, typed = measure(network, recipe)
    *_, module = measure_module(build(network, ModelRecipe()), (2, 9, 9), recipe)
    np.testing.assert_array_equal(typed.measurement.mean, module.measurement.mean)
    np.testing.assert_array_equal(typed.measurement.standard_error, module.measurement.standard_error)
    assert (module.done, module.total) == (5, 5)


def test_the_weights_stay_and_dropout_rests() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(3, 1, 3), nn.Dropout(0.5), nn.BatchNorm2d(1))
    before = module[0].weight.clone()
    *_, last = measure_module(module, (3, 5, 5), ErfRecipe(samples=4))
    assert torch.equal(module[0].weight, before)
    assert module.training
    assert module[0].weight.requires_grad
    assert not last.measurement.standard_error.any()  # one output of a linear module: every sample is alike


def test_a_stage_and_another_forward_can_be_chosen() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv1d(1, 2, 3, padding=1), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(16, 5))
    recipe = ErfRecipe(unit=(1,), samples=3)
    *_, stage = measure_module(module, (1, 8), recipe, stage="0")
    *_, part = measure_module(module, (1, 8), recipe, forward=module[0])
    np.testing.assert_array_equal(stage.measurement.mean, part.measurement.mean)
    assert stage.measurement.mean[:3].all()
    assert not stage.measurement.mean[3:].any()
    *_, whole = measure_module(module, (1, 8), ErfRecipe(samples=8))
    assert whole.measurement.mean.all()


class LaidOut(nn.Module):
    """A convolution whose map of 5x6 is given in another layout."""

    num_prefix_tokens = 2

    def __init__(self, layout: str) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.conv, self.layout = nn.Conv2d(3, 1, 3), layout

    def forward(self, x):
        x = self.conv(x)
        tokens = x.flatten(2).mT
        zeros = torch.zeros(1, 2, 1)
        return {"first": x, "last": x.movedim(1, -1), "tokens": tokens, "beside": torch.cat([zeros, tokens], 1)}[
            self.layout
        ]


@pytest.mark.parametrize("layout", ["last", "tokens", "beside"])
def test_a_unit_of_a_map_is_the_same_in_every_layout(layout: str) -> None:
    recipe = ErfRecipe(unit=(1, 4), samples=2)
    *_, first = measure_module(LaidOut("first"), (3, 7, 8), recipe)
    *_, other = measure_module(LaidOut(layout), (3, 7, 8), recipe, shown=(5, 6))
    np.testing.assert_array_equal(first.measurement.mean, other.measurement.mean)
    one, two = (
        expected_field(LaidOut(kind), (3, 7, 8), (1, 4), shown=(5, 6)).mean_square for kind in ("first", layout)
    )
    np.testing.assert_allclose(one, two)


@pytest.mark.parametrize(
    ("recipe", "size", "message"),
    [
        (ErfRecipe(unit=(9, 9)), (3, 8, 8), "there is no output unit 9,9 in a map of 6x6"),
        (ErfRecipe(input=np.zeros((7, 7))), (3, 8, 8), "does not fit an input of 8x8"),
        (ErfRecipe(), (3, 2, 2), "the model does not run on an input of 3x2x2: .*; try another size"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_the_call(recipe, size, message) -> None:
    with pytest.raises(UserError, match=message):
        measure_module(nn.Conv2d(3, 4, 3), size, recipe)
