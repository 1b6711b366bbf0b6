"""A class in the app without a browser: the teacher drives, the students follow, break away, answer; others cannot."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons import Step
from pages.class_room import desk
from pages.class_room import student as student_part
from pages.class_room.board import board
from pages.class_room.member import Teacher
from pages.class_room.question import Question
from pages.class_room.room import Room
from pages.lesson_steps import drawing, library, together
from tests.pages.visit import PAGES, boxes, figures, insight, opened, press

MAP = {"net": "9x9; conv k3 p1 x3", "view": "map"}


def class_and_teacher(**parameters: str) -> tuple[AppTest, Teacher]:
    """A teacher's session that looks at a page, and who it is."""
    app = press(opened("class"), "Start a class")
    who = app.session_state["_class"]
    teaching = opened(teach=f"{who.code}.{who.secret}", **parameters)
    assert not teaching.exception
    return teaching, who


def student(who: Teacher, page: str = "class") -> AppTest:
    """A student's session, as the QR code opens it."""
    app = opened(page, room=who.code)
    assert not app.exception
    return app


def param(app: AppTest, name: str) -> str:
    held = app.query_params[name]
    return held if isinstance(held, str) else held[0]


def design(app: AppTest) -> str:
    """The design that a screen which follows names."""
    return next(text.value.strip("`") for text in app.caption if text.value.startswith("`"))


def test_the_page_offers_to_teach_and_to_follow() -> None:
    app = opened("class")
    assert not app.exception
    assert [button.label for button in app.button] == ["Start a class", "Join"]


def test_a_class_is_started_once_by_a_double_click() -> None:
    app = opened("class")
    button = app.button(key="_class_start").click()
    app.run()
    code = app.session_state["_class"].code
    button.click()
    app.run()
    assert app.session_state["_class"].code == code
    assert param(app, "teach") == code


def test_the_secret_is_in_no_address() -> None:
    teaching, who = class_and_teacher(**MAP)
    assert param(teaching, "teach") == who.code
    assert who.secret not in str(dict(teaching.query_params))


def test_a_student_sees_what_the_teacher_sees_and_no_controls() -> None:
    teaching, who = class_and_teacher(**MAP)
    app = student(who)
    assert insight(app) == insight(teaching)
    assert design(app) == MAP["net"]
    assert [chart.key for chart in app.get("plotly_chart")] == ["path_map", "cuts"]
    assert [button.label for button in app.button] == ["Explore on my own", "Leave"]
    assert not app.text_input
    assert not app.slider


@pytest.mark.parametrize("page", [*PAGES, "training"])
def test_every_page_can_be_followed(page: str) -> None:
    teaching, who = class_and_teacher()
    parameters = {"samples": "2", "width": "2", "seed": "3"} if page == "effective" else {"net": "8x8; conv k3 p1 x2"}
    teaching = opened(page, teach=f"{who.code}.{who.secret}", **parameters)
    app = student(who)
    assert not app.exception
    assert boxes(app) == []
    assert app.title[0].value == teaching.title[0].value
    assert insight(app) == insight(teaching)
    assert not app.text_input
    assert app.run().title[0].value == teaching.title[0].value


def test_a_step_of_the_teacher_is_a_step_of_the_class() -> None:
    teaching, who = class_and_teacher(**MAP)
    app = student(who)
    teaching.button(key="_more").click().run()
    assert design(app.run()) == "9x9; conv k3 p1 x4"
    teaching.segmented_control(key="view").set_value("profile").run()
    assert "heights" in " ".join(caption.value for caption in app.run().caption)


def test_a_student_breaks_away_with_the_view_at_hand_and_returns() -> None:
    teaching, who = class_and_teacher(**MAP)
    app = student(who, "paths")
    press(app, "Explore on my own")
    assert app.text_input(key="net").value == MAP["net"]
    assert app.segmented_control(key="view").value == "map"
    app.text_input(key="net").set_value("7; conv k3").run()
    teaching.button(key="_more").click().run()
    assert app.run().text_input(key="net").value == "7; conv k3"
    press(app, "Return to the class")
    assert design(app) == "9x9; conv k3 p1 x4"
    assert not app.text_input


