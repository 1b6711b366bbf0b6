"""The model's page: the zoo, a pasted network, stages, kernel padding; refusals in words."""

import pytest
import torch
from safetensors.torch import save

from core.exact import path_counts
from core.formatting import format_count
from core.live.sources import libraries
from core.network import PRESETS, graph_of
from pages.shared import models, settings
from tests.pages.visit import assert_explained, assert_well, insight, opened, press


def test_the_page_is_alive_on_open() -> None:
    app = opened("model")
    assert_well(app, "model")
    centre = path_counts(graph_of(PRESETS["ResNet-18"])).at((112, 112))
    assert format_count(centre) in insight(app)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"model": "torchvision:resnet18"}, "resnet18, 224x224 to 7x7"),
        ({"stage": "layer1"}, "224x224 to 56x56"),
        ({"made": "3x96x64"}, "96x64 to 3x2"),
        ({"made": "96x64"}, "96x64 to 3x2"),
        ({"outputs": "3,3"}, "output 3,3"),
        ({"aspect": "fields"}, "resnet18"),
        ({"source": "paste"}, "nn.Sequential, 64x64 to 16x16"),
        ({"source": "paste", "pasted": "nn.Sequential(nn.Conv1d(1, 4, 3))", "made": "1x20"}, "20 to 18"),
        ({"pixel": "3,4"}, "resnet18"),
    ],
)
def test_a_link_shows_its_model(parameters: dict[str, str], words: str) -> None:
    app = opened("model", **parameters)
    assert_well(app, "model")
    assert words in insight(app)


def test_padded_kernels_are_counted_again() -> None:
    app = opened("model", padded="true")
    assert_well(app, "model")
    assert any("parity 2.471 becomes 1.0" in box.value for box in app.info), [box.value for box in app.info]


@pytest.mark.parametrize(
    ("parameters", "words", "way_out"),
    [
        ({"model": "timm:resnt18"}, ("no model 'timm:resnt18'", "timm:resnet18"), "Take timm:resnet18"),
        ({"made": "4x64x64"}, ("does not run on an input of 4x64x64",), "Take the input that it is made for"),
        ({"made": "x"}, ("'x' is no input size",), "Take the input that it is made for"),
        ({"model": "timm:vit_tiny_patch16_224"}, ("depends on", "class token"), "Look at patch_embed"),
        ({"model": "timm:convnext_atto", "padded": "true"}, ("kernel padding changes nothing",), "Leave the kernels"),
        ({"source": "paste", "pasted": "nn.Sequential(print(1))"}, ("print is not allowed",), "Start from ResNet-18"),
        ({"source": "paste", "pasted": "nn.Sequential(nn.Conv2d(5, 3, 3))"}, ("does not run",), "Start from ResNet-18"),
    ],
)
def test_what_is_no_model_is_explained_with_a_way_out(
    parameters: dict[str, str], words: tuple[str, ...], way_out: str
) -> None:
    app = opened("model", **parameters)
    assert_explained(app, *words)
    label = next(button.label for button in app.button if button.label.startswith(way_out))
    assert_well(press(app, label), "model")


def test_a_stage_that_there_is_not_gives_way_to_the_output() -> None:
    app = opened("model", stage="layer9")
    assert not app.exception
    assert any("no such stage" in box.value for box in app.warning)
    assert "224x224 to 7x7" in insight(app)


def test_the_model_is_kept_on_the_way_to_other_pages_and_back() -> None:
    app = opened("model", model="torchvision:vgg11")
    app.switch_page("pages/field.py").run()
    app.switch_page("pages/model.py").run()
    assert_well(app, "model")
    assert "vgg11" in insight(app)


EFFECTIVE = {"aspect": "effective", "samples": "3", "made": "3x96x96"}


def test_the_effective_field_is_expected_and_sampled() -> None:
    app = opened("model", **EFFECTIVE)
    assert_well(app, "model")
    assert "expected in closed form and 3 samples correlate by **0.8" in insight(app)


def test_all_outputs_of_a_pasted_network_are_looked_at_too() -> None:
    app = opened("model", **{**EFFECTIVE, "source": "paste", "target": "all"})
    assert_well(app, "model")


def test_trained_weights_that_fit_are_used_and_others_refused() -> None:
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3))
    pasted = {**EFFECTIVE, "source": "paste", "pasted": "nn.Sequential(nn.Conv2d(3, 4, 3))"}
    app = opened("model", **pasted)
    before = insight(app)
    fitting = save({name: 0 * value + 1 for name, value in module.state_dict().items()})
    app.file_uploader[0].set_value([("own.safetensors", fitting, "application/octet-stream")]).run()
    assert_well(app, "model")
    assert insight(app) != before
    assert any("Your weights" in caption.value for caption in app.caption)
    app.file_uploader[0].set_value([("own.safetensors", save({"0.weight": torch.ones(2, 2)}), "")]).run()
    assert_explained(app, "do not fit", "0.bias", "0.weight is (2, 2) instead of (4, 3, 3, 3)")
    app.file_uploader[0].set_value([("own.safetensors", b"\x80\x04evil", "")]).run()
    assert_explained(app, "no readable .safetensors file")
    assert_well(press(app, "Go on without the file"), "model")


@pytest.mark.parametrize(
    "parameters", [{"padded": "true", "stage": "layer2"}, {"source": "paste"}, {"model": "torchvision:vgg11"}]
)
def test_the_code_that_is_taken_away_runs_without_this_repository(parameters: dict[str, str]) -> None:
    libraries.timm()
    source = parameters.get("source", "zoo")
    text = settings.PASTED if source == "paste" else parameters.get("model", "timm:resnet18")
    code = models.code((source, text, "", parameters.get("stage", ""), "padded" in parameters))
    assert "core" not in code
    made: dict[str, object] = {}
    exec(code, made)  # noqa: S102 (our own)
    module = made["model"]
    assert isinstance(module, torch.nn.Module)
    if "padded" in parameters:
        assert module.conv1.kernel_size == (8, 8)
        assert module.maxpool.kernel_size == 4
        assert module.layer2[0].downsample[0].kernel_size == (2, 2)
