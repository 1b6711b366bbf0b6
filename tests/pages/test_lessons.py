"""The page of lessons: a step is predicted, revealed and left; all of it is in the address or in the session."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons import parse
from pages.lesson_steps import library
from tests.pages.visit import ROOT, boxes, figures, opened, press

FILES = sorted((ROOT / "assets" / "lessons").glob("*.md"))
LENGTHS = {file.stem.partition("_")[2]: len(parse(file.read_text(encoding="utf-8")).steps) for file in FILES}
MINE = "# Mine\n\n## One\nview: paths?net=9; conv k3 x4\n\nquestion: How many?\nanswer: centre\n"


def texts(app: AppTest) -> str:
    """All that is written on the page."""
    return "\n".join(part.value for part in (*app.header, *app.markdown, *app.caption))


def assert_step(app: AppTest, number: int, of: int) -> None:
    """A step that is well: its heading, its number, its figure."""
    assert not app.exception
    assert boxes(app) == []
    assert f"**{number}** of {of}" in texts(app)
    assert app.header


def test_all_lessons_are_listed_with_what_they_are_about() -> None:
    app = opened("lesson")
    assert not app.exception
    assert boxes(app) == []
    for file in FILES:
        lesson = parse(file.read_text(encoding="utf-8"))
        assert f"· {lesson.title}**" in texts(app)
        assert lesson.summary in texts(app)
    press(app, "Begin")
    assert_step(app, 1, LENGTHS["hearing"])
    assert app.query_params["lesson"] in ("hearing", ["hearing"])


@pytest.mark.parametrize("name", LENGTHS)
def test_a_clicker_goes_through_a_lesson_from_end_to_end(name: str) -> None:
    app = opened("lesson", lesson=name)
    revealed = 0
    for number in range(1, LENGTHS[name] + 1):
        assert_step(app, number, LENGTHS[name])
        if app.button(key="_on").label == "Reveal":
            app.button(key="_on").click().run()
            assert_step(app, number, LENGTHS[name])
            assert "The answer" in texts(app)
            assert figures(app)
            revealed += 1
        assert app.button(key="_on").label != "Reveal"
        if number < LENGTHS[name]:
            app.button(key="_on").click().run()
    assert revealed >= LENGTHS[name] // 2
    app.button(key="_on").click().run()
    assert not app.exception
    assert f"{LENGTHS[name]}** of {LENGTHS[name]}" not in texts(app)


def test_a_number_is_guessed_kept_and_compared() -> None:
    app = opened("lesson", lesson="hearing", step="1")
    app.text_input(key="_guess_hearing_1").set_value("many").run()
    assert "That is no guess" in texts(app)
    app.text_input(key="_guess_hearing_1").set_value("5").run()
    app.text_input(key="_why_hearing_1").set_value("two *on* each side").run()
    press(app, "Reveal")
    assert "You said 5, 1.7 times too many: it is **3**." in texts(app)
    assert "Your reason: two \\*on\\* each side" in texts(app)
    press(app, "Next")
    assert_step(app, 2, LENGTHS["hearing"])
    app.button(key="_back").click().run()
    assert "You said 5, 1.7 times too many: it is **3**." in texts(app)


def test_an_answer_that_begins_with_a_number_is_no_list() -> None:
    app = opened("lesson", lesson="pascal", step="1")
    press(app, "Reveal")
    assert "6\\. The rows are 1 1" in texts(app)


def test_an_answer_is_covered_again() -> None:
    app = opened("lesson", lesson="hearing", step="2")
    press(app, "Reveal")
    press(app, "Cover again")
    assert "The answer" not in texts(app)
    assert app.button(key="_on").label == "Reveal"


def test_a_choice_is_made_and_compared() -> None:
    app = opened("lesson", lesson="hearing", step="6")
    app.radio(key="_choice_hearing_6").set_value("those at the ends").run()
    press(app, "Reveal")
    assert "As you said: **those at the ends**." in texts(app)


def test_a_pixel_is_typed_or_clicked_and_compared() -> None:
    app = opened("lesson", lesson="strides", step="3")
    app.text_input(key="_guess_strides_3").set_value("5,5").run()
    press(app, "Reveal")
    assert "You took pixel 5,5, with 4 paths." in texts(app)


def test_what_tells_the_answer_is_covered_until_it_is_revealed() -> None:
    app = opened("lesson", lesson="border", step="5")
    assert "1.2k" not in app.get("plotly_chart")[0].proto.spec
    press(app, "Reveal")
    assert "1.2k" in app.get("plotly_chart")[0].proto.spec


def test_a_step_of_the_address_is_shown_and_one_beyond_the_end_is_the_last() -> None:
    assert_step(opened("lesson", lesson="border", step="4"), 4, LENGTHS["border"])
    assert_step(opened("lesson", lesson="border", step="40"), LENGTHS["border"], LENGTHS["border"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere", "there is no lesson 'nowhere'; there are hearing, pascal"),
        ("file", "open it again"),
        ("~AAAA", "cannot be read; copy the whole address again"),
        ("~é", "cannot be read"),
        (library.link_name(MINE)[:-6], "in this address"),
        (library.link_name("x" * 10**6), "too long"),
        (library.link_name("# T"), "at least one step"),
        (library.link_name(MINE + "claim: centre == 20\n"), "the claim 'centre == 20' is not true: centre is 19"),
        (library.link_name(MINE.replace("paths?", "nowhere?")), "no page 'nowhere'"),
        (library.link_name(MINE.replace("paths?", "lesson?")), "no page 'lesson'"),
        (library.link_name(MINE.replace("x4\n", "x4&view=no\n")), "view=no cannot be shown: it is one of"),
        (library.link_name(MINE.replace("x4\n", "x4&color=red\n")), "has no setting 'color'"),
        (library.link_name(MINE.replace("9; conv k3 x4", "my.py:build")), "which no lesson carries"),
    ],
)
def test_a_lesson_that_cannot_be_shown_is_explained(name: str, words: str) -> None:
    app = opened("lesson", lesson=name)
    assert not app.exception
    assert words in "\n".join(box.value for box in app.error)
    press(app, "All lessons")
    assert "· Who hears whom?**" in texts(app)


def test_a_lesson_travels_in_an_address() -> None:
    app = opened("lesson", lesson=library.link_name(MINE))
    assert_step(app, 1, 1)
    app.text_input[0].set_value("19").run()
    press(app, "Reveal")
    assert "Exactly **19**." in texts(app)


def test_a_long_lesson_has_no_address() -> None:
    assert library.link_name("".join(map(chr, range(1000, 3500)))) == ""


def test_the_design_of_the_visitor_is_kept_through_a_lesson() -> None:
    app = opened(net="11; conv k5 x2")
    app.switch_page("pages/lesson.py").run()
    assert not app.exception
    press(app, "Begin")
    app.switch_page("pages/paths.py").run()
    assert app.text_input(key="net").value == "11; conv k5 x2"


def test_a_lesson_loads_no_pytorch_unless_it_measures() -> None:
    program = (
        "import sys; from pages.frame import warmup; warmup.once = lambda: None\n"
        "from tests.pages.visit import figures, opened; app = opened('lesson', lesson='hearing')\n"
        "print(figures(app), len(app.exception), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["1", "0", "False"]
