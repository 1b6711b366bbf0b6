"""The map answers: a second pick beside the first, by mouse, by touch and by keyboard; numbers of one size, or none."""

from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.tab import Tab

Visit = Callable[..., Tab]
PLACE = """([x, y]) => {
    const plot = document.querySelector(".js-plotly-plot"), box = plot.getBoundingClientRect();
    const {xaxis, yaxis} = plot._fullLayout;
    return [box.x + xaxis._offset + xaxis.l2p(x), box.y + yaxis._offset + yaxis.l2p(y)];
}"""
# What the numbers of the first figure have on the screen: their size in pixels, and how many are there at all.
NUMBERS = """() => {
    const texts = [...document.querySelector(".js-plotly-plot").querySelectorAll(".barlayer text")];
    const seen = texts.filter(text => text.getBoundingClientRect().width > 0);
    const sizes = seen.map(text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a);
    return sizes.map(size => Math.round(10 * size) / 10);
}"""


def picked(tab: Tab, pixels: str) -> None:
    """Waits until the address holds the picked pixels."""
    tab.page.wait_for_url(f"**pixel={quote(pixels, safe='')}*", timeout=30_000)
    tab.rest()


def test_a_second_click_stands_beside_the_first_and_a_third_takes_its_place(visit: Visit) -> None:
    tab = visit("?net=9x9; conv k3 p1 x3&view=map")
    tab.figure()
    for x, y, pixels in ((0, 0, "0,0"), (4, 4, "0,0;4,4"), (4, 0, "0,0;0,4"), (0, 0, "0,4")):
        tab.click_figure(x, y)
        picked(tab, pixels)
    tab.type("Pixel", "0,0; 4,4")
    expect(tab.page.get_by_text("Corner 169, centre 729: 4.3 times.")).to_be_visible()
    again = visit("?net=9x9; conv k3 p1 x3&view=map&pixel=0,0;4,4")
    again.figure()
    expect(again.page.get_by_text("Corner 169, centre 729: 4.3 times.")).to_be_visible()
    again.click("button", "Clear")
    assert again.setting("pixel") is None


def test_one_tap_on_a_telephone_picks_the_pixel_that_was_tapped(visit: Visit) -> None:
    tab = visit("?net=9x9; conv k3 p1 x3&view=map", viewport={"width": 390, "height": 844}, has_touch=True)
    tab.figure()
    for place, pixels in (((6, 2), "2,6"), ((1, 7), "2,6;7,1")):
        tab.figure().scroll_into_view_if_needed()
        tab.page.touchscreen.tap(*tab.page.evaluate(PLACE, list(place)))
        picked(tab, pixels)


def test_numbers_have_one_readable_size_or_are_not_there(visit: Visit) -> None:
    for width, height, net, count in (
        (1440, 900, "9x9; conv k3 p1 x3", 99),
        (1440, 900, "15x15; conv k3 p1 x4", 255),
        (1440, 900, "15x15; conv k3 p1 x30", 0),
        (390, 844, "15x15; conv k3 p1 x4", 0),
    ):
        tab = visit(f"?net={net}&view=map", viewport={"width": width, "height": height})
        tab.figure()
        sizes = tab.page.evaluate(NUMBERS)
        assert (len(sizes), len(set(sizes)) <= 1, min(sizes, default=14) >= 14) == (count, True, True)
