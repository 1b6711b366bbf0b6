"""Variants in the order of one measure, chosen by name: the best first, those without it last."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from ..errors import UserError
from ..exact.imbalance import MEANINGS
from .variant import Comparison, Variant

Value = Fraction | int | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """A measure of a variant, and which way is better."""

    name: str
    meaning: str
    of: Callable[[Variant], Value]
    larger_is_better: bool = True


def _share(name: str) -> Callable[[Variant], Value]:
    """A measure that is best at 1, from either side."""

    def of(variant: Variant) -> Value:
        found = variant.measures[name]
        return min(found, 1 / found) if found else found

    return of


def _plain(name: str) -> Callable[[Variant], Value]:
    """A measure of the imbalance as it is."""
    return lambda variant: variant.measures[name]


def _expected(variant: Variant) -> Value:
    return None if variant.expected is None else prod(variant.expected)


def _leaning(variant: Variant) -> Value:
    """The largest asymmetry of an axis, to whichever side."""
    found = [value for name, value in variant.measures.items() if name.startswith("asymmetry") and value is not None]
    return max(map(abs, found), default=None)


_RANKINGS = (
    Ranking("centre_bias", "mean over most, paths to the centre unit; 1: none", lambda each: each.even.centre_bias),
    Ranking("foveation", "least over most from the centre to the border; 1: none", lambda each: each.even.foveation),
    Ranking("parity", "least over most within a period of the strides; 1: none", lambda each: each.even.parity),
    Ranking("uneven_padding", "the worst side or corner over the best; 1: none", lambda each: each.even.uneven_padding),
    Ranking("effective_share", MEANINGS["effective_share"], _plain("effective_share")),
    Ranking("gini", MEANINGS["gini"], _plain("gini"), False),
    Ranking("max_min", MEANINGS["max_min"], _plain("max_min"), False),
    Ranking("corner_centre", f"{MEANINGS['corner_centre']}, best at 1", _share("corner_centre")),
    Ranking("edge_centre", f"{MEANINGS['edge_centre']}, best at 1", _share("edge_centre")),
    Ranking("unread", MEANINGS["unread"], _plain("unread"), False),
    Ranking("asymmetry", "share of the paths by which one half exceeds the other", _leaning, False),
    Ranking("left_over", "positions after the last window", lambda each: each.left_over, False),
    Ranking("output", "positions of the output", lambda each: prod(each.size)),
    Ranking("field", "pixels that the centre unit sees", lambda each: prod(each.field)),
    Ranking("expected_field", "pixels that hold 95 % of its paths", _expected),
    Ranking("parameters", "weights", lambda each: each.cost.parameters, False),
    Ranking("multiply_adds", "multiply-adds of one input", lambda each: each.cost.multiply_adds, False),
)
MEASURES: dict[str, Ranking] = {ranking.name: ranking for ranking in _RANKINGS}


def measure_of(name: str) -> Ranking:
    """The measure of that name; raises :class:`~.errors.UserError` where there is none."""
    if name not in MEASURES:
        near = difflib.get_close_matches(name, MEASURES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(MEASURES)}"
        raise UserError(f"there is no measure {name!r}; {hint}")
    return MEASURES[name]


def ranked(comparison: Comparison, measure: str) -> tuple[Variant, ...]:
    """The design as it is and all variants, the best first; of equal ones the first given first.

    >>> found = compared(design_of("16; conv k3 p1 x4"), [["padding-valid"], ["border-circular"]])
    >>> [each.remedies for each in ranked(found, "corner_centre")]
    [('border-circular',), (), ('padding-valid',)]
    """
    ranking = measure_of(measure)

    def place(each: Variant) -> tuple[bool, Fraction | int]:
        value = ranking.of(each)
        return value is None, (-value if ranking.larger_is_better else value) if value is not None else 0

    return tuple(sorted((comparison.original, *comparison.variants), key=place))
