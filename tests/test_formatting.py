"""Numbers as text: never another number than the one that is meant, however long or small it is."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formatting import (
    all_digits,
    count_cell,
    counted_noun,
    format_count,
    format_measure,
    format_ratio,
    grouped_digits,
    measure_json,
    scientific,
    short_count,
)


@pytest.mark.parametrize("digits", [1, 15, 3999, 4000, 4001, 4300, 4301, 8000, 8001, 20_001])
def test_a_number_of_any_length_is_written_in_full(digits: int) -> None:
    assert all_digits(10 ** (digits - 1)) == "1" + "0" * (digits - 1)
    assert all_digits(10**digits - 1) == "9" * digits
    assert all_digits(7 * 10 ** (digits - 1) + (8 if digits > 1 else 0))[-1] == ("8" if digits > 1 else "7")


@given(st.integers(0, 10**30))
def test_short_numbers_are_written_as_always(count: int) -> None:
    assert all_digits(count) == str(count)


@given(st.integers(0, 10**30))
def test_digits_are_grouped_by_threes(count: int) -> None:
    assert grouped_digits(count) == f"{count:,}"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (9999, "9999"),
        (10_000, "10,000"),
        (999_999, "999,999"),
        (1_000_000, "1.0e6"),
        (1_249_999, "1.2e6"),
        (1_250_000, "1.3e6"),
        (9_949_999, "9.9e6"),
        (9_950_000, "1.0e7"),
    ],
)
def test_a_large_count_is_shortened_to_two_digits_rounded_half_up(count: int, text: str) -> None:
    assert short_count(count) == text
    assert short_count(10**5000) == "1.0e5000"


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (None, "null"),
        (Fraction(1, 4), "0.25"),
        (Fraction(10**400), str(10**400)),
        (Fraction(2 * 10**5000), "2.0000000000000000e5000"),
    ],
)
def test_a_measure_is_a_number_that_json_readers_take(measure: Fraction | None, expected: str) -> None:
    assert measure_json(measure) == expected
    json.loads(expected)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (Fraction(9, 4), "2.25"),
        (Fraction(1), "1"),
        (Fraction(10**9 + 1, 10**9), "1.000000001"),
        (Fraction(-1, 45), "-0.02222"),
        (Fraction(1, 10**6), "1.000e-6"),
        (Fraction(1, 10**400), "1.000e-400"),
        (Fraction(1142761), "1,142,761"),
        (Fraction(10**400, 3), "3.333e399"),
    ],
)
def test_a_rounded_measure_never_looks_like_another_number(measure: Fraction | None, expected: str) -> None:
    assert format_measure(measure) == expected


@given(st.fractions(min_value=Fraction(1, 10**60), max_value=10**60), st.integers(2, 17), st.booleans())
def test_scientific_notation_is_within_half_of_its_last_digit(value: Fraction, digits: int, negative: bool) -> None:
    value = -value if negative else value
    mantissa, exponent = scientific(value, digits).split("e")
    assert 1 <= abs(Fraction(mantissa)) < 10
    assert len(mantissa.lstrip("-").replace(".", "")) == digits
    assert (
        abs(Fraction(mantissa) * Fraction(10) ** int(exponent) - value)
        <= Fraction(10) ** (int(exponent) - digits + 1) / 2
    )


@pytest.mark.parametrize("exponent", [-400, -3, -1, 0, 1, 3, 15, 22, 23, 400])
def test_powers_of_ten_keep_their_exponent(exponent: int) -> None:
    assert scientific(Fraction(10) ** exponent, 3) == f"1.00e{exponent}"
    assert scientific(Fraction(10) ** exponent * Fraction(9999, 10000), 3) == f"1.00e{exponent}"


def test_counts_say_where_they_are_rounded() -> None:
    assert format_count(10**24 - 1) == "999,999,999,999,999,999,999,999"
    assert format_count(10**24) == "about 1.0e24"
    assert count_cell(10**24) == "1.000e24"
    assert count_cell(1234567, 6) == "1.235e6"


@given(st.fractions(min_value=Fraction(1, 1000), max_value=10**30))
def test_a_ratio_is_written_to_three_digits(ratio: Fraction) -> None:
    assert float(format_ratio(ratio).replace(",", "")) == pytest.approx(float(ratio), rel=0.0051)


@pytest.mark.parametrize(("count", "text"), [(0, "0 paths"), (1, "1 path"), (10**30, "about 1.0e30 paths")])
def test_a_noun_agrees_with_its_count(count: int, text: str) -> None:
    assert counted_noun(count, "path") == text
