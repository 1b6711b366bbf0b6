"""Numbers inside sentences: ``{centre / corner:.1f}`` in a text becomes what it is worth in the view.

After a colon may stand a format: ``.2`` for so many decimals, ``%`` for per cent, ``.1%``, and ``/`` for the exact
fraction. Without one a whole number has all its digits, a fraction three. ``{{`` and ``}}`` are braces.
"""

import re
from fractions import Fraction

from ..expressions import Scope, Value, number
from ..formatting import format_count, format_ratio, scientific
from .lesson import LessonError

_INSERTION = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_FORMATTED = re.compile(r"(?P<source>.*?)(?::(?P<form>\.\d|\.\d%|%|/))?", re.DOTALL)


def with_numbers(text: str, scope: Scope) -> str:
    """A text with every number in its place."""

    def insert(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        if match[1] is None:
            raise LessonError(f"a brace without its other in {text[:60]!r}; write {{centre}}, or {{{{ for a brace")
        return number_and_text(match[1], scope)[1]

    return _INSERTION.sub(insert, text)


def literal_parts(text: str) -> str:
    """A text without what is computed in it."""
    return _INSERTION.sub(lambda match: "" if match[1] is not None else match[0], text)


def expression_and_format(source: str) -> tuple[str, str]:
    """An expression and its format.

    >>> expression_and_format("unread:.1%"), expression_and_format('other("9; conv k3 p1:2").centre')
    (('unread', '.1%'), ('other("9; conv k3 p1:2").centre', ''))
    """
    match = _FORMATTED.fullmatch(source.strip())
    assert match is not None
    return match["source"].strip(), match["form"] or ""


def number_and_text(source: str, scope: Scope) -> tuple[Value, str]:
    """A number and how it is written, from an expression with its format."""
    expression, form = expression_and_format(source)
    value = number(expression, scope)
    return value, format_number(value, form)


def format_number(value: Value, form: str = "") -> str:
    """A number as a sentence has it.

    >>> [format_number(Fraction(1225, 6561), form) for form in ("", ".2", "%", ".1%", "/")]
    ['0.187', '0.19', '19 %', '18.7 %', '1,225/6,561']
    >>> format_number(6561), format_number(Fraction(10, 3), ".1"), format_number(Fraction(-1, 2))
    ('6,561', '3.3', '-0.5')
    """
    if form == "/":
        above, below = Fraction(value).as_integer_ratio()
        return format_count(above) if below == 1 else f"{format_count(above)}/{format_count(below)}"
    if form.endswith("%"):
        return f"{_decimal(Fraction(value) * 100, int(form[1:-1] or 0))} %"
    if form:
        return _decimal(Fraction(value), int(form[1:]))
    if isinstance(value, int):
        return format_count(value) if value >= 0 else f"-{format_count(-value)}"
    if abs(value) < Fraction(1, 1000):
        return scientific(value, 3)
    return format_ratio(value) if value >= 0 else f"-{format_ratio(-value)}"


def _decimal(value: Fraction, digits: int) -> str:
    """Decimal digits, exactly rounded, halves to even as Python does."""
    shifted = round(abs(value) * 10**digits)
    whole, rest = divmod(shifted, 10**digits)
    sign = "-" if value < 0 and shifted else ""
    return f"{sign}{format_count(whole)}" + (f".{rest:0{digits}d}" if digits else "")
