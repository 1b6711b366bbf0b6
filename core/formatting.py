"""Numbers and counts as text and as JSON: all their digits where they can be read, rounded and said so where not.

What is rounded never looks like another number: a share below one is not written as 100 %, nor a ratio as whole that
is not. Scientific notation is written alike everywhere (``6.367e33``) and computed from integers, as a float would
overflow.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from math import log10

from .network.axes import place_names

MAX_DIGITS = 24  # of a count in a table or sentence; files and JSON have them all
READABLE_DIGITS = 4300  # the longest whole number that Python's own JSON reader accepts

_CHUNK = 4000  # digits that Python surely writes at once
_LARGE = 10**_CHUNK
_SHORT_DENOMINATOR = 999
_LEAST_SHARE = Fraction(1, 10_000)


def all_digits(count: int) -> str:
    """All digits of ``count``, however many: ``str`` alone refuses more than 4300.

    >>> len(all_digits(10**5000))
    5001
    """
    if count < _LARGE:
        return str(count)
    high, low = divmod(count, _LARGE)
    return all_digits(high) + str(low).zfill(_CHUNK)


def grouped_digits(count: int) -> str:
    """All digits of a count, in groups of three.

    >>> grouped_digits(1142761)
    '1,142,761'
    """
    digits = all_digits(count)
    first = len(digits) % 3 or 3
    return ",".join([digits[:first], *(digits[start : start + 3] for start in range(first, len(digits), 3))])


def scientific(value: Fraction | int, digits: int) -> str:
    """Any number but 0 to so many digits, however large or small, halves away from 0.

    >>> scientific(7**40, 4), scientific(Fraction(-1, 3**1000), 4)
    ('6.367e33', '-7.564e-478')
    """
    above, below = (abs(end) for end in Fraction(value).as_integer_ratio())
    exponent = int(log10(above) - log10(below)) + 1  # that of the number, or one or two more
    while above * 10 ** max(-exponent, 0) < below * 10 ** max(exponent, 0):
        exponent -= 1
    shift = (
        digits - 1 - exponent
    )  # whole numbers throughout: fractions in lowest terms take far longer where it is long
    above, below = above * 10 ** max(shift, 0), below * 10 ** max(-shift, 0)
    mantissa = (2 * above + below) // (2 * below)
    if mantissa == 10**digits:
        mantissa, exponent = mantissa // 10, exponent + 1
    first, rest = str(mantissa)[0], str(mantissa)[1:]
    return f"{'-' if value < 0 else ''}{first}.{rest}e{exponent}"


def power_of_ten(exponent: float) -> str:
    """Ten to a power, to one decimal, typeset.

    >>> power_of_ten(-3.42)
    '10⁻³·⁴'
    """
    return "10" + f"{exponent:.1f}".translate(str.maketrans("-.0123456789", "⁻·⁰¹²³⁴⁵⁶⁷⁸⁹"))


def short_count(count: int) -> str:
    """A count for a small space: up to six digits, else two.

    >>> short_count(1234567), short_count(39366), short_count(6561)
    ('1.2e6', '39,366', '6561')
    """
    if count < 10**6:
        return f"{count:,}" if count >= 10**4 else str(count)
    return scientific(count, 2)


def rounded_count(count: int) -> str:
    """A count for a very small space: two digits from a thousand on, of thousands, of millions, or of a power of ten.

    >>> [rounded_count(count) for count in (999, 1225, 39366, 999999, 12345678, 7**40)]
    ['999', '1.2k', '39k', '1.0M', '12M', '6.4e33']
    """
    if count < 1000:
        return str(count)
    mantissa, _, exponent = scientific(count, 2).partition("e")
    power = int(exponent)
    if power >= 9:
        return f"{mantissa}e{power}"
    digits = mantissa.replace(".", "")
    shown = mantissa if power % 3 == 0 else digits + "0" * (power % 3 - 1)
    return f"{shown}{'kM'[power // 3 - 1]}"


def count_cell(count: int, most_digits: int = MAX_DIGITS) -> str:
    """A count for a table: all digits in groups, or four of them where there are more than ``most_digits``.

    >>> count_cell(1142761), count_cell(7**40)
    ('1,142,761', '6.367e33')
    """
    return f"{count:,}" if abs(count) < 10**most_digits else scientific(count, 4)


def format_count(count: int) -> str:
    """A count for a sentence: all digits in groups where they fit a line, else rounded, and said to be.

    >>> format_count(1142761), format_count(10**30)
    ('1,142,761', 'about 1.0e30')
    """
    return f"{count:,}" if count < 10**MAX_DIGITS else f"about {short_count(count)}"


def format_measure(measure: Fraction | None) -> str:
    """A measure to four digits, or as many as keep it from looking whole; ``-`` where it is absent.

    >>> values = (None, Fraction(9, 4), Fraction(1), Fraction(99999, 100000), Fraction(12345, 2))
    >>> [format_measure(value) for value in values]
    ['-', '2.25', '1', '0.99999', '6,172']
    """
    if measure is None:
        return "-"
    if measure.denominator == 1 or 1000 <= abs(measure) < 10**MAX_DIGITS:
        return count_cell(round(measure))
    if not Fraction(1, 10**4) <= abs(measure) < 1000:
        return scientific(measure, 4)
    texts = (f"{float(measure):.{digits}g}" for digits in range(4, 18))
    return next((text for text in texts if "." in text), str(float(measure)))


def format_ratio(ratio: Fraction) -> str:
    """A ratio to three digits.

    >>> format_ratio(Fraction(9, 4)), format_ratio(Fraction(10**400)), format_ratio(Fraction(1234567, 10))
    ('2.25', '1.00e400', '123,457')
    """
    if ratio >= 10**15:
        return scientific(ratio, 3)
    return f"{float(ratio):,.0f}" if ratio >= 100 else f"{float(ratio):.3g}"


def format_percent(share: Fraction) -> str:
    """A share of at most one, to two digits, or as many as keep it from looking whole.

    >>> [format_percent(Fraction(*share)) for share in ((3, 4), (1, 1550), (1, 10**6), (999, 1000), (1, 1))]
    ['75 %', '0.065 %', 'less than 0.01 %', '99.9 %', '100 %']
    """
    if share == 1:
        return "100 %"
    if 0 < share < _LEAST_SHARE:
        return "less than 0.01 %"
    if share > 1 - _LEAST_SHARE:
        return "more than 99.99 %"
    texts = (f"{float(100 * share):.{digits}g}" for digits in (2, 3, 4, 5))
    return f"{next(text for text in texts if float(text) < 100)} %"


def share_cell(share: Fraction) -> str:
    """A share for a table: a fraction of small numbers as it is, others to four digits.

    >>> [share_cell(Fraction(*share)) for share in ((0, 1), (1, 1), (5, 32), (1, 1024), (1, 10**6))]
    ['0', '1', '5/32', '0.0009766', '1.000e-6']
    """
    return str(share) if share.denominator <= _SHORT_DENOMINATOR else format_measure(share)


def share_told(numerator: int, whole: int) -> str:
    """A share for a sentence: as a fraction where that is short, and in per cent.

    >>> share_told(5, 32), share_told(1, 2**30), share_told(0, 7)
    ('5/32 (16 %)', 'less than 0.01 %', '0')
    """
    share = Fraction(numerator, whole)
    if share.denominator == 1:
        return str(share)
    percent = format_percent(share)
    return f"{share} ({percent})" if share.denominator <= _SHORT_DENOMINATOR else percent


def format_pixels(length: Fraction) -> str:
    """A length, halves as decimals.

    >>> format_pixels(Fraction(1)), format_pixels(Fraction(7, 2))
    ('1 pixel', '3.5 pixels')
    """
    return "1 pixel" if length == 1 else f"{float(length):.4g} pixels"


def format_list(parts: Sequence[str]) -> str:
    """Parts of a sentence as one.

    >>> format_list(["a"]), format_list(["a", "b"]), format_list(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else list(parts))


