"""Stepping through a lesson: what a clicker does, what is kept, and where it ends; no page has a part in it."""

from hypothesis import given
from hypothesis import strategies as st

from core.lessons import Lesson, Progress, Question, Step

ASKS = Step("asks", "paths?net=9", question=Question("number", "?", (), "centre"))
TELLS = Step("tells", "paths?net=9")
LESSON = Lesson("T", "", (ASKS, TELLS, ASKS))


def test_a_clicker_shows_the_answer_and_then_goes_on() -> None:
    now, seen = Progress(), []
    while not now.is_last(LESSON):
        now = now.forward(LESSON)
        seen.append((now.number, now.response().revealed))
    assert seen == [(1, True), (2, False), (3, False), (3, True)]
    assert now.forward(LESSON) == now


def test_a_guess_is_kept_where_it_was_made() -> None:
    now = Progress().with_guess(4, "why not").with_answer().at_step(3, LESSON).with_guess(5)
    assert (now.response(1).guess, now.response(1).why, now.response(1).revealed) == (4, "why not", True)
    assert (now.response().guess, now.response().revealed) == (5, False)
    assert now.back(LESSON).back(LESSON).back(LESSON).number == 1


def test_an_answer_is_covered_again_and_the_guess_stays() -> None:
    now = Progress().with_guess(4).with_answer().without_answer()
    assert (now.response().guess, now.response().revealed) == (4, False)


@given(st.lists(st.sampled_from(["forward", "back"]), max_size=30), st.integers(-5, 50))
def test_no_step_lies_outside_the_lesson(moves: list[str], number: int) -> None:
    now = Progress().at_step(number, LESSON)
    for move in moves:
        now = getattr(now, move)(LESSON)
        assert 1 <= now.number <= 3
        assert now.step(LESSON) is LESSON.steps[now.number - 1]
