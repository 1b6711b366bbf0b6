"""A page on a projector, and inside another page: what is seen, how large, and the way out."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.tab import Tab

Visit = Callable[..., Tab]
PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}


def test_a_tower_is_presented_stepped_and_left(visit: Visit) -> None:
    tab = visit("?net=11x11; conv k3 p1 x3", **PROJECTOR)
    tab.figure()
    tab.click("button", "Present")
    tab.page.wait_for_url("**present=true*")
    expect(tab.page.get_by_test_id("stHeader")).to_be_hidden()
    expect(tab.page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(tab.design()).to_be_hidden()
    small = [(text, size) for text, size in tab.type_sizes() if size < 24]
    assert not small
    box = tab.page.locator(".rf-picture svg").bounding_box()
    assert box is not None
    assert box["height"] > 0.7 * 1080
    assert box["y"] + box["height"] <= 1080
    tab.page.keyboard.press("PageDown")
    tab.page.wait_for_url("**x4*")
    assert tab.setting("present") == "true"
    tab.unit("0:0").click()
    assert "drop-shadow" in tab.unit("0:0").evaluate("cell => getComputedStyle(cell).filter")
    tab.page.wait_for_url("**cell=*")
    tab.rest()
    tab.page.keyboard.press("Escape")  # lets go of the unit
    tab.page.wait_for_url(lambda url: "cell=" not in url)
    tab.rest()
    assert tab.setting("present") == "true"
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_url(lambda url: "present" not in url)
    expect(tab.design()).to_have_value("11x11; conv k3 p1 x4")
    tab.rest()


def test_a_map_fills_the_projector(visit: Visit) -> None:
    tab = visit("?view=map&pixel=3,4&present=true", **PROJECTOR)
    tab.page.locator(".js-plotly-plot .main-svg").first.wait_for()
    box = tab.figure().bounding_box()
    assert box is not None
    assert box["height"] > 0.75 * 1080
    assert box["y"] + box["height"] <= 1080
    assert tab.page.locator(".shapelayer path").count() >= 3
    tab.page.keyboard.press("PageDown")
    tab.page.wait_for_url("**x5*")
    tab.rest()
    tab.click("button", "End")
    tab.page.wait_for_url(lambda url: "present" not in url)


def test_a_receptive_field_is_presented_and_stepped(visit: Visit) -> None:
    tab = visit("field?net=15x15; conv k3 p1 x3&present=true", **PROJECTOR)
    box = tab.figure().bounding_box()
    assert box is not None
    assert box["height"] > 0.75 * 1080
    tab.rest()
    assert not [(text, size) for text, size in tab.type_sizes() if size < 24]
    tab.page.keyboard.press("PageDown")
    expect(tab.page.get_by_role("heading", name="9 × 9 pixels")).to_be_visible()
    tab.rest()


def test_a_step_of_a_lesson_fits_the_projector(visit: Visit) -> None:
    tab = visit("lesson?lesson=hearing&step=6&present=true", **PROJECTOR)
    tab.figure()
    assert not [(text, size) for text, size in tab.type_sizes() if size < 24]
    tab.page.keyboard.press("PageDown")
    expect(tab.page.get_by_text("The answer").first).to_be_visible()
    main = tab.page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollHeight - element.clientHeight") <= 0
    tab.rest()


@pytest.mark.parametrize(
    ("path", "many"),
    [("effective?net=9x9;conv k3 p1 x3&samples=4&width=2", 3), ("compare?view=map", 2), ("compare?view=tower", 2)],
)
def test_every_figure_that_is_compared_lies_within_the_window(visit: Visit, path: str, many: int) -> None:
    tab = visit(path, viewport={"width": 1440, "height": 900})
    figures = tab.page.locator(".js-plotly-plot, .rf-picture svg")
    for width, height in ((1440, 900), (1920, 1080)):
        tab.page.set_viewport_size({"width": width, "height": height})
        expect(figures.nth(many - 1)).to_be_visible()
        tab.rest(400)
        boxes = [figure.bounding_box() for figure in figures.all()]
        below = [box["y"] + box["height"] for box in boxes if box is not None]
        assert sorted(below)[many - 1] <= height


def test_an_embedded_page_has_its_figure_its_sentence_and_one_control(visit: Visit) -> None:
    tab = visit("?embed=true&net=9x9; conv k3 p1 x2", viewport={"width": 800, "height": 720})
    tab.figure()
    assert "paths lead from the centre pixel" in tab.insight()
    expect(tab.design()).to_be_hidden()
    roles = ("button", "slider", "textbox", "radio", "combobox")
    seen = [name for role in roles for name in tab.page.get_by_role(role).all() if name.is_visible()]  # type: ignore[arg-type]
    assert len(seen) == 1
    seen[0].press("ArrowRight")
    expect(tab.page.locator(".rf-picture svg")).to_have_attribute("data-step", "9x9; conv k3 p1 x3")
    tab.rest()


def test_on_a_telephone_the_figure_comes_first_and_another_page_is_two_taps_away(visit: Visit) -> None:
    tab = visit("?view=map", viewport={"width": 390, "height": 844}, has_touch=True)
    figure = tab.figure().bounding_box()
    tab.rest()
    above, below = (tab.page.locator(f".st-key-{name}").bounding_box() for name in ("headline", "controls"))
    assert above is not None
    assert figure is not None
    assert below is not None
    assert above["y"] + above["height"] <= figure["y"] <= 844 / 3
    assert figure["y"] + figure["height"] <= below["y"]
    assert below["height"] < 100  # one row
    assert figure["width"] / figure["height"] == pytest.approx(1, abs=0.1)  # no empty band around a square map
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.page.get_by_role("button", name="+ layer").tap()
    tab.page.wait_for_url("**x5*")
    tab.rest()
    tab.page.get_by_test_id("stExpandSidebarButton").tap()
    tab.page.get_by_test_id("stSidebar").get_by_role("link", name="Effective field").tap()
    expect(tab.page).to_have_title(re.compile("^Effective field"))
    tab.figure()
    tab.rest()


def test_on_a_telephone_remedies_stand_two_in_a_row_above_the_controls(visit: Visit) -> None:
    tab = visit("remedies?net=9x9; conv k3 p1", viewport={"width": 390, "height": 844}, has_touch=True)
    tab.figure()
    tab.rest()
    first, second = (tab.page.locator(".js-plotly-plot").nth(at).bounding_box() for at in range(2))
    controls = tab.page.locator(".st-key-controls").bounding_box()
    assert first is not None
    assert second is not None
    assert controls is not None
    assert first["y"] == second["y"] < 844 / 2
    assert first["x"] + first["width"] <= second["x"]
    assert second["x"] + second["width"] <= 390
    assert controls["y"] > second["y"] + second["height"]


def test_a_new_result_is_told_to_who_does_not_see_it(visit: Visit) -> None:
    tab = visit("?net=9x9; conv k3 p1 x3")
    told = tab.page.locator(".rf-announced[role=status]")
    expect(told).to_contain_text("729 paths")
    tab.page.keyboard.press("PageDown")
    expect(told).to_contain_text("6,561 paths")
    tab.go("See", "Receptive field")
    expect(told).to_contain_text("9 × 9 pixels")
    expect(told).to_have_count(1)
