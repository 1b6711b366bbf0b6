"""What a lesson says is asked of the view: numbers by brute force, claims by their values, answers from the options."""

import re
from fractions import Fraction

import numpy as np
import pytest

from core.errors import UserError
from core.expressions import Value, number
from core.lessons import (
    LessonError,
    Option,
    Question,
    Step,
    answer,
    complaint,
    is_right,
    load,
    options,
    parse_view,
    read_guess,
    right_pixels,
    step_scope,
    verdict,
    with_numbers,
)
from core.lessons.quantities import QUANTITIES
from core.lessons.wording import format_number
from core.network import parse
from tests.oracles import count_matrix

ROW = "paths?net=9; conv k3 x4"
MAP = "paths?net=7x9; conv k3 s2 p1; conv k3 p1"


def worth(source: str, view: str, then: str = "") -> Value:
    """A number of a view."""
    question = Question("number", "?", (), source)
    return number(source, step_scope(Step("s", view, "", then, question)))


def test_the_counts_of_a_view_are_those_of_brute_force() -> None:
    counts = count_matrix(parse("7x9; conv k3 s2 p1; conv k3 p1")).sum(axis=(0, 1))
    flat = [int(count) for count in counts.ravel()]
    assert worth("centre", MAP) == counts[3, 4]
    assert worth("corner", MAP) == counts[0, 0]
    assert worth("edge", MAP) == counts[0, 4]
    assert [worth(f"paths({row}, {column})", MAP) for row, column in np.ndindex(counts.shape)] == flat
    assert worth("paths(-1, -2)", MAP) == counts[-1, -2]
    assert (worth("total", MAP), worth("least", MAP), worth("most", MAP)) == (sum(flat), min(flat), max(flat))
    assert worth("having(least)", MAP) == flat.count(min(flat))
    assert worth("different", MAP) == len(set(flat))
    assert worth("pixels", MAP) == 63
    columns = counts.sum(axis=0).astype(float)
    mean = (columns * np.arange(9)).sum() / columns.sum()
    assert float(worth("variance", MAP)) == pytest.approx((columns * (np.arange(9) - mean) ** 2).sum() / columns.sum())


BY_HAND = [
    ("centre", ROW, 19),
    ("corner_centre", "paths?net=9; conv k3 p1 x4", Fraction(35, 81)),
    ("edge_centre", "paths?net=9x9; conv k3 p1 x4", Fraction(35, 81)),
    ("max_min", "paths?net=9x9; conv k3 x4", 361),
    ("parity", "paths?net=64; conv k3 s2 p1 x3", 5),
    ("unread", "paths?net=9x9; conv k1 s2", Fraction(56, 81)),
    ("gini", "paths?net=9; conv k3 p1 circular", 0),
    ("effective_share", "paths?net=9; conv k3 p1 circular", 1),
    ("asymmetry", "paths?net=4; conv k3 s2 p1", Fraction(-1, 5)),
    ("variance", ROW, Fraction(8, 3)),
    ("rim", "paths?net=5x5; conv k3 p1", Fraction(25 * (4 * 4 + 12 * 6), 16 * 169)),
    ("share(1)", "paths?net=4; attn causal x2&unit=3", Fraction(13, 48)),
    ("share(-1)", "paths?net=4; attn causal", Fraction(1, 16)),
    ("cell(0, 4)", ROW, 19),
    ("cell(-1, 0)", ROW, 1),
    ("cell(4, 0)", "paths?net=9; conv k3 x4&cell=0:4", 19),
    ("cell(0, 4)", "paths?net=9x5; conv k3 x2&axis=height&unit=2,0", 3),
    ("row_total(3)", ROW, 3),
    ("reached(0)", "paths?net=5; conv k3 p1", 2),
    ("side", MAP, 9),
    ("outputs", MAP, 20),
    ("output_side", MAP, 5),
    ("layers", MAP, 2),
    ("field", MAP, 7),
    ("field_centre", "field?net=224; conv k7 s2 p3; maxpool k3 s2 p1&unit=3", 12),
    ("width_95", ROW, 7),
    ("stride", MAP, 2),
    ("unproductive", "paths?net=5; conv k3 p1 x4", 2),
    ("left_over", "paths?net=8; conv k3 s2 p1", 1),
    ("parameters", ROW, 12),
    ("multiply_adds", "paths?net=5; conv k3 p1", 15),
    ("most", "paths?net=9; conv k3 p1 x2&unit=0", 2),
    ("most", "field?net=9; conv k3 p1 x2", 3),
    ("second.corner", "compare?net=9; conv k3 p1 x4&second=+border-circular", 81),
    ("third.centre", "compare?net=9; conv k3 p1 x4&second=+border-circular&third=9; conv k3 x4", 19),
    ('other("9; conv k3 p1:2 x4").total', ROW, worth("total", "paths?net=9; conv k3 p1:2 x4")),
    ('other("paths?net=9; conv k3 p1 x2&unit=0").most', ROW, 2),
]


