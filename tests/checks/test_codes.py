"""Every check: a network that triggers it, with its message word for word, and one that does not."""

from fractions import Fraction

import pytest

from core.checks import CHECKS, CODES, Finding, check
from core.design.typed import TypedDesign
from core.network import parse


def found(text: str, code: str, object_size: int | None = None) -> Finding | None:
    findings = check(TypedDesign(parse(text)), object_size)
    return next((finding for finding in findings if finding.code == code), None)


# code, network, severity, layer, message, and of the fix: its network, before, after
TRIGGERED = [
    (
        "unread", "64x64; conv k1 s2; conv k3 p1", "error", "layer 1 (conv k1 s2)",
        "75 % of the 64x64 pixels have no path to the output; "
        "layer 1 (conv k1 s2) steps over positions that it never reads",
        ("64x64; conv k2 s2; conv k3 p1", Fraction(3, 4), 0),
    ),
    (
        "unread", "64; conv k3 s2 d2 p2", "error", "layer 1 (conv k3 s2 d2 p2)",  # even positions only, by all taps
        "50 % of the 64 pixels have no path to the output; "
        "layer 1 (conv k3 s2 d2 p2) steps over positions that it never reads",
        ("64; conv k3 d2 p2; blur k3 s2 p1", Fraction(1, 2), 0),  # no wider kernel would help
    ),
    (
        "unread", "10; conv k4 s4", "warning", "layer 1 (conv k4 s4)",  # 10 = 2 * 4 + 2
        "20 % of the 10 pixels have no path to the output; they lie after the last window of layer 1 (conv k4 s4)",
        ("8; conv k4 s4", Fraction(1, 5), 0),
    ),
    (
        "collapse", "8x8; maxpool k2 x3; conv k3 p1 x2; conv k1", "error", "layer 3 (maxpool k2)",
        "layer 3 (maxpool k2) leaves one position, and 2 windows of several taps follow, the first in "
        "layer 4 (conv k3 p1)",
        ("8x8; maxpool k2 x3", 2, 0),
    ),
    (
        "collapse", "8x2; maxpool k2; conv k1; conv k3 p1", "warning", "layer 1 (maxpool k2)",
        "layer 1 (maxpool k2) leaves one column, and 1 window of several taps follows, the first in "
        "layer 3 (conv k3 p1)",
        ("8x4; maxpool k2; conv k1; conv k3 p1", 1, 0),
    ),
    (
        "parity", "64x64; conv k7 s2 p3; maxpool k3 s2 p1", "warning", "layer 1 (conv k7 s2 p3)",  # 36 : 16
        "among the 4x4 pixels around the centre, the most read has 2.25 times the paths of the least; 2 strides do "
        "not divide the kernel, the first in layer 1 (conv k7 s2 p3)",
        ("64x64; conv k8 s2 p3; maxpool k4 s2 p1", Fraction(9, 4), 1),
    ),
    (
        "border", "9; conv k3 p1 x4", "note", "layer 3 (conv k3 p1)",  # 5 of 9, 13 of 27, 35 of 81
        "the end pixel has 43 % of the paths of the centre pixel; it falls to half at layer 3 (conv k3 p1)",
        ("9; conv k3 p1 symmetric x4", Fraction(35, 81), 1),
    ),
    (
        "border", "11x11; conv k3 x4", "warning", "layer 1 (conv k3)",  # valid: 1 5 15 30 45 51 45 …
        "the corner has 0.038 % and the middle of an edge 2 % of the paths of the centre pixel; "
        "the edge falls to half at layer 1 (conv k3)",
        ("11x11; conv k3 p1 symmetric x4", Fraction(1, 51**2), 1),
    ),
    (
        "border", "64; conv k3 s2 p1; conv k3 p1 x2", "note", "layer 1 (conv k3 s2 p1)",
        # position 63 is read once after one layer, its like, 33, twice; then 1 1 → 5 of 18
        "the end pixel has 28 % of the paths of the centre pixel on the same place of the stride grid; "
        "it falls to half at layer 1 (conv k3 s2 p1)",
        ("64; conv k3 s2 p1 circular; conv k3 p1 circular x2", Fraction(5, 18), 1),
    ),
    (
        "uneven-padding", "224x224; conv k7 s2 p3", "warning", "layer 1 (conv k7 s2 p3)",  # 230 - 7 is odd
        "1 row and 1 column of padding lie after the last window of layer 1 (conv k7 s2 p3)",
        ("223x223; conv k7 s2 p3", 2, 0),
    ),
    (
        "uneven-padding", "225; maxpool k2; maxpool k3 s2; conv k1 s2", "warning", "layer 1 (maxpool k2)",
        # 225 leaves 1, 112 leaves 1, 55 leaves none
        "1 position of its input lies after the last window of layer 1 (maxpool k2), 2 layers in all leave some over, "
        "2 of them samples of their input",
        ("222; maxpool k2; maxpool k3 s2; conv k1 s2", 2, 0),  # 111, 55; the nearest above is 230
    ),
    (
        "uneven-padding", "32; conv k3 s2 p1 x2", "warning", "layer 1 (conv k3 s2 p1)",
        "1 position of padding lies after the last window of layer 1 (conv k3 s2 p1), 2 layers in all leave some over",
        ("29; conv k3 s2 p1 x2", 2, 0),
    ),
    (
        "gridding", "33; conv k3 d2 p2 x4", "warning", "layer 1 (conv k3 d2 p2)",  # 1 0 4 0 10 0 16 0 19 0 …: 8 of 17
        "8 of the 17 pixels (47 %) inside the centre unit's field of 17 have no path to it; "
        "the first dilated window is layer 1 (conv k3 d2 p2)",
        ("33; conv k3 p1; conv k3 d2 p2 x2; conv k3 d3 p3", Fraction(8, 17), 0),
    ),
    (
        "checkerboard", "16x16; tconv k3 s2 p1", "warning", "layer 1 (tconv k3 s2 p1)",  # 1, 2 per axis
        "positions are written by 1 to 4 taps of layer 1 (tconv k3 s2 p1), whose stride does not divide its kernel",
        ("16x16; tconv k4 s2 p2:1", Fraction(1, 4), 1),
    ),
    (
        "checkerboard", "8; tconv k1 s2", "error", "layer 1 (tconv k1 s2)",
        "positions are written by 0 to 1 tap of layer 1 (tconv k1 s2), whose stride does not divide its kernel",
        ("8; tconv k2 s2 p1:0", 0, 1),
    ),
    (
        "misaligned", "64; add(conv k3 p2:0 | skip)", "warning", "layer 2 (add)",
        "the branches of layer 2 (add) look at places 1 pixel apart on average",
        ("64; add(conv k3 p1 | skip)", 1, 0),
    ),
    (
        "misaligned", "8; concat(skip | maxpool k4; tconv k4 s4)", "note", "layer 3 (concat)",  # 0..3 against 1.5
        "the branches of layer 3 (concat) look at places up to 1.5 pixels apart, to either side by turns",
        None,
    ),
    (
        "misaligned", "6; concat(conv k1 s2 | conv k4)", "warning", "layer 3 (concat)",
        "from unit to unit the branches of layer 3 (concat) move by 2 pixels and 1 pixel",
        None,
    ),
    (
        "field-small", "32x48; conv k3 p1 x14", "note", None,
        "the field of an output unit is 29x29, the input 32x48",
        ("32x48; conv k3 p1 x14; global", 29, 60),  # 16 more on either side
    ),
    (
        "field-small", "32; conv k3 p1 x14", "note", None,
        "the field of an output unit is 29, the input 32",
        ("32; conv k3 p1 x14; global", 29, 60),
    ),
    (
        "unproductive", "5; conv k3 p1 x4", "warning", "layer 3 (conv k3 p1)",  # fields 3, 5, 7, 9
        "2 of 4 windows of more than one tap, from layer 3 (conv k3 p1) on, read maps whose field of 5 already covers "
        "the input of 5",
        ("5; conv k9 p4", 2, 0),
    ),
    (
        "erf-small", "33; conv k3 p1 x15", "note", None,  # 96 % lie within 6 of the middle, 92 in 5
        "along each axis 95 % of the paths to the centre unit start within 13, 42 % of the 31 pixels that its field "
        "of 31 covers",
        None,
    ),
    (
        "tiling", "96x96; conv k3 p1 x2; maxpool k2; conv k3 p1", "note", None,  # r 10, S 2, P 4: 10 - 4 - 2 after
        "beside its own pixels a seamless tile must read 4 before and 4 after along each axis, "
        "and lie on multiples of 2",
        None,
    ),
    (
        "tiling", "40x30; conv k5x3 s2x1 p2x0", "note", None,
        "beside its own pixels a seamless tile must read 2 before and 1 after in height and 1 before and 1 after in "
        "width, and lie on multiples of 2x1",
        None,
    ),
]  # fmt: skip

