"""Models go through every page, with their own weights or the visitor's, and are taken away as code that runs."""

from typing import Any

import pytest
import torch
from safetensors.torch import save
from streamlit.testing.v1 import AppTest

from core.design.analysis import DesignAnalysis
from core.design.code import design_code
from core.design.opening import design_of
from core.exact import path_counts
from core.formatting import format_count
from core.live.sources import libraries
from core.network import PRESETS, graph_of
from tests.pages.visit import PAGES, QUICK, assert_explained, assert_well, insight, opened, press


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["timm:resnet18@64", "nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.ReLU())@3x32x32"])
def test_a_model_goes_through_every_page(name: str, page: str) -> None:
    assert_well(opened(page, net=name, **QUICK), page)


def test_a_model_counts_as_the_preset_of_its_name() -> None:
    centre = path_counts(graph_of(PRESETS["ResNet-18"])).at((112, 112))
    for name in ("timm:resnet18", "torchvision:resnet18", "ResNet-18"):
        assert format_count(centre) in insight(opened(net=name))


def test_gates_are_left_out_and_named_until_they_are_switched_on() -> None:
    app = opened(net="timm:seresnet50@64", view="map")
    assert any("gates left out unless switched on" in caption.value for caption in app.caption)
    without = insight(app)
    app.toggle(key="gates").set_value(True).run()
    assert_well(app)
    assert any("gates counted too" in caption.value for caption in app.caption)
    assert insight(app) != without
    centre = DesignAnalysis(design_of("timm:seresnet50@64"), gates=True).counts.at((32, 32))
    assert format_count(centre) in insight(app)


def test_trained_weights_that_fit_are_used_and_others_refused() -> None:
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3))
    app = opened("effective", net="nn.Sequential(nn.Conv2d(3, 4, 3))@3x16x16", samples="3")
    before = insight(app)
    fitting = save({name: 0 * value + 1 for name, value in module.state_dict().items()})
    weights(app).set_value([("own.safetensors", fitting, "application/octet-stream")]).run()
    assert_well(app, "effective")
    assert insight(app) != before
    assert any("Your weights" in caption.value for caption in app.caption)
    weights(app).set_value([("own.safetensors", save({"0.weight": torch.ones(2, 2)}), "")]).run()
    assert_explained(app, "do not fit", "0.bias", "0.weight is (2, 2) instead of (4, 3, 3, 3)")
    weights(app).set_value([("own.safetensors", b"\x80\x04evil", "")]).run()
    assert_explained(app, "no readable .safetensors file")
    assert_well(press(app, "Go on without the file"), "effective")


def weights(app: AppTest) -> Any:
    """The uploader of trained weights."""
    return next(each for each in app.file_uploader if "weights" in each.label)


@pytest.mark.parametrize(
    "text",
    [
        "timm:resnet18#layer2",
        "torchvision:vgg11",
        "nn.Sequential(nn.Conv2d(3, 4, 3))@3x16x16",
        "VGG-16",
        "9; conv k3 x2+border-circular",
    ],
)
def test_the_code_that_is_taken_away_runs_without_this_repository(text: str) -> None:
    libraries.timm()
    code = design_code(design_of(text))
    assert "core" not in code
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 (our own)
    assert isinstance(names["model"], torch.nn.Module)
