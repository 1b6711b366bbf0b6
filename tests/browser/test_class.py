"""One teacher and three phones: they follow, break away, predict by touch; a restart of the server loses nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tab import PATIENCE
from tests.load.browser import settle
from tests.load.server import free_port, running_app

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def pages(browser: Browser) -> Iterator[list[Page]]:
    """A projector and three phones, each a browser of its own."""
    contexts = [browser.new_context(viewport={"width": 1280, "height": 900})]
    contexts += [browser.new_context(**PHONE) for _ in range(3)]  # type: ignore[arg-type]
    for context in contexts:
        context.set_default_timeout(PATIENCE)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def test_a_class_follows_predicts_and_survives_a_restart(
    pages: list[Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLASSROOM_DATABASE", f"sqlite:///{tmp_path / 'classes.db'}")
    teacher, *students = pages
    port = free_port()
    with running_app(port=port) as app:
        code = started(teacher, app.url)
        for student in students:
            student.goto(f"{app.url}/class?room={code}")
            expect(student.get_by_text("You are in")).to_be_visible()
        show(teacher, f"{app.url}/?net=9x9; conv k3 p1 x3&view=map&teach={code}")
        for student in students:
            expect(student.get_by_text("9x9; conv k3 p1 x3")).to_be_visible()
            expect(student.locator(".js-plotly-plot .main-svg").first).to_be_visible()
            assert student.evaluate("document.documentElement.scrollWidth") <= 390
        expect(teacher.get_by_text("3 here")).to_be_visible()

        students[0].get_by_role("button", name="Explore on my own").tap()
        expect(students[0].get_by_role("textbox", name="Design")).to_have_value("9x9; conv k3 p1 x3")
        teacher.locator(".st-key-_more button").click()
        expect(students[1].get_by_text("9x9; conv k3 p1 x4")).to_be_visible()
        expect(students[0].get_by_role("textbox", name="Design")).to_have_value("9x9; conv k3 p1 x3")
        students[0].get_by_role("button", name="Return to the class").tap()
        expect(students[0].get_by_text("9x9; conv k3 p1 x4")).to_be_visible()

        settle(teacher)
        teacher.get_by_role("button", name="Ask").first.click()
        teacher.get_by_role("button", name="How many paths lead").click()
        answer(students[0], "1,000")
        answer(students[1], "many")
        expect(students[1].get_by_text("is no number")).to_be_visible()
        answer(students[1], "6561")
        expect(teacher.get_by_text("2 answered")).to_be_visible()

    with running_app(port=port):
        for screen in pages:
            screen.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
            settle(screen)
        for student, typed in zip(students, ("1,000", "6,561"), strict=False):
            expect(student.get_by_text(f"Your answer: {typed}")).to_be_visible()
        answer(students[2], "81")
        expect(teacher.get_by_text("3 answered")).to_be_visible()
        teacher.reload()
        expect(teacher.get_by_text("3 answered")).to_be_visible()
        teacher.get_by_role("button", name="Reveal").click()
        for screen in pages:
            expect(screen.get_by_text("The answer is 6,561. 1 of 3 answers met it.")).to_be_visible()
            expect(screen.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        expect(students[0].get_by_text("Yours was 1,000")).to_be_visible()
        expect(students[1].get_by_text("Yours did, too")).to_be_visible()
        students[2].reload()
        expect(students[2].get_by_text("Yours was 81")).to_be_visible()
        for screen in pages:
            assert not re.search("Traceback|encountered an error", screen.locator("body").inner_text())
            screen.goto("about:blank")


def started(teacher: Page, url: str) -> str:
    """Starts a class and returns its code."""
    show(teacher, f"{url}/class")
    teacher.get_by_role("button", name="Start a class").click()
    expect(teacher.get_by_role("img", name="QR code")).to_be_visible()
    teacher.wait_for_url("**teach=*")
    settle(teacher, 600)
    return parse_qs(urlsplit(teacher.url).query)["teach"][0]


def show(page: Page, address: str) -> None:
    """Opens an address and waits until it rests."""
    page.goto(address)
    settle(page)


def answer(student: Page, typed: str) -> None:
    """Types an answer and sends it by a tap."""
    box = student.get_by_role("textbox", name="Your answer")
    box.fill(typed)
    student.get_by_role("button", name="Answer", exact=True).tap()