@pytest.mark.parametrize(("source", "view", "value"), BY_HAND)
def test_a_number_of_a_view_is_what_follows_by_hand(source: str, view: str, value: Value) -> None:
    assert worth(source, view) == value


def test_every_number_is_asked_for_above() -> None:
    asked = {name for source, _, _ in BY_HAND for name in re.findall(r"[a-z_0-9]+", source)}
    brute = {"corner", "edge", "paths", "total", "least", "having", "different", "pixels", "centre"}
    assert set(QUANTITIES) <= asked | brute


def test_the_next_view_has_its_own_numbers() -> None:
    assert worth("then.centre - centre", ROW, "paths?net=9; conv k3 p1 x4") == 81 - 19


@pytest.mark.parametrize(
    ("source", "view", "words"),
    [
        ("middle", ROW, "there is no 'middle'; there are centre, corner"),
        ("paths", ROW, "paths is written paths(row, column)"),
        ("centre(1)", ROW, "centre is written centre"),
        ("paths(1, 2)", ROW, "no position 1, 2 in a map of 9"),
        ("paths(9)", ROW, "no position 9 in a map of 9"),
        ("paths(1/2)", ROW, "no position 1/2"),
        ("cell(7, 0)", ROW, "no position 7 in a map of 5"),
        ("parity", "paths?net=3; conv k1 s2 x2", "parity has no value"),
        ("then.centre", ROW, "'then' is no view"),
        ("second.centre", ROW, "no second design"),
        ('other("my.py:build").centre', ROW, "a file, which no lesson carries"),
        ('other("9; conv k99").centre', ROW, "layer 1 (conv k99)"),
        ('other("paths?net=").centre', ROW, "shows no design"),
        ("centre", "paths?net=9; conv k3 x4&unit=x", "'x' is no position"),
        ("cell(0, 0)", "paths?net=9; conv k3 x4&cell=1", "'1' is no unit of a tower"),
        ("centre", "paths?net=1024x1024; add(conv k3 p1 | skip) x60", "takes about"),
    ],
)
def test_a_number_that_cannot_be_had_is_explained(source: str, view: str, words: str) -> None:
    with pytest.raises(UserError) as refusal:
        worth(source, view)
    assert words in str(refusal.value)


def test_numbers_stand_in_sentences() -> None:
    scope = step_scope(Step("s", "paths?net=9; conv k3 p1 x4"))
    text = "{centre} and {corner_centre:.2}, {corner_centre:%}, {corner_centre:/}; {{}} {total * 10 ** 30}"
    assert with_numbers(text, scope) == "81 and 0.43, 43 %, 35/81; {} about 5.8e32"
    for wrong in ("{centre", "centre}", "{}", "{centre > 1}", "{nothing}", "{centre:x}"):
        with pytest.raises(UserError):
            with_numbers(wrong, scope)


def test_decimals_are_rounded_exactly() -> None:
    shown = [format_number(Fraction(value), ".1") for value in ("0.25", "0.35", "-0.04", "19/2", "2", "1234567.89")]
    assert shown == ["0.2", "0.4", "0.0", "9.5", "2.0", "1,234,567.9"]


FILE = """# T

## S
view: paths?net=9; conv k3 p1 x4

{text}

{rest}
"""


@pytest.mark.parametrize(
    ("text", "rest", "words"),
    [
        ("", "claim: corner == 36", "step 1 (S): the claim 'corner == 36' is not true: corner is 35"),
        ("", 'claim: other("9; conv k3 x4").centre > centre', "other('9; conv k3 x4').centre is 19, centre is 81"),
        ("", "claim: 1 == 1", "says nothing of the view"),
        ("", "claim: centre", "is a number and no condition"),
        ("{nowhere}", "", "there is no 'nowhere'"),
        ("", "question: How many?\nanswer: 81", "the answer '81' is written out"),
        ("", "question: How many?\nanswer: centre > 1", "is a condition and no number"),
        ("", "question: Which?\n- a {centre > 1}\n- b {corner > 1}", "right: 'a' and 'b'"),
        ("", "question: Which?\n- a {centre < 1}\n- b {corner < 1}", "right: none"),
        ("", "question: Which?\n- a {centre > 1}\n- b {1 > 2}", "says nothing of the view"),
        ("", "question: Where?\npixel: here == 0", "no pixel meets 'here == 0'"),
        ("", 'question: Where?\npixel: other("9").centre == here', "names no other view"),
        ("", "question: {centre\nanswer: centre", "a brace without its other"),
        ("", "question: How?\nanswer: centre\nreveal: {then.centre}", "'then' is no view"),
    ],
)
def test_a_lesson_that_says_what_is_not_so_is_not_loaded(text: str, rest: str, words: str) -> None:
    with pytest.raises(LessonError) as refusal:
        load(FILE.format(text=text, rest=rest))
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_lesson_that_is_so_is_loaded() -> None:
    assert load(FILE.format(text="{centre}", rest="claim: centre == 81")).steps[0].claims == ("centre == 81",)


