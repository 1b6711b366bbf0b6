"""The expected field: exact where it can be, near what samples find elsewhere, absent with its reason."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from torch import nn

from core.errors import UserError
from core.exact.paths import path_counts
from core.live import ErfRecipe, LiveModel, ModelRecipe, agreement, build
from core.live.erf.module_sampling import measure_module
from core.live.expected import expected_field
from core.live.sources.libraries import timm
from core.network import Network, parse
from tests.live.cases import CASES
from tests.network.strategies import networks


def edges(network: Network) -> LiveModel:
    """A model whose squared weights are the edges of its graph: one, or a blur's multiplicity."""
    model = build(network, ModelRecipe(weights="ones", width=2))
    for tensor in (*model.parameters(), *model.buffers()):
        if tensor.is_floating_point():
            tensor.sqrt_()
    return model


def assert_counts_paths(network: Network) -> None:
    model = edges(network)
    source, size = model.graph.input, model.graph.output.size
    for unit in ("all", tuple(side // 2 for side in size), (0,) * len(size)):
        counts = path_counts(model.graph, None if unit == "all" else unit, channels=True).array()
        found = expected_field(model, (source.channels, *source.size), unit)
        assert found.size == size
        np.testing.assert_allclose(found.mean_square, counts.astype(np.float64), rtol=1e-9, atol=0)


@pytest.mark.parametrize("text", CASES)
def test_squared_weights_of_one_count_the_paths_of_every_layer_and_border(text: str) -> None:
    assert_counts_paths(parse(text))


@given(networks())
@settings(max_examples=30)
def test_squared_weights_of_one_count_the_paths_of_any_network(network: Network) -> None:
    assert_counts_paths(network)


class Residual(nn.Module):
    """Two convolutions of a row, the second beside a skip connection."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Conv1d(2, 3, 3, padding=1)
        self.two = nn.Conv1d(3, 3, 2, padding=1, dilation=2, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.one(x)
        return x + self.two(x)


def test_it_is_the_sum_over_paths_of_products_of_squared_weights() -> None:
    module, length = Residual().double(), 7
    first, second = module.one.weight.tolist(), module.two.weight.tolist()

    def from_second(channel: int, at: int) -> Iterator[tuple[float, int]]:
        """Every path from an output through both layers: its product, and the pixel."""
        reads = [(channel, at, 1.0)]  # the skip connection
        reads += [
            (c, at - 1 + 2 * tap, second[channel][c][tap])
            for c in range(3)
            for tap in range(2)
            if 0 <= at - 1 + 2 * tap < length
        ]
        for middle, place, weight in reads:
            for c in range(2):
                for tap in range(3):
                    if 0 <= place - 1 + tap < length:
                        yield weight * first[middle][c][tap], place - 1 + tap

    for unit in range(length):
        total: Counter[int] = Counter()
        for channel in range(3):
            for product, pixel in from_second(channel, unit):
                total[pixel] += product**2
        found = expected_field(module, (2, length), (unit,)).mean_square
        np.testing.assert_allclose(found, [total[pixel] for pixel in range(length)], rtol=1e-12)


def test_gradients_of_redrawn_linear_networks_have_this_mean_square() -> None:
    def layers(value: float | None) -> nn.Module:
        chain = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.AvgPool2d(2), nn.Conv2d(4, 4, 3, padding=1))
        for each in (chain[0], chain[2]):
            nn.init.normal_(each.weight) if value is None else nn.init.constant_(each.weight, value)
        return chain.double()

    torch.manual_seed(0)
    wanted = expected_field(layers(1.0), (1, 16, 16), (1, 2)).mean_square  # every squared weight is its expectation
    draws = []
    for _ in range(1500):
        x = torch.zeros(1, 1, 16, 16, dtype=torch.float64, requires_grad=True)
        output = layers(None)(x)[0, :, 1, 2]
        signs = torch.randint(0, 2, output.shape) * 2.0 - 1
        draws.append(torch.autograd.grad(output, x, signs.double())[0][0, 0].square().numpy())
    mean, error = np.mean(draws, axis=0), np.std(draws, axis=0) / np.sqrt(len(draws))
    assert (mean[wanted == 0] == 0).all()
    away = (mean - wanted)[wanted > 0] / error[wanted > 0]
    assert np.abs(away).max() < 5
    assert agreement(mean, wanted).correlation > 0.98


def test_a_random_resnet_agrees_with_its_samples_better_than_few_samples_do() -> None:
    torch.manual_seed(0)
    module = timm().create_model("resnet18", zero_init_last=False)
    forward = module.forward_features
    size = (3, 64, 64)
    *_, many = measure_module(module, size, ErfRecipe(samples=64, seed=1), forward=forward)
    *_, few = measure_module(module, size, ErfRecipe(samples=8, seed=2), forward=forward)
    found = agreement(expected_field(module, size, forward=forward).root, many.measurement.mean).correlation
    assert found > 0.97
    assert found > agreement(few.measurement.mean, many.measurement.mean).correlation


def test_gates_attention_and_normalisation_agree_with_samples() -> None:
    class Mixed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem = nn.Sequential(nn.Conv2d(3, 32, 4, stride=4), nn.GroupNorm(4, 32), nn.SiLU())
            self.local = nn.Conv2d(32, 32, 3, padding=1, groups=2)
            self.squeeze = nn.Sequential(nn.Conv2d(32, 8, 1), nn.ReLU(), nn.Conv2d(8, 32, 1), nn.Sigmoid())
            self.norm = nn.LayerNorm(32)
            self.attention = nn.MultiheadAttention(32, 4, batch_first=True)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = self.stem(x)
            x = x + self.local(x) * self.squeeze(x.mean((2, 3), keepdim=True))
            tokens = self.norm(x.flatten(2).transpose(1, 2))
            tokens = tokens + self.attention(tokens, tokens, tokens, need_weights=False)[0]
            return self.local(tokens.transpose(1, 2).unflatten(2, x.shape[2:]))

    torch.manual_seed(0)
    module = Mixed()
    *_, many = measure_module(module, (3, 32, 32), ErfRecipe(samples=200))
    found = expected_field(module, (3, 32, 32))
    assert agreement(found.root, many.measurement.mean).correlation > 0.95
    assert len(found.assumes) == 3
    assert found.assumes[0].startswith("weights: those of different edges are independent")


def test_the_module_is_left_as_it_was() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout())
    module[0].bias.requires_grad_(False)
    module[1].eval()
    before = [part.training for part in module.modules()], [each.requires_grad for each in module.parameters()]
    statistics = module[1].running_mean.clone()
    expected_field(module, (3, 8, 8))
    after = [part.training for part in module.modules()], [each.requires_grad for each in module.parameters()]
    assert before == after
    assert torch.equal(statistics, module[1].running_mean)
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())
    assert all(each.grad is None for each in module.parameters())


def test_a_gap_in_a_hook_names_the_module_of_the_hook() -> None:
    module = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Conv2d(1, 1, 3))
    module[1].register_forward_pre_hook(lambda _, inputs: (inputs[0].cumsum(3),))
    with pytest.raises(UserError, match="cumsum in 1: no rule covers it"):
        expected_field(module, (1, 8, 8))


def test_values_are_those_of_an_image_or_of_noise_from_a_seed() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.SiLU(), nn.Conv2d(8, 4, 3))
    first, same, other = (expected_field(module, (1, 9, 9), seed=seed).mean_square for seed in (0, 0, 1))
    image = expected_field(module, (1, 9, 9), image=np.full((9, 9), 0.9)).mean_square
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, image)


def test_a_stage_is_a_part_of_the_model_even_where_the_next_works_in_place() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(inplace=True), nn.Conv2d(8, 4, 3))
    whole, stage = expected_field(module, (1, 9, 9)), expected_field(module, (1, 9, 9), stage="0")
    assert (whole.size, stage.size) == ((5, 5), (7, 7))
    np.testing.assert_array_equal(stage.mean_square, expected_field(module[0], (1, 9, 9)).mean_square)


class Applied(nn.Module):
    """A function of what a convolution gives, under the path ``inner``."""

    def __init__(self, function: object) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3)
        self.inner = Function(function)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(self.stem(x)) + 1


class Function(nn.Module):
    def __init__(self, function: object) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x)


def _part_changed(x: torch.Tensor) -> torch.Tensor:
    x[:, :1].mul_(2)
    return x * 2


def _written_into(x: torch.Tensor) -> torch.Tensor:
    result = torch.zeros(1, 4, 8, 6)
    result[:, :, 1:7] = x
    return result * 2


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x: x.cumsum(2), r"'output': it depends on cumsum in inner: no rule covers it"),
        (lambda x: torch.fft.rfft2(x).abs(), "_fft_r2c in inner: no rule covers it"),
        (
            lambda x: nn.functional.batch_norm(x, torch.zeros(4), torch.ones(4), x.mean((0, 2, 3))),
            "native_batch_norm in inner: it depends on the input in an argument that its rule takes as a constant",
        ),
        (
            lambda x: torch.ops.aten.native_layer_norm(x, [6], None, None, 1e-5)[2] * x,
            "a further result in inner: only the first of its operator is covered",
        ),
        (_part_changed, "an operator in place in inner: it changed a part of a tensor that is read as a whole later"),
        (_written_into, "an operator in place in inner: it changed a part of a tensor"),
    ],
)
def test_what_no_rule_covers_is_absent_and_says_where(function: object, message: str) -> None:
    module = Applied(function)
    with pytest.raises(UserError, match=message):
        expected_field(module, (3, 8, 8))
    assert expected_field(module, (3, 8, 8), stage="stem").mean_square.any()


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (lambda x: x, {"unit": (6, 0)}, "there is no output unit 6,0 in a map of 6x6"),
        (lambda x: x, {"stage": "head"}, "the model has no stage 'head'; its stages are stem, inner, output"),
        (lambda x: x.flatten(2).mT[:, :, None, :, None], {}, "'output' is a tensor of 1x36x1x4x1, in which no unit"),
        (lambda x: x.detach(), {}, "the result of 'output' does not depend on the input by any gradient"),
        (lambda x: x @ torch.zeros(5, 5), {}, "the model does not run on an input of 3x8x8: .* try another size"),
        (lambda x: x * 1e30, {}, r"squared gradients leave the range of float32; convert the model with .double\(\)"),
    ],
)
def test_what_cannot_be_asked_is_refused(function: object, options: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        expected_field(Applied(function), (3, 8, 8), **options)


def test_all_outputs_need_no_place_for_a_unit() -> None:
    module = Applied(lambda x: x.flatten(2).mT)
    assert expected_field(module, (3, 8, 8), "all").mean_square.all()
