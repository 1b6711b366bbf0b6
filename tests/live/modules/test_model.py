"""The live model computes what the network's text says, and refuses what it cannot."""

import re
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from core.errors import LimitError, UserError
from core.exact.paths import path_counts
from core.live import ACTIVATIONS, WEIGHTS, ErfRecipe, ModelRecipe, build, measure
from core.live.modules import limits
from core.live.modules.model import FrozenNorm, activated
from core.live.modules.weights import redraw
from core.network import PRESETS, graph_of, parse
from core.network.kinds import KINDS
from core.network.window import BORDERS
from tests.live.cases import CASES

BINOMIAL = torch.outer(torch.tensor([1.0, 2, 1]), torch.tensor([1.0, 2, 1])) / 16


def test_the_table_covers_every_layer_border_and_join():
    words = set(re.findall(r"\w+", " ".join(CASES)))
    assert {*KINDS, *BORDERS[1:], "add", "concat", "skip", "bilinear", "same", "full"} <= words


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("unit", ["all", "middle"])
def test_gradients_of_the_counting_twin_are_the_channel_path_counts(text, unit):
    network = parse(text)
    width = 1 if network.channels is None else 8
    graph = graph_of(network)
    at = None if unit == "all" else tuple(side // 2 for side in graph.output.size)
    recipe = ErfRecipe(unit=at or "all", model=ModelRecipe(weights="ones", width=width))
    *_, last = measure(network, recipe)
    assert last.measurement.mean.tolist() == path_counts(graph, at, channels=True).array().tolist()


@pytest.mark.parametrize("text", CASES)
def test_a_model_of_drawn_weights_has_the_sizes_of_the_graph(text):
    model = build(parse(text), ModelRecipe(width=2 if "c" not in text.split(";")[0] else 8, activation="tanh"))
    start, end = model.graph.input, model.graph.output
    output = model(torch.rand(1, start.channels, *start.size))
    assert tuple(output.shape) == (1, end.channels, *end.size)
    assert output.isfinite().all()


@pytest.mark.parametrize(
    ("text", "oracle"),
    [
        ("7x8; maxpool k3 s2 p1", lambda x: F.max_pool2d(x, 3, 2, 1)),
        ("7x8; avgpool k3 s2 p1", lambda x: F.avg_pool2d(x, 3, 2, 1)),
        ("7; maxpool k3 s1 d2", lambda x: F.max_pool1d(x, 3, 1, dilation=2)),
        ("7x8; global", lambda x: x.mean((2, 3), keepdim=True)),
        ("7x8; upsample s3x2 bilinear", lambda x: F.interpolate(x, scale_factor=(3, 2), mode="bilinear")),
        ("7; upsample s4 bilinear", lambda x: F.interpolate(x, scale_factor=4, mode="linear")),
        ("7; upsample s3", lambda x: F.interpolate(x, scale_factor=3, mode="nearest")),
        ("7x8; blur k3", lambda x: F.conv2d(x, BINOMIAL[None, None])),
    ],
)  # fmt: skip
def test_layers_without_weights_compute_what_pytorch_does(text, oracle):
    network = parse(text)
    x = torch.randn(1, 1, *network.size, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(build(network, ModelRecipe(width=1))(x), oracle(x))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_recipe_builds_and_its_last_layer_is_linear(activation, weights, batch_norm):
    if weights == "ones" and (batch_norm or activation != "linear"):
        with pytest.raises(UserError, match="go without"):
            ModelRecipe(activation, weights, batch_norm)
        return
    model = build(parse("9x9; conv k3 p1 x2"), ModelRecipe(activation, weights, batch_norm))
    kinds = [type(module) for module in model.modules()]
    assert kinds.count(FrozenNorm) == batch_norm
    assert kinds.count(ACTIVATIONS[activation]) >= 1 or activation == "linear"
    assert isinstance(model.steps[-1][-1], nn.Conv2d)


def test_an_add_is_activated_in_place_of_the_convolutions_it_adds():
    graph = graph_of(parse("8; conv k3 p1; add(conv k3 p1 x2 | conv k1); add(skip | conv k3 p1); maxpool k2"))
    assert [graph.nodes[index].text.split("(")[0] for index in sorted(activated(graph))] == ["conv k3 p1"] * 2 + [
        "add"
    ] * 2


def test_weights_have_the_spread_their_names_promise():
    model = build(parse("4 c64; conv k3 p1 c64"), ModelRecipe())
    spread = {}
    for weights in ("kaiming", "xavier", "uniform", "gaussian"):
        redraw(model, weights, "relu", torch.Generator().manual_seed(0))
        spread[weights] = float(model.steps[0][-1].weight.std() * (3 * 64) ** 0.5)
    expected = {"kaiming": 2**0.5, "xavier": 1.0, "uniform": 3**-0.5, "gaussian": 1.0}
    assert spread == pytest.approx(expected, rel=0.03)


def test_a_seed_settles_the_weights_and_leaves_the_global_random_state_alone():
    state = torch.get_rng_state()
    network = parse("9; conv k3 x2")
    first, same, other = (build(network, ModelRecipe(seed=seed)).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], same[name]) for name in first)
    assert not any(torch.equal(first[name], other[name]) for name in first)
    assert torch.equal(state, torch.get_rng_state())


