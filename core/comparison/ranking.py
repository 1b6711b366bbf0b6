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
class Metric:
    """A measure of a variant, and which way is better; ``title`` is its name in a sentence."""

    name: str
    title: str
    meaning: str
    of: Callable[[Variant], Value]
    larger_is_better: bool = True


def _score(name: str) -> Callable[[Variant], Value]:
    """One of the four imbalances, each a share that is best at 1."""

    def of(variant: Variant) -> Value:
        score: Value = getattr(variant.scores, name)
        return score

    return of


def _share(name: str) -> Callable[[Variant], Value]:
    """A measure that is best at 1, from either side."""

    def of(variant: Variant) -> Value:
        ratio = variant.measures[name]
        return min(ratio, 1 / ratio) if ratio else ratio

    return of


def _plain(name: str) -> Callable[[Variant], Value]:
    """A measure of the imbalance as it is."""
    return lambda variant: variant.measures[name]


def _expected(variant: Variant) -> Value:
    return None if variant.expected is None else prod(variant.expected)


def _leaning(variant: Variant) -> Value:
    """The largest asymmetry of an axis, to whichever side."""
    leanings = (value for name, value in variant.measures.items() if name.startswith("asymmetry"))
    return max((abs(value) for value in leanings if value is not None), default=None)


_METRICS = (
    Metric("centre_bias", "centre bias", "mean over most, paths to the centre unit; 1: none", _score("centre_bias")),
    Metric("foveation", "foveation", "least over most from the centre to the border; 1: none", _score("foveation")),
    Metric("parity", "parity", "least over most within a period of the strides; 1: none", _score("parity")),
    Metric(
        "uneven_padding",
        "uneven padding",
        "the worst side or corner over the best; 1: none",
        _score("uneven_padding"),
    ),
    Metric("effective_share", "effective share", MEANINGS["effective_share"], _plain("effective_share")),
    Metric("gini", "the Gini coefficient", MEANINGS["gini"], _plain("gini"), False),
    Metric("max_min", "most over least", MEANINGS["max_min"], _plain("max_min"), False),
    Metric("corner_centre", "corner over centre", f"{MEANINGS['corner_centre']}, best at 1", _share("corner_centre")),
    Metric("edge_centre", "edge over centre", f"{MEANINGS['edge_centre']}, best at 1", _share("edge_centre")),
    Metric("unread", "unread pixels", MEANINGS["unread"], _plain("unread"), False),
    Metric("asymmetry", "asymmetry", "share of the paths by which one half exceeds the other", _leaning, False),
    Metric(
        "left_over", "positions left over", "positions after the last window", lambda variant: variant.left_over, False
    ),
    Metric("output", "the size of the output", "positions of the output", lambda variant: prod(variant.size)),
    Metric("field", "the size of the field", "pixels that the centre unit sees", lambda variant: prod(variant.field)),
    Metric("expected_field", "the size of the expected field", "pixels that hold 95 % of its paths", _expected),
    Metric("parameters", "weights", "weights", lambda variant: variant.cost.parameters, False),
    Metric(
        "multiply_adds",
        "multiply-adds",
        "multiply-adds of one input",
        lambda variant: variant.cost.multiply_adds,
        False,
    ),
)
MEASURES: dict[str, Metric] = {metric.name: metric for metric in _METRICS}


def measure_of(name: str) -> Metric:
    """The measure of that name; raises :class:`~.errors.UserError` where there is none."""
    if name not in MEASURES:
        near = difflib.get_close_matches(name, MEASURES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(MEASURES)}"
        raise UserError(f"there is no measure {name!r}; {hint}")
    return MEASURES[name]


def ranked(comparison: Comparison, measure: str) -> tuple[Variant, ...]:
    """The design as it is and all variants, the best first; of equal ones the first given first.

    >>> comparison = compared(design_of("16; conv k3 p1 x4"), [["padding-valid"], ["border-circular"]])
    >>> [variant.remedies for variant in ranked(comparison, "corner_centre")]
    [('border-circular',), (), ('padding-valid',)]
    """
    metric = measure_of(measure)

    def place(variant: Variant) -> tuple[bool, Fraction | int]:
        value = metric.of(variant)
        return value is None, (-value if metric.larger_is_better else value) if value is not None else 0

    return tuple(sorted((comparison.original, *comparison.variants), key=place))
