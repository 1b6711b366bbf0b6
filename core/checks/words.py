"""Numbers and lengths in the words of a finding."""

from collections.abc import Sequence
from fractions import Fraction

from ..exact.imbalance import number

_LEAST = Fraction(1, 10_000)


def percent(share: Fraction) -> str:
    """A share of at most one, to two digits, or as many as keep it from looking whole.

    >>> [percent(Fraction(*share)) for share in ((3, 4), (1, 1550), (1, 10**6), (999, 1000), (1, 1))]
    ['75 %', '0.065 %', 'less than 0.01 %', '99.9 %', '100 %']
    """
    if share == 1:
        return "100 %"
    if 0 < share < _LEAST:
        return "less than 0.01 %"
    if share > 1 - _LEAST:
        return "more than 99.99 %"
    texts = (f"{float(100 * share):.{digits}g}" for digits in (2, 3, 4, 5))
    return f"{next(text for text in texts if float(text) < 100)} %"


def ratio(value: Fraction) -> str:
    """A ratio to three digits.

    >>> ratio(Fraction(9, 4)), ratio(Fraction(10**400)), ratio(Fraction(1234567, 10)), ratio(Fraction(4))
    ('2.25', 'more than 1e+300', '123,457', '4')
    """
    found = number(value)
    if found is None or found > 1e300:
        return "more than 1e+300"
    if found >= 1e15:
        return f"{found:.2e}"
    return f"{found:,.0f}" if found >= 100 else f"{found:.3g}"


def pixels(length: Fraction) -> str:
    """A length, halves as decimals.

    >>> pixels(Fraction(1)), pixels(Fraction(7, 2))
    ('1 pixel', '3.5 pixels')
    """
    return "1 pixel" if length == 1 else f"{float(length):.4g} pixels"


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else list(parts))


def several(count: int, noun: str) -> str:
    """``1 window``, ``3 windows``."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def strips(lengths: Sequence[int]) -> str:
    """What so many positions per axis are: rows and columns, in 1-D positions.

    >>> strips((1, 2)), strips((0, 1)), strips((3,))
    ('1 row and 2 columns', '1 column', '3 positions')
    """
    nouns = ("row", "column") if len(lengths) == 2 else ("position",)
    return listed([several(length, noun) for length, noun in zip(lengths, nouns, strict=True) if length])
