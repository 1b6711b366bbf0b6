"""Clicks, keys and history: what is done is in the address, and the address does it again."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tab import Tab

Visit = Callable[..., Tab]


def test_a_click_on_the_map_picks_the_pixel_under_it(visit: Visit) -> None:
    tab = visit("?net=9x9; conv k3 p1 x3&view=map")
    tab.figure()
    tab.click_figure(6, 2)
    tab.holds("pixel", "2,6")
    tab.page.get_by_text("Pixel 2,6").first.wait_for()


def test_depth_is_changed_by_keyboard_alone(visit: Visit) -> None:
    tab = visit("?v=2")
    tab.figure()
    named = "() => document.activeElement.closest('[data-testid=stSlider]')?.innerText ?? ''"
    for _ in range(60):
        tab.page.keyboard.press("Tab")
        if tab.page.evaluate(named).startswith("Depth"):
            break
    else:
        raise AssertionError("the depth slider is not reached by Tab")
    tab.page.keyboard.press("ArrowRight")
    tab.comes_to("15x15; conv k3 p1 x5")


def test_page_keys_leave_the_focus_on_what_is_chosen_by_keys_and_take_what_is_typed(visit: Visit) -> None:
    tab = visit("?v=2&view=map")
    tab.figure()
    chosen = tab.page.get_by_role("radio", name="map", exact=True)
    chosen.focus()
    tab.page.keyboard.press("PageDown")
    tab.comes_to("15x15; conv k3 p1 x5")
    expect(chosen).to_be_focused()
    pixel = tab.page.locator(".st-key-pixel input")
    pixel.fill("2,3")
    tab.page.keyboard.press("PageUp")
    tab.holds("pixel", "2,3")
    expect(pixel).not_to_be_focused()
    tab.comes_to("15x15; conv k3 p1 x4")


def test_another_page_keeps_the_network_and_back_returns_to_it(visit: Visit) -> None:
    tab = visit("field?net=9x9; conv k3 p1 x2")
    tab.figure()
    tab.go("See", "Paths")
    tab.comes_to("9x9; conv k3 p1 x2")
    deepen(tab)
    tab.comes_to("9x9; conv k3 p1 x3")
    tab.go("See", "Receptive field")
    tab.comes_to("9x9; conv k3 p1 x3")
    tab.page.go_back()
    tab.page.wait_for_url(lambda url: "/field" not in url)
    tab.rest(500)
    tab.figure()
    assert tab.net().startswith("9x9; conv k3 p1")


def deepen(tab: Tab) -> None:
    """One layer more."""
    tab.page.locator(".st-key-_more button").click()
    tab.rest()


def test_a_preset_of_the_menu_is_the_design_of_the_next_page(visit: Visit) -> None:
    tab = visit("?v=2")
    tab.figure()
    tab.click("button", "Change")
    tab.page.get_by_role("combobox", name="Preset").first.click()
    tab.page.get_by_role("option", name="U-Net", exact=True).click()
    tab.comes_to("U-Net")
    tab.page.keyboard.press("Escape")
    tab.figure()
    for group, page, question in (
        ("See", "Receptive field", "How far does a unit see?"),
        ("Improve", "Check", "What is wrong with my design?"),
    ):
        tab.go(group, page)
        tab.figure()
        expect(tab.page.get_by_role("heading", level=1).first).to_have_text(question)
        tab.comes_to("U-Net")
        tab.holds("net", "U-Net")


def test_an_impossible_network_is_repaired_by_one_click(visit: Visit) -> None:
    tab = visit()
    tab.type("Design", "9; conv k3 x3; conv k7")
    expect(tab.page.get_by_test_id("stAlert").first).to_contain_text("layer 4 (conv k7)")
    tab.click("button", "Enlarge the input to 13")
    tab.comes_to("13; conv k3 x3; conv k7")
    tab.figure()


def test_reset_brings_the_first_picture_back(visit: Visit) -> None:
    tab = visit("?net=9; conv k3 x2&cell=0:4&axis=height")
    tab.click("button", "Reset everything")
    tab.comes_to("15x15; conv k3 p1 x4")
    tab.figure()
    tab.holds("cell", None)


def test_a_simple_control_changes_the_figure(visit: Visit) -> None:
    tab = visit("?v=2")
    tab.figure()
    before = tab.insight()
    tab.page.get_by_role("radio", name="1-D").first.click()
    tab.comes_to("15; conv k3 p1 x4")
    expect(tab.page.get_by_role("heading", level=2).first).not_to_have_text(before)
