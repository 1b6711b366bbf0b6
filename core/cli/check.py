"""The command ``check``: what is wrong with a design, with fixes that were applied and measured again."""

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from textwrap import wrap

from ..checks import SEVERITIES, Finding, Fix, as_json, check
from ..errors import UserError
from ..formatting import counted_noun, format_measure
from ..network.graph import size_text
from ..network.limits import MAX_SIDE
from .arguments import Parser
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

_LEVELS = ("error", "warning")  # notes are no fault
_LINE = 100  # characters of a line at most, wherever the terminal is wider
_NOTES = """\
A finding states geometry: which layer, how many, how far. None promises accuracy. Errors are pixels or maps that are
lost; warnings, what is uneven enough to matter; notes, what is good to know. Each fix was applied and measured again.
Exit status 0: no finding at or above --fail-on; 1: at least one; 2: the request cannot be carried out.
--json prints {"design", "network", "gates": {"read", "layers", "statistics"}, "findings": [{"code", "severity",
"layer", "message", "why", "reference", "title", "number", "fix", "others"}, ...]}, a model's with "model" and "stage"
in place of "network"; title says in words what is found, number how much of it; fix, the best, is null or {"words",
"input", "measure", "before", "after", "design", "multiply_adds", "parameters", "pixels"}, with the changed "network"
where it is a typed one, and costs as pairs, before and after; others are more such fixes.
"""


def run(argv: list[str]) -> int:
    """Prints the findings; returns 1 where one is at the level of ``--fail-on`` or above it, else 0."""
    parser = Parser("check", "What is wrong with a design, and which fix helps.", "ResNet-18 --fail-on warning", _NOTES)
    parser.add_argument("--object", type=int, metavar="N", help="pixels of what a unit should see whole, a side")
    parser.add_argument("--fail-on", choices=_LEVELS, default="error", help="default: error")
    arguments = parser.parse_args(argv)
    if arguments.object is not None and not 1 <= arguments.object <= MAX_SIDE:
        raise UserError(f"an object of {arguments.object} pixels is outside 1 to {MAX_SIDE}; choose a number inside")
    subject = design_argument(arguments)
    with prints_aside():
        findings = check(subject.design, arguments.object, arguments.gates)
    if arguments.json:
        print(json.dumps(_document(subject, findings), allow_nan=False))
    else:
        print("\n".join(_text(subject, findings)))
    failing = SEVERITIES[: SEVERITIES.index(arguments.fail_on) + 1]
    return int(any(finding.severity in failing for finding in findings))


def _document(subject: DesignArgument, findings: list[Finding]) -> dict[str, object]:
    return {**subject.document, "gates": subject.gates, "findings": [as_json(finding) for finding in findings]}


def _text(subject: DesignArgument, findings: list[Finding]) -> Iterator[str]:
    graph = subject.analysis.graph
    sizes = [["input", size_text(graph.input.size)], ["output", size_text(graph.output.size)]]
    yield from columns([*subject.head, *sizes, *subject.gate_rows, ["findings", _summary(findings)]], "<<")
    for finding in findings:
        yield ""
        yield f"{finding.severity} {finding.code}" + (f": {finding.layer}" if finding.layer else "")
        yield from _paragraph(finding.message)
        yield from map(_dimmed, _paragraph(f"why: {finding.why}"))
        yield from map(_dimmed, _paragraph(f"see: {finding.reference}"))
        fixes = [] if finding.fix is None else [finding.fix, *finding.others]
        for index, fix in enumerate(fixes):
            yield from _fixed("or" if index else "fix", fix)


def _summary(findings: list[Finding]) -> str:
    """``2 warnings, 1 note``."""
    tally = Counter(finding.severity for finding in findings)
    counts = [counted_noun(tally[severity], severity) for severity in SEVERITIES if tally[severity]]
    return ", ".join(counts) or "none"


def _fixed(label: str, fix: Fix) -> Iterator[str]:
    """What is done, what it brings and what it costs; a typed network's new text on one line, to be copied."""
    brought = f"{fix.measure} {format_measure(fix.before)} → {format_measure(fix.after)}"
    yield from _paragraph(f"{label}: {fix.words}: {brought}, {fix.price}")
    if fix.design.network is not None:
        yield f"    {fix.design.network}"


def _paragraph(text: str) -> list[str]:
    width = max(min(shutil.get_terminal_size().columns, _LINE), 40)
    return wrap(text, width, initial_indent="  ", subsequent_indent="    ", break_long_words=False)


def _dimmed(line: str) -> str:
    """Fainter on a terminal that shows colours."""
    plain = not sys.stdout.isatty() or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return line if plain else f"\x1b[2m{line}\x1b[22m"