QUIET = [
    ("unread", "64x64; conv k2 s2"),
    ("unread", "7x7; add(conv k3 s2 p1 | conv k1 s2)"),  # the shortcut skips pixels, the other branch reads them
    ("collapse", "8x8; maxpool k2 x3; conv k1"),
    ("collapse", "1; conv k3 p1 x2"),  # the user's own single position
    ("collapse", "8x8; conv k3 p1; global; conv k1"),
    ("parity", "64x64; conv k8 s2 p3; maxpool k4 s2 p1"),
    ("parity", "64; blur k3 s2 p1"),  # 1 2 1: both places twice
    ("parity", "64; conv k3 p1 x30"),  # the fall towards the border is no grid
    ("border", "9; conv k3 same symmetric x4"),
    ("border", "64; conv k5 s2 p1:2 circular"),  # the last pixel is on a weak place, not at a weak border
    ("border", "9; conv k3 full x4"),
    ("border", "12; conv k3 s4 p3 circular"),  # a third of the input is one stride period: a weak place, no weak border
    ("uneven-padding", "225x225; conv k7 s2 p3; maxpool k3 s2 p1"),
    ("gridding", "65; conv k3 p1; conv k3 d2 p2; conv k3 d4 p4"),
    ("gridding", "33; conv k1 s2; conv k3 p1"),  # holes, but no dilation: unread
    ("checkerboard", "16; tconv k4 s2 p1; upsample s2"),
    ("checkerboard", "9; conv k9; tconv k3 s2"),  # from one position nothing overlaps
    ("misaligned", "64; add(conv k3 s2 p1; conv k3 p1 | conv k1 s2)"),
    ("misaligned", "8; concat(skip | global; upsample s8)"),  # what is the same everywhere looks at no place
    ("field-small", "15; conv k3 p1 x7"),
    ("unproductive", "5; conv k3 p1 x2; conv k1"),
    ("unproductive", "5; conv k3 p1 x2; global"),
    ("erf-small", "33; conv k3 p1 x2"),
    ("tiling", "32; conv k4 s4"),
    ("tiling", "32; conv k3 p1; global; upsample s32"),
    ("tiling", "32; conv k32"),
]


