"""What takes long is worked out by another process, with the same answer, and others are not held up."""

import pytest

from core.checks import check
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.formatting import format_count
from core.network import limits
from pages.work import apart
from tests.pages.visit import assert_well, insight, opened


def test_a_long_count_is_that_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS_AT_ONCE", 0.0)
    app = opened(net="33; conv k3 p1 x8", view="profile")
    assert_well(app)
    assert format_count(DesignAnalysis(design_of("33; conv k3 p1 x8")).counts.at((16,))) in insight(app)


def test_a_tower_and_a_report_are_those_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS_AT_ONCE", 0.0)
    assert_well(opened(net="9; conv k3 x3"))
    app = opened("check", net="64x64; conv k3 s2 p1 x2")
    assert_well(app, "check")
    message = check(design_of("64x64; conv k3 s2 p1 x2"))[0].message
    assert message[-40:] in insight(app)


def test_only_what_is_long_leaves_this_process() -> None:
    assert not apart.is_heavy(DesignAnalysis(design_of("ResNet-18")))
    assert apart.is_heavy(DesignAnalysis(design_of("256x256; conv k3 p1 x100; global")))
    assert apart.is_heavy(DesignAnalysis(design_of("64; blur k1024 same x100")))
