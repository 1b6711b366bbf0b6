"""A lesson is made from views of any page: added, moved, written to, looked at, and taken away once all of it is so."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.lessons import parse
from pages.frame import settings
from pages.lesson_making.draft import Draft, of_text
from pages.lesson_steps import library
from tests.pages.test_lessons import MINE, texts
from tests.pages.visit import boxes, figures, opened, press

KEY = "1_1_0"  # of the fields of the first step of one


def made(app: AppTest) -> Draft:
    """The draft of a session."""
    held = app.session_state["_draft"]
    assert isinstance(held, Draft)
    return held


def test_a_view_of_any_page_is_added_where_it_is_shown() -> None:
    app = opened(net="9x9; conv k3 p1 x2", view="map", pixel="2,3")
    app.session_state["_take_away"] = True
    app.run()
    app.button(key="_add_to_lesson").click().run()
    assert not app.exception
    assert [step.view for step in made(app).steps] == ["paths?net=9x9; conv k3 p1 x2&pixel=2,3&view=map"]
    app.switch_page("pages/field.py").run()
    app.session_state["_take_away"] = True
    app.run()
    app.button(key="_add_to_lesson").click().run()
    app.switch_page("pages/make_lesson.py").run()
    assert not app.exception
    assert boxes(app) == []
    assert [step.view.partition("?")[0] for step in made(app).steps] == ["paths", "field"]
    assert figures(app)


def test_without_a_view_the_page_says_how_to_begin() -> None:
    app = opened("make_lesson")
    assert not app.exception
    assert "Add this view to a lesson" in texts(app)
    app.text_input(key="_new_view").set_value("9; conv k3 x4")
    press(app, "Add")
    assert made(app).steps[0].view == "paths?net=9; conv k3 x4"
    assert boxes(app) == []


def test_a_question_is_written_previewed_and_taken_away() -> None:
    app = opened("make_lesson", lesson=library.link_name(MINE.partition("\nquestion")[0] + "\n"))
    assert boxes(app) == []
    app.segmented_control(key=f"_kind_{KEY}").set_value("number").run()
    app.text_input(key=f"_prompt_{KEY}").set_value("How many?")
    app.text_input(key=f"_answer_{KEY}").set_value("centre").run()
    app.text_input(key=f"_reveal_{KEY}").set_value("It is {centre}.")
    app.text_area(key=f"_claims_{KEY}").set_value("centre == 19").run()
    assert not app.exception
    assert "In this view: 19" in texts(app)
    assert "The answer is **19**." in texts(app)
    assert "It is 19." in texts(app)
    assert made(app).steps[0].question is not None
    kept = app.query_params["lesson"]
    assert parse(library.text_of_link(kept if isinstance(kept, str) else kept[0])).steps == made(app).steps
    assert app.get("download_button")


def test_a_wrong_claim_is_told_and_nothing_can_be_taken_away() -> None:
    app = opened("make_lesson", lesson=library.link_name(MINE))
    app.text_area(key=f"_claims_{KEY}").set_value("centre == 20").run()
    assert any("the claim 'centre == 20' is not true: centre is 19" in box for box in boxes(app))
    assert not app.get("download_button")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("title", "", "the title of a step is missing"),
        ("view", "nonsense here", "a network begins with its input size"),
        ("text", "<b>bold</b>", "HTML"),
        ("answer", "centre +", "is no expression"),
        ("answer", "__import__('os')", "there is no '__import__'"),
        ("then", "paths?view=map", "shows no design"),
    ],
)
def test_what_cannot_be_read_is_told(field: str, typed: str, words: str) -> None:
    app = opened("make_lesson", lesson=library.link_name(MINE))
    kind = app.text_area if field == "text" else app.text_input
    kind(key=f"_{field}_{KEY}").set_value(typed).run()
    assert not app.exception
    assert any(words in box for box in boxes(app)), boxes(app)


def test_steps_are_moved_taken_away_and_chosen() -> None:
    three = MINE + "\n## Two\nview: paths?net=5\n\n## Three\nview: paths?net=6\n"
    app = opened("make_lesson", lesson=library.link_name(three), step="2")
    app.button(key="_up").click().run()  # it stays the one that is edited
    assert [step.title for step in made(app).steps] == ["Two", "One", "Three"]
    app.button(key="_down").click().run()
    assert [step.title for step in made(app).steps] == ["One", "Two", "Three"]
    app.button(key="_open_1").click().run()
    app.button(key="_away").click().run()
    assert [step.title for step in made(app).steps] == ["Two", "Three"]
    app.button(key="_open_2").click().run()
    assert app.text_input(key="_title_2_2_3").value == "Three"


def test_a_lesson_of_the_course_is_copied() -> None:
    app = opened("make_lesson")
    app.selectbox(key="_copy").set_value("pascal").run()
    assert not app.exception
    assert boxes(app) == []
    assert made(app).text == of_text(library.course_texts()["pascal"]).text


def test_a_made_lesson_is_tried() -> None:
    app = opened("make_lesson", lesson=library.link_name(MINE))
    app.text_input(key=f"_title_{KEY}").set_value("Another").run()
    app.button(key="_try").click().run()
    assert not app.exception
    assert app.header[0].value.strip("*") == "Another"


def test_an_address_says_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"_page": "field", "net": "9x9; conv k3", "view": "input"})
    assert settings.lesson_view() == "field?net=9x9; conv k3&view=input"