@pytest.mark.parametrize(("code", "text", "severity", "layer", "message", "fix"), TRIGGERED)
def test_a_check_says_what_was_worked_out_by_hand(
    code: str, text: str, severity: str, layer: str | None, message: str, fix: tuple[str, Fraction, Fraction] | None
) -> None:
    finding = found(text, code)
    assert finding is not None
    assert (finding.severity, finding.layer, finding.message) == (severity, layer, message)
    first = finding.fix and (str(finding.fix.design.network), finding.fix.before, finding.fix.after)
    assert first == fix


@pytest.mark.parametrize(("code", "text"), QUIET)
def test_a_check_says_nothing_of_what_is_sound(code: str, text: str) -> None:
    assert found(text, code) is None


def test_every_check_is_triggered_by_one_network_and_not_by_another() -> None:
    assert set(CODES) == set(CHECKS) == {row[0] for row in TRIGGERED} == {code for code, _ in QUIET}


def test_an_object_larger_than_the_field_is_an_error_and_a_smaller_one_is_nothing() -> None:
    text = "96x96; conv k3 p1 x10; maxpool k2; conv k3 p1"  # field 26, then 4 a layer
    finding = found(text, "field-small", object_size=32)
    assert finding is not None
    assert (finding.severity, finding.message) == ("error", "the field of an output unit is 26x26, the object 32x32")
    assert finding.fix is not None
    words = [fix.words for fix in (finding.fix, *finding.others)]
    assert "append 2 convolutions of 3 that keep the size" in words
    assert all(fix.after >= 32 for fix in (finding.fix, *finding.others))
    assert found(text, "field-small", object_size=26) is None


def test_findings_come_errors_first_then_in_the_order_of_the_codes() -> None:
    found = check(TypedDesign(parse("64x64; conv k3 d2 p2 x2; tconv k1 s2; conv k1 s4")))
    severities = ["error", "warning", "note"]
    order = [(severities.index(finding.severity), CODES.index(finding.code)) for finding in found]
    assert order == sorted(order)
    assert {finding.severity for finding in found} == set(severities)


@pytest.mark.parametrize("code", CODES)
def test_why_it_matters_is_one_sentence_that_names_its_source_and_promises_nothing(code: str) -> None:
    rule = CHECKS[code]
    assert not rule.why.endswith(".")
    assert any(character.isdigit() for character in rule.why)
    assert any(character.isdigit() for character in rule.reference)
    assert not {"accuracy", "better", "improve", "improves"} & set(rule.why.split())