def test_a_student_breaks_away_at_the_step_of_the_lesson() -> None:
    _, who = class_and_teacher()
    opened("lesson", teach=f"{who.code}.{who.secret}", lesson="hearing", step="4")
    app = student(who, "lesson")
    press(app, "Explore on my own")
    assert not app.exception
    assert "**4** of 12" in [text.value for text in app.markdown]
    press(app, "Reveal")
    press(app, "Next")
    assert "**5** of 12" in [text.value for text in app.markdown]
    press(app, "Return to the class")
    assert app.header[0].value == "**Two sparse layers**"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_reload_keeps_the_seat_and_the_answer() -> None:
    _, who = class_and_teacher(**MAP)
    app = student(who)
    board().ask(who.code, who.secret, Question("number", "How many?"))
    answer(app.run(), "729")
    again = opened("paths", room=param(app, "room"), seat=param(app, "seat"))
    assert any("**729**" in caption.value for caption in again.caption)
    assert board().crowd(who.code, 1) == (1, 1)


def answer(app: AppTest, typed: str) -> AppTest:
    """Types an answer and sends it."""
    key = next(box.key for box in app.text_input if str(box.key).startswith("_class_"))
    app.text_input(key=key).set_value(typed)
    return press(app, "Answer")


def test_a_question_covers_the_page_until_the_answers_are_revealed() -> None:
    teaching, who = class_and_teacher(**MAP)
    app = student(who)
    board().ask(who.code, who.secret, Question("number", "How many?", covers=True), "729")
    for screen in (app.run(), teaching.run()):
        assert not screen.exception
        assert not screen.get("plotly_chart")
        assert any("covered" in box.value for box in screen.info)
    press(teaching, "Reveal")
    assert teaching.segmented_control(key="view").value == "map"
    assert [chart.key for chart in teaching.get("plotly_chart")] == ["path_map", "cuts"]  # nobody has answered
    assert [chart.key for chart in app.run().get("plotly_chart")] == ["path_map", "cuts"]


def test_a_teachers_reload_stays_covered_and_finds_the_view_that_no_control_has_kept() -> None:
    _, who = class_and_teacher(**MAP)
    board().ask(who.code, who.secret, Question("number", "How many?", covers=True), "729")
    unproven = opened(teach=who.code, net=MAP["net"])
    assert any("covered" in box.value for box in unproven.info)  # the browser has not yet shown its secret
    assert figures(unproven) == 0
    again = opened(teach=f"{who.code}.{who.secret}", net=MAP["net"])
    assert any("covered" in box.value for box in again.info)
    press(again, "Reveal")
    assert again.segmented_control(key="view").value == "map"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_predictions_are_counted_revealed_and_shown_beside_ones_own() -> None:
    teaching, who = class_and_teacher(**MAP)
    apps = [student(who) for _ in range(3)]
    board().ask(who.code, who.secret, Question("number", "How many?"), "729")
    for app, typed in zip(apps, ("1,000", "729", "81"), strict=True):
        answer(app.run(), typed)
    assert any("3 answered" in text.value for text in teaching.run().markdown)
    press(teaching, "Reveal")
    assert any("The answer is **729**. 1 of 3 answers met it." in text.value for text in teaching.markdown)
    told = [text.value for text in apps[0].run().markdown]
    assert any("Yours was **1,000**" in text for text in told)
    assert any("Yours did, too" in text.value for text in apps[1].run().markdown)
    press(teaching, "Go on")
    assert not any("The answer is" in text.value for text in apps[0].run().markdown)


