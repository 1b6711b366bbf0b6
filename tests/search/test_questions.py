"""Conditions and fronts: exact, against every pair compared, and refused in words before anything is counted."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.expressions import Value
from core.search.answer import Answering
from core.search.front import Front
from core.search.members import fraction_of, nearest_float
from core.search.quantities import QUANTITIES, Better, Row
from core.search.questions import Objective, question_of
from core.search.results import table_of, values

THIRDS = st.builds(Fraction, st.integers(0, 9), st.just(3))
WAYS: tuple[Better, ...] = ("larger", "smaller", "nearest 1")


def table(*rows: dict[str, Value | None]):
    """Designs ``a``, ``b``, … with these numbers, and 1 for all others."""
    full: list[tuple[str, Row]] = [
        (chr(97 + index), {name: row.get(name, 1) for name in QUANTITIES}) for index, row in enumerate(rows)
    ]
    return table_of(full)


def is_better(one: tuple[Fraction, ...], other: tuple[Fraction, ...], ways: list[Better]) -> bool:
    """Whether one is nowhere worse and somewhere better."""

    def worth(value: Fraction, way: Better) -> Fraction:
        if way == "nearest 1":
            return min(value, 1 / value) if value else value
        return value if way == "larger" else -value

    pairs = [(worth(a, way), worth(b, way)) for a, b, way in zip(one, other, ways, strict=True)]
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)


@given(
    st.lists(st.sampled_from(WAYS), min_size=1, max_size=3).flatmap(
        lambda ways: st.tuples(
            st.just(ways), st.lists(st.tuples(*[THIRDS] * len(ways)), max_size=12)
        )
    )
)  # fmt: skip
def test_the_front_is_what_nothing_is_better_than(case: tuple[list[Better], list[tuple[Fraction, ...]]]) -> None:
    ways, rows = case
    front = Front([Objective(f"n{index}", way) for index, way in enumerate(ways)])
    for index, row in enumerate(rows):
        front.add(str(index), row)
    best = {index for index, row in enumerate(rows) if not any(is_better(other, row, ways) for other in rows)}
    found = front.best()
    assert sum(1 + one.alike for one in found) == len(best)
    assert {int(one.design) for one in found} <= best
    assert all(rows[int(one.design)] == one.values for one in found)


def test_of_designs_with_the_same_numbers_the_first_stands_and_the_others_are_counted() -> None:
    answering = Answering(question_of("", "field,multiply_adds"))
    answering.take(table({"field": 3}, {"field": 5}, {"field": 5}, {"field": 5, "multiply_adds": 2}))
    (best,) = answering.answer().front
    assert (best.design, best.alike, best.values) == ("b", 1, (5, 1))


@pytest.mark.parametrize(
    ("where", "met"),
    [
        ("", "abcd"),
        ("parity == 1", "a"),
        ("parity > 1 / 3 and parity < 0.34", ""),
        ("parity * 3 == 1", "b"),
        ("parity == 0.3333333333333333", ""),
        ("not field >= 64", "ab"),
        ("multiply_adds < 2e9", "abc"),
        ("halo <= 16 or field > 0", "abd"),
        ("1 / (field - 64) > 0", "d"),
    ],
)
def test_a_condition_is_met_exactly_and_never_without_a_number_it_names(where: str, met: str) -> None:
    rows = table(
        {"parity": Fraction(1), "field": 3},
        {"parity": Fraction(1, 3), "field": 63},
        {"parity": None, "field": 64, "halo": None, "multiply_adds": 2 * 10**9 - 1},
        {"parity": Fraction(2), "field": 65, "multiply_adds": 2 * 10**9},
    )
    question = question_of(where)
    found = [
        chr(97 + index)
        for index, row in enumerate(values(rows, question.names))
        if None not in row and question.is_met(row)
    ]
    assert "".join(found) == met
    answering = Answering(question)
    answering.take(rows)
    assert answering.answer().met == len(met)


def test_designs_without_a_number_that_is_compared_are_counted_by_its_name() -> None:
    answering = Answering(question_of("field > 2", "halo,parity"))
    answering.take(table({"field": 3, "halo": None}, {"field": 3, "parity": None, "halo": None}, {"field": 3}))
    answer = answering.answer()
    assert (answer.met, answer.absent) == (3, {"halo": 2, "parity": 1})
    assert [best.design for best in answer.front] == ["c"]


def test_a_fraction_is_kept_with_all_its_digits_and_its_float_under_its_own_name() -> None:
    value = Fraction(10**6000 + 1, 3**20)
    kept = table({"gini": value, "parity": Fraction(1, 3), "field": 2**62})
    assert next(values(kept, ("gini", "parity", "field"))) == (value, Fraction(1, 3), 2**62)
    assert kept.column("gini_float").to_pylist() == [None]
    assert kept.column("parity_float").to_pylist() == [1 / 3]
    assert kept.column("parity").to_pylist() == ["1/3"]
    assert kept.schema.field("field").type == "int64"


@given(st.fractions(min_value=0))
def test_a_fraction_is_read_as_it_was_written(value: Fraction) -> None:
    assert fraction_of(str(value)) == value
    assert nearest_float(value) == float(value)


@pytest.mark.parametrize(
    ("where", "pareto", "words"),
    [
        ("pariti == 1", "field", "there is no 'pariti' to search by; did you mean parity?"),
        ("field", "field", "'field' is a number and no condition; compare it"),
        ("field + (halo > 1) > 1", "field", "'halo > 1' is a condition and no number"),
        ("__import__('os')", "field", "there is no '__import__'"),
        ("other('9').field > 1", "field", "there is no"),
        ("max(field, halo) > 1 and", "field", "is no expression"),
        ("", "", "nothing is said of what is better"),
        ("", "field, field", "names a number twice"),
        ("", "least:field", "write max:field, min:field, one:field"),
        ("", "fields", "did you mean field?"),
        ("", "field,halo,parity,gini,unread,stride,output", "7 numbers are more than 6"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_counted(where: str, pareto: str, words: str) -> None:
    with pytest.raises(UserError, match=re.escape(words)):
        question_of(where, pareto)


def test_a_way_to_be_better_is_the_numbers_own_or_the_one_that_is_given() -> None:
    objectives = question_of("", "corner_centre, multiply_adds, max:halo, min:field, one:parity").objectives
    assert [objective.better for objective in objectives] == ["nearest 1", "smaller", "larger", "smaller", "nearest 1"]
    assert all(quantity.better in WAYS for quantity in QUANTITIES.values())
