"""The lessons of the course: each loads, so that every claim, answer and number in it was computed anew."""

from pathlib import Path

import pytest

from core.lessons import answer, complaint, format_lesson, load, options, parse, step_scope, verdict, with_numbers
from core.lessons.lesson import Step

FILES = sorted((Path(__file__).parents[2] / "assets" / "lessons").glob("*.md"))
CHAPTERS = [
    *("hearing", "pascal", "border", "strides", "pooling"),
    *("shortcuts", "effective", "training", "question", "resnet", "beginning"),
]
STEPS = [
    pytest.param(step, id=f"{file.stem}-{place}")
    for file in FILES
    for place, step in enumerate(parse(file.read_text(encoding="utf-8")).steps, start=1)
]


def test_the_course_is_in_order() -> None:
    assert [file.stem for file in FILES] == [f"{place:02d}_{name}" for place, name in enumerate(CHAPTERS, start=1)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_lesson_has_a_class_hour_of_steps_and_most_of_them_ask(file: Path) -> None:
    lesson = load(file.read_text(encoding="utf-8"))
    assert 5 <= len(lesson.steps) <= 12
    assert sum(step.question is not None for step in lesson.steps) >= len(lesson.steps) // 2
    assert parse(format_lesson(lesson)) == lesson
    assert len(lesson.summary) < 400


@pytest.mark.parametrize("step", STEPS)
def test_all_that_a_step_says_is_so(step: Step) -> None:
    assert complaint(step) == ""
    assert step.claims
    assert len(step.text) < 900
    if step.question is None:
        return
    assert step.reveal
    assert answer(step) is not None
    assert "**" in verdict(step, None)
    shown = with_numbers(step.reveal, step_scope(step))
    assert "{" not in shown
    if step.question.kind == "choice":
        assert len(set(options(step))) == len(step.question.options)


@pytest.mark.parametrize("step", STEPS)
def test_a_number_that_is_not_so_is_noticed(step: Step) -> None:
    for claim in step.claims:
        name, equal, number = claim.partition(" == ")
        if equal and name.isidentifier() and number.isdigit():
            wrong = Step(step.title, step.view, claims=(f"{name} == {int(number) + 1}",))
            assert "is not true" in complaint(wrong)