def test_a_question_that_is_asked_while_a_screen_is_drawn_waits_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stood at another place for a moment, and what was typed there was lost."""
    _, who = class_and_teacher()
    opened("lesson", teach=f"{who.code}.{who.secret}", lesson="hearing", step="1")
    app = student(who, "lesson")
    first = library.lesson_of("hearing").steps[0]

    def asks_meanwhile(step: Step) -> str:
        reached = stage(step)
        board().ask(who.code, who.secret, Question("number", drawing.question_text(first)), "3")
        return reached

    stage = together.stage
    monkeypatch.setattr(together, "stage", asks_meanwhile)
    assert not app.run().text_input
    monkeypatch.setattr(together, "stage", stage)
    assert [box.label for box in app.run().text_input] == ["Your answer, a number"]
    assert not app.exception


def test_an_answer_whose_press_was_dropped_counts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit drops a press on a form that was drawn anew since; what was typed comes with the next look."""
    _, who = class_and_teacher(**MAP)
    app = student(who, "paths")
    board().ask(who.code, who.secret, Question("number", "How many?"))
    with monkeypatch.context() as patch:
        patch.setattr(student_part, "_answer", lambda *_: None)
        app.run()
        patch.setattr(student_part, "_form", lambda *_: None)
        answer(app, "729")
    assert board().crowd(who.code, 1)[1] == 1
    assert any("Your answer: **729**" in caption.value for caption in app.run().caption)


@pytest.mark.parametrize("typed", ["many", "<script>alert(1)</script>", "1e9999", "9e"])
def test_nonsense_is_refused_in_a_sentence(typed: str) -> None:
    _, who = class_and_teacher(**MAP)
    app = student(who)
    board().ask(who.code, who.secret, Question("number", "How many?"))
    answer(app.run(), typed)
    (box,) = app.error
    assert "no number" in box.value
    assert board().crowd(who.code, 1)[1] == 0


def test_a_student_who_floods_is_slowed_down_and_the_others_are_not() -> None:
    _, who = class_and_teacher()
    one, other = (board().join(who.code) for _ in range(2))
    board().ask(who.code, who.secret, Question("number", "How many?"))
    for guess in range(6):
        board().predict(who.code, one, 1, str(guess))
    with pytest.raises(ValueError, match="too quick"):
        board().predict(who.code, one, 1, "7")
    assert board().predict(who.code, other, 1, "3") == "3"


def test_a_question_of_ones_own_is_asked_from_the_menu() -> None:
    teaching, who = class_and_teacher(**MAP)
    teaching.session_state["_class_ask"] = True
    teaching.run()
    teaching.segmented_control(key="_class_kind").set_value("choice").run()
    teaching.text_area(key="_class_prompt").set_value("Which *is* weaker? [x](http://y)")
    teaching.text_area(key="_class_options").set_value("the corner\nthe centre")
    teaching.button(key="_class_ask_own").click().run()
    app = student(who)
    assert not app.exception
    (pills,) = [box for box in app.get("button_group") if "corner" in str(box.options)]
    pills.set_value("the corner").run()
    assert board().crowd(who.code, 1)[1] == 1
    shown = next(text.value for text in app.markdown if "weaker" in text.value)
    assert "](http" not in shown


def test_the_ready_questions_have_computed_answers() -> None:
    teaching, who = class_and_teacher(**MAP)
    teaching.session_state["_class_ask"] = True
    teaching.run()
    labels = [button.label for button in teaching.button if "?" in button.label or "Click" in button.label]
    assert len(labels) == 5
    press(teaching, "Click a pixel")
    press(teaching, "Reveal")
    room = board().room(who.code)
    assert room is not None
    assert room.answer == "0,0 0,8 8,0 8,8"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_the_end_lets_everybody_go() -> None:
    teaching, who = class_and_teacher(**MAP)
    app = student(who, "paths")
    board().end(who.code, who.secret)
    app.run()
    assert any("ended" in box.value for box in app.warning)
    assert app.text_input(key="net").value
    assert "room" not in app.query_params
    assert any("ended" in box.value for box in teaching.run().info)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"room": "KXQ7M4PT"}, "there is no class KXQ7 M4PT"),
        ({"room": "x"}, "is no code of a class"),
        ({"room": "<b>' OR 1=1 --" * 40}, "is no code of a class"),
        ({"teach": "KXQ7M4PT." + "a" * 32}, "does not open a class"),
    ],
)
def test_a_wrong_address_is_told_and_nothing_opens(parameters: dict[str, str], words: str) -> None:
    app = opened("paths", **parameters)
    assert not app.exception
    assert any(words in box.value for box in app.warning)
    assert app.session_state["_class"] is None
    assert figures(app) == 1


