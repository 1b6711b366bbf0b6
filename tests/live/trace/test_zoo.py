"""Blocks as published networks have them, at a small input, against both oracles; the rest of the zoo by hand."""

import pytest
import torch
from torch import nn

from core.live.sources.libraries import timm, torchvision
from core.live.trace import Traced, trace
from tests.live.trace.comparing import assert_exact

SIZE = (3, 40, 40)  # in the end 2x2, by way of odd maps
EVEN = {"dla34": (3, 64, 64)}  # it joins maps that differ where a side is odd
NAMES = (
    "dla34",
    "ghostnet_050",
    "mobilenetv3_small_050",
    "regnety_002",
    "resnest14d",
    "skresnet18",
    "test_nfnet",
    "test_resnet",
)


def built(name: str) -> nn.Module:
    torch.manual_seed(0)
    return timm().create_model(name).eval()


def traced_on_meta(name: str) -> Traced:
    with torch.device("meta"):
        model = built(name)
        return trace(model, EVEN.get(name, SIZE), model.forward_features)


@pytest.mark.parametrize("name", NAMES)
def test_the_features_of_a_published_network_have_the_counts_of_its_operators(name: str) -> None:
    found = traced_on_meta(name)
    assert found.gaps == ()
    assert_exact(built(name).forward_features, EVEN.get(name, SIZE), found.graph())


def test_a_network_of_torchvision_is_exact_to_its_last_number() -> None:
    torch.manual_seed(0)
    assert_exact(torchvision().models.shufflenet_v2_x0_5().eval(), SIZE)


def test_a_stage_on_the_way_is_exact_too() -> None:
    found = traced_on_meta("test_resnet")
    model = built("test_resnet")
    for stage in ("act1", "layer1", "layer2"):
        assert_exact(_up_to(model, stage), SIZE, found.graph(stage))


def _up_to(model: nn.Module, stage: str) -> nn.Module:
    names = [name for name, _ in model.named_children()]
    return nn.Sequential(*(getattr(model, name) for name in names[: names.index(stage) + 1]))
