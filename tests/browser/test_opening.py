"""Every page opens on this machine alone, in every light, on every screen, and by every link."""

from collections.abc import Callable

import pytest

from tests.browser.tab import Tab
from tests.load.server import running_app

Visit = Callable[..., Tab]
PAGES = {
    "paths": "?net=9x9;conv k3 p1 x3",
    "map": "?net=9x9;conv k3 p1 x3&view=map&pixel=2,3",
    "profile": "?view=profile",
    "field": "field?net=9x9;conv k3 p1 x3",
    "drawing": "field?drawing=input",
    "erf": "erf?net=9x9;conv k3 p1 x3&samples=4&width=2",
    "design": "design?net=64x64;conv k3 s2 p1 x2&finding=parity",
    "model": "model?source=paste&aspect=fields",
    "remedies": "remedies?net=15x15;conv k3 s2 p1 x2&helps=kernel-padding,even-input&pixel=3,3",
    "training": "training?net=9x9;conv k3 x2&steps=5&seeds=2&width=2&trained=true",
    "effective": "model?source=paste&aspect=effective&samples=3",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_asks_no_other_machine_and_names_every_figure_and_gives_it_a_table(visit: Visit, path: str) -> None:
    tab = visit(path)
    tab.figure()
    for chart in tab.page.get_by_test_id("stPlotlyChart").all():
        assert chart.get_attribute("role") in ("figure", "img")
        name = chart.get_attribute("aria-label") or ""
        assert len(name) > 10
        assert "**" not in name
    fold = tab.page.locator("[data-testid=stMain] [data-testid=stExpander] summary").last
    fold.click()
    tab.rest()
    tab.page.get_by_test_id("stDataFrame").first.wait_for()
    assert tab.foreign == []


@pytest.mark.parametrize("page", ["field", "erf", "remedies"])
def test_a_link_is_the_first_request_of_a_fresh_server(visit: Visit, page: str) -> None:
    with running_app() as fresh:
        tab = visit(f"{page}?net=21; conv k5 p2 x2&samples=4&width=2", fresh.url)
        tab.figure()
        assert tab.net() == "21; conv k5 p2 x2"
        assert tab.page.get_by_role("link", name="How far?").count() >= 1


@pytest.mark.parametrize("path", [path for name, path in PAGES.items() if name not in ("profile", "drawing")])
def test_a_page_fits_a_telephone(visit: Visit, path: str) -> None:
    tab = visit(path, viewport={"width": 390, "height": 844}, has_touch=True)
    box = tab.figure().bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    overflow = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert tab.page.evaluate(overflow) <= 0
    main = "() => {const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth}"
    assert tab.page.evaluate(main) <= 0


def test_the_controls_are_reached_on_a_telephone(visit: Visit) -> None:
    tab = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    tab.page.get_by_test_id("stExpandSidebarButton").first.click()
    tab.page.get_by_role("textbox", name="Network").first.wait_for(state="visible")


def test_dark_and_light_differ_and_both_can_be_read(visit: Visit) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        tab = visit(color_scheme=scheme)
        tab.figure()
        seen[scheme] = [brightness(tab, "stApp", "backgroundColor"), brightness(tab, "stHeading", "color")]
    (light, ink), (dark, chalk) = seen["light"], seen["dark"]
    assert light - ink > 150
    assert chalk - dark > 150


def brightness(tab: Tab, place: str, colour: str) -> float:
    """Mean of red, green and blue, from 0 to 255."""
    text = tab.page.get_by_test_id(place).first.evaluate(f"element => getComputedStyle(element).{colour}")
    values = [float(part) for part in text.split("(")[1].rstrip(")").split(",")[:3]]
    return sum(values) / 3


def test_a_rejected_parameter_is_told(visit: Visit) -> None:
    tab = visit("?view=nonsense&foo=1")
    shown = tab.page.locator("body").inner_text()
    assert "view=nonsense was not used" in shown
    assert "foo=1 was not used" in shown
