"""A browser on this machine, without network of its own: whichever is installed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_DEBIAN = Path("/usr/bin/chromium")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other machine can be reached
)
_SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
MISSING = (
    "the browser tests need Chromium: install one with 'apt-get install chromium' (Debian), "
    "or with 'python -m playwright install chromium'"
)


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """An installed Chromium or Chrome, else Playwright's own; an error that says what to install if there is none."""
    with sync_playwright() as playwright:
        found = next((path for name in _NAMES if (path := shutil.which(name))), None)
        own = playwright.chromium.executable_path
        if found is None:
            found = next((path for path in (own, str(_DEBIAN)) if Path(path).exists()), None)
        if found is None:
            raise FileNotFoundError(MISSING)
        browser = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def settle(page: Page, pause: int = 150) -> None:
    """Waits until the script has run and nothing new began within ``pause`` milliseconds."""
    for _ in range(50):
        page.wait_for_selector(_SETTLED, timeout=120_000)
        page.wait_for_timeout(pause)
        if page.locator(_SETTLED).count():
            return
    raise AssertionError(f"{page.url} never came to rest")
