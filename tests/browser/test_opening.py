"""Every page opens on this machine alone, in every light, on every screen, and by every link."""

from collections.abc import Callable

import pytest

from tests.browser.tab import Tab
from tests.load.server import free_port, running_app

Visit = Callable[..., Tab]
PAGES = {
    "paths": "?net=9x9;conv k3 p1 x3",
    "map": "?net=9x9;conv k3 p1 x3&view=map&pixel=2,3",
    "profile": "?view=profile",
    "field": "field?net=9x9;conv k3 p1 x3",
    "nested": "field?view=input",
    "effective": "effective?net=9x9;conv k3 p1 x3&samples=4&width=2",
    "check": "check?net=64x64;conv k3 s2 p1 x2&finding=parity",
    "remedies": "remedies?net=15x15;conv k3 s2 p1 x2&remedies=kernel-padding,even-input&pixel=3,3",
    "compare": "compare?net=9x9;conv k3 p1 x3&second=%2Bborder-circular&view=map",
    "tiles": "tiles?net=16x16;conv k3 p1 x2&overlap=1",
    "streams": "streams?net=64; conv k3 s2 p1; tconv k4 s2 p1",
    "search": "search?space=12; conv k{3,5} p{0,1}",
    "training": "training?net=9x9;conv k3 x2&steps=5&seeds=2&width=2&trained=true",
    "pasted": "?net=nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())@3x16x16&view=map",
}
VERSION_1 = "model?v=1&model=timm:resnet18&made=3x96x96&aspect=fields"


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_fits_a_telephone_and_names_every_figure_and_gives_it_a_table(visit: Visit, path: str) -> None:
    tab = visit(path, **PHONE)
    box = tab.figure().bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    overflow = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert tab.page.evaluate(overflow) <= 0
    main = tab.page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    for chart in (*tab.page.get_by_test_id("stPlotlyChart").all(), *tab.page.locator(".rf-tower").all()):
        assert chart.get_attribute("role") in ("figure", "img", "group")
        name = chart.get_attribute("aria-label") or ""
        assert len(name) > 10
        assert "**" not in name
    if folds := main.locator("[data-testid=stExpander] summary").all():
        folds[-1].click()
        tab.rest()
    main.locator("[data-testid=stDataFrame], [data-testid=stTable]").first.wait_for()


@pytest.fixture(scope="module")
def port() -> int:
    """Of all fresh servers, one after the other: the browser keeps the files that it has loaded from there."""
    return free_port()


def test_a_link_is_the_first_request_of_a_fresh_server(visit: Visit, port: int) -> None:
    """Streamlit then runs the page's file alone, and says that there is no such page where app.py is not run.

    That every page's file runs app.py is held without a browser (``tests/pages/test_navigation.py``).
    """
    with running_app(port=port) as fresh:
        tab = visit("effective?net=21; conv k5 p2 x2&samples=4&width=2", fresh.url)
        tab.figure()
        assert tab.question() == "What does it really look at?"
        assert tab.net() == "21; conv k5 p2 x2"
        assert tab.page.get_by_role("dialog").count() == 0
        assert tab.page.get_by_test_id("stTopNavSection").all_inner_texts() == ["See", "Improve", "Deploy", "Learn"]
        tab.leave()


def test_a_link_of_version_1_is_the_first_request_of_a_fresh_server(visit: Visit, port: int) -> None:
    with running_app(port=port) as fresh:
        tab = visit(VERSION_1, fresh.url)
        tab.figure()
        assert tab.question() == "How far does a unit see?"
        assert tab.net() == "timm:resnet18@3x96x96"
        assert "435 × 435" in tab.insight()
        assert "/field?" in tab.page.url
        assert tab.page.get_by_role("dialog").count() == 0
        tab.leave()


def test_the_controls_are_reached_on_a_telephone(visit: Visit) -> None:
    tab = visit("?v=2", **PHONE)
    tab.design().wait_for(state="visible")
    tab.page.get_by_test_id("stExpandSidebarButton").first.click()
    tab.page.get_by_role("slider", name="Kernel").first.wait_for(state="visible")


def test_dark_and_light_differ_and_both_can_be_read(visit: Visit) -> None:
    tab = visit(color_scheme="light")
    tab.figure()
    light, ink = brightness(tab, "stApp", "backgroundColor"), brightness(tab, "stHeading", "color")
    tab.page.emulate_media(color_scheme="dark")
    tab.page.reload()
    tab.rest()
    tab.figure()
    dark, chalk = brightness(tab, "stApp", "backgroundColor"), brightness(tab, "stHeading", "color")
    assert light - ink > 150
    assert chalk - dark > 150


def brightness(tab: Tab, place: str, colour: str) -> float:
    """Mean of red, green and blue, from 0 to 255."""
    text = tab.page.get_by_test_id(place).first.evaluate(f"element => getComputedStyle(element).{colour}")
    values = [float(part) for part in text.split("(")[1].rstrip(")").split(",")[:3]]
    return sum(values) / 3


def test_a_rejected_parameter_is_told(visit: Visit) -> None:
    tab = visit("?view=nonsense&foo=1")
    for told in ("view=nonsense was not used", "foo=1 was not used"):
        tab.page.get_by_text(told).wait_for()
