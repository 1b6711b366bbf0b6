"""axe-core, the rules of WCAG 2.2 AA, finds nothing on any page in light or dark; headings lead, and type is large."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pages.frame.registry import HOME
from pages.frame.registry import PAGES as REGISTERED
from tests.browser.tab import Tab

Visit = Callable[..., Tab]
DARK = "rgb(20, 22, 26)"  # of the theme in .streamlit/config.toml
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    "",
    "?v=2",
    "question",
    "?view=map&pixel=2,3",
    "field",
    "effective?net=9x9;conv k3 p1 x3&samples=4&width=2",
    "check?finding=border",
    "remedies",
    "compare?view=map",
    "search?space=12; conv k{3,5} p{0,1}",
    "tiles?net=16x16;conv k3 p1 x2&overlap=1",
    "streams?net=64; conv k3 s2 p1; tconv k4 s2 p1",
    "lesson",
    "lesson?lesson=pascal&step=2",
    "make_lesson",
    "class",
    "training?net=9x9;conv k3 p1 x2&width=2",
)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_keeps_a_visitor_out(visit: Visit, path: str) -> None:
    """In the dark the page is the same in other colours: there the rules on contrast alone are asked."""
    tab = visit(path)
    tab.rest(400)
    in_light = Axe().run(tab.page, options=RULES)
    assert_titled(tab, path.partition("?")[0])
    assert not [(text, size) for text, size in tab.type_sizes() if size < 14]
    tab.page.emulate_media(color_scheme="dark")
    expect(tab.page.get_by_test_id("stApp")).to_have_css("background-color", DARK)
    tab.rest(400)
    in_dark = Axe().run(tab.page, options={"runOnly": ["color-contrast"]})
    for results in (in_light, in_dark):
        assert not results.violations_count, results.generate_report()


def assert_titled(tab: Tab, key: str) -> None:
    """The page has the title that the navigation gives it, and headings that nest."""
    assert tab.page.title().startswith(f"{REGISTERED[key or HOME].name} · ")
    names = tab.page.locator("[data-testid=stMain] :is(h1, h2, h3, h4, h5, h6)").evaluate_all(
        "headings => headings.map(heading => heading.tagName)"
    )
    levels = [int(name[1]) for name in names]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
