"""Every page opens, for every kind of network, and every link shows what it says."""

import pytest

from core.network import PRESETS
from pages.frame.registry import PAGES as REGISTERED
from pages.work import jobs
from tests.pages.visit import PAGES, QUICK, assert_explained, assert_well, insight, net, opened

NETWORKS = {
    "one axis": "9; conv k3 x4",
    "one layer": "9x9; conv k3",
    "no layer": "9x9",
    "one pixel": "1; conv k1",
    "two layers, unlike": "16; conv k3 same reflect; maxpool k2",
    "branches": "12x12; conv k3 p1; add(conv k3 p1 | skip) x2; maxpool k2",
    "branches of one axis": "16; concat(conv k3 p1 | conv k5 p2); avgpool k2",
    "random connections": "8x8; conv k3 p1; random r4 seed7; conv k3 p1",
    "a global layer": "8x8; conv k3 p1; global",
    "up and down": "12x12; conv k3 s2 p1; tconv k2 s2; upsample s2 bilinear",
    "not square": "9x14; conv k3x5 p1x2; blur k3 s2",
    "deep": "33x33; conv k3 p1 x40",
    "long": "512; conv k3 p1 x8",
    "unread pixels": "9x9; conv k1 s2",
    "three axes": "5x7x6; conv k3 p1 x2; conv k2x1x3 s1x1x2",
    "branches of three axes": "4x6x6 c2; add(skip | conv k3 p1); maxpool k1x2x2",
    "attention": "12; add(skip | attn causal) x2; attn near3",
}
PAGES_AXES = {key: page.axes for key, page in REGISTERED.items()}
PRESSED = {"samples": "1", "width": "2"}  # large networks: one sample of few channels


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_alive_on_open(page: str) -> None:
    parameters = QUICK if page == "effective" else {}
    assert_well(opened(page, **parameters), page)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (page, name)
        for page in ("paths", "field", "effective", "check", "tiles", "streams")
        for name in NETWORKS
        if page in ("paths", "field", "effective") or "three axes" in name
        if PAGES_AXES[page] == 3 or "three axes" not in name
    ],
)
def test_a_page_shows_every_kind_of_network(name: str, page: str) -> None:
    app = opened(page, net=NETWORKS[name], **QUICK)
    assert_well(app, page)
    assert net(app) == NETWORKS[name]


@pytest.mark.parametrize("page", ["paths", "field"])
@pytest.mark.parametrize("name", PRESETS)
def test_a_counting_page_shows_every_preset(name: str, page: str) -> None:
    assert_well(opened(page, net=name), page)


@pytest.mark.parametrize(
    "name", [name for name, preset in PRESETS.items() if preset.size[0] < 224 and len(preset.size) < 3]
)
def test_the_live_page_shows_every_small_preset(name: str) -> None:
    assert_well(opened("effective", net=name, **PRESSED), "effective")


@pytest.mark.parametrize("view", ["tower", "map", "profile"])
@pytest.mark.parametrize(
    "name",
    ["one axis", "branches", "not square", "unread pixels", "no layer", "three axes", "branches of three axes"],
)
def test_the_paths_page_draws_every_view(name: str, view: str) -> None:
    assert_well(opened(net=NETWORKS[name], view=view))


@pytest.mark.parametrize(
    ("page", "parameters", "words"),
    [
        ("paths", {"unit": "2,3"}, "output unit 2,3"),
        ("paths", {"net": "9; conv k3 x4", "unit": "0"}, "output unit 0"),
        ("paths", {"unit": "centre"}, "output unit 7,7"),
        ("paths", {"net": "11; conv k3 x4"}, "51"),
        ("paths", {"net": "9; conv k3; conv k3 d2#1"}, "3"),
        ("field", {"net": "32; conv k3 x3; conv k5", "unit": "3"}, "unit 3 is centred on pixel **8**"),
        ("field", {"unit": "3,4"}, "unit 3,4"),
        ("effective", {"unit": "2,3", **QUICK}, "the theoretical one is 9 × 9"),
        ("effective", {"unit": "all", **QUICK}, "."),
    ],
)
def test_a_link_shows_its_unit(page: str, parameters: dict[str, str], words: str) -> None:
    app = opened(page, **parameters)
    assert_well(app, page)
    assert words in insight(app)


@pytest.mark.parametrize(
    "parameters",
    [
        {"view": "map", "pixel": "3,4"},
        {"view": "map", "pixel": "3,4", "scale": "linear", "unit": "7,7"},
        {"view": "profile", "pixel": "0,14"},
        {"cell": "2:5", "axis": "height"},
        {"cell": "0:0", "unit": "7,7"},
        {"view": "map", "net": "9; conv k3 x2", "pixel": "4"},
    ],
)
def test_a_link_restores_every_parameter_and_keeps_it(parameters: dict[str, str]) -> None:
    app = opened(**parameters)
    assert_well(app)
    assert {name: first(value) for name, value in app.query_params.items()} == parameters


def test_a_picked_pixel_is_told_exactly() -> None:
    app = opened(net="11x11; conv k3 x4", view="map", pixel="5,5")
    assert any("**2,601**" in text.value for text in app.markdown)  # 51 by 51


@pytest.mark.parametrize("name", ["weights", "activation", "reduce", "input", "predicted"])
def test_the_live_page_takes_every_choice(name: str) -> None:
    app = opened("effective", **QUICK)
    for option in app.selectbox(key=name).options:
        app.selectbox(key=name).set_value(option).run()
        assert_well(app, "effective")


def first(value: str | list[str]) -> str:
    """The one value of a parameter."""
    return value if isinstance(value, str) else value[0]


def test_two_picked_pixels_are_told_with_their_ratio() -> None:
    for picked, words in (
        ("0,0;7,7", "Corner **1,225**, centre **6,561**: **5.4 times**."),
        ("0,0;14,14", "Pixel 0,0 **1,225**, pixel 14,14 **1,225**: as many."),
        ("7,6", "Pixel 7,6 has **6,561** paths, as many as the centre. It reaches 81 of the 225 outputs."),
    ):
        app = opened(view="map", pixel=picked)
        assert_well(app)
        assert words in [mark.value for mark in app.markdown]


def test_one_of_two_picked_pixels_may_have_no_path() -> None:
    app = opened(net="6x6; conv k1 s2", view="map", pixel="0,0;1,1")
    assert "Corner **1**, pixel 1,1 **0**: one of them has none." in [mark.value for mark in app.markdown]
    flat = opened(net="15; conv k3 p1 x4", view="profile", pixel="0;7")
    assert "End **35**, centre **81**: **2.3 times**." in [mark.value for mark in flat.markdown]


def test_pages_of_one_pick_take_the_first_of_two() -> None:
    app = opened("compare", view="map", pixel="3,5;4,4")
    assert_well(app, "compare")
    assert "Pixel 3,5" in insight(app)


def test_three_picked_pixels_are_refused() -> None:
    assert_explained(opened(view="map", pixel="0,0;1,1;2,2"), "names 3 pixels", "0,0;7,7")


def test_pictures_of_a_run_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_PICTURE_EVERY", -1.0)
    assert_well(opened("effective", net="5x5; conv k3 x2", seed="77", **QUICK), "effective")
