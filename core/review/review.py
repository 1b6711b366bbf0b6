"""The findings of one design, the missed budgets first, and which of them a baseline does not know."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..checks import SEVERITIES, Finding, Severity, findings_of
from ..design.analysis import DesignAnalysis
from .baseline import Baseline
from .budgets import Budget, missed


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """``new``: the findings that the baseline does not know; all of them where there is no baseline.

    ``listed``: the file and the line that ask for the design to be checked, if any do.
    """

    analysis: DesignAnalysis
    findings: tuple[Finding, ...]
    new: tuple[Finding, ...]
    listed: tuple[str, int] | None = None

    @property
    def design(self) -> str:
        """The design's text."""
        return str(self.analysis.design.text)

    def fails(self, level: Severity) -> bool:
        """Whether a new finding is at ``level`` or above it."""
        return any(finding.severity in SEVERITIES[: SEVERITIES.index(level) + 1] for finding in self.new)


def reviewed(
    analysis: DesignAnalysis,
    budgets: Sequence[Budget] = (),
    baseline: Baseline | None = None,
    listed: tuple[str, int] | None = None,
) -> Review:
    """What is to be said of a design. Raises :class:`~.errors.UserError` for one beyond a limit.

    >>> analysis = DesignAnalysis(design_of("64; conv k1 s2"))
    >>> [finding.code for finding in reviewed(analysis).findings]
    ['unread', 'uneven-padding', 'field-small']
    """
    findings = (*missed(analysis, budgets), *findings_of(analysis))
    text = str(analysis.design.text)
    new = findings if baseline is None else tuple(one for one in findings if not baseline.knows(text, one))
    return Review(analysis, findings, new, listed)
