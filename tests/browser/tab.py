"""A tab that sees everything: what it asked of other machines, what its console said, what a visitor can read."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.load.browser import settle

PATIENCE = 120_000  # milliseconds until what is waited for counts as missing: other tests share the machine
expect.set_options(timeout=PATIENCE)
# Plotly's, towers, and what the server draws
FIGURE = ".js-plotly-plot .main-svg, .rf-picture svg, [data-testid=stHtml] :is(svg, img), [data-testid=stMarkdown] img"
# Where a place of the first figure, in its own coordinates, lies on the screen.
_PLACE = """([x, y]) => {
    const plot = document.querySelector(".js-plotly-plot"), box = plot.getBoundingClientRect();
    const {xaxis, yaxis} = plot._fullLayout;
    return [box.x + xaxis._offset + xaxis.l2p(x), box.y + yaxis._offset + yaxis.l2p(y)];
}"""
# Every text that is seen but exponents, with the size of its type on the screen.
_TYPE = """() => {
    const seen = [], walker = document.createTreeWalker(document.querySelector("[data-testid=stMain]"), 4);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
        if (!text || element.closest("style, script, h1, sup, tspan[dy], [data-testid=stIconMaterial]")) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const box = range.getBoundingClientRect();
        if (box.width > 1 && box.height > 1) seen.push([text, parseFloat(getComputedStyle(element).fontSize)]);
    }
    return seen;
}"""
_OWN_PROBES = ("/_stcore/health", "/_stcore/host-config")  # Streamlit looks for its server below a deep link first
_NEVER_READ = (
    *("Traceback", "This app has encountered an error", "StreamlitAPIException", "site-packages"),
    "Page not found",
)


@dataclass
class Tab:
    """One tab on the app at ``home``, closed off from every other machine."""

    page: Page
    home: str = ""
    foreign: list[str] = field(default_factory=list)  # addresses beyond this machine
    complaints: list[str] = field(default_factory=list)  # errors of the console and of scripts

    def open(self, path: str = "") -> "Tab":
        """Goes to a path of the app and waits until it rests."""
        self.page.goto(f"{self.home}/{path}")
        self.page.get_by_test_id("stHeading").first.wait_for()  # at first no script runs
        self.rest()
        return self

    def rest(self, pause: int = 200) -> None:
        """Waits for the end of the script."""
        settle(self.page, pause)

    def figure(self) -> Locator:
        """The page's first figure, drawn."""
        first = self.page.locator(FIGURE).first
        first.wait_for(state="visible")
        return first

    def click(self, role: str, name: str, exact: bool = False) -> None:
        """Clicks a control by its role and name, and waits."""
        self.page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]
        self.rest()

    def go(self, group: str, page: str) -> None:
        """Goes to a page through the navigation, and waits."""
        self.page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
        self.page.get_by_role("menuitem", name=page, exact=True).click()
        expect(self.page).to_have_title(re.compile(f"^{re.escape(page)} · "))
        self.rest(400)

    def click_figure(self, x: float, y: float) -> None:
        """Clicks a place of the first figure, in the figure's own coordinates."""
        self.figure().scroll_into_view_if_needed()
        self.page.mouse.click(*self.page.evaluate(_PLACE, [x, y]))

    def unit(self, name: str) -> Locator:
        """A unit of the tower, named ``row:position``."""
        row, position = name.split(":")
        return self.page.locator(f'.rf-cell[data-row="{row}"][data-unit="{position}"]').first

    def said(self) -> str:
        """What the tower answers."""
        return str(self.page.locator(".rf-said").first.inner_text())

    def design(self) -> Locator:
        """The text field of the design bar."""
        return self.page.get_by_role("textbox", name="Design").first

    def net(self) -> str:
        """The design in the text field."""
        return self.design().input_value()

    def comes_to(self, net: str) -> None:
        """Waits until the text field holds a design: a busy machine answers late."""
        expect(self.design()).to_have_value(net)
        self.rest()

    def question(self) -> str:
        """The page's title."""
        return str(self.page.get_by_role("heading", level=1).first.inner_text())

    def type(self, name: str, text: str) -> None:
        """Types into a text field."""
        box = self.page.get_by_role("textbox", name=name, exact=True).first
        box.fill(text)
        box.press("Enter")
        self.rest()

    def setting(self, name: str) -> str | None:
        """A parameter of the address."""
        return parse_qs(urlsplit(self.page.url).query, keep_blank_values=True).get(name, [None])[0]

    def holds(self, name: str, value: str | None) -> None:
        """Waits until a parameter of the address has a value, or is gone: it follows what is seen."""
        self.page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get(name, [None])[0] == value)

    def type_sizes(self) -> list[tuple[str, float]]:
        """Every text that is seen, with the size of its type in pixels."""
        sizes: list[tuple[str, float]] = self.page.evaluate(_TYPE)
        return sizes

    def insight(self) -> str:
        """The sentence above the figure."""
        return str(self.page.get_by_role("heading", level=2).first.inner_text())

    def leave(self) -> None:
        """Leaves a server that is about to end: a page complains of one that is gone."""
        self.assert_clean()
        self.page.goto("about:blank")

    def park(self, home: str) -> None:
        """Leaves the app for its server ``home`` and forgets what was done: the next test takes this tab."""
        self.page.mouse.move(0, 0)
        self.page.goto(f"{home}/_stcore/health")  # of the app's origin: its scripts stay compiled
        self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.foreign.clear()
        self.complaints.clear()

    def assert_clean(self) -> None:
        """Nothing left the machine, no traceback is shown, and the console is quiet."""
        assert self.foreign == []
        shown = self.page.locator("body").inner_text()
        assert not [text for text in _NEVER_READ if text in shown], shown[:2000]
        assert self.complaints == []


def new_tab(context: BrowserContext) -> Tab:
    """A tab that notes every request; the browser itself reaches no other machine."""
    context.set_default_timeout(PATIENCE)
    tab = Tab(context.new_page())

    def note(address: str) -> None:
        if urlsplit(address).hostname not in ("127.0.0.1", None):  # None: data and blobs
            tab.foreign.append(address)

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not str(message.location.get("url", "")).endswith(_OWN_PROBES):
            tab.complaints.append(f"{message.text} {message.location}")

    tab.page.on("request", lambda request: note(request.url))
    tab.page.on("websocket", lambda socket: note(socket.url))
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.page.on("console", listen)
    return tab
