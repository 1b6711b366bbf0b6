"""Back and Forward walk through pages, chosen views and the steps of a lesson; the controls follow the address."""

from collections.abc import Callable

from playwright.sync_api import expect

from core.lessons import parse
from tests.browser.tab import Tab
from tests.texts import ROOT

Visit = Callable[..., Tab]
NET = "9x9; conv k3 p1"


def test_back_walks_through_pages_and_views_and_not_through_steps(visit: Visit) -> None:
    tab = visit(f"field?net={NET} x2&view=input")
    tab.figure()
    tab.go("See", "Paths")
    shows(tab, "tower", f"{NET} x2")
    choose(tab, "map")
    for depth in (3, 4, 5):
        tab.page.locator(".st-key-_more button").click()
        shows(tab, "map", f"{NET} x{depth}")
    walk(tab, "back")
    shows(tab, "tower", f"{NET} x2")
    walk(tab, "back")
    shows(tab, "input", f"{NET} x2")
    assert tab.question() == "How far does a unit see?"
    walk(tab, "forward")
    shows(tab, "tower", f"{NET} x2")
    assert tab.question() == "How many paths reach each pixel?"
    walk(tab, "forward")
    shows(tab, "map", f"{NET} x5")


def test_a_page_is_come_back_to_as_it_was_left(visit: Visit) -> None:
    """Both pages have a view, an output unit and a way through: Streamlit forgets what both have."""
    left = f"?net={NET} x3&view=map&unit=2,3&pixel=1,1"
    tab = visit(left)
    tab.figure()
    tab.go("See", "Receptive field")
    choose(tab, "input")
    walk(tab, "back")
    walk(tab, "back")
    shows(tab, "map", f"{NET} x3")
    assert [tab.setting(name) for name in ("view", "unit", "pixel")] == ["map", "2,3", "1,1"]
    expect(tab.page.get_by_role("textbox", name="Output unit")).to_have_value("2,3")


def test_a_step_and_a_pick_in_the_tower_make_no_entry(visit: Visit) -> None:
    tab = visit()
    tab.figure()
    before = entry(tab)
    tab.page.keyboard.press("PageDown")
    tab.comes_to("15x15; conv k3 p1 x5")
    tab.unit("0:3").click()
    tab.page.wait_for_url("**cell=0%3A3*")
    tab.rest(500)
    assert entry(tab) == before
    tab.page.reload()
    tab.comes_to("15x15; conv k3 p1 x5")


def test_back_leaves_a_lesson_for_all_lessons(visit: Visit) -> None:
    tab = visit("lesson")
    before = entry(tab)
    tab.page.get_by_role("button", name="Begin").first.click()
    wait_for_entry(tab, before)
    walk(tab, "back")
    tab.page.get_by_role("button", name="Begin").first.wait_for()
    walk(tab, "forward")
    tab.page.get_by_role("button", name="All lessons").wait_for()


def test_back_in_a_class_goes_to_the_step_before_and_the_question_stays_open(visit: Visit) -> None:
    """The class sees what its teacher walks through, and answers on."""
    steps = parse((ROOT / "assets" / "lessons" / "01_hearing.md").read_text(encoding="utf-8")).steps
    teacher = visit("class")
    teacher.click("button", "Start a class")
    teacher.page.wait_for_url("**teach=*")
    code = teacher.setting("teach")
    teacher.rest(400)  # the browser keeps the secret
    teacher.open(f"lesson?teach={code}&lesson=hearing")
    student = visit(f"class?room={code}")
    before = entry(teacher)
    teacher.page.get_by_role("button", name="The next step").first.click()
    wait_for_entry(teacher, before)
    teacher.click("button", "Ask the class")
    for way, step in (("back", steps[0]), ("forward", steps[1])):
        expect(student.page.get_by_role("textbox", name="Your answer")).to_be_visible()
        walk(teacher, way)
        for tab in (teacher, student):
            expect(tab.page.get_by_role("heading", name=step.title)).to_be_visible()
    student.page.get_by_role("textbox", name="Your answer").fill("2")
    student.click("button", "Answer", exact=True)
    expect(teacher.page.get_by_text("1 answered")).to_be_visible()
    teacher.click("button", "Reveal")
    expect(student.page.get_by_text("The answer is")).to_be_visible()


def choose(tab: Tab, view: str) -> None:
    """Another view of the page, looked at for a moment."""
    before = entry(tab)
    tab.page.get_by_role("radio", name=view, exact=True).click()
    wait_for_entry(tab, before)


def entry(tab: Tab) -> str:
    """What names the entry of the browser's history where the tab is, whatever its address has become."""
    return str(tab.page.evaluate("navigation.currentEntry.key"))


def wait_for_entry(tab: Tab, before: str) -> None:
    """Waits for another entry, and for the page."""
    tab.page.wait_for_function("before => navigation.currentEntry.key !== before", arg=before)
    tab.rest(400)


def walk(tab: Tab, way: str) -> None:
    """Back or Forward; the page that it leads to, at rest."""
    getattr(tab.page, f"go_{way}")()
    tab.rest(500)


def shows(tab: Tab, view: str, net: str) -> None:
    """The controls, and what the address says of them."""
    expect(tab.page.get_by_role("radio", name=view, exact=True)).to_be_checked(timeout=30_000)
    tab.comes_to(net)
    assert tab.setting("net") == net
    tab.figure()
