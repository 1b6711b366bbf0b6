"""What is trained beside a network, from what a user types."""

import pytest

from core.errors import UserError
from core.network import PRESETS, parse
from core.training import second_network, typed_network

NETWORK = parse("16x16; conv k3 s2; conv k3 x2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16x16; Conv k5", "16x16; conv k5"),
        (" 32x8; conv k3 ", "32x8; conv k3"),
        ("four 3-WIDE convolutions", str(PRESETS["Four 3-wide convolutions"])),
        ("border-circular", "16x16; conv k3 s2 p0:1 circular; conv k3 p1 circular x2"),
        ("border-circular+kernel-padding", "16x16; conv k4 s2 p0:1 circular; conv k3 p1 circular x2"),
        (
            "random-connections r16 seed3 + kernel-padding",
            "16x16; random r16 seed3; conv k4 s2; conv k3 x2",
        ),
        ("even-input", "17x17; conv k3 s2; conv k3 x2"),
        ("16x16; conv k3 s2 +kernel-padding", "16x16; conv k4 s2"),
        ("16x16; conv k3 s2; conv k5@20x24#1", "20x24; conv k3 s2"),
        ("four 3-wide convolutions@12 + border-circular", "12x12; conv k3 p1 circular x4"),
    ],
)
def test_a_text_a_preset_and_remedies_in_their_order_are_read(text, expected):
    assert str(second_network(NETWORK, text)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("border-circle", "'border-circle' is neither a remedy nor a preset nor a network, as .*did you mean border"),
        ("vgg16", "'vgg16' is neither a remedy nor a preset .* did you mean VGG-16?"),
        ("", "'' is neither a remedy nor a preset nor a network, as 9; conv k3 is; there are border-symmetric"),
        ("border-circular+", "'' is neither a remedy"),
        ("random-connections q3", "random-connections q3: random-connections does not take 'q3'; it takes r8 seed0"),
        ("border-circular + border-circular", "border-circular: .*; nothing to change"),
        ("16; conv k3", "an input of 16 has not as many axes as one of 16x16; train networks alike"),
        ("WaveNet-like causal stack", "an input of 256 has not as many axes"),
        ("16x16; conv k20", r"layer 1 \(conv k20\): a window spanning 20 does not fit 16 samples"),
        ("16x16; konv k3", "there is no layer 'konv'; did you mean conv?"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_beside_it_is_refused(text, message):
    with pytest.raises(UserError, match=message):
        second_network(NETWORK, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9;conv k3", "9; conv k3"),
        ("9; conv k3 x4@16#2", "16; conv k3 x2"),
        ("9; conv k3 s2 + border-circular + kernel-padding", "9; conv k4 s2 p0:1 circular"),
        ("four 3-wide convolutions@8", "8x8; conv k3 p1 x4"),
    ],
)
def test_a_typed_design_is_the_network_that_its_text_says(text, expected):
    assert str(typed_network(text)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("timm:resnet18", "a model of the zoo would take hours"),
        ("torchvision:vgg16@64#features", "a model of the zoo would take hours"),
        ("my.py:build", "how a module of one's own is trained is its owner's choice"),
        ("nn.Sequential(nn.ReLU())@1x9", "how a module of one's own is trained is its owner's choice"),
    ],
)
def test_a_model_is_refused_in_one_line_with_the_reason(text, reason):
    for read in (typed_network, lambda model: second_network(NETWORK, model)):
        with pytest.raises(UserError, match=f"training takes typed networks: {reason}; write it as a text") as refusal:
            read(text)
        assert "\n" not in str(refusal.value)


def test_a_remedy_that_no_text_form_writes_is_refused():
    with pytest.raises(UserError, match="partial-padding: partial-padding weighs outputs, which no text form writes"):
        second_network(parse("9; conv k3 p1"), "partial-padding")
    with pytest.raises(UserError, match="has no text form, which a network that is trained needs; leave out its last"):
        typed_network("9; conv k3 p1 + partial-padding")
