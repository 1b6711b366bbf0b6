"""One server and one browser for the tests of this folder; every tab is checked when its test ends.

The browser is closed before other tests run: Playwright keeps an event loop running in its thread.
"""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from tests.browser.tab import Tab, new_tab
from tests.load.browser import opened_browser
from tests.load.server import App, running_app

USUAL: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="package")
def server() -> Iterator[App]:
    with running_app() as app:
        yield app


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture(scope="package")
def screens(browser: Browser) -> Iterator[dict[bool, BrowserContext]]:
    """A screen with a mouse, and one that is touched; tabs on one share the files they have loaded."""
    made = {touch: browser.new_context(has_touch=touch) for touch in (False, True)}
    yield made
    for context in made.values():
        context.close()


@pytest.fixture(scope="package")
def idle() -> dict[bool, list[Tab]]:
    """The tabs of each screen that no test has now.

    A tab is handed from test to test: a new one compiles Streamlit's scripts again, which takes longer than most tests.
    """
    return {False: [], True: []}


@pytest.fixture
def visit(
    screens: dict[bool, BrowserContext], idle: dict[bool, list[Tab]], server: App
) -> Iterator[Callable[..., Tab]]:
    """Opens a path of the app in a tab, where nothing moves unless that is asked for; every tab must end clean."""
    lent: list[tuple[bool, Tab]] = []

    def go(
        path: str = "",
        home: str = server.url,
        viewport: ViewportSize = USUAL,
        has_touch: bool = False,
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "reduce",
    ) -> Tab:
        tab = idle[has_touch].pop() if idle[has_touch] else new_tab(screens[has_touch])
        lent.append((has_touch, tab))
        tab.page.set_viewport_size(viewport)
        tab.page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        tab.home = home
        return tab.open(path)

    yield go
    for touch, tab in lent:
        tab.assert_clean()
        tab.park(server.url)
        idle[touch].append(tab)
