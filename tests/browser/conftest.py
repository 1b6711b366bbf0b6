"""One server and one browser for the tests of this folder; every tab is checked when its test ends.

The browser is closed before other tests run: Playwright keeps an event loop running in its thread.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.tab import Tab, new_tab
from tests.load.browser import opened_browser
from tests.load.server import App, running_app


@pytest.fixture(scope="package")
def server() -> Iterator[App]:
    with running_app() as app:
        yield app


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture(scope="package")
def screens(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Screens by their options, the usual one without; tabs on one screen share the files they have loaded."""
    made: dict[str, BrowserContext] = {}

    def screen(**options: Any) -> BrowserContext:
        key = repr(options)
        made[key] = made.get(key) or browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        return made[key]

    yield screen
    for context in made.values():
        context.close()


@pytest.fixture
def visit(screens: Callable[..., BrowserContext], server: App) -> Iterator[Callable[..., Tab]]:
    """Opens a path of the app in a new tab, on another screen if its options are given; every tab must end clean."""
    tabs: list[Tab] = []

    def go(path: str = "", home: str = server.url, **screen: Any) -> Tab:
        tabs.append(new_tab(screens(**screen), home))
        return tabs[-1].open(path)

    yield go
    for tab in tabs:
        tab.assert_clean()
        tab.page.evaluate("localStorage.clear()")  # screens are shared, an opened sidebar must not be
        tab.page.close()
