"""Which objects units see whole: an object that may lie anywhere inside the input, against the fields of a layer."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from .field import AxisField


@dataclass(frozen=True, slots=True)
class Sight:
    """Along one axis, of an object of some length: the ``places`` where it lies inside the input, and what sees it.

    ``seen``: the places where at least one unit sees all of it. ``units``: the least and the most units that do.
    """

    places: int
    seen: int
    units: tuple[int, int]

    @property
    def share(self) -> Fraction:
        """Of the places, those where some unit sees all of it; 0 where it fits nowhere."""
        return Fraction(self.seen, self.places) if self.places else Fraction(0)


def sight(axis_field: AxisField, length: int) -> Sight:
    """How an object of ``length`` positions is seen by the units of a map.

    An object of 10 under fields of 16 that lie 4 apart, of which the outer ones reach into the padding:

    >>> sight(DesignAnalysis(design_of("32; conv k16 s4 p6")).fields[-1][0], 10)
    Sight(places=23, seen=23, units=(1, 2))
    """
    places = axis_field.input_side - length + 1
    if places < 1:
        return Sight(0, 0, (0, 0))
    changes = [0] * (places + 1)
    for unit in range(axis_field.units):
        span = axis_field.span(unit)
        if span is None:
            continue
        first, last = max(span[0], 0), min(span[1] - length + 1, places - 1)
        if first <= last:
            changes[first] += 1
            changes[last + 1] -= 1
    units = list(accumulate(changes[:-1]))
    return Sight(places, sum(map(bool, units)), (min(units), max(units)))
