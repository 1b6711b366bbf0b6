"""What is known of a view: its design, the output unit that it looks at, the paths to it, and the numbers of the tower.

Everything is computed when first asked for, and once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..design.analysis import DesignAnalysis, Unit
from ..exact.along import along
from ..exact.counts import PathCounts
from ..exact.paths import tower_from, tower_to
from ..exact.shares import Shares
from ..exact.tower import refuse_outside
from ..exact.work import takes_long
from ..expressions import Value
from ..network.graph import size_text
from .lesson import LessonError
from .views import Opener, View, analysis_of

_CENTRED = ("field", "effective")  # pages that look at the centre unit unless another is named


@dataclass(frozen=True, eq=False)
class ViewAnalysis:
    """What is known of the design of ``view``, and of the paths that it shows."""

    view: View
    opened: Opener

    @cached_property
    def analysis(self) -> DesignAnalysis:
        known = analysis_of(self.view, self.opened)
        size = known.graph.input.size
        if len(size) > 2:
            raise LessonError(
                f"a lesson shows inputs of one or two axes, and {size_text(size)} has three; leave one out"
            )
        return known

    @cached_property
    def unit(self) -> Unit:
        """The output unit whose paths are counted; None for all."""
        named = self.view.setting("unit") or ("centre" if self.view.page in _CENTRED else "all")
        if named in ("all", "centre"):
            return None if named == "all" else self.analysis.unit
        return self.position(_whole(named.split(",")), self.analysis.graph.output.size)

    @cached_property
    def counts(self) -> PathCounts:
        return self.analysis.path_counts(self.unit)

    @cached_property
    def shares(self) -> Shares:
        return self.analysis.path_shares(self.unit)

    @cached_property
    def multiplicities(self) -> Mapping[int, int]:
        """How many pixels have each count."""
        return self.counts.multiplicities()

    @cached_property
    def tower_counts(self) -> list[list[int]]:
        """The numbers of the tower along the view's axis, row by row from the input: the paths from each unit to what
        the view shows; where one unit is picked, those between each unit and it."""
        graph = along(self.analysis.graph, self.axis)
        if takes_long(graph, every=True):
            raise LessonError("the tower of this view takes too long for a lesson; use a smaller input or fewer layers")
        if len(self.cells) != 1:
            found = tower_to(graph, None if self.unit is None else (self.unit[self.axis],))
        else:
            (row, position), *_ = self.cells
            refuse_outside(graph, (row, position))
            found = [*tower_to(graph, (position,), row)[: row + 1], *tower_from(graph, (position,), row)[row + 1 :]]
        return [counts.array().tolist() for counts in found]

    @cached_property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """The picked units of the tower, two at most, as row and position."""
        typed = self.view.setting("cell")
        found = []
        for part in typed.split(",") if typed else ():
            match _whole(part.split(":")):
                case (row, position):
                    found.append((row, position))
                case _:
                    raise LessonError(f"{part[:40]!r} is no unit of a tower; write row:position, as in cell=0:7")
        return tuple(found)

    @property
    def axis(self) -> int:
        """The axis along which the view draws: the last, unless it says the height."""
        return 0 if self.view.setting("axis") == "height" else len(self.analysis.graph.input.size) - 1

    def position(self, place: tuple[Value, ...], size: tuple[int, ...]) -> tuple[int, ...]:
        """A place of a map; numbers below 0 count from its end."""
        fits = len(place) == len(size) and all(
            isinstance(index, int) and -side <= index < side for index, side in zip(place, size, strict=True)
        )
        if not fits:
            typed = ", ".join(map(str, place))
            raise LessonError(f"there is no position {typed[:60]} in a map of {' x '.join(map(str, size))}")
        return tuple(int(index) % side for index, side in zip(place, size, strict=True))


def _whole(texts: list[str]) -> tuple[int, ...]:
    if not all(text.strip().isascii() and text.strip().isdigit() and len(text) < 10 for text in texts):
        raise LessonError(f"{','.join(texts)[:40]!r} is no position; write whole numbers, as in unit=7,7")
    return tuple(int(text) for text in texts)
