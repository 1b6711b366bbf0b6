"""The first ten seconds: a stranger sees a name, a sentence, the answer with its numbers in the picture, and doors."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.tab import Tab

Visit = Callable[..., Tab]
NAME = "Receptive-field imbalance explorer"
SCREENS = {
    "laptop": {"viewport": {"width": 1440, "height": 900}},
    "projector": {"viewport": {"width": 1920, "height": 1080}},
    "telephone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
DOORS = ("Teach it", "Check my network", "Answer the question")


@pytest.mark.parametrize("screen", SCREENS)
def test_the_numbers_of_the_headline_stand_in_the_picture(visit: Visit, screen: str) -> None:
    tab = visit(**SCREENS[screen])
    tab.figure()
    assert tab.question() == NAME
    assert "81 × 81 = 6,561" in tab.insight()
    assert "35 × 35 = 1,225" in tab.insight()
    called = tab.page.locator(".rf-call")
    assert called.all_text_contents() == ["corner35 × 35 = 1,225", "centre81 × 81 = 6,561"]
    drawing = tab.page.locator(".rf-picture svg").bounding_box()
    places = [call.bounding_box() for call in called.all()]
    assert drawing is not None
    for place in places:
        assert place is not None
        assert place["x"] >= drawing["x"]
        assert place["x"] + place["width"] <= drawing["x"] + drawing["width"]
        assert place["y"] + place["height"] <= drawing["y"] + drawing["height"]
    first, second = (place for place in places if place)
    assert first["x"] + first["width"] < second["x"]
    for door in DOORS:
        assert tab.page.get_by_role("link", name=door).is_visible()
    if screen != "telephone":
        assert drawing["y"] + drawing["height"] <= SCREENS[screen]["viewport"]["height"]  # type: ignore[index]


def test_the_callouts_follow_each_step_at_once_and_give_way_to_a_pick(visit: Visit) -> None:
    tab = visit()
    tab.figure()
    tab.page.keyboard.press("PageDown")
    expect(tab.page.locator(".rf-call").last).to_have_text("centre243 × 243 = 59,049")
    tab.comes_to("15x15; conv k3 p1 x5")
    assert tab.question() == NAME
    tab.unit("0:3").click()
    assert tab.page.locator(".rf-call").count() == 0


def test_the_end_with_fewer_paths_is_called_out(visit: Visit) -> None:
    tab = visit("?net=8; conv k2 p1:0")
    tab.figure()
    counts = [tab.unit(f"0:{unit}").text_content() for unit in (0, 7)]
    assert counts == ["2", "1"]
    assert tab.page.locator(".rf-call").first.text_content() == "end1 path"


def test_numbers_too_long_for_the_picture_are_told_shortly(visit: Visit) -> None:
    tab = visit("?net=7x7; conv k3 p1 x20", **SCREENS["telephone"])
    tab.figure()
    first, second = (call.bounding_box() for call in tab.page.locator(".rf-call").all())
    assert first is not None
    assert second is not None
    assert first["x"] + first["width"] < second["x"]


def test_each_door_leads_to_its_page_and_back_leads_to_the_doors(visit: Visit) -> None:
    tab = visit()
    for door, question in zip(
        DOORS, ("What will happen?", "What is wrong with my design?", "Is it right, and what helps?"), strict=True
    ):
        tab.page.get_by_role("link", name=door).click()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text(question)
        tab.rest(400)
        tab.page.go_back()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text(NAME)
        tab.rest(400)


def test_all_controls_are_unfolded_on_request(visit: Visit) -> None:
    tab = visit("", viewport={"width": 1440, "height": 900})
    tab.figure()
    tab.click("button", "All controls")
    tab.page.get_by_role("slider", name="Kernel").wait_for(state="visible")
    assert tab.question() == "How many paths reach each pixel?"
    tab.page.get_by_role("button", name="Share").wait_for(state="visible")


def test_each_answer_is_a_view_that_opens(visit: Visit) -> None:
    tab = visit("question")
    links = [link.get_attribute("href") or "" for link in tab.page.get_by_role("link", name="Open this view").all()]
    assert len(links) == 10
    other = visit(links[4].removeprefix("./"))
    other.figure()
    assert other.setting("net") == "65; conv k3 full x20"
