"""Expressions are exact, and nothing that a stranger writes into one does harm or takes long."""

from contextlib import suppress
from fractions import Fraction
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ExpressionError
from core.expressions import Value, evaluate, is_computed, number, parts, truth

HOSTILE = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "centre.__class__",
    "open('/etc/passwd')",
    "[n for n in range(10**9)]",
    "lambda: 1",
    "(centre := 3)",
    "centre if 1 else 2",
    "f'{centre}'",
    "{1: 2}",
    "paths(*[1, 2])",
    "paths(row=1)",
    "nan",
    "inf",
    "float('nan')",
    "1e999",
    "1e9e9",
    "2e9x",
    "1j",
    "0x10",
    "1_000",
    "1or 2",
    "None",
    "True",
    "...",
    "'text'",
    "b'bytes'",
    "centre @ 2",
    "centre << 10**9",
    "~centre",
    "centre is 1",
    "1 in paths",
    "9**9**9**9",
    "(10**20000)**20000",
    "10**10**10",
    "2**-1.5",
    "0**-1",
    "1/0",
    "1//0",
    "1%0",
    "choose(10**9, 10**8)",
    "round(1, 10**9)",
    "min()",
    "max",
    "other",
    "other(1).centre",
    "other('9; conv k3').other('9').centre",
    "then.centre",
    "centre centre",
    "import os",
    "centre; corner",
    "",
    " ",
    "\\",
    "other('\\d').centre",
    "centre\x00",
    "(" * 300 + ")" * 300,
    "-" * 390 + "1",
    "not " * 90 + "1",
    "+".join(["1"] * 190),
    "[" * 200,
    "1" * 5000,
    "*".join(["(10**9999)"] * 15),
]


class Named:
    """A view that has two numbers."""

    def number(self, name: str, arguments: tuple[Value, ...] | None) -> Value:
        known: dict[str, Value] = {"centre": 19, "share": Fraction(1, 3)}
        if name not in known or arguments is not None:
            raise ExpressionError(f"there is no {name}")
        return known[name]

    def scope(self, name: str, argument: str | None) -> "Named":
        if name != "other" or argument is None:
            raise ExpressionError(f"{name} is no view")
        return self


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_stranger_writes_is_refused_in_one_line_and_at_once(text: str) -> None:
    begun = monotonic()
    with pytest.raises(ExpressionError) as refusal:
        number(text, Named())
    assert monotonic() - begun < 1
    assert "\n" not in str(refusal.value).strip("\n")
    assert len(str(refusal.value)) < 1200


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("centre", 19),
        ("centre / 2", Fraction(19, 2)),
        ("centre // 2 + centre % 2", 10),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("2e9 + 1.5e1", 2_000_000_015),
        ("share - 1E0", Fraction(-2, 3)),
        ("share * 3", 1),
        ("-centre + +1", -18),
        ("2 ** 100 / 2 ** 98", 4),
        ("2 ** -2", Fraction(1, 4)),
        ("choose(8, 4) - max(1, centre, 2) * min(3, 2)", 32),
        ("round(share, 2)", Fraction(33, 100)),
        ("round(centre / 2 + 1)", 10),
        ('other("9; conv k3 p1:2").centre', 19),
    ],
)
def test_arithmetic_is_exact(text: str, value: Value) -> None:
    found = number(text, Named())
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("centre == 19", True),
        ("share < 0.34 and share > 0.33", True),
        ("0 < share < 1 < centre", True),
        ("not centre > 3 or share == 1", False),
        ("centre != 19", False),
    ],
)
def test_comparisons_are_exact(text: str, value: bool) -> None:
    assert truth(text, Named()) is value


@pytest.mark.parametrize("text", ["centre", "3", "centre + 1"])
def test_a_number_is_no_condition(text: str) -> None:
    with pytest.raises(ExpressionError, match="is a number and no condition"):
        truth(text, Named())


@pytest.mark.parametrize("text", ["(centre == 3) + 1", "-(centre > 1)", "max(1 < 2, 3)", "(1 < 2) < 3"])
def test_a_condition_is_no_number(text: str) -> None:
    with pytest.raises(ExpressionError, match="is a condition and no number"):
        evaluate(text, Named())


SUMS = st.recursive(
    st.integers(-1000, 1000).map(lambda value: f"({value})"),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda of: f"({' '.join(of)})"),
    max_leaves=12,
)


@given(SUMS)
def test_whole_numbers_are_added_and_multiplied_as_in_python(text: str) -> None:
    assert number(text, Named()) == eval(text)  # noqa: S307 - made above of numbers and signs


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused_in_words(text: str) -> None:
    with suppress(ExpressionError):
        number(text, Named())


@given(st.text("centre share()+-*/%<>=.0123456789,", max_size=40))
def test_any_text_of_an_expressions_letters_is_a_number_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        evaluate(text, Named())


def test_what_is_written_out_is_told_from_what_is_computed() -> None:
    assert [is_computed(text) for text in ("3 * 4 == 12", "choose(4, 2)", "centre", 'other("9").total + 1')] == [
        False, False, True, True,
    ]  # fmt: skip


def test_the_numbers_of_a_claim_are_named() -> None:
    assert parts('choose(4, 2) == centre + other("9; conv k3").paths(1, 2) - share') == [
        "centre", "other('9; conv k3').paths(1, 2)", "share",
    ]  # fmt: skip
