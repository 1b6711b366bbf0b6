"""What a student may answer, and how it is read."""

import pytest

from core.errors import UserError
from pages.class_room.question import Question, read_number

CHOICE = Question("choice", "Which?", ("the corner", "the centre"))
PIXEL = Question("pixel", "Where?", size=(9, 12))


@pytest.mark.parametrize("question", [Question("number", "How many?"), CHOICE, PIXEL])
def test_a_question_survives_being_stored(question: Question) -> None:
    assert Question.from_json(question.to_json()) == question


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("70", "70"), (" 70 ", "70"), ("-3", "-3"), ("1,225", "1225"), ("12,345,678", "12345678"), ("0,5", "1/2"),
        ("0.25", "1/4"), ("1/16", "1/16"), ("12.5 %", "1/8"), ("1e3", "1000"), ("2.5E-1", "1/4"), ("007", "7"),
        ("12157665459056928801", "12157665459056928801"),
    ],
)  # fmt: skip
def test_a_number_is_read_exactly(typed: str, canonical: str) -> None:
    assert str(read_number(typed)) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "many",
        "1..2",
        "1/0",
        "nan",
        "inf",
        "1e999",
        "٣",
        "1 2 3 4",
        "0x10",
        "--1",
        "1/2/3",
        "9" * 81,
        "<b>1</b>",
        "/",
    ],
)
def test_nonsense_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(UserError, match=r"give|at most"):
        Question("number", "How many?").read(typed)


def test_a_pixel_is_read_within_the_input() -> None:
    assert PIXEL.read(" 8 , 11") == "8,11"
    assert Question("pixel", "Where?", size=(9,)).read("8") == "8"
    for typed in ("9,0", "0,12", "-1,0", "3", "1,2,3", "a,b", "1,2;"):
        with pytest.raises(UserError, match="row,column from 0,0 to 8,11"):
            PIXEL.read(typed)


def test_a_choice_is_one_of_its_options() -> None:
    assert CHOICE.read("the corner") == "the corner"
    with pytest.raises(UserError, match="choose the corner, the centre"):
        CHOICE.read("The corner")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "essay", "prompt": "Why?"}, "no question of kind"),
        ({"kind": "number", "prompt": "  "}, "1 to 300 characters"),
        ({"kind": "number", "prompt": "x" * 301}, "this one 301"),
        ({"kind": "choice", "prompt": "?", "options": ("one",)}, "2 to 8 different"),
        ({"kind": "choice", "prompt": "?", "options": ("one", "one")}, "2 to 8 different"),
        ({"kind": "choice", "prompt": "?", "options": ("one", "x" * 81)}, "1 to 80"),
        ({"kind": "pixel", "prompt": "?"}, "1 or 2 axes"),
        ({"kind": "pixel", "prompt": "?", "size": (9, 513)}, "at most 512"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(values: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        Question(**values)  # type: ignore[arg-type]


def test_a_large_number_or_a_share_is_right_when_it_is_near() -> None:
    number = Question("number", "How many?")
    assert number.is_right("72", "72")
    assert not number.is_right("71", "72")
    assert number.is_right("6500", "6561")
    assert not number.is_right("6400", "6561")
    assert number.is_right("1/4", "1225/4900")
    assert number.is_right("51/200", "1/4")
    assert not number.is_right("3/10", "1/4")
