"""Predictions, counted: which bar or pixel holds whom, whatever the class has typed."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pages.class_room.question import Question
from pages.class_room.tally import Bars, Clicks, tally

NUMBER = Question("number", "How many?")
CHOICE = Question("choice", "Which?", ("fewer", "as many", "more"))


def bars(values: list[str], answer: str = "", own: str | None = None) -> Bars:
    found = tally(NUMBER, values, answer, own)
    assert isinstance(found, Bars)
    return found


def test_few_different_numbers_have_a_bar_each_in_order() -> None:
    found = bars(["70", "9", "70", "1/4"], "72", "9")
    assert found == Bars(("0.25", "9", "70", "72"), (1, 1, 2, 0), answer=3, own=1)


def test_options_stand_as_they_were_asked() -> None:
    found = tally(CHOICE, ["more", "fewer", "more"], "fewer", "more")
    assert found == Bars(("fewer", "as many", "more"), (1, 0, 2), answer=0, own=2)


def test_pixels_are_counted_where_they_lie() -> None:
    found = tally(Question("pixel", "Where?", size=(9, 12)), ["0,11", "8,0", "0,11"], "0,11 8,0", "8,0")
    assert found == Clicks((9, 12), {(0, 11): 2, (8, 0): 1}, ((0, 11), (8, 0)), (8, 0))


def test_a_pixel_of_one_axis_lies_in_the_first_row() -> None:
    found = tally(Question("pixel", "Where?", size=(9,)), ["4"], "8")
    assert found == Clicks((1, 9), {(0, 4): 1}, ((0, 8),), None)


def test_numbers_over_many_powers_are_binned_by_powers() -> None:
    found = bars([str(3**power) for power in range(40)], "6561")
    assert found.answer is not None
    low, high = (float(text.replace(",", "")) for text in found.labels[found.answer].split(" to "))
    assert low <= 6561 < high
    assert len(found.labels) <= 12


@given(st.lists(st.fractions(-(10**30), 10**30, max_denominator=10**6), min_size=1, max_size=80), st.data())
def test_every_prediction_is_in_one_bar_and_the_marks_are_in_bars(values: list[Fraction], data: st.DataObject) -> None:
    answer, own = (str(data.draw(st.sampled_from(values))) for _ in range(2))
    found = bars([str(value) for value in values], answer, own)
    assert sum(found.counts) == len(values)
    assert len(found.labels) == len(found.counts) <= 20
    assert found.answer is not None
    assert found.own is not None
    assert found.counts[found.answer] >= 1
    assert found.counts[found.own] >= 1


def test_one_rogue_does_not_hide_the_class() -> None:
    found = bars([str(number) for number in range(40)] + ["1" + "0" * 30])
    assert max(found.counts) <= 10
