"""The checks by code: one dict, one decorator. A check looks at one design and says at most one thing about it."""

from collections.abc import Callable
from dataclasses import dataclass

from ..design.analysis import DesignAnalysis
from ..design.design import Design
from ..design.size_table import SizeFinding
from .finding import SEVERITIES, Finding, Fix, Severity


@dataclass(frozen=True, slots=True)
class Observation:
    """What a check found; ``node`` is the first layer that causes it."""

    severity: Severity
    node: int | None
    message: str
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """``why`` it matters, in one sentence, and who says so.

    ``title``: what it finds, in words; ``number``: how much of it a design has that it finds something about.
    """

    code: str
    title: str
    number: Callable[[DesignAnalysis], str]
    why: str
    reference: str
    look: Callable[[DesignAnalysis], Observation | None]


CODES = (  # in the order in which findings of one severity are told
    "unread",
    "collapse",
    "parity",
    "border",
    "uneven-padding",
    "gridding",
    "checkerboard",
    "misaligned",
    "field-small",
    "unproductive",
    "erf-small",
    "tiling",
)
CHECKS: dict[str, Check] = {}

Look = Callable[[DesignAnalysis], Observation | None]


def rule(
    code: str, *, title: str, number: Callable[[DesignAnalysis], str], why: str, reference: str
) -> Callable[[Look], Look]:
    """Registers a check under its code."""

    def register(look: Look) -> Look:
        assert code in CODES, code
        assert code not in CHECKS, code
        CHECKS[code] = Check(code, title, number, why, reference, look)
        return look

    return register


def check(design: Design, object_size: int | None = None, gates: bool = False) -> list[Finding]:
    """What is to be known about ``design``: errors first, then warnings, then notes.

    Every check looks at the design alone; ``object_size`` is the side, in pixels, of what a unit of the output must
    see whole; ``gates``: whether what passes through gates is read too. Raises :class:`~.errors.UserError` for a
    design beyond a limit.

    >>> [(found.code, found.severity) for found in check(design_of("9; conv k1 s2"))]
    [('unread', 'error'), ('field-small', 'note')]
    """
    return findings_of(DesignAnalysis(design, object_size, gates))


def findings_of(analysis: DesignAnalysis) -> list[Finding]:
    """What is to be known about the design of ``analysis``, as ``check`` has it."""
    checks = [CHECKS[code] for code in CODES]
    findings = [_finding(check, analysis, seen) for check in checks if (seen := check.look(analysis)) is not None]
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def findings_at_size(analysis: DesignAnalysis) -> tuple[SizeFinding, ...]:
    """The same without fixes, a few words each: for several inputs side by side.

    >>> [found.code for found in findings_at_size(DesignAnalysis(design_of("9; conv k1 s2")))]
    ['unread', 'field-small']
    """
    found = findings_of(analysis.alone())
    return tuple(SizeFinding(one.code, one.severity, one.title, one.number) for one in found)


def _finding(check: Check, analysis: DesignAnalysis, seen: Observation) -> Finding:
    layer = None if seen.node is None else analysis.graph.name(seen.node)
    return Finding(
        check.code,
        check.title,
        check.number(analysis),
        seen.severity,
        layer,
        seen.node,
        seen.message,
        check.why,
        check.reference,
        seen.fixes[0] if seen.fixes else None,
        seen.fixes[1:],
    )
