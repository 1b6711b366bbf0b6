"""The assertions for a project's own tests: each holds up to its limit, and says what is wrong beyond it."""

import subprocess
import sys

import pytest
from torch import nn

from core.design.opening import design_of
from core.errors import UserError
from core.testing import assert_budget, assert_no_findings, assert_no_grid, assert_sees, assert_tiles
from tests.texts import ROOT, TEXTS, blocks

UNEVEN = "64x64; conv k3 s2 p1"
EVEN = "64x64; conv k4 s2 p1"


def module(kernel):
    return nn.Sequential(nn.Conv2d(3, 8, kernel, 2, 1), nn.ReLU())


@pytest.mark.parametrize(
    ("even", "uneven"),
    [
        ((EVEN,), (UNEVEN,)),
        ((design_of(EVEN),), (design_of(UNEVEN),)),
        ((module(4), (3, 64, 64)), (module(3), (3, 64, 64))),
        (
            ("nn.Sequential(nn.Conv2d(3, 8, 4, 2, 1))@3x64x64",),
            ("nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1))", (3, 64, 64)),
        ),
    ],
)
def test_a_grid_is_found_in_whatever_the_design_is(even, uneven):
    assert_no_grid(*even)
    with pytest.raises(AssertionError, match=r": neighbouring pixels are read unequally 4 times, first by layer 1 \("):
        assert_no_grid(*uneven)


def test_pixels_that_no_window_reads_are_a_grid():
    with pytest.raises(AssertionError, match="64x64; conv k1 s2: 75 % of the pixels are never read"):
        assert_no_grid("64x64; conv k1 s2")


@pytest.mark.parametrize(
    ("pixels", "holds"), [(5, True), ((9, 5), True), (6, False), ((9, 6), False), ((10, 5), False)]
)
def test_an_object_is_seen_if_the_field_holds_it(pixels, holds):
    design = "32x32; conv k3x2 p1:0 x4"
    if holds:
        assert_sees(design, pixels)
    else:
        with pytest.raises(AssertionError, match=r"a unit sees 9x5 pixels, an object of [0-9x]+ would not fit"):
            assert_sees(design, pixels)


def test_another_input_is_taken_instead():
    assert_budget("64x64; conv k3 p1", multiply_adds=9 * 64**2)
    with pytest.raises(AssertionError, match="multiply_adds is 147,456, and is to be at most 36,864"):
        assert_budget(design_of("64x64; conv k3 p1"), (128, 128), multiply_adds=9 * 64**2)


@pytest.mark.parametrize(("design", "halo"), [("64x64; conv k3 p1 x4", 4), ("64; conv k3 s2 p1; conv k3 p1", 3)])
def test_tiles_need_their_halo_and_no_more(design, halo):
    assert_tiles(design)
    assert_tiles(design, halo)
    with pytest.raises(AssertionError, match=rf"tiles must overlap by \d pixels before and \d after, not {halo - 1}"):
        assert_tiles(design, halo - 1)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("64x64; add(conv k3 s2 p1 | conv k3 s2 p1; conv k3 p1 circular)", "circular|reads"),
        (nn.Sequential(nn.Conv2d(3, 8, 3), nn.InstanceNorm2d(8)), "takes statistics over all positions"),
    ],
)
def test_what_no_overlap_helps_is_told_with_its_layer(subject, words):
    with pytest.raises(AssertionError, match=rf"no overlap makes tiles exact: layer \d+ .*({words})"):
        assert_tiles(subject, 64, None if isinstance(subject, str) else (3, 64, 64))


def test_every_missed_budget_is_named():
    with pytest.raises(
        AssertionError, match=r"parity is 4, and is to be at most 1\.5; field is 3, and is to be at least 64"
    ):
        assert_budget(UNEVEN, parity=1.5, field=64)
    assert_budget(UNEVEN, parity=4, field=3, multiply_adds=2e9)


def test_findings_are_named_unless_they_are_known():
    with pytest.raises(AssertionError, match="warning parity: among the 2x2 pixels"):
        assert_no_findings(UNEVEN)
    assert_no_findings(UNEVEN, "error")
    assert_no_findings(UNEVEN, known=["parity", "uneven-padding", "border"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: assert_no_grid(module(3)),
            r"a Sequential does not tell its input; give it, as in input=\(3, 96, 96\)",
        ),
        (lambda: assert_no_grid(3, (3, 8, 8)), "gives int, not a torch.nn.Module"),
        (lambda: assert_no_grid("9; konv k3"), "there is no layer 'konv'"),
        (lambda: assert_no_grid("9; conv k3", (3, 8, 8)), "an input of 3x8x8 does not fit a network of 1 axes"),
        (lambda: assert_sees("9; conv k3", (3, 3)), "an object of 3x3 pixels does not fit an input of 1 axes"),
        (lambda: assert_sees("9; conv k3", 0), "an object of 0 pixels does not fit"),
        (lambda: assert_budget("9; conv k3", partiy=1), "did you mean parity?"),
        (lambda: assert_budget("9; conv k3", parity=-1.0), "'-1.0' is no budget of parity"),
        (lambda: assert_no_findings("9; conv k3", "note"), "'note' is no level; give error or warning"),
    ],
)
def test_what_cannot_be_asked_is_told(call, words):
    with pytest.raises(UserError, match=words):
        call()


def test_a_text_is_asserted_about_without_pytorch():
    script = (
        "import sys; from core.testing import assert_sees; assert_sees('VGG-16', 64); "
        "sys.exit(bool({'torch', 'plotly', 'pytest'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == 0


def test_the_example_that_is_shown_is_a_test_that_passes():
    def build():
        layers = [nn.Conv2d(3, 8, 4, 2, 1), *(nn.Conv2d(8, 8, 3, padding=1) for _ in range(7))]
        return nn.Sequential(*layers)

    (example,) = blocks(TEXTS["core/review/README.md"], "py")
    names = {"build": build}
    exec(example.replace("receptive_fields", "core"), names)  # noqa: S102  # it is what a reader would run
    names["test_the_design"]()
