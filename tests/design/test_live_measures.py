"""What border theory asks of a live model, against the model itself."""

import numpy as np
import pytest
import torch
from torch import nn

from core import DesignAnalysis, UserError, design_of, module_design
from core.design.live_measures import LiveMeasures, fitted_alpha, predicted
from core.exact.aliasing import aliased_share
from core.exact.path_lengths import path_lengths
from core.live.modules.model import ModelRecipe, build
from core.network import graph_of, parse


def _measures(text: str, seed: int = 0) -> LiveMeasures:
    return LiveMeasures(DesignAnalysis(design_of(text)), seed)


def test_wrapped_padding_takes_a_shift_by_the_stride_product_without_any_change() -> None:
    circular, zeros = (list(_measures(f"16x16 c2; conv k3 s2 p1 {mode}; conv k3 s2 p1 {mode} c4").shifts())
                       for mode in ("circular", "zeros"))  # fmt: skip
    assert [one.shift for one in circular] == [1, 2, 4]
    assert circular[-1].change == pytest.approx(0, abs=1e-5)
    assert circular[-1].same == 1
    assert circular[0].change > 1e-3 < zeros[-1].change


def test_without_strides_and_borders_no_shift_changes_anything() -> None:
    (only,) = _measures("12x12 c2; conv k3 p1 circular x2").shifts()
    assert (only.shift, only.same) == (1, 1)
    assert only.change == pytest.approx(0, abs=1e-5)


def test_one_channel_has_no_largest() -> None:
    assert next(_measures("8x8 c1; conv k3 p1").shifts()).same is None


def test_the_weights_of_a_typed_layer_are_those_of_its_model() -> None:
    text = "12x12 c3; conv k3 p1 c4; add(conv k3 s2 p1 | conv k1 s2); conv k3 s2 d2 p2 c2; maxpool k2"
    shares = _measures(text, seed=3).aliasing()
    model = build(parse(text), ModelRecipe(seed=3))
    convolutions = [part for part in model.modules() if isinstance(part, nn.Conv2d) and part.stride == (2, 2)]
    assert list(shares) == [2, 3, 5]
    assert list(shares.values()) == [
        aliased_share(part.weight.double().numpy(), part.stride, part.dilation) for part in convolutions
    ]


def test_the_weights_of_a_traced_module_are_its_own() -> None:
    module = nn.Sequential(nn.Conv2d(1, 1, 3, bias=False), nn.Sequential(nn.Conv2d(1, 1, 2, 2, bias=False), nn.ReLU()))
    with torch.no_grad():
        module[1][0].weight.fill_(0.25)
    measures = LiveMeasures(DesignAnalysis(module_design(module, (1, 10, 10))))
    assert list(measures.aliasing().values()) == [pytest.approx(1 - (1 / 2 + 1 / np.pi) ** 2)]
    assert [one.shift for one in measures.shifts()] == [1, 2]


@pytest.mark.parametrize("alpha", [0.05, 0.3, 1.0, 2.5])
def test_the_alpha_of_a_map_that_was_made_with_it_is_found_again(alpha: float) -> None:
    shares = path_lengths(graph_of(parse("15; add(skip | conv k3 p1) x5")), (7,)).shares
    assert fitted_alpha(shares, 3 * predicted(shares, alpha)) == pytest.approx(alpha, rel=0.02)


def test_alpha_predicts_a_residual_network_better_than_the_plain_count() -> None:
    fit = _measures("33x33 c8; add(skip | conv k3 p1) x6").alpha()
    assert fit.alpha < 1
    assert fit.before < fit.after


def test_a_chain_has_no_alpha() -> None:
    with pytest.raises(UserError, match="all paths to the unit have as many windows on them"):
        _measures("9x9; conv k3 p1 x2").alpha()


def test_partial_padding_has_no_live_model() -> None:
    with pytest.raises(UserError, match="no live model computes"):
        list(_measures("9x9; conv k3 p1+partial-padding").shifts())
