"""The app without a browser: a page opened with the parameters of a link, and what must hold of every page."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PAGES = ("paths", "field", "effective", "check", "remedies", "compare", "tiles", "streams")  # for every design
FIGURES = {  # at least so many on a page that is well
    "paths": 1,
    "field": 1,
    "effective": 2,
    "check": 1,
    "remedies": 1,
    "compare": 1,
    "tiles": 1,
    "streams": 1,
    "training": 1,
    "search": 1,
}
QUICK = {"samples": "3", "width": "2"}  # a live model that is measured at once


def opened(page: str = "paths", **parameters: str) -> AppTest:
    """A page opened by a link, first of all in its session."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in parameters.items():
        app.query_params[name] = value
    if page != "paths":
        app.switch_page(f"pages/{page}.py")
    return app.run()


def assert_well(app: AppTest, page: str = "paths") -> None:
    """A finished page: its figures, one sentence of insight, nothing amiss."""
    assert not app.exception
    assert boxes(app) == []
    assert figures(app) >= FIGURES[page]
    assert insight(app)


def figures(app: AppTest) -> int:
    """How many figures a page shows, drawings among them."""
    drawings = [part for part in (*app.get("html"), *app.markdown) if "<img" in part.proto.body]
    towers = [part for part in app.get("bidi_component") if part.proto.component_name == "tower"]
    return len(app.get("plotly_chart")) + len(towers) + len(drawings)


def assert_explained(app: AppTest, *words: str) -> None:
    """A page that says in words what does not work."""
    assert not app.exception
    (error,) = (box.value for box in app.error)
    assert all(word in error for word in words), error


def boxes(app: AppTest) -> list[str]:
    """The texts of error and warning boxes."""
    return [box.value for box in (*app.error, *app.warning)]


def insight(app: AppTest) -> str:
    """The sentence above the figure."""
    return str(app.header[0].value)


def net(app: AppTest) -> str:
    """The design that the page shows."""
    return str(app.text_input(key="net").value)


def repairs(app: AppTest) -> list[str]:
    """The labels of the ways out that a refusal offers."""
    return [button.label for button in app.button if button.icon == ":material/build:"]


def press(app: AppTest, label: str) -> AppTest:
    """Clicks the first button whose label begins with ``label``."""
    return next(button for button in app.button if button.label.startswith(label)).click().run()
