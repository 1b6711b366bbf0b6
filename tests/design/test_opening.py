"""A text opens a design whose own text opens the same one again."""

import pytest

from core.design.opening import design_of

TEXTS = [
    "9; conv k3 x4",
    "32; conv k3 s2 p1 x2#1+kernel-padding+border-circular",
    "ResNet-18@96#3+kernel-padding",
    "timm:resnet18@3x64x64#layer2+kernel-padding",
    "timm:resnet18@3x64x64+even-input",
    "nn.Sequential(nn.Conv2d(3, 8, 3, padding=1))@3x16x16+partial-padding",
    "nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())@3x16x16#0+global-pooling",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_of_an_opened_design_opens_it_again(text: str) -> None:
    design = design_of(text)
    again = design_of(str(design.text))
    assert str(again.text) == str(design.text)
    assert [node.size for node in again.graph.nodes] == [node.size for node in design.graph.nodes]
