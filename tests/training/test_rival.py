"""What is trained beside a network, from what a user types."""

import pytest

from core.errors import UserError
from core.network import PRESETS, parse
from core.training import rival

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
    ],
)
def test_a_text_a_preset_and_remedies_in_their_order_are_read(text, expected):
    assert str(rival(NETWORK, text)) == expected


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
        ("partial-padding", "partial-padding: partial-padding weighs outputs, which no text form writes"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_beside_it_is_refused(text, message):
    with pytest.raises(UserError, match=message):
        rival(NETWORK, text)
