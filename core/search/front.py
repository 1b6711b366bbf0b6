"""The best designs: those that no other is better than in one number and as good in all others (Pareto's front)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..expressions import Value
from .questions import Objective


@dataclass(frozen=True, slots=True)
class Best:
    """A design of the front with the numbers that were compared; ``alike``: how many later ones have the same."""

    design: str
    values: tuple[Value, ...]
    alike: int = 0


class Front:
    """The best of all designs that were added, of those with the same numbers the first."""

    def __init__(self, objectives: Sequence[Objective]) -> None:
        self._objectives = tuple(objectives)
        self._best: dict[tuple[Value, ...], Best] = {}

    def add(self, design: str, values: tuple[Value, ...]) -> None:
        """Adds a design with the numbers of all objectives."""
        scores = tuple(one.score(value) for one, value in zip(self._objectives, values, strict=True))
        if (same := self._best.get(scores)) is not None:
            self._best[scores] = Best(same.design, same.values, same.alike + 1)
            return
        worse = []
        for other in self._best:
            if all(theirs >= own for theirs, own in zip(other, scores, strict=True)):
                return
            if all(own >= theirs for theirs, own in zip(other, scores, strict=True)):
                worse.append(other)
        for other in worse:
            del self._best[other]
        self._best[scores] = Best(design, values)

    def best(self) -> tuple[Best, ...]:
        """The front, the best in the first number first."""
        return tuple(self._best[scores] for scores in sorted(self._best, reverse=True))
