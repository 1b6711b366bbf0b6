"""What the design check says: findings, and fixes that have been applied and measured again."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..design.design import Design

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that was made; ``before`` and ``after`` are one measure of the two designs, the latter better."""

    words: str
    design: Design
    measure: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a design that its author should know: geometry, never a promise of accuracy."""

    code: str
    severity: Severity
    layer: str | None  # as messages name it; None where no single layer is the cause
    node: int | None  # its index in the graph
    message: str
    why: str
    reference: str
    fix: Fix | None = None
    others: tuple[Fix, ...] = ()
