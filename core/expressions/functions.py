"""The functions of expressions, and how long a number may become."""

from collections.abc import Callable
from fractions import Fraction
from math import comb

from ..errors import ExpressionError

Value = int | Fraction

MAX_BITS = 100_000  # of a whole number


def plain(value: Value) -> Value:
    """A whole number as ``int``; any number with a bounded length."""
    above, below = Fraction(value).as_integer_ratio()
    refuse_unless_bounded(above)
    refuse_unless_bounded(below)
    return above if below == 1 else Fraction(value)


def refuse_unless_bounded(value: int) -> None:
    if value.bit_length() > MAX_BITS:
        raise ExpressionError(f"a number has more than {MAX_BITS} binary digits; use smaller numbers")


def _choose(arguments: tuple[Value, ...]) -> Value:
    match arguments:
        case (int(whole), int(part)) if 0 <= part <= whole <= 1000:
            return comb(whole, part)
    raise ExpressionError("choose(n, k) takes two whole numbers up to 1000, as in choose(8, 4)")


def _one_of(pick: Callable[[tuple[Value, ...]], Value]) -> Callable[[tuple[Value, ...]], Value]:
    def function(arguments: tuple[Value, ...]) -> Value:
        if not arguments:
            raise ExpressionError("min and max take at least one number")
        return pick(arguments)

    return function


def _rounded(arguments: tuple[Value, ...]) -> Value:
    match arguments:
        case (value,):
            return round(value)
        case (value, int(digits)) if 0 <= digits <= 12:
            return plain(round(Fraction(value), digits))
    raise ExpressionError("round takes a number, and perhaps up to 12 decimals, as in round(centre / corner, 1)")


FUNCTIONS: dict[str, Callable[[tuple[Value, ...]], Value]] = {
    "choose": _choose,
    "max": _one_of(max),
    "min": _one_of(min),
    "round": _rounded,
}
