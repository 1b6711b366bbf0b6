"""The sentences of the design check's page."""

from collections.abc import Sequence

from core.checks import Finding, Fix
from core.formatting import measure_number

ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}
TITLES = {  # of the checks, in words
    "unread": "pixels never read",
    "collapse": "a map of one position",
    "parity": "grid of the stride",
    "border": "weak border",
    "uneven-padding": "one side padded more",
    "gridding": "holes of the dilation",
    "checkerboard": "checkerboard",
    "misaligned": "branches apart",
    "field-small": "field smaller than asked",
    "unproductive": "nothing new to see",
    "erf-small": "looks at a small part",
    "tiling": "overlap of tiles",
}
_PLURALS = {"error": "errors", "warning": "warnings", "note": "notes"}


def design_insight(findings: Sequence[Finding], picked: Finding | None) -> str:
    """How many findings, and the picked one."""
    if picked is None:
        return "**None of the twelve checks finds anything** in this design."
    found = [(severity, sum(each.severity == severity for each in findings)) for severity in _PLURALS]
    told = [f"{times} {severity if times == 1 else _PLURALS[severity]}" for severity, times in found if times]
    return f"**{', '.join(told)}.** {sentence(picked.message)}"


def sentence(text: str) -> str:
    """A message as a sentence."""
    return f"{text[0].upper()}{text[1:]}."


def fix_sentence(fix: Fix) -> str:
    """What a fix did, measured again."""
    measure = fix.measure[0].upper() + fix.measure[1:]
    return f"{measure}: **{_number(fix, fix.before)}** becomes **{_number(fix, fix.after)}**"


def _number(fix: Fix, value: object) -> str:
    told = measure_number(value)  # type: ignore[arg-type]
    return f"{told:,}" if isinstance(told, int) else f"{told:.4g}"


def rows(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """The findings as a table."""
    return [
        {
            "severity": each.severity,
            "code": each.code,
            "layer": each.layer or "",
            "finding": each.message,
            "fix": "" if each.fix is None else each.fix.words,
            "before": "" if each.fix is None else _number(each.fix, each.fix.before),
            "after": "" if each.fix is None else _number(each.fix, each.fix.after),
        }
        for each in findings
    ]
