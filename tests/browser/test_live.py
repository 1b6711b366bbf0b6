"""The live model in a browser: progress, stopping, own images, the proof."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.browser.tab import Tab
from tests.load.measures import busy_threads
from tests.load.server import App

Visit = Callable[..., Tab]
QUICK = "effective?net=9x9; conv k3 p1 x2&samples=4&width=2"
# How many maps of a training wait for it, and a watch on how many there are and where they begin.
_WAITING = (
    "() => [...document.querySelectorAll('.js-plotly-plot')].filter(p => /not trained yet/.test(p.textContent)).length"
)
_WATCH = """() => {
    const maps = () => document.querySelectorAll("[class*=st-key-panel_], [class*=st-key-_panel_]");
    window.fewest = 8;
    window.places = new Set();
    setInterval(() => {
        window.fewest = Math.min(window.fewest, maps().length);
        if (maps().length) window.places.add(Math.round(maps()[0].getBoundingClientRect().y + scrollY));
    }, 50);
}"""
SLOW = "64x64; conv k3 p1 x16"


def test_long_work_shows_progress_and_a_partial_picture_and_stops_when_the_visitor_moves_on(
    visit: Visit, server: App
) -> None:
    tab = visit(QUICK)
    tab.figure()
    tab.page.goto(f"{tab.home}/effective?net={SLOW}&samples=1024")
    bar = tab.page.get_by_test_id("stProgress")
    bar.wait_for(state="visible")
    tab.page.get_by_text("of 1024 samples").wait_for()
    tab.page.locator(".js-plotly-plot .main-svg").first.wait_for(state="visible")
    assert bar.is_visible()
    samples = tab.page.locator(".st-key-samples input").first
    samples.fill("4")
    samples.press("Enter")
    tab.page.get_by_text("4 samples;").first.wait_for()
    bar.wait_for(state="detached")
    tab.open("field")
    assert comes_to_rest(server.pid)


def test_a_training_is_watched_and_stopped_and_shows_how_far_it_came(visit: Visit, server: App) -> None:
    tab = visit("training?net=16x16; conv k3 x4&steps=1200")
    tab.figure()
    tab.page.evaluate(_WATCH)
    tab.page.get_by_role("button", name="Train", exact=True).click()
    tab.page.get_by_text("of 1200").wait_for()
    tab.page.wait_for_function(f"() => ({_WAITING})() < 4")  # the live maps of the first network
    assert tab.page.evaluate("() => window.fewest") == 8
    assert tab.page.evaluate("() => window.places.size") == 1
    tab.page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    tab.page.get_by_text("Stopped in seed 1 of 3").wait_for()
    tab.rest()
    assert "trained" not in tab.page.url
    assert comes_to_rest(server.pid)


def test_a_click_on_one_map_marks_the_pixel_in_all(visit: Visit) -> None:
    tab = visit("remedies?net=9x9; conv k3 p1&remedies=border-circular,border-reflect")
    tab.click_figure(2, 3)
    tab.page.get_by_text("at 3,2").nth(2).wait_for()
    assert tab.page.locator(".st-key-pixel input").input_value() == "3,2"


def test_the_proof_succeeds(visit: Visit) -> None:
    tab = visit(QUICK)
    tab.click("button", "Prove it")
    tab.page.get_by_test_id("stAlert").filter(has_text="Proved").wait_for()


def test_an_image_of_the_visitor_is_measured_on_and_a_bogus_one_refused(visit: Visit) -> None:
    tab = visit(QUICK)
    tab.page.get_by_text("Live model", exact=True).click()
    tab.rest()
    upload(tab, "mine.png", picture())
    tab.page.get_by_text("input your image").first.wait_for()
    upload(tab, "bogus.png", b"this is no image")
    tab.page.get_by_text("cannot be read as a PNG or JPEG image").first.wait_for()


def comes_to_rest(pid: int) -> bool:
    """Whether abandoned work ends: within seconds, in which the server may be loading what it will need."""
    return any(busy_threads(pid) == 0 for _ in range(15))


def picture() -> bytes:
    """A small PNG."""
    file = io.BytesIO()
    Image.fromarray(np.arange(12 * 10 * 3, dtype=np.uint8).reshape(12, 10, 3)).save(file, "PNG")
    return file.getvalue()


def upload(tab: Tab, name: str, data: bytes) -> None:
    """Gives the page a file."""
    tab.page.locator("input[type=file]").first.set_input_files(
        [{"name": name, "mimeType": "image/png", "buffer": data}]
    )
    tab.rest(500)
