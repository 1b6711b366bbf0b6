"""The command ``check``: what is wrong with a design, with fixes that were applied and measured again."""

import json
import os
import shutil
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from ..checks import SEVERITIES, Fix, as_json
from ..design.analysis import DesignAnalysis
from ..errors import UserError
from ..formatting import counted_noun, format_measure
from ..network.graph import size_text
from ..network.limits import MAX_SIDE
from ..review import Budget, Review, is_least, parsed_budgets, project_settings, read_baseline, reviewed, sarif
from ..review.budgets import budget_json
from ..review.settings import FILE, LEVELS, TABLE
from ..search.quantities import QUANTITIES
from .arguments import Parser, write_text
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

_LINE = 100  # characters of a line at most, wherever the terminal is wider
_WAYS = [f"  {name:<16} at {'least' if is_least(name) else 'most'}: {one.meaning}" for name, one in QUANTITIES.items()]
_NOTES = f"""\
A finding states geometry: which layer, how many, how far. None promises accuracy. Errors are pixels or maps that are
lost; warnings, what is uneven enough to matter; notes, what is good to know. Each fix was applied and measured again.
Exit status 0: no finding at or above --fail-on; 1: at least one; 2: the request cannot be carried out. With --baseline
only findings count that the file does not know: a finding is known by its design's text and its code, and stays so
while its severity is no worse. A missed --budget is an error. Budgets, and which way they go:
{chr(10).join(_WAYS)}
Without DESIGN, those of pyproject.toml in the current folder are checked; it may set, under [tool.{TABLE}],
designs, budget (a table of numbers), baseline and fail-on. What the command says comes first.
--json prints {{"design", "network", "gates": {{"read", "layers", "statistics"}}, "findings": [{{"code", "severity",
"layer", "message", "why", "reference", "title", "number", "fix", "others"}}, ...], "new", "budgets": [{{"measure",
"limit", "at_least", "value", "met"}}, ...]}}, a model's with "model" and "stage" in place of "network", and of several
designs a list; title says in words what is found, number how much of it; fix, the best, is null or {{"words", "input",
"measure", "before", "after", "design", "multiply_adds", "parameters", "pixels"}}, with the changed "network" where it
is a typed one, and costs as pairs, before and after; others are more such fixes. new lists the codes that --baseline
does not know, and is null without one.
"""


def run(argv: list[str]) -> int:
    """Prints the findings; returns 1 where one is at the level of ``--fail-on`` or above it, else 0."""
    arguments = _parser().parse_args(argv)
    if arguments.object is not None and not 1 <= arguments.object <= MAX_SIDE:
        raise UserError(f"an object of {arguments.object} pixels is outside 1 to {MAX_SIDE}; choose a number inside")
    settings = project_settings(Path.cwd())
    budgets = settings.budgets if arguments.budget is None else parsed_budgets(arguments.budget)
    path = settings.baseline if arguments.baseline is None else Path(arguments.baseline)
    baseline = None if path is None else read_baseline(path)
    designs = arguments.designs or settings.designs
    if not designs:
        raise UserError(f"a design is missing; give one, or list designs in {FILE} under [tool.{TABLE}]")
    answers = []
    for design in designs:
        subject = design_argument(Namespace(**vars(arguments), design=design))
        analysis = DesignAnalysis(subject.design, arguments.object, arguments.gates)
        with prints_aside():
            answers.append((subject, reviewed(analysis, budgets, baseline, settings.places.get(design))))
    reviews = [review for _, review in answers]
    if arguments.sarif is not None:
        with prints_aside():
            document = sarif(reviews, Path.cwd(), baseline is not None)
        write_text(Path(arguments.sarif), json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    if arguments.json:
        documents = [_document(subject, review, budgets, baseline is not None) for subject, review in answers]
        print(json.dumps(documents if len(documents) > 1 else documents[0], allow_nan=False))
    else:
        texts = ("\n".join(_text(subject, review, budgets)) for subject, review in answers)
        print("\n\n".join(texts))
    level = arguments.fail_on or settings.fail_on
    return int(any(review.fails(level) for review in reviews))


def _parser() -> Parser:
    parser = Parser(
        "check",
        "What is wrong with a design, and which fix helps.",
        "ResNet-18 --fail-on warning",
        _NOTES,
        several=True,
    )
    parser.add_argument("--object", type=int, metavar="N", help="pixels of what a unit should see whole, a side")
    parser.add_argument("--fail-on", choices=LEVELS, help="default: error")
    parser.add_argument("--budget", metavar="MEASURE=N,...", help="limits that the design must keep to, as below")
    parser.add_argument("--baseline", metavar="FILE", help="an earlier --json or --sarif: fail only on what is new")
    parser.add_argument("--sarif", metavar="FILE", help="write the findings as SARIF 2.1.0, for code review")
    return parser


def _document(subject: DesignArgument, review: Review, budgets: Sequence[Budget], compared: bool) -> dict[str, object]:
    return {
        **subject.document,
        "gates": subject.gates,
        "findings": [as_json(finding) for finding in review.findings],
        "new": [finding.code for finding in review.new] if compared else None,
        "budgets": budget_json(review.analysis, budgets),
    }


def _text(subject: DesignArgument, review: Review, budgets: Sequence[Budget]) -> Iterator[str]:
    graph, findings = subject.analysis.graph, review.findings
    sizes = [subject.input_row, ["output", size_text(graph.output.size)]]
    kept = [["budget", f"{one.measure} {one.words}: kept"] for one in budgets if _is_kept(one, review)]
    rows = [*subject.head, *sizes, *subject.gate_rows, *kept, ["findings", _summary(review)]]
    yield from columns(rows, "<<")
    for finding in findings:
        yield ""
        known = "" if finding in review.new else " (known)"
        yield f"{finding.severity} {finding.code}{known}" + (f": {finding.layer}" if finding.layer else "")
        yield from _paragraph(finding.message)
        yield from map(_dimmed, _paragraph(f"why: {finding.why}"))
        yield from map(_dimmed, _paragraph(f"see: {finding.reference}"))
        fixes = [] if finding.fix is None else [finding.fix, *finding.others]
        for index, fix in enumerate(fixes):
            yield from _fixed("or" if index else "fix", fix)


def _is_kept(budget: Budget, review: Review) -> bool:
    return budget.is_met(budget.value(review.analysis))


def _summary(review: Review) -> str:
    """``2 warnings, 1 note``, and how many of them a baseline knows."""
    tally = Counter(finding.severity for finding in review.findings)
    counts = [counted_noun(tally[severity], severity) for severity in SEVERITIES if tally[severity]]
    known = len(review.findings) - len(review.new)
    return (", ".join(counts) or "none") + (f"; {known} of them known" if known else "")


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
