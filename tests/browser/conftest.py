"""One server and one browser for all tests here; every tab is checked when its test ends."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.tab import Tab, new_tab
from tests.load.browser import opened_browser
from tests.load.server import App, running_app


@pytest.fixture(scope="session")
def server() -> Iterator[App]:
    with running_app() as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with opened_browser() as found:
        yield found


@pytest.fixture(scope="session")
def desk(browser: Browser) -> Iterator[BrowserContext]:
    """The usual screen; its tabs share the files they have loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def visit(browser: Browser, desk: BrowserContext, server: App) -> Iterator[Callable[..., Tab]]:
    """Opens a path of the app in a new tab, on another screen if its options are given; every tab must end clean."""
    tabs: list[Tab] = []

    def go(path: str = "", home: str = server.url, **screen: Any) -> Tab:
        tabs.append(new_tab(browser.new_context(**screen) if screen else desk, home))
        return tabs[-1].open(path)

    yield go
    for tab in tabs:
        tab.assert_clean()
        tab.page.close()
