"""A lesson's file is read as it is written, by hand or by the app, and what it must not hold is refused by its line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lessons import Lesson, LessonError, Option, Question, Step, format_lesson, parse
from core.lessons import document as rules

FILE = """# Ends and middles

What it is about.

## The middle
view: paths?net=9; conv k3 x4
then: paths?net=9; conv k3 p1 x4

Two lines
of text with {centre} paths.

- a list, too

question: How many
  paths?
answer: centre
reveal: It is {centre}.
claim: centre == 19
claim: corner == 1

## A choice
view: paths?net=9; conv k3 x4
question: Which?
- the end {corner > centre}
- the middle {centre > corner}

## A pixel
view: paths?net=9x9; conv k3 p1 x4&view=map
question: Click a corner.
pixel: here == least
\\view: is no view here
"""

MIDDLE = Step(
    "The middle",
    "paths?net=9; conv k3 x4",
    "Two lines\nof text with {centre} paths.\n\n- a list, too",
    "paths?net=9; conv k3 p1 x4",
    Question("number", "How many paths?", (), "centre"),
    "It is {centre}.",
    ("centre == 19", "corner == 1"),
)


def test_a_file_by_hand_is_read() -> None:
    lesson = parse(FILE)
    assert (lesson.title, lesson.summary, len(lesson.steps)) == ("Ends and middles", "What it is about.", 3)
    assert lesson.steps[0] == MIDDLE
    assert lesson.steps[1].question == Question(
        "choice", "Which?", (Option("the end", "corner > centre"), Option("the middle", "centre > corner"))
    )
    assert lesson.steps[2].question == Question("pixel", "Click a corner.", (), "here == least")
    assert lesson.steps[2].text == "view: is no view here"


def test_a_file_of_another_system_is_read_alike() -> None:
    assert parse("\ufeff" + FILE.replace("\n", "\r\n")) == parse(FILE)


LETTERS = st.characters(exclude_categories=["C", "Z"], exclude_characters="<>[]{}&!\\")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=4).map(" ".join)
STRUCTURE = st.sampled_from(
    [
        *("# no title", "## no step", "#", "##", "view: x", "claim:", "answer: 3", "- item", "question: why"),
        *("\\view: y", "\\", "\\\\claim: z", "\\# a", "  indented"),
    ]
)
LINES = st.lists(st.one_of(WORDS, STRUCTURE), min_size=1, max_size=3).map("\n".join)
TEXTS = st.lists(LINES, max_size=3).map("\n\n".join).map(str.strip).map(
    lambda text: "\n".join(line.rstrip() for line in text.split("\n"))
)  # fmt: skip
EXPRESSIONS = st.sampled_from(["centre", "corner == 1", 'other("9; conv k3 p1:2").total > 3', "unread:.1%"])
QUESTIONS = st.one_of(
    st.none(),
    st.builds(Question, st.just("number"), WORDS, st.just(()), EXPRESSIONS),
    st.builds(Question, st.just("pixel"), WORDS, st.just(()), EXPRESSIONS),
    st.builds(
        Question, st.just("choice"), WORDS,
        st.lists(st.builds(Option, WORDS, EXPRESSIONS), min_size=2, max_size=4).map(tuple),
    ),
)  # fmt: skip
VIEWS = st.sampled_from(["paths?net=9; conv k3 x4", "compare?net=9x9; conv k3&second=+border-circular"])


@st.composite
def steps(draw: st.DrawFn) -> Step:
    question = draw(QUESTIONS)
    asks = question is not None
    return Step(
        draw(WORDS),
        draw(VIEWS),
        draw(TEXTS),
        draw(st.one_of(st.just(""), VIEWS)) if asks else "",
        question,
        draw(st.one_of(st.just(""), WORDS)) if asks else "",
        tuple(draw(st.lists(EXPRESSIONS, max_size=3))),
    )


@given(WORDS, TEXTS, st.lists(steps(), min_size=1, max_size=4))
def test_what_is_written_is_read_again(title: str, summary: str, made: list[Step]) -> None:
    lesson = Lesson(title, summary, tuple(made))
    assert parse(format_lesson(lesson)) == lesson


@given(st.text(max_size=400))
def test_any_file_is_a_lesson_or_refused(text: str) -> None:
    with suppress(LessonError):
        parse(text)


@given(st.lists(st.sampled_from(FILE.splitlines()), max_size=40).map("\n".join))
def test_a_file_in_any_disorder_is_a_lesson_or_refused(text: str) -> None:
    with suppress(LessonError):
        parse(text)


STEP = "# T\n\n## S\nview: paths?net=9\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the title is missing"),
        ("# T", "at least one step"),
        ("## S\nview: paths?net=9", "the title is missing"),
        ("# T\n\n## S", "step 'S', line 3: the view is missing"),
        ("# T\n# U", "line 2: a file holds one lesson"),
        (STEP + "view: paths?net=9", "2 lines view:"),
        (STEP + "answer: centre", "an answer without a question"),
        (STEP + "question: Why?", "either a line answer:"),
        (STEP + "question: Why?\nanswer: centre\npixel: here == 1", "either a line answer:"),
        (STEP + "question: Why?\n- one {centre > 1}", "two to eight options"),
        (STEP + "question: Why?\n- one\n- two", "an option ends with its condition"),
        (STEP + "question:\nanswer: 1", "a question is missing"),
        (STEP + "reveal: It is.", "asks nothing"),
        (STEP + "then: paths?net=5", "asks nothing"),
        (STEP + "\n<script>alert(1)</script>", "step 'S', line 3: '<s' begins HTML"),
        (STEP + "\n![x](http://example.org/x.png)", "a link or a picture"),
        (STEP + "\n[click](javascript:alert)", "a link or a picture"),
        (STEP + "\n[click][a]\n\n[a]: http://example.org", "a link or a picture"),
        (STEP + "\n&lt;b", "HTML"),
        (STEP + "question: <img src=x>\nanswer: centre", "HTML"),
        ("# <b>T</b>\n\n## S\nview: paths?net=9", "HTML"),
        ("# T\n\x07", "line 2: it holds a letter"),
        ("# T\n" + "x" * 5000, "line 2: it has 5,000 characters"),
        ("# T\n" + "x\n" * 40_000, "the file has 80,004 characters"),
        ("# T\n" + "## S\nview: paths?net=9\n" * 41, "line 82: this is step 41"),
        (STEP + "claim: centre == 1\n" * 13, "13 claims"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, words: str) -> None:
    with pytest.raises(LessonError) as refusal:
        parse(text)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_comparison_signs_in_expressions_are_no_html() -> None:
    lesson = parse(STEP + "question: Which of {1<centre} it?\n- one {corner<centre}\n- two {centre<corner}")
    assert lesson.steps[0].question is not None


def test_the_example_of_the_docstring_is_a_lesson() -> None:
    (example,) = [part for part in (rules.__doc__ or "").split("::\n") if "# Pascal" in part]
    indented = example.split("\n\nA question that")[0].split("\n")
    assert parse("\n".join(line.removeprefix("    ") for line in indented)).title == "Pascal's triangle"
