"""The command ``remedies``: what each remedy does to every imbalance of a network, and what it costs."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from textwrap import fill, wrap

from ..comparison import (
    MEASURES,
    Answer,
    Comparison,
    Variant,
    answers,
    compared,
    measure_of,
    plans_for,
    ranked,
)
from ..formatting import format_measure, measure_number
from ..network.graph import size_text
from ..remedies import REMEDIES
from .arguments import Parser
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

_RANK = "effective_share"
_LINE = 110  # characters of a sentence's line at most
_FOUR = ("centre_bias", "foveation", "parity", "uneven_padding")
_EACH = [
    fill(f"{remedy.name}: {remedy.does}", _LINE, initial_indent="  ", subsequent_indent="      ")
    for remedy in REMEDIES.values()
]
_NOTES = f"""\
Each remedy is applied and everything is counted again. Without --remedy every remedy is shown alone; with several,
each alone and all together in their order; a+b is these two together and nothing else.
{chr(10).join(_EACH)}
A remedy takes its numbers after its name: --remedy "random-connections r16 seed3" (r8 seed0 by default).
Measures for --rank:
{chr(10).join(f"  {name:<16} {metric.meaning}" for name, metric in MEASURES.items())}
--json prints {{"design", "network", "gates": {{"read", "layers", "statistics"}}, "rank", "variants": [{{"remedies",
"network", "input", "output", "even", "imbalance", "left_over", "field", "expected_field", "parameters",
"multiply_adds", "pixels"}}, ...], "refused": [{{"remedies", "reason"}}, ...], "answers": [{{"question", "verdict",
"told", "numbers"}}, ...]}}, a model's with "model" and "stage" in place of "network". variants are ranked; the one
without remedies is the design as it is; a variant's network is null where no text writes it. even holds the four
imbalances one by one, 1: gone; a number without a value is null. answers are empty but for chains of unpadded windows
that overlap, as in the question on Stack Exchange.
"""


def run(argv: list[str]) -> None:
    """Prints the table, what does not apply, and for networks like that of the question the answers."""
    example = '"32x32; conv k3 s2 p1 x3" --remedy kernel-padding --remedy border-circular --rank foveation'
    parser = Parser("remedies", "What each remedy does to every imbalance, and what it costs.", example, _NOTES)
    parser.add_argument("--remedy", action="append", default=[], metavar="NAME", help="a remedy, or a+b; repeatable")
    parser.add_argument("--rank", default=_RANK, metavar="MEASURE", help=f"the best first (default: {_RANK})")
    arguments = parser.parse_args(argv)
    metric = measure_of(arguments.rank)
    subject = design_argument(arguments)
    with prints_aside():
        plans = _plans(arguments.remedy) or plans_for(subject.design)
        comparison = compared(subject.design, plans, arguments.gates)
    variants = ranked(comparison, metric.name)
    replies = answers(subject.design.network) if subject.design.network is not None else ()
    if arguments.json:
        print(json.dumps(_document(subject, arguments.rank, comparison, variants, replies), allow_nan=False))
    else:
        print("\n".join(_text(subject, arguments.rank, comparison, variants, replies)))


def _plans(texts: list[str]) -> list[tuple[str, ...]]:
    """What ``--remedy`` asks for: each alone, and of several all together.

    >>> _plans(["even-input", "padding-same + border-circular"])[-1]
    ('even-input', 'padding-same', 'border-circular')
    """
    plans = [tuple(part.strip() for part in text.split("+")) for text in texts]
    return [*plans, tuple(name for plan in plans for name in plan)] if len(plans) > 1 else plans


def _document(
    subject: DesignArgument,
    rank: str,
    comparison: Comparison,
    variants: tuple[Variant, ...],
    replies: tuple[Answer, ...],
) -> dict[str, object]:
    refused = [{"remedies": refusal.remedies, "reason": refusal.reason} for refusal in comparison.refused]
    points = [
        {
            "question": point.question,
            "verdict": point.verdict,
            "told": point.words,
            "numbers": {name: measure_number(value) for name, value in point.numbers},
        }
        for point in replies
    ]
    rows = list(map(_row, variants))
    head = {**subject.document, "gates": subject.gates, "rank": rank}
    return {**head, "variants": rows, "refused": refused, "answers": points}


def _row(variant: Variant) -> dict[str, object]:
    return {
        "remedies": variant.remedies,
        "network": None if variant.network is None else str(variant.network),
        "input": variant.analysis.graph.input.size,
        "output": variant.size,
        "even": {name: measure_number(share) for name, share in asdict(variant.scores).items()},
        "imbalance": {name: measure_number(measure) for name, measure in variant.measures.items()},
        "left_over": variant.left_over,
        "field": variant.field,
        "expected_field": variant.expected,
        **asdict(variant.cost),
        "pixels": variant.pixels,
    }


def _text(
    subject: DesignArgument,
    rank: str,
    comparison: Comparison,
    variants: tuple[Variant, ...],
    replies: tuple[Answer, ...],
) -> Iterator[str]:
    yield from columns(
        [*subject.head, *subject.gate_rows, ["ranked by", f"{MEASURES[rank].title}: {MEASURES[rank].meaning}"]], "<<"
    )
    yield ""
    yield "the four imbalances (1: gone) and the cost"
    yield from columns([_COST_HEAD, *map(_cost_cells, variants)], "<" + ">" * (len(_COST_HEAD) - 1))
    yield ""
    yield "every measure of the paths to all outputs"
    names = list(comparison.original.measures)
    rows = [[_label(variant), *(format_measure(variant.measures[name]) for name in names)] for variant in variants]
    yield from columns([["remedy", *names], *rows], "<" + ">" * len(names))
    if comparison.refused:
        yield from ("", "does not apply")
        rows = [[" + ".join(refusal.remedies), refusal.reason] for refusal in comparison.refused]
        yield from columns(rows, "<<")
    if replies:
        yield from ("", "the question, point by point")
        for point in replies:
            yield from _paragraph(f"{point.question} {point.verdict}: {point.words}")


_COST_HEAD = [
    "remedy", "centre", "foveation", "parity", "uneven", "left over", "input", "output", "field", "expected",
    "parameters", "multiply-adds", "pixels",
]  # fmt: skip


def _cost_cells(variant: Variant) -> list[str]:
    return [
        _label(variant),
        *(format_measure(getattr(variant.scores, name)) for name in _FOUR),
        str(variant.left_over),
        size_text(variant.analysis.graph.input.size),
        size_text(variant.size),
        size_text(variant.field),
        "-" if variant.expected is None else size_text(variant.expected),
        f"{variant.cost.parameters:,}",
        f"{variant.cost.multiply_adds:,}",
        f"{variant.pixels:,}",
    ]


def _label(variant: Variant) -> str:
    return " + ".join(variant.remedies) or "(as it is)"


def _paragraph(text: str) -> list[str]:
    width = max(min(shutil.get_terminal_size().columns, _LINE), 40)
    return wrap(
        text,
        width,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,  # non-overlapping is one word
    )