def test_who_names_a_class_to_teach_without_its_secret_drives_nothing() -> None:
    _, who = class_and_teacher(**MAP)
    before = board().room(who.code)
    app = opened("paths", net="7; conv k3", teach=who.code)
    assert not app.exception
    assert not [button for button in app.button if button.label in ("Ask", "Reveal")]
    assert board().room(who.code) == before


def test_a_forged_seat_becomes_a_new_one() -> None:
    _, who = class_and_teacher(**MAP)
    app = opened("paths", room=who.code, seat="x" * 32)
    assert param(app, "seat") != "x" * 32


def test_many_wrong_codes_from_one_address_close_it_for_a_while() -> None:
    _, who = class_and_teacher()
    for guess in range(30):
        with pytest.raises(ValueError, match="no class"):
            board().found(f"KXQ7M4P{'ABCDEFGHJKMNPQRSTUVWXYZ2345678'[guess]}", "10.0.0.1")
    with pytest.raises(ValueError, match="too many wrong codes"):
        board().found(who.code, "10.0.0.1")
    assert board().found(who.code, "10.0.0.2").code == who.code


def test_the_results_leave_as_csv_without_formulas() -> None:
    _, who = class_and_teacher()
    seat = board().join(who.code)
    board().ask(who.code, who.secret, Question("choice", "=1+1", ("=cmd()", "-2", "b")), "b")
    board().predict(who.code, seat, 1, "=cmd()")
    rows = list(csv.reader(io.StringIO(desk._csv(who))))
    assert rows[0] == ["question", "asked", "student", "answer", "computed", "met"]
    assert rows[1] == ["1", "'=1+1", "1", "'=cmd()", "b", "no"]


def test_a_visitor_in_no_class_loads_no_database() -> None:
    app = opened("paths")
    assert "_class" not in app.session_state


def test_a_lesson_is_asked_of_all_revealed_and_left_by_one_button() -> None:
    _, who = class_and_teacher()
    teaching = opened("lesson", teach=f"{who.code}.{who.secret}", lesson="pascal", step="1")
    while teaching.button(key="_on").label != "Ask the class":
        press(teaching, "Next")
    app = student(who, "lesson")
    assert app.header[0].value in [header.value for header in teaching.header]
    assert not app.text_input
    before = held(who).view
    assert "#" not in before
    press(teaching, "Ask the class")
    asked = held(who).question
    assert asked is not None
    assert [text.value for text in app.run().markdown].count(f"**{asked.prompt}**") == 1
    answer(app, "6")
    teaching.button(key="_on").click().run()
    assert held(who).view == f"{before}#revealed"
    for screen in (teaching, app.run()):
        assert not screen.exception
        assert [text.value.partition(".")[0] for text in screen.markdown].count("The answer is **6**") == 1
    press(teaching, "Next")
    assert held(who).question is None
    assert not any("The answer is" in text.value for text in app.run().markdown)


def test_an_answer_that_a_class_has_seen_stays_revealed_after_a_restart() -> None:
    _, who = class_and_teacher()
    link = {"teach": f"{who.code}.{who.secret}", "lesson": "hearing", "step": "2"}
    press(opened("lesson", **link), "Reveal without asking")
    assert held(who).view.endswith("#revealed")
    again = opened("lesson", **link)
    assert again.button(key="_on").label == "Next"
    assert held(who).view.endswith("#revealed")
    assert opened("lesson", **{**link, "step": "3"}).button(key="_on").label == "Ask the class"


def test_a_teachers_own_question_stands_above_the_lesson_with_its_buttons() -> None:
    _, who = class_and_teacher()
    board().ask(who.code, who.secret, Question("number", "How old?"), "9")
    teaching = opened("lesson", teach=f"{who.code}.{who.secret}", lesson="hearing", step="1")
    assert "**How old?**" in [text.value for text in teaching.markdown]
    assert teaching.button(key="_on").label == "Ask the class"
    press(teaching, "Reveal")
    press(teaching, "Go on")
    assert held(who).question is None


def held(who: Teacher) -> Room:
    """What the class of a teacher sees."""
    room = board().room(who.code)
    assert room is not None
    return room
