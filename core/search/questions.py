"""What a search is asked: a condition that designs meet, and the numbers of which the best are wanted.

A condition is an expression (:mod:`.expressions`) over the names of quantities. Where one of these has no value, it is
not met. An objective is a quantity with the way that is better: its own, or ``min:``, ``max:`` or ``one:`` before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import ExpressionError, UserError
from ..expressions import UndefinedError, Value, is_condition, parts, truth
from .quantities import Better, quantity_of

USUAL = "effective_share,multiply_adds"
_WAYS: dict[str, Better] = {"max": "larger", "min": "smaller", "one": "nearest 1"}
_MOST = 6  # objectives: of more, nearly every design is the best


@dataclass(frozen=True, slots=True)
class Objective:
    """A quantity, and which way is better."""

    name: str
    better: Better

    def score(self, value: Value) -> Value:
        """A number that is larger where the design is better; what is best at 1 falls to both sides alike.

        >>> Objective("corner_centre", "nearest 1").score(Fraction(5, 4))
        Fraction(4, 5)
        """
        if self.better == "nearest 1":
            return min(value, 1 / Fraction(value)) if value else value
        return value if self.better == "larger" else -value


@dataclass(frozen=True, slots=True)
class Question:
    """``where``: a condition, empty where all designs are wanted; ``objectives``: of what the best are shown."""

    where: str
    objectives: tuple[Objective, ...]
    names: tuple[str, ...] = field(default=())  # of the quantities in the condition

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of all quantities that the answer depends on, those of the condition first."""
        return tuple(dict.fromkeys([*self.names, *(objective.name for objective in self.objectives)]))

    def is_met(self, values: Sequence[Value]) -> bool:
        """Whether a design meets the condition, given the numbers of ``names``; not where it divides by 0.

        >>> question_of("parity == 1 and field >= 64", "field").is_met((Fraction(1), 64))
        True
        """
        try:
            return not self.where or truth(self.where, _Numbers(dict(zip(self.names, values, strict=True))))
        except UndefinedError:
            return False


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of one design."""

    known: dict[str, Value]

    def number(self, name: str, arguments: tuple[Value, ...] | None) -> Value:
        return self.known[name]

    def scope(self, name: str, argument: str | None) -> "_Numbers":
        raise ExpressionError("a search has one design at a time; name its numbers alone")


def question_of(where: str = "", pareto: str = USUAL) -> Question:
    """The question that two texts ask.

    Raises :class:`~.errors.UserError` for a name that there is not, and for what cannot be read.

    >>> question_of("field >= 64", "corner_centre, max:halo").objectives[1]
    Objective(name='halo', better='larger')
    """
    where = where.strip()
    names = tuple(parts(where)) if where else ()
    for name in names:
        quantity_of(name)
    if where and not is_condition(where):
        raise ExpressionError(f"{where[:80]!r} is a number and no condition; compare it, as in field >= 64")
    objectives = tuple(map(_objective, filter(None, (part.strip() for part in pareto.split(",")))))
    if not objectives:
        raise UserError(f"nothing is said of what is better; name numbers, as in {USUAL}")
    if len(objectives) > _MOST:
        raise UserError(f"{len(objectives)} numbers are more than {_MOST}; of so many nearly every design is the best")
    if len({objective.name for objective in objectives}) < len(objectives):
        raise UserError(f"{pareto!r} names a number twice; name each once")
    question = Question(where, objectives, names)
    question.is_met([Fraction(1, 3)] * len(names))  # what is no condition inside is told now
    return question


def _objective(text: str) -> Objective:
    way, divider, name = (part.strip() for part in text.partition(":"))
    if not divider:
        way, name = "", way
    if divider and way not in _WAYS:
        raise UserError(f"{text!r} is no way to be better; write {', '.join(f'{word}:{name}' for word in _WAYS)}")
    quantity = quantity_of(name)
    return Objective(quantity.name, _WAYS[way] if divider else quantity.better)
