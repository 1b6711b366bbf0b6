"""axe-core, the rules of WCAG 2.2 AA, finds nothing on any page in light or dark."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.tab import Tab

Visit = Callable[..., Tab]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    "",
    "?view=map&pixel=2,3",
    "field",
    "effective?net=9x9;conv k3 p1 x3&samples=4&width=2",
    "check?finding=border",
    "remedies",
    "compare?view=map",
    "lesson",
    "lesson?lesson=pascal&step=2",
    "make_lesson",
    "class",
    "training",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_a_visitor_out(visit: Visit, scheme: str) -> None:
    found = {}
    for path in PAGES:
        tab = visit(path, color_scheme=scheme)
        tab.rest(400)
        results = Axe().run(tab.page, options=RULES)
        if results.violations_count:
            found[path] = results.generate_report()
    assert not found, "\n".join(f"{path}: {report}" for path, report in found.items())


def test_every_page_has_a_title_of_its_own_and_headings_that_nest(visit: Visit) -> None:
    titles = set()
    for path in PAGES:
        tab = visit(path)
        levels = [
            int(heading.evaluate("element => element.tagName")[1])
            for heading in tab.page.locator(
                "main :is(h1, h2, h3, h4, h5, h6), [data-testid=stMain] :is(h1, h2, h3, h4, h5, h6)"
            ).all()
        ]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), (path, levels)
        titles.add(tab.page.title())
    assert len(titles) == len({path.partition("?")[0] for path in PAGES})
