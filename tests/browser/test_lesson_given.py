"""The first lesson given to a class: a teacher's projector and three phones, with a restart of the server in between.

The teacher has a clicker and nothing else: it asks, it reveals, it goes on. Students predict by touch.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from core.lessons import Step, parse
from tests.browser.tab import PATIENCE
from tests.load.browser import settle
from tests.load.server import free_port, running_app
from tests.texts import ROOT

PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LESSON = parse((ROOT / "assets" / "lessons" / "01_hearing.md").read_text(encoding="utf-8"))
RESTART = 6  # the step in the middle of which the server is started anew


@pytest.fixture
def screens_of_a_class(browser: Browser) -> Iterator[list[Page]]:
    """A projector and three phones, each a browser of its own."""
    contexts = [browser.new_context(**options) for options in (PROJECTOR, PHONE, PHONE, PHONE)]  # type: ignore[arg-type]
    for context in contexts:
        context.set_default_timeout(PATIENCE)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def test_the_first_lesson_is_given_from_beginning_to_end(
    screens_of_a_class: list[Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSROOM_DATABASE", f"sqlite:///{tmp_path / 'classes.db'}")
    teacher, *students = screens_of_a_class
    port = free_port()
    with running_app(port=port) as app:
        code = started(teacher, app.url)
        for student in students:
            student.goto(f"{app.url}/class?room={code}")
            expect(student.get_by_text("You are in")).to_be_visible()
        teacher.get_by_role("link", name="Give a lesson").click()
        teacher.get_by_role("button", name="Begin").first.click()
        expect(teacher.get_by_role("heading", name=LESSON.steps[0].title)).to_be_visible()
        teacher.get_by_role("button", name="Present").click()
        expect(teacher.get_by_role("button", name="End")).to_be_visible()
        expect(teacher.get_by_text("3 here")).to_be_visible()
        for number in range(1, RESTART):
            asked(teacher, students, number)
            answered(students, number)
            revealed(teacher, students, number)
            if number == 1:
                break_away_and_return(students[2])
            teacher.keyboard.press("PageDown")
        asked(teacher, students, RESTART)
        answer(students[0], LESSON.steps[RESTART - 1], 0)
        expect(teacher.get_by_text("1 answered")).to_be_visible()

    with running_app(port=port):
        for screen in screens_of_a_class:
            screen.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
            settle(screen)
        expect(students[0].get_by_text("Your answer: those at the ends")).to_be_visible()
        students[2].reload()
        settle(students[2])
        for place, student in enumerate(students[1:], start=1):
            answer(student, LESSON.steps[RESTART - 1], place)
        expect(teacher.get_by_text("3 answered")).to_be_visible()
        revealed(teacher, students, RESTART)
        expect(students[2].get_by_text("The answer is those at the ends. 1 of 3 answers met it.")).to_be_visible()
        for number in range(RESTART + 1, len(LESSON.steps) + 1):
            teacher.keyboard.press("PageDown")
            asked(teacher, students, number)
            if LESSON.steps[number - 1].question is not None:
                answered(students, number)
                revealed(teacher, students, number)
        teacher.keyboard.press("Escape")
        expect(teacher.get_by_role("button", name="Present")).to_be_visible()
        for screen in screens_of_a_class:
            assert not re.search("Traceback|encountered an error", screen.locator("body").inner_text())
            screen.goto("about:blank")


def started(teacher: Page, url: str) -> str:
    """Starts a class and returns its code."""
    teacher.goto(f"{url}/class")
    settle(teacher)
    teacher.get_by_role("button", name="Start a class").click()
    expect(teacher.get_by_role("img", name="QR code")).to_be_visible()
    teacher.wait_for_url("**teach=*")
    settle(teacher, 600)
    return parse_qs(urlsplit(teacher.url).query)["teach"][0]


def asked(teacher: Page, students: list[Page], number: int) -> None:
    """All see the step, with its figure and without its answer; the clicker asks what it asks."""
    step = LESSON.steps[number - 1]
    for screen in (teacher, *students):
        expect(screen.get_by_role("heading", name=step.title, exact=True)).to_be_visible()
        expect(screen.get_by_text("The answer")).to_have_count(0)
        expect(screen.locator(".rf-picture svg, .js-plotly-plot .main-svg").first).to_be_visible()
    for student in students:
        assert student.evaluate("document.documentElement.scrollWidth") <= 390
    if step.question is not None:
        expect(teacher.get_by_role("button", name="Ask the class")).to_be_visible()
        teacher.keyboard.press("PageDown")
        expect(teacher.get_by_role("button", name="Reveal", exact=False)).to_be_visible()


def answered(students: list[Page], number: int) -> None:
    """One of the students predicts, another one at each step; at the first all do, and one gets it wrong before."""
    step = LESSON.steps[number - 1]
    if number == 1:
        settle(students[2])
        send(students[2], "many")
        expect(students[2].get_by_text("is no number")).to_be_visible()
        for place, student in enumerate(students):
            answer(student, step, place)
    else:
        answer(students[number % 3], step, number % 3)


def answer(student: Page, step: Step, place: int) -> None:
    """A student predicts by touch, as soon as that can be done: the option or the number at a place of its own."""
    assert step.question is not None
    if step.question.kind == "choice":
        student.locator(".st-key-class_question [data-testid=stButtonGroup] button").nth(place).tap()
    else:
        send(student, str(place + 3))
    expect(student.get_by_text("It can be changed until the answers are revealed")).to_be_visible()


def send(student: Page, typed: str) -> None:
    """Types an answer and sends it by a tap."""
    box = student.get_by_role("textbox", name="Your answer")
    box.fill(typed)
    student.get_by_role("button", name="Answer", exact=True).tap()


def revealed(teacher: Page, students: list[Page], number: int) -> None:
    """The clicker reveals: all see the computed answer, and how many met it."""
    counted = "3 answered" if number in (1, RESTART) else "1 answered"
    expect(teacher.get_by_text(counted)).to_be_visible()
    teacher.keyboard.press("PageDown")
    for screen in (teacher, *students):
        expect(screen.get_by_text(re.compile(r"The answer is .+ met it"))).to_be_visible()
        expect(screen.locator(".st-key-class_question li", has_text="computed")).to_have_count(1)


def break_away_and_return(student: Page) -> None:
    """A student explores for a while, and comes back with one tap."""
    student.get_by_role("button", name="Explore on my own").tap()
    expect(student.get_by_text("1 of 12")).to_be_visible()
    student.get_by_role("button", name="Return to the class").tap()
    expect(student.get_by_role("button", name="Explore on my own")).to_be_visible()
