"""The tower answers at once: steps, keys, what is pointed at, what is picked; with the numbers of the library."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.exact import tower_from, tower_to
from core.formatting import short_count
from core.network import graph_of, parse
from tests.browser.tab import Tab

Visit = Callable[..., Tab]
START = "15x15; conv k3 p1"
DRAWN = ".rf-picture svg"
# From a key to the finished picture, in milliseconds: the picture is made before the key's event ends.
_PRESS = """key => {
    const seen = () => document.querySelector(".rf-picture svg").dataset.step;
    const before = seen(), begun = performance.now();
    window.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    document.querySelector(".rf-picture svg").getBoundingClientRect();
    return [performance.now() - begun, seen() !== before];
}"""


def numbers(tab: Tab) -> list[list[str]]:
    """What every cell says, row by row from the input up."""
    text = "cells => cells.map(cell => [cell.dataset.row, cell.querySelector('text')?.textContent ?? ''])"
    rows: dict[str, list[str]] = {}
    for row, number in tab.page.locator(f"{DRAWN} .rf-cell").evaluate_all(text):
        rows.setdefault(row, []).append(number)
    return list(rows.values())


def shown(tab: Tab) -> str | None:
    """The design that is drawn, be it that of the page or not yet."""
    return tab.page.locator(DRAWN).first.get_attribute("data-step")


@pytest.mark.parametrize(
    "net",
    [
        "9; conv k3 x3",
        "12; conv k3 same reflect x3; maxpool k2",
        "8; blur k3 s1; conv k4 s2 p1:2 circular",
        "16; conv k3 p1; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2); conv k3 p1",
        "6; random r2 seed1; global; upsample s2 bilinear",
        "11; conv k5 p2 x20",
    ],
)
def test_the_numbers_are_those_of_the_library(visit: Visit, net: str) -> None:
    tab = visit(f"?net={net}", viewport={"width": 1920, "height": 1080})
    tab.figure()
    graph = graph_of(parse(net))
    expected = [[short_count(count) for count in counts.array().tolist()] for counts in tower_to(graph)]
    assert [[compact(text) for text in row] for row in numbers(tab)] == [[compact(t) for t in row] for row in expected]
    row, unit = 1, graph.nodes[1].size[0] // 2
    tab.unit(f"{row}:{unit}").click()
    below, above = tower_to(graph, (unit,), node=row), tower_from(graph, (unit,), node=row)
    between = [(below if index <= row else above)[index].array().tolist() for index in range(len(graph.nodes))]
    found = numbers(tab)
    for expected_row, found_row in zip(between, found, strict=True):
        pairs = zip(expected_row, found_row, strict=True)
        assert all(compact(text) == compact(short_count(count)) for count, text in pairs if text)
        assert all(text or not count for count, text in zip(expected_row, found_row, strict=True) if row == 0)


def compact(text: str) -> str:
    """A number as a narrow cell writes it: two digits from ten thousand on."""
    value = float(text.replace(",", ""))
    return text if value < 10_000 else f"{value:.1e}".replace("e+0", "e").replace("e+", "e")


def test_ten_quick_presses_are_ten_steps_and_the_page_follows(visit: Visit) -> None:
    tab = visit(reduced_motion="no-preference")  # a step begins before the last has come to rest
    tab.figure()
    for depth in range(5, 15):
        tab.page.keyboard.press("PageDown")
        assert shown(tab) == f"{START} x{depth}"
    tab.comes_to(f"{START} x14")
    tab.holds("net", f"{START} x14")
    for _ in range(10):
        tab.page.keyboard.press("PageUp")
    assert shown(tab) == f"{START} x4"
    tab.comes_to(f"{START} x4")
    expect(tab.page.get_by_role("heading", level=2).first).to_contain_text("6,561")


def test_a_step_that_is_not_held_is_asked_for(visit: Visit) -> None:
    tab = visit("?net=9x9; conv k3 p1 x2%2Bborder-circular")
    tab.figure()
    for _ in range(5):
        tab.page.keyboard.press("PageDown")
    tab.comes_to("9x9; conv k3 p1 x7+border-circular")
    assert shown(tab) == tab.net()


def test_a_pick_stays_where_a_step_still_has_it(visit: Visit) -> None:
    tab = visit("?net=9; conv k3 p1 x3&cell=1:4,3:2")
    tab.figure()
    tab.page.keyboard.press("PageUp")
    tab.comes_to("9; conv k3 p1 x2")
    tab.holds("cell", "1:4")
    assert "layer 1, unit 4" in tab.said()


def test_a_step_is_drawn_within_fifty_milliseconds(visit: Visit) -> None:
    tab = visit()
    tab.figure()
    waits = []
    for key in ("PageDown", "PageDown", "PageUp", "PageDown", "PageUp"):
        wait, changed = tab.page.evaluate(_PRESS, key)
        assert changed
        waits.append(wait)
    assert min(waits) < 50
    tab.rest(500)


def test_a_model_is_stepped_through_without_the_server_and_the_page_follows(visit: Visit) -> None:
    """Its shallow stages are drawn unit by unit, its deep ones as strips."""
    tab = visit("?net=timm:resnet18")
    tab.figure()
    waits = []
    for stage, drawn in (("layer4", "image"), ("layer3", "image"), ("layer2", "image"), ("layer1", ".rf-cell")):
        wait, changed = tab.page.evaluate(_PRESS, "PageUp")
        waits.append(wait)
        assert changed
        assert shown(tab) == f"timm:resnet18#{stage}"
        assert tab.page.locator(f"{DRAWN} {drawn}").count() > 10
    assert min(waits) < 50
    tab.comes_to("timm:resnet18#layer1")
    assert shown(tab) == tab.net()


def test_the_buttons_of_the_page_step_at_once(visit: Visit) -> None:
    tab = visit()
    tab.figure()
    for _ in range(3):
        tab.page.locator(".st-key-_more button").click()
    assert shown(tab) == f"{START} x7"
    tab.comes_to(f"{START} x7")


def test_a_tower_that_has_gone_leaves_keys_and_buttons_to_the_page(visit: Visit) -> None:
    tab = visit()
    tab.figure()
    tab.page.get_by_role("radio", name="map").click()
    tab.page.locator(".js-plotly-plot").first.wait_for()
    tab.page.locator(".st-key-_more button").click()
    tab.comes_to(f"{START} x5")
    tab.page.keyboard.press("PageDown")
    tab.comes_to(f"{START} x6")
    tab.page.get_by_role("radio", name="tower").click()
    tab.page.locator(DRAWN).wait_for()
    assert shown(tab) == f"{START} x6"


def test_playing_walks_up_to_the_present_depth(visit: Visit) -> None:
    tab = visit("?net=9; conv k3 x3")
    tab.figure()
    tab.page.get_by_role("button", name="Play").click()
    for depth in ("", " x2", " x3"):
        expect(tab.page.locator(DRAWN)).to_have_attribute("data-step", f"9; conv k3{depth}")
    tab.comes_to("9; conv k3 x3")


def test_page_keys_step_wherever_the_focus_is(visit: Visit) -> None:
    tab = visit("?v=2")
    tab.figure()
    for depth, (role, name) in enumerate((("slider", "Depth"), ("textbox", "Design"), ("button", "Share")), start=5):
        tab.page.get_by_role(role, name=name).first.focus()  # type: ignore[arg-type]
        tab.page.keyboard.press("PageDown")
        assert shown(tab) == f"{START} x{depth}"
        tab.comes_to(f"{START} x{depth}")


def test_arrows_walk_enter_picks_and_escape_lets_go(visit: Visit) -> None:
    tab = visit("?net=9; conv k5 p2 x2")
    tab.figure()
    tab.page.keyboard.press("ArrowRight")
    expect(tab.unit("0:4")).to_be_focused()
    for key, name in (("ArrowUp", "1:4"), ("ArrowLeft", "1:3"), ("ArrowDown", "0:3"), ("ArrowRight", "0:4")):
        tab.page.keyboard.press(key)
        expect(tab.unit(name)).to_be_focused()
    assert tab.said() == "pixel 4: 5 + 5 + 5 + 5 + 5 = 25 paths to the outputs"
    assert tab.unit("0:4").get_attribute("aria-label") == "input, unit 4: 25 paths"
    outline = "cell => getComputedStyle(cell.querySelector('.rf-focus')).stroke"
    assert tab.unit("0:4").evaluate(outline) != "none"
    tab.page.keyboard.press("Enter")
    assert tab.unit("0:4").get_attribute("aria-selected") == "true"
    tab.page.wait_for_url("**cell=0%3A4*")
    tab.rest()
    tab.page.keyboard.press("Escape")
    assert tab.page.locator('.rf-cell[aria-selected="true"]').count() == 0
    tab.page.wait_for_url(lambda url: "cell=" not in url)


def test_letters_and_arrows_are_left_to_a_text_box(visit: Visit) -> None:
    tab = visit()
    tab.figure()
    tab.design().focus()
    tab.page.keyboard.press("End")
    tab.page.keyboard.press("ArrowLeft")
    expect(tab.design()).to_be_focused()
    assert shown(tab) == f"{START} x4"


def test_pointing_tells_the_sum_that_makes_the_number_and_lights_its_paths(visit: Visit) -> None:
    tab = visit("?net=15; conv k5 p2 x2")
    tab.figure()
    tab.unit("0:7").hover()
    expect(tab.page.locator(".rf-said")).to_have_text("pixel 7: 5 + 5 + 5 + 5 + 5 = 25 paths to the outputs")
    lit = "cells => cells.map(cell => `${cell.dataset.row}:${cell.dataset.unit}`)"
    names = tab.page.locator(f"{DRAWN} .rf-lit").evaluate_all(lit)
    assert names == ["0:7", *(f"1:{unit}" for unit in range(5, 10)), *(f"2:{unit}" for unit in range(3, 12))]
    assert tab.page.locator(".rf-glow path").count() > 0


def test_a_second_pick_stands_beside_the_first_with_the_ratio(visit: Visit) -> None:
    tab = visit()
    tab.figure()
    tab.unit("0:0").click()
    tab.unit("0:7").click()
    expect(tab.page.locator(".rf-said")).to_contain_text("end 35, centre 81: 2.3 times")
    rims = tab.page.locator(f"{DRAWN} .rf-rim").evaluate_all("rims => rims.map(rim => rim.getAttribute('stroke'))")
    assert len(set(rims)) == 2
    tab.page.wait_for_url("**cell=0%3A0%2C0%3A7*")
    again = visit("?cell=0:0,0:7")
    again.figure()
    assert "2.3 times" in again.said()
    tab.click("button", "Clear")
    tab.holds("cell", None)


def test_padding_is_drawn_and_mirrored_taps_are_bent(visit: Visit) -> None:
    tab = visit("?net=9; conv k3 p1")
    tab.figure()
    assert tab.page.locator(".rf-ghost text").all_text_contents() == ["0", "0"]
    assert "C" not in "".join(paths(tab))
    tab = visit("?net=9; conv k3 same reflect")
    tab.figure()
    assert tab.page.locator(".rf-ghost").count() == 2
    assert "".join(paths(tab)).count("C") == 2


def paths(tab: Tab) -> list[str]:
    """The shapes of all lines."""
    shapes: list[str] = tab.page.locator(f"{DRAWN} .rf-lines path").evaluate_all(
        "all => all.map(p => p.getAttribute('d'))"
    )
    return shapes


def test_colours_of_a_row_are_told_apart_when_they_run_over_each(visit: Visit) -> None:
    seen = {}
    for colour in ("all rows", "each row"):
        tab = visit(f"?net=15; conv k3 p1 x10&colour={colour}")
        tab.figure()
        fill = "cell => cell.querySelector('rect').getAttribute('fill')"
        seen[colour] = [tab.unit(name).evaluate(fill) for name in ("3:0", "3:7")]
    assert seen["each row"] == ["rgb(0,34,78)", "rgb(254,232,56)"]
    assert seen["all rows"] != seen["each row"]


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080)])
@pytest.mark.parametrize("depth", [1, 12])
def test_the_tower_fits_the_window(visit: Visit, width: int, height: int, depth: int) -> None:
    tab = visit(f"?net=15x15; conv k3 p1 x{depth}", viewport={"width": width, "height": height})
    box = tab.figure().bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= height
    assert tab.unit("0:7").locator("text").evaluate("text => parseFloat(getComputedStyle(text).fontSize)") >= 11


def test_the_tower_fits_the_window_also_when_what_stands_above_it_grows(visit: Visit) -> None:
    tab = visit("?net=15x15; conv k3 p1 x12", viewport={"width": 1440, "height": 900})
    before = tab.figure().bounding_box()
    tab.page.get_by_role("heading", level=1).first.evaluate("title => title.style.paddingBottom = '90px'")
    tab.page.wait_for_timeout(500)
    after = tab.figure().bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] > before["y"] + 80
    assert after["y"] + after["height"] <= 900


def test_one_tap_on_a_telephone_picks_what_was_tapped(visit: Visit) -> None:
    tab = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    tab.figure()
    for name in ("0:3", "2:9"):
        tab.unit(name).scroll_into_view_if_needed()
        tab.unit(name).tap()
        assert tab.unit(name).get_attribute("aria-selected") == "true"
    tab.page.wait_for_url(re.compile(r"cell=0%3A3%2C2%3A9"))  # it follows when picking rests


def test_nothing_moves_where_motion_is_unwanted(visit: Visit) -> None:
    moving = "() => document.querySelector('.rf-picture').getAnimations({subtree: true}).length"
    for motion, moves in (("no-preference", True), ("reduce", False)):
        tab = visit(reduced_motion=motion)
        tab.figure()
        tab.page.keyboard.press("PageDown")
        assert (tab.page.evaluate(moving) > 0) == moves
        tab.comes_to(f"{START} x5")


@pytest.mark.parametrize(("kind", "begins"), [("SVG", b"<svg"), ("PNG", b"\x89PNG")])
def test_the_picture_is_saved(visit: Visit, tmp_path: Path, kind: str, begins: bytes) -> None:
    tab = visit("?net=9; conv k3 x3")
    tab.figure()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name=f"Save the picture as {kind}").click()
    assert download.value.suggested_filename == f"tower.{kind.lower()}"
    target = tmp_path / "picture"
    download.value.save_as(target)
    assert target.read_bytes().startswith(begins)


def test_an_embedded_page_has_the_tower(visit: Visit) -> None:
    tab = visit("?embed=true&net=9; conv k3 x3")
    tab.figure()
    tab.page.keyboard.press("PageUp")
    assert shown(tab) == "9; conv k3 x2"
    tab.holds("net", "9; conv k3 x2")
    tab.rest()
