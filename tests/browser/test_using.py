"""Clicks, keys and history: what is done is in the address, and the address does it again."""

from collections.abc import Callable

from tests.browser.tab import Tab

Visit = Callable[..., Tab]


def test_a_click_on_the_map_picks_the_pixel_under_it(visit: Visit) -> None:
    tab = visit("?net=9x9; conv k3 p1 x3&view=map")
    tab.figure()
    tab.click_figure(6, 2)
    tab.page.wait_for_url("**pixel=*")
    tab.rest()
    assert tab.setting("pixel") == "2,6"
    assert "Pixel 2,6" in tab.page.locator("body").inner_text()


def test_depth_is_changed_by_keyboard_alone(visit: Visit) -> None:
    tab = visit()
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
    tab = visit()
    tab.figure()
    tab.click("button", "Change")
    tab.page.get_by_role("combobox", name="Preset").first.click()
    tab.page.get_by_role("option", name="U-Net").click()
    tab.comes_to("U-Net")
    tab.page.keyboard.press("Escape")
    tab.figure()
    for group, page, question in (
        ("See", "Receptive field", "How far does a unit see?"),
        ("Improve", "Check", "What is wrong with my design?"),
    ):
        tab.go(group, page)
        tab.figure()
        assert tab.question() == question
        assert (tab.net(), tab.setting("net")) == ("U-Net", "U-Net")


def test_an_impossible_network_is_repaired_by_one_click(visit: Visit) -> None:
    tab = visit()
    tab.type("Design", "9; conv k3 x3; conv k7")
    assert "layer 4 (conv k7)" in tab.page.locator("[data-testid=stAlert]").first.inner_text()
    tab.click("button", "Enlarge the input to 13")
    tab.figure()
    assert tab.net() == "13; conv k3 x3; conv k7"


def test_reset_brings_the_first_picture_back(visit: Visit) -> None:
    tab = visit("?net=9; conv k3 x2&cell=0:4&axis=height")
    tab.click("button", "Reset everything")
    tab.comes_to("15x15; conv k3 p1 x4")
    tab.figure()
    assert tab.setting("cell") is None


def test_a_simple_control_changes_the_figure(visit: Visit) -> None:
    tab = visit()
    tab.figure()
    before = tab.insight()
    tab.page.get_by_role("radio", name="1-D").first.click()
    tab.rest(400)
    assert tab.net() == "15; conv k3 p1 x4"
    assert tab.insight() != before
