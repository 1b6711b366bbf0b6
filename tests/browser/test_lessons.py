"""A lesson is taken by keyboard alone, with the mouse, and fits a telephone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.lessons import Lesson, Step, parse
from tests.browser.tab import Tab
from tests.texts import ROOT

Visit = Callable[..., Tab]


def lesson(name: str) -> Lesson:
    """A lesson of the course."""
    (file,) = (ROOT / "assets" / "lessons").glob(f"*_{name}.md")
    return parse(file.read_text(encoding="utf-8"))


def test_the_first_lesson_is_taken_by_keyboard(visit: Visit) -> None:
    tab = visit("lesson?lesson=hearing")
    steps = lesson("hearing").steps
    for number, step in enumerate(steps, start=1):
        expect(tab.page.get_by_role("heading", name=step.title, exact=True)).to_be_visible()
        expect(tab.page.get_by_text(f"{number} of {len(steps)}")).to_be_visible()
        tab.figure()
        if step.question is not None:
            expect(tab.page.get_by_text("The answer")).to_have_count(0)
            guess_by_keyboard(tab, step)
            tab.page.keyboard.press("PageDown")
            expect(tab.page.get_by_text(re.compile("^(You said|Exactly|As you said)")).first).to_be_visible()
            tab.rest()
        if number < len(steps):
            tab.page.keyboard.press("PageDown")
            tab.page.wait_for_url(f"**step={number + 1}*")
            tab.rest()
    tab.page.keyboard.press("PageUp")
    expect(tab.page.get_by_role("heading", name=steps[-2].title, exact=True)).to_be_visible()
    tab.rest()


def guess_by_keyboard(tab: Tab, step: Step) -> None:
    """Walks to what takes the guess and makes one."""
    assert step.question is not None
    kind = "input[type=radio]" if step.question.kind == "choice" else "input[aria-label='Your guess']"
    for _ in range(60):
        tab.page.keyboard.press("Tab")
        if tab.page.evaluate("kind => document.activeElement.matches(kind)", kind):
            break
    if step.question.kind == "choice":
        tab.page.keyboard.press("Space")
    else:
        tab.page.keyboard.type("3")  # PageDown takes it
    tab.rest(400)


def test_a_pixel_is_clicked_on_the_covered_map(visit: Visit) -> None:
    tab = visit("lesson?lesson=strides&step=3")
    tab.figure()
    tab.click_figure(4, 6)
    guess = tab.page.get_by_role("textbox", name="Your pixel")
    expect(guess).to_have_value("6,4")
    tab.rest()
    tab.click("button", "Reveal")
    expect(tab.page.get_by_text("You took pixel 6,4, with 1 path: right")).to_be_visible()


def test_a_sample_is_clicked_on_the_covered_tower_and_its_numbers_are_shown_with_the_answer(visit: Visit) -> None:
    tab = visit("lesson?lesson=border&step=9")
    tab.figure()
    assert tab.unit("0:1").text_content() == ""
    tab.unit("0:7").click()
    expect(tab.page.get_by_role("textbox", name="Your pixel")).to_have_value("7")
    tab.rest()
    assert tab.said() == "The numbers are covered."
    assert tab.unit("0:1").text_content() == ""
    tab.click("button", "Reveal")
    expect(tab.page.get_by_text("You took pixel 7, with 4 paths: right")).to_be_visible()
    assert [tab.unit(f"0:{at}").text_content() for at in range(9)] == [*"243333342"]


def test_a_step_is_left_for_its_view(visit: Visit) -> None:
    tab = visit("lesson?lesson=hearing&step=12")
    tab.figure()
    href = tab.page.get_by_role("link", name="Open this view").get_attribute("href")
    assert href is not None
    other = visit(href.removeprefix("./"))
    other.figure()
    assert other.net() == "15x15; conv k3 p1 x4"
    assert other.setting("view") == "map"


def test_a_lesson_fits_a_telephone(visit: Visit) -> None:
    tab = visit("lesson?lesson=border&step=5", viewport={"width": 390, "height": 844}, has_touch=True)
    box = tab.figure().bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["width"] / box["height"] == pytest.approx(1, abs=0.1)  # no empty band around a square map
    main = "() => {const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth}"
    assert tab.page.evaluate(main) <= 0
    tab.click("button", "Reveal")
    expect(tab.page.get_by_text("The answer")).to_be_visible()


def test_a_lesson_is_made_from_a_view(visit: Visit) -> None:
    tab = visit("?net=9; conv k3 x4")
    tab.figure()
    tab.click("button", "Share")
    tab.click("button", "Add this view to a lesson")
    expect(tab.page.get_by_text("This is step 1 of your lesson")).to_be_visible()
    tab.page.keyboard.press("Escape")
    tab.go("Learn", "Make a lesson")
    tab.figure()
    tab.page.get_by_role("radio", name="A number").click()
    tab.rest()
    tab.type("Question", "How many paths?")
    tab.type("Answer", "centre")
    expect(tab.page.get_by_text("In this view: 19")).to_be_visible()
    tab.click("button", "Try it")
    expect(tab.page.get_by_text("How many paths?")).to_be_visible()
    tab.page.keyboard.press("PageDown")
    expect(tab.page.get_by_text("The answer is 19.")).to_be_visible()
    tab.rest()