def test_batch_norm_normalises_and_keeps_pixels_apart():
    x = (3 + 5 * torch.randn(1, 4, 9, 9)).requires_grad_()
    y = FrozenNorm()(x)
    assert y.mean((0, 2, 3)).tolist() == pytest.approx([0] * 4, abs=1e-5)
    assert y.var((0, 2, 3), correction=0).tolist() == pytest.approx([1] * 4, rel=1e-3)
    (gradient,) = torch.autograd.grad(y[0, 0, 4, 4], x)
    assert gradient.count_nonzero() == 1


def test_width_is_for_networks_that_state_no_channels():
    assert build(parse("9; conv k3"), ModelRecipe(width=5)).graph.output.channels == 5
    assert build(parse("9 c2; conv k3"), ModelRecipe(width=5)).graph.output.channels == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"weights": "zeros"}, "there are no weights 'zeros'; there are ones, kaiming, xavier, uniform, gaussian"),
        ({"activation": "swish"}, "there is no activation 'swish'; there are linear, relu"),
        ({"width": 0}, "a width of 0 channels is outside 1 to 256"),
        ({"seed": -1}, "a seed of -1 is outside 0 to"),
    ],
)
def test_recipes_name_their_choices(values, message):
    with pytest.raises(UserError, match=message):
        replace(ModelRecipe(), **values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("8x8 c4096; conv k3 p1", r"needs 1\.5e\+08 weights, more than 6\.0e\+07; use fewer channels"),
        ("1024x1024 c64; conv k1 x20", "bytes of feature maps, more than 1.5e.09; use a smaller input"),
        ("512x512 c64; conv k31 full; maxpool k8", "multiply-adds, more than 4.0e.10; use a smaller input"),
    ],
)
def test_absurd_models_are_refused_before_anything_is_allocated(text, message, monkeypatch):
    monkeypatch.setattr("core.live.modules.model.LiveModel", None)
    with pytest.raises(LimitError, match=message):
        build(parse(text), ModelRecipe())


def test_the_limits_leave_room_for_well_known_networks():
    for name in ("VGG-16", "ResNet-50", "U-Net"):
        limits.refuse_absurd(graph_of(ModelRecipe().widened(PRESETS[name])))


@pytest.mark.parametrize(
    ("layer", "reads"),
    [
        (nn.Conv2d(8, 64, 4, stride=2), 8 * 16),  # every output reads all taps
        (nn.Conv2d(8, 64, 4, groups=4), 2 * 16),
        (nn.ConvTranspose2d(8, 64, 4, stride=2), 8 * 4),  # of 16 taps an output meets one in four
        (nn.ConvTranspose1d(8, 256, 6, stride=3, groups=2), 4 * 2),
    ],
)
def test_gaussian_weights_keep_the_variance_of_what_an_output_reads(layer: nn.Module, reads: int) -> None:
    redraw(layer, "gaussian", "relu", torch.Generator().manual_seed(0))
    assert float(layer.weight.detach().var()) * reads == pytest.approx(1, rel=0.1)
