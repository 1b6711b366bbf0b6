"""Budgets: a number that a measure of a design must keep to. Which way is fixed for every measure."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from ..checks import Finding
from ..design.analysis import DesignAnalysis
from ..errors import UserError
from ..exact.imbalance import MEANINGS
from ..formatting import format_measure, measure_number

Value = Fraction | int | None
PREFIX = "budget-"  # of the codes of findings about budgets


@dataclass(frozen=True, slots=True)
class Measured:
    """What can be given a budget; ``at_least``: the budget is the least that the measure may be, else the most."""

    meaning: str
    of: Callable[[DesignAnalysis], Value]
    at_least: bool = False


def _imbalance(name: str) -> Callable[[DesignAnalysis], Value]:
    return lambda analysis: analysis.measures()[name]


def _leaning(analysis: DesignAnalysis) -> Value:
    """The largest asymmetry of an axis, to whichever side."""
    values = [value for name, value in analysis.measures().items() if name.startswith("asymmetry")]
    return max((abs(value) for value in values if value is not None), default=None)


def _halo(analysis: DesignAnalysis) -> Value:
    """None where no overlap makes tiles exact."""
    halo = analysis.halo
    if halo.axes is None or not halo.exact:
        return None
    return max(chain.from_iterable((axis.before, axis.after) for axis in halo.axes))


BUDGETS: dict[str, Measured] = {
    **{name: Measured(MEANINGS[name], _imbalance(name)) for name in ("unread", "max_min", "gini", "parity")},
    **{
        name: Measured(MEANINGS[name], _imbalance(name), at_least=True)
        for name in ("corner_centre", "edge_centre", "effective_share")
    },
    "asymmetry": Measured("share of the paths by which one half exceeds the other, along the worse axis", _leaning),
    "field": Measured(
        "pixels that the centre unit sees along each axis, the fewer of both",
        lambda analysis: min(analysis.unit_field),
        at_least=True,
    ),
    "halo": Measured("pixels by which a tile must overlap, on the widest side", _halo),
    "multiply_adds": Measured("multiply-adds of one input", lambda analysis: analysis.cost.multiply_adds),
    "parameters": Measured("weights", lambda analysis: analysis.cost.parameters),
}


@dataclass(frozen=True, slots=True)
class Budget:
    """A measure by name, and its limit."""

    measure: str
    limit: Fraction

    @property
    def words(self) -> str:
        """``at most 1.5``."""
        return f"at {'least' if BUDGETS[self.measure].at_least else 'most'} {format_measure(self.limit)}"

    def value(self, analysis: DesignAnalysis) -> Value:
        """The measure of a design; None where it has none."""
        return BUDGETS[self.measure].of(analysis)

    def is_met(self, value: Value) -> bool:
        """What a design has no value of is not met: a pixel is not read, say, or no overlap is enough."""
        if value is None:
            return False
        return value >= self.limit if BUDGETS[self.measure].at_least else value <= self.limit


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
            "at_least": BUDGETS[budget.measure].at_least,
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
        why=f"{budget.measure}: {BUDGETS[budget.measure].meaning}",
        reference="the project's own budget",
    )


def _fraction(value: Value) -> Fraction | None:
    return None if value is None else Fraction(value)


def _known(name: str) -> str:
    if name not in BUDGETS:
        near = difflib.get_close_matches(name, BUDGETS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(BUDGETS)}"
        raise UserError(f"no measure {name!r} can be given a budget; {hint}")
    return name


def _number(name: str, limit: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,30}(\.[0-9]{1,30})?(e[0-9]{1,2})?", limit):
        raise UserError(f"{limit!r} is no budget of {name}; give a number from 0 up, as in 1.5 or 2e9")
    return Fraction(limit)
