"""A class is asked for a pixel: it is chosen by touch, and by the keyboard, and every pixel has a name."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tab import Tab
from tests.browser.test_lesson_given import send, started

Visit = Callable[..., Tab]


def test_a_pixel_is_chosen_by_touch_and_by_keyboard(visit: Visit) -> None:
    teacher = visit("class")
    code = started(teacher.page, teacher.home)
    teacher.open(f"?net=9x9; conv k3 p1 x3&teach={code}")
    student = visit(f"class?room={code}", viewport={"width": 390, "height": 844}, has_touch=True)
    teacher.page.get_by_role("button", name="Ask", exact=True).click()
    teacher.page.get_by_role("button", name="Click a pixel with the fewest paths").click()
    pixel = student.page.get_by_role("gridcell", name="row 0, column 8")
    pixel.tap()
    expect(pixel).to_have_attribute("aria-selected", "true")
    expect(student.page.get_by_text("Your answer: 0,8")).to_be_visible()
    pixel.focus()
    for key in ("ArrowDown", "ArrowLeft", "ArrowDown", "Enter"):
        student.page.keyboard.press(key)
    expect(student.page.get_by_role("gridcell", name="row 2, column 7")).to_be_focused()
    expect(student.page.get_by_text("Your answer: 2,7")).to_be_visible()
    expect(teacher.page.get_by_text("1 answered")).to_be_visible()
    send(student.page, "1,1")
    expect(student.page.get_by_text("Your answer: 1,1")).to_be_visible()
    student.page.get_by_role("gridcell", name="row 2, column 7").tap()
    expect(student.page.get_by_text("Your answer: 2,7")).to_be_visible()
    expect(student.page.get_by_role("textbox", name="Your answer")).to_have_value("")
    assert student.page.get_by_role("gridcell").count() == 81
