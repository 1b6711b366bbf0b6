"""What the page shows of a design: its findings, each with small pictures."""

from dataclasses import dataclass

from core.checks import Finding, findings_of
from core.design.analysis import DesignAnalysis
from core.figures.thumbnails import finding_thumbnails

THUMBNAIL = 142  # pixels a side


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """``thumbnails``, as SVG, by the code of the finding: the design, and what the best fix makes of it."""

    analysis: DesignAnalysis
    findings: tuple[Finding, ...]
    thumbnails: dict[str, tuple[str, ...]]

    def finding(self, code: str) -> Finding | None:
        """The finding of a code, if the design has it."""
        return next((finding for finding in self.findings if finding.code == code), None)


def report_on(analysis: DesignAnalysis) -> Report:
    """All findings about a design, the worst first."""
    findings = tuple(findings_of(analysis))
    thumbnails = {finding.code: tuple(finding_thumbnails(finding, analysis, THUMBNAIL)) for finding in findings}
    return Report(analysis, findings, thumbnails)
