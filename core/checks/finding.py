"""What the design check says: findings, and fixes that have been applied and measured again."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..design.design import Design
from ..exact.cost import Cost
from ..formatting import format_list, format_ratio

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that was made; ``before`` and ``after`` are one measure of the two designs, the latter better.

    ``pixels``: positions of the input, before and after.
    """

    words: str
    design: Design
    measure: str
    before: Fraction
    after: Fraction
    cost_before: Cost
    cost: Cost
    pixels: tuple[int, int]

    @property
    def price(self) -> str:
        """What changes in cost, as a clause: ``at 1.14 times the multiply-adds and 1.01 times the pixels``."""
        pairs = (
            ("multiply-adds", self.cost_before.multiply_adds, self.cost.multiply_adds),
            ("pixels", *self.pixels),
            ("weights", self.cost_before.parameters, self.cost.parameters),
        )
        parts = [price(noun, before, after) for noun, before, after in pairs if before != after]
        return f"at {format_list(parts)}" if parts else "at no cost"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a design that its author should know: geometry, never a promise of accuracy."""

    code: str
    title: str  # of the check, in words
    number: str  # how much of it there is, with its unit; nothing where no single number says it
    severity: Severity
    layer: str | None  # as messages name it; None where no single layer is the cause
    node: int | None  # its index in the graph
    message: str
    why: str
    reference: str
    fix: Fix | None = None
    others: tuple[Fix, ...] = ()


def price(noun: str, before: int, after: int) -> str:
    """How much of something a change takes; what is no ratio, or one that would be rounded to 1, as a difference.

    >>> price("multiply-adds", 200, 228), price("weights", 0, 9), price("pixels", 10_000, 9_999)
    ('1.14 times the multiply-adds', '9 more weights', '1 fewer pixels')
    """
    ratio = format_ratio(Fraction(after, before)) if before else "1"
    if ratio != "1":
        return f"{ratio} times the {noun}"
    return f"{abs(after - before):,} {'more' if after > before else 'fewer'} {noun}"
