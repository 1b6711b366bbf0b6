"""Budgets: a limit that a number of a design must keep to, the numbers being those of a search.

Where smaller is better the limit is the most, else the least: of what is best nearest to 1, as a corner over the
centre is, too.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..checks import Finding
from ..design.analysis import DesignAnalysis
from ..errors import UserError
from ..formatting import format_measure, measure_number
from ..search.quantities import QUANTITIES

Value = Fraction | int | None
PREFIX = "budget-"  # of the codes of findings about budgets


def is_least(measure: str) -> bool:
    """Whether a budget of the measure is the least that it may be.

    >>> is_least("corner_centre"), is_least("parity")
    (True, False)
    """
    return QUANTITIES[measure].better != "smaller"


@dataclass(frozen=True, slots=True)
class Budget:
    """A measure by name, and its limit."""

    measure: str
    limit: Fraction

    @property
    def words(self) -> str:
        """``at most 1.5``."""
        return f"at {'least' if is_least(self.measure) else 'most'} {format_measure(self.limit)}"

    def value(self, analysis: DesignAnalysis) -> Value:
        """The measure of a design; None where it has none."""
        return QUANTITIES[self.measure].of(analysis)

    def is_met(self, value: Value) -> bool:
        """What a design has no value of is not met: a pixel is not read, say, or no overlap is enough."""
        if value is None:
            return False
        return value >= self.limit if is_least(self.measure) else value <= self.limit


def parsed_budgets(text: str) -> tuple[Budget, ...]:
    """What ``--budget`` says. Raises :class:`~.errors.UserError` for an unknown measure, and for what is no number.

    >>> [(budget.measure, budget.words) for budget in parsed_budgets("parity=1.5,corner_centre=0.2")]
    [('parity', 'at most 1.5'), ('corner_centre', 'at least 0.2')]
    """
    budgets: dict[str, str] = {}
    for part in text.split(","):
        name, equals, limit = part.partition("=")
        if not equals:
            raise UserError(f"{part.strip()!r} is no budget; write it as measure=number, as in parity=1.5")
        if name.strip() in budgets:
            raise UserError(f"two budgets are given to {name.strip()}; leave one out")
        budgets[name.strip()] = limit.strip()
    return budgets_of(budgets)


def budgets_of(limits: Mapping[str, str]) -> tuple[Budget, ...]:
    """The budgets of limits as written, by measure; raises as ``parsed_budgets``."""
    return tuple(Budget(_known(name), _number(name, limit)) for name, limit in limits.items())


def missed(analysis: DesignAnalysis, budgets: Iterable[Budget]) -> list[Finding]:
    """An error for each budget that the design does not keep to."""
    measured = ((budget, budget.value(analysis)) for budget in budgets)
    return [_finding(budget, value) for budget, value in measured if not budget.is_met(value)]


def budget_json(analysis: DesignAnalysis, budgets: Iterable[Budget]) -> list[dict[str, object]]:
    """Each budget with what was measured."""
    return [
        {
            "measure": budget.measure,
            "limit": measure_number(budget.limit),
            "at_least": is_least(budget.measure),
            "value": measure_number(_fraction(value := budget.value(analysis))),
            "met": budget.is_met(value),
        }
        for budget in budgets
    ]


def _finding(budget: Budget, value: Value) -> Finding:
    told = "has no value" if value is None else f"is {format_measure(_fraction(value))}"
    return Finding(
        code=f"{PREFIX}{budget.measure}",
        title="A budget is not kept",
        number="" if value is None else format_measure(_fraction(value)),
        severity="error",
        layer=None,
        node=None,
        message=f"{budget.measure} {told}, and is to be {budget.words}",
        why=f"{budget.measure}: {QUANTITIES[budget.measure].meaning}",
        reference="the project's own budget",
    )


def _fraction(value: Value) -> Fraction | None:
    return None if value is None else Fraction(value)


def _known(name: str) -> str:
    if name not in QUANTITIES:
        near = difflib.get_close_matches(name, QUANTITIES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(QUANTITIES)}"
        raise UserError(f"no measure {name!r} can be given a budget; {hint}")
    return name


def _number(name: str, limit: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,30}(\.[0-9]{1,30})?(e[0-9]{1,2})?", limit):
        raise UserError(f"{limit!r} is no budget of {name}; give a number from 0 up, as in 1.5 or 2e9")
    return Fraction(limit)
