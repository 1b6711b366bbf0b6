"""What the check finds in well-known networks: every code with the layer it names, and the numbers of the papers."""

import pytest

from core.checks import Finding, check
from core.design.typed import TypedDesign
from core.network import PRESETS

STEM = "layer 1 (conv k7 s2 p3 c64)"
TABLE = {
    "ResNet-18": [
        ("parity", "warning", STEM),
        ("border", "warning", STEM),
        ("uneven-padding", "warning", STEM),
        ("unproductive", "note", "layer 24 (conv k3 p1 c512)"),
        ("tiling", "note", None),
    ],
    "ResNet-50": [
        ("parity", "warning", STEM),
        ("border", "warning", STEM),
        ("uneven-padding", "warning", STEM),
        ("unproductive", "note", "layer 55 (conv k3 p1 c256)"),
        ("tiling", "note", None),
    ],
    "VGG-16": [
        ("border", "warning", "layer 4 (conv k3 p1 c128)"),
        ("field-small", "note", None),
        ("erf-small", "note", None),
        ("tiling", "note", None),
    ],
    "U-Net": [
        ("border", "warning", "layer 4 (conv k3 p1 c32)"),
        ("misaligned", "note", "layer 21 (concat)"),
        ("field-small", "note", None),
        ("erf-small", "note", None),
        ("tiling", "note", None),
    ],
}


def found(name: str) -> dict[str, Finding]:
    return {finding.code: finding for finding in check(TypedDesign(PRESETS[name]))}


@pytest.mark.parametrize("name", TABLE)
def test_a_preset_has_these_findings(name: str) -> None:
    assert [(code, finding.severity, finding.layer) for code, finding in found(name).items()] == TABLE[name]


def test_kernel_padding_is_the_fix_for_a_resnets_parity_and_225_for_its_padding() -> None:
    """Kim et al. 2021: 2.5 to 1.03 by kernel padding; Alsallakh et al. 2021: 225 px wastes none, nor 193."""
    findings = found("ResNet-18")
    parity, uneven = findings["parity"], findings["uneven-padding"]
    assert parity.fix is not None
    assert uneven.fix is not None
    assert "by zero rows and columns after it" in parity.fix.words
    assert [f"{float(ratio):.2f}" for ratio in (parity.fix.before, parity.fix.after)] == ["2.47", "1.03"]
    assert (uneven.fix.words, uneven.fix.before, uneven.fix.after) == (parity.fix.words, 16, 0)
    assert [fix.words for fix in uneven.others[:2]] == ["use an input of 225x225", "use an input of 193x193"]
    assert "8 layers in all leave some over, 3 of them samples of their input" in uneven.message


def test_symmetric_borders_make_a_vgg_even() -> None:
    fix = found("VGG-16")["border"].fix
    assert fix is not None
    assert "symmetric" in fix.words
    assert fix.after == 1


def test_the_fields_of_the_presets_are_told() -> None:
    assert found("VGG-16")["field-small"].message == "the field of an output unit is 212x212, the input 224x224"
    assert found("U-Net")["tiling"].message == (
        "beside its own pixels a seamless tile must read 46 before and 46 after along each axis, "
        "and lie on multiples of 8"
    )
