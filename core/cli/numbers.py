"""Exact numbers as text and as JSON: all their digits where they can be read, rounded and said so where not."""

import json
from collections.abc import Sequence
from fractions import Fraction
from math import floor, log10

from ..exact import decimal, number

MAX_DIGITS = 24  # of a count in a table; JSON has them all
READABLE_DIGITS = 4300  # the longest whole number that Python's own JSON reader accepts


def readable(count: int, most: int = MAX_DIGITS) -> str:
    """All digits in groups, or four of them where there are more than ``most``.

    >>> readable(1142761), readable(7**40)
    ('1,142,761', '6.367e+33')
    """
    return f"{count:,}" if abs(count) < 10**most else scientific(Fraction(count), 4)


def rounded(measure: Fraction | None) -> str:
    """A measure to four digits, or as many as keep it from looking whole; ``-`` where it is absent.

    >>> [rounded(value) for value in (None, Fraction(9, 4), Fraction(1), Fraction(99999, 100000), Fraction(12345, 2))]
    ['-', '2.25', '1', '0.99999', '6,172']
    """
    if measure is None:
        return "-"
    if measure.denominator == 1 or 1000 <= abs(measure) < 10**MAX_DIGITS:
        return readable(round(measure))
    if not Fraction(1, 10**4) <= abs(measure) < 1000:
        return scientific(measure, 4)
    texts = (f"{float(measure):.{digits}g}" for digits in range(4, 18))
    return next((text for text in texts if "." in text), str(float(measure)))


def scientific(value: Fraction, digits: int) -> str:
    """``6.367e+33``: any fraction but 0, however large or small; float alone would overflow.

    >>> scientific(Fraction(1, 3**1000), 4)
    '7.564e-478'
    """
    exponent = floor(log10(abs(value.numerator)) - log10(value.denominator))
    mantissa = float(value / Fraction(10) ** exponent)
    text, shift = f"{mantissa:.{digits - 1}e}".split("e")
    return f"{text}e{exponent + int(shift):+d}"


def whole_or_float(value: Fraction | int) -> int | float:
    """A number of the field: whole where it is whole.

    >>> whole_or_float(Fraction(4)), whole_or_float(Fraction(9, 2))
    (4, 4.5)
    """
    return int(value) if value == int(value) else float(value)


def measure_json(measure: Fraction | None) -> str:
    """A measure as JSON: ``core.exact.number``, and to 17 digits where that is a whole number too long to be read."""
    value = number(measure)
    if measure is None or not isinstance(value, int):
        return json.dumps(value, allow_nan=False)
    digits = decimal(value)
    return digits if len(digits) <= READABLE_DIGITS else scientific(measure, 17)


def columns(rows: Sequence[Sequence[str]], align: str) -> list[str]:
    """Rows of cells as lines of equal columns; ``align``: ``<`` or ``>`` for each column.

    >>> columns([["a", "10"], ["bc", "9"]], "<>")
    ['a   10', 'bc   9']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shapes = list(zip(align, widths, strict=True))
    return [
        "  ".join(f"{cell:{side}{width}}" for cell, (side, width) in zip(row, shapes, strict=True)).rstrip()
        for row in rows
    ]
