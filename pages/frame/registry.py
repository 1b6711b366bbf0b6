"""Every page there is: each folder of ``pages`` that declares one."""

import pkgutil
from importlib import import_module
from pathlib import Path

from pages.frame.page import Page

FOLDER = Path(__file__).parents[1]


def _declared() -> dict[str, Page]:
    folders = (entry.name for entry in pkgutil.iter_modules([str(FOLDER)]) if entry.ispkg)
    pages = (getattr(import_module(f"pages.{name}"), "PAGE", None) for name in folders)
    return {page.key: page for page in sorted(filter(None, pages), key=lambda page: page.order)}


PAGES: dict[str, Page] = _declared()
HOME = next(iter(PAGES))


def script(page: Page) -> Path:
    """The file that Streamlit runs."""
    return FOLDER / f"{page.key}.py"
