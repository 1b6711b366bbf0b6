"""The design check's page: findings with their picture, and fixes that one click applies."""

import pytest

from core.checks import CODES
from pages.shared.design_words import TITLES
from tests.pages.visit import assert_explained, assert_well, insight, net, opened, press

TRIGGERS = {  # a network for every check that can be typed
    "unread": "16x16; conv k1 s2; conv k3 p1",
    "collapse": "8x8; conv k3 s2 p1 x3; conv k3 p1",
    "parity": "64x64; conv k3 s2 p1 x2",
    "border": "15x15; conv k3 p1 x4",
    "uneven-padding": "64x64; conv k3 s2 p1 x2",
    "gridding": "64x64; conv k3 d2 p2 x4",
    "checkerboard": "16x16; conv k3 p1; tconv k3 s2",
    "misaligned": "16x16; add(conv k3 p0:2 | skip)",
    "field-small": "32x32; conv k3 p1",
    "unproductive": "9x9; conv k3 p1 x8",
    "erf-small": "64x64; conv k3 p1 x20",
    "tiling": "64x64; conv k3 p1 x2",
}


def test_every_check_has_a_network_and_a_title() -> None:
    assert set(TRIGGERS) == set(CODES) == set(TITLES)


@pytest.mark.parametrize("code", TRIGGERS)
def test_a_link_shows_a_finding_with_its_picture(code: str) -> None:
    app = opened("design", net=TRIGGERS[code], finding=code)
    assert_well(app, "design")
    assert app.radio(key="finding").value == code


def test_one_axis_is_drawn_too() -> None:
    assert_well(opened("design", net="64; conv k3 s2 p1 x2", finding="parity"), "design")


def test_a_fix_is_applied_by_one_click_and_ends_the_finding() -> None:
    app = opened("design", net=TRIGGERS["parity"], finding="parity")
    assert "2 warnings" in insight(app)
    press(app, "Apply")
    assert net(app) == "64x64; conv k4 s2 p1 x2"
    assert "parity" not in app.radio(key="finding").options


def test_before_and_after_stand_side_by_side_where_there_is_a_fix() -> None:
    assert len(opened("design", net=TRIGGERS["parity"], finding="parity").get("plotly_chart")) == 2
    assert len(opened("design", net=TRIGGERS["tiling"], finding="tiling").get("plotly_chart")) == 1


def test_an_object_larger_than_the_field_is_an_error() -> None:
    app = opened("design", net=TRIGGERS["field-small"], object="20")
    assert insight(app).startswith("**1 error")


def test_a_finding_that_the_design_does_not_have_gives_way_to_the_first() -> None:
    app = opened("design", finding="checkerboard")
    assert_well(app, "design")
    assert app.radio(key="finding").value == "border"


def test_a_clean_design_shows_its_map() -> None:
    app = opened("design", net="4x4; conv k4 s4")
    assert_well(app, "design")
    assert "None of the twelve checks" in insight(app)


def test_a_model_is_checked_and_its_fix_applied() -> None:
    app = opened("design", subject="model", model="timm:resnet18", finding="parity")
    assert_well(app, "design")
    assert "2.47 times" in insight(app)
    press(app, "Apply")
    assert_well(app, "design")
    assert app.toggle(key="padded").value is True
    assert "parity" not in app.radio(key="finding").options


def test_a_model_with_a_gap_is_explained() -> None:
    assert_explained(opened("design", subject="model", model="timm:vit_tiny_patch16_224"), "depends on", "class token")