def counted_noun(count: int, noun: str) -> str:
    """A count, and its noun in the plural where there is more or less than one.

    >>> counted_noun(1, "window"), counted_noun(3, "window"), counted_noun(2500, "path")
    ('1 window', '3 windows', '2,500 paths')
    """
    return f"{format_count(count)} {noun}{'' if count == 1 else 's'}"


def format_strips(lengths: Sequence[int]) -> str:
    """What so many positions per axis are: planes, rows and columns, in 1-D positions.

    >>> format_strips((1, 2)), format_strips((0, 1)), format_strips((3,))
    ('1 row and 2 columns', '1 column', '3 positions')
    """
    nouns = place_names(len(lengths))
    return format_list([counted_noun(length, noun) for length, noun in zip(lengths, nouns, strict=True) if length])


def measure_number(measure: Fraction | None) -> float | int | None:
    """A measure as a number for text and JSON: a float, or the nearest whole number where a float would overflow."""
    if measure is None:
        return None
    try:
        return float(measure)
    except OverflowError:
        return round(measure)


def measure_json(measure: Fraction | None) -> str:
    """A measure as JSON: ``measure_number``, and to 17 digits where that is a whole number too long to be read."""
    number = measure_number(measure)
    if measure is None or not isinstance(number, int):
        return json.dumps(number, allow_nan=False)
    digits = all_digits(number)
    return digits if len(digits) <= READABLE_DIGITS else scientific(measure, 17)


def length_number(length: Fraction | int) -> int | float:
    """A length or place as a number for JSON: whole where it is whole.

    >>> length_number(Fraction(4)), length_number(Fraction(9, 2))
    (4, 4.5)
    """
    return int(length) if length == int(length) else float(length)
