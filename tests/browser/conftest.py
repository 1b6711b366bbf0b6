"""One server and one browser for the tests of this folder; every tab is checked when its test ends.

The browser is closed before other tests run: Playwright keeps an event loop running in its thread.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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


@dataclass
class Screen:
    """A browser with options of its own, and its tabs that no test has now."""

    context: BrowserContext
    idle: list[Tab] = field(default_factory=list)


@pytest.fixture(scope="package")
def screens(browser: Browser) -> Iterator[Callable[..., Screen]]:
    """Screens by their options, the usual ones without; nothing moves on them unless that is asked for."""
    made: dict[str, Screen] = {}

    def screen(**options: Any) -> Screen:
        options = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
        key = repr(sorted(options.items()))
        made[key] = made.get(key) or Screen(browser.new_context(**options))
        return made[key]

    yield screen
    for of in made.values():
        of.context.close()


@pytest.fixture
def visit(screens: Callable[..., Screen], server: App) -> Iterator[Callable[..., Tab]]:
    """Opens a path of the app in a tab, on another screen if its options are given; every tab must end clean.

    A tab is handed from test to test: a new one compiles Streamlit's scripts again, which takes longer than most tests.
    """
    lent: list[tuple[Screen, Tab]] = []

    def go(path: str = "", home: str = server.url, **options: Any) -> Tab:
        screen = screens(**options)
        tab = screen.idle.pop() if screen.idle else new_tab(screen.context)
        lent.append((screen, tab))
        tab.home = home
        return tab.open(path)

    yield go
    for screen, tab in lent:
        tab.assert_clean()
        tab.park(server.url)
        screen.idle.append(tab)