ENDS = (Option("the end, {corner} paths", "corner > centre"), Option("the middle, {centre} paths", "centre > corner"))
NUMBER = Step("s", ROW, question=Question("number", "How many?", (), "centre"))
SHARE = Step("s", "paths?net=9; conv k1 s2", question=Question("number", "How much?", (), "unread:%"))
CHOICE = Step("s", ROW, question=Question("choice", "Which?", ENDS))
PIXEL = Step("s", "paths?net=5x4; conv k3 p1", question=Question("pixel", "Where?", (), "here == least"))


def test_answers_follow_from_the_view() -> None:
    assert answer(NUMBER) == 19
    assert answer(SHARE) == Fraction(4, 9)
    assert answer(CHOICE) == "the middle, 19 paths"
    assert options(CHOICE) == ("the end, 1 paths", "the middle, 19 paths")
    assert answer(PIXEL) == (0, 0)
    assert right_pixels(PIXEL) == ((0, 0), (0, 3), (4, 0), (4, 3))


@pytest.mark.parametrize(
    ("step", "typed", "right", "words"),
    [
        (NUMBER, "19", True, "Exactly **19**."),
        (NUMBER, "18", False, "You said 18; it is **19**."),
        (NUMBER, "9.5", False, "You said 9.5, 2.0 times too few: it is **19**."),
        (NUMBER, "1,900", False, "You said 1,900, 100 times too many: it is **19**."),
        (SHARE, "44 %", True, "You said 44 %: right, it is **44 %**."),
        (SHARE, "44", True, "You said 44 %: right, it is **44 %**."),
        (SHARE, "4/9", True, "Exactly **44 %**."),
        (SHARE, "90", False, "You said 90 %, 2.0 times too much: it is **44 %**."),
        (CHOICE, "the middle, 19 paths", True, "As you said: **the middle, 19 paths**."),
        (CHOICE, "the end, 1 paths", False, "You said: the end, 1 paths. The answer: **the middle, 19 paths**."),
        (PIXEL, "4,3", True, "You took pixel 4,3, with 4 paths: **right**, and so are 3 others."),
        (PIXEL, "2,1", False, "You took pixel 2,1, with 9 paths. The answer: **4 pixels, 0,0 among them**."),
    ],
)
def test_a_guess_is_put_beside_the_answer(step: Step, typed: str, right: bool, words: str) -> None:
    guess = read_guess(step, typed)
    assert guess is not None
    assert is_right(step, guess) is right
    assert verdict(step, guess) == words


@pytest.mark.parametrize("text", ["", "many", "1e5", "1/0", "--1", "∞", "nan", "1 2", "9" * 40])
def test_what_is_no_number_is_no_guess(text: str) -> None:
    assert read_guess(NUMBER, text) is None


def test_without_a_guess_the_answer_stands_alone() -> None:
    assert [verdict(step, None) for step in (NUMBER, CHOICE, PIXEL)] == [
        "The answer is **19**.",
        "The answer: **the middle, 19 paths**.",
        "The answer: **4 pixels, 0,0 among them**.",
    ]


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("9; conv k3 x4", "paths?net=9; conv k3 x4"),
        ("?net=9; conv k3 x4&view=map", "paths?net=9; conv k3 x4&view=map"),
        ("http://host:8501/field?v=2&net=9x9%3B+conv+k3%2Bkernel-padding&unit=2%2C2",
         "field?net=9x9; conv k3+kernel-padding&unit=2,2"),
        ("paths?net=ResNet-18+kernel-padding", "paths?net=ResNet-18+kernel-padding"),
        ("paths?v=2&net=Dilated+stack", "paths?net=Dilated stack"),
    ],
)  # fmt: skip
def test_an_address_is_read_as_written_or_as_copied(address: str, canonical: str) -> None:
    assert str(parse_view(address)) == canonical
    assert parse_view(canonical) == parse_view(address)


@pytest.mark.parametrize(
    "address", ["", "paths?", "paths?net=", "../x?net=9", "paths?9; conv k3", "p?net=9&a=%0A", "x" * 99]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert complaint(Step("s", address or "?"))
