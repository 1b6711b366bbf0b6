"""The command ``paths``: how many paths lead from each input pixel to the outputs, exactly."""

import argparse
import json
import shutil
from argparse import Namespace
from collections.abc import Iterator

from ..errors import UserError
from ..exact.counts import PathCounts
from ..exact.imbalance import MEANINGS, Measures, imbalance
from ..exact.shares import Shares
from ..formatting import all_digits, count_cell, format_measure, measure_json, share_cell
from ..network.graph import size_text
from ..network.limits import MAX_SEED
from .arguments import Parser, position
from .border_theory import KEYS, BorderTheory
from .counts import count_json, count_lines, refuse_endless, share_lines
from .designs import DesignArgument, design_argument, prints_aside
from .table import columns

_NOTES = """\
A path follows one edge per layer: one kernel tap that lands on a sample. Positions count from 0.
--json prints {"design", "network", "gates", "input", "output", "counts", "imbalance"}: counts are nested lists of
decimal strings, over the input's axes (with --pixel over the output's); a measure without a value is null. A model has
"model" and "stage" in place of "network". gates: {"read": whether --gates was given, "layers": those that are scaled by
a gate, "statistics": those of them that normalise over positions}. Beside these, null with --pixel: "padding", the
share of each output unit's paths that passes through padding; "lengths", paths by how many windows are on them;
"aliasing", what the strides fold; "live", with --live: the same of a live model, and how it takes a shift.
"shares", null without --shares: {"denominator": a decimal string, "numerators": nested lists as counts, "imbalance"}.
"""


def run(argv: list[str]) -> None:
    """Prints the counts of a design's input pixels, or with ``--pixel`` of the outputs that one pixel reaches."""
    arguments = _parser().parse_args(argv)
    if arguments.shares and arguments.pixel is not None:
        raise UserError("--shares are those of all pixels in what an output is made of; leave --pixel out")
    subject = design_argument(arguments)
    analysis = subject.analysis
    with prints_aside():
        if arguments.pixel is not None:
            counts = analysis.reach_counts(arguments.pixel, arguments.channels)
            measures = imbalance(counts, (1,) * len(counts.size))  # strides repeat over pixels, not over outputs
        else:
            counts = analysis.path_counts(arguments.unit, arguments.channels)
            measures = analysis.measures(arguments.unit, arguments.channels)
        shares = analysis.path_shares(arguments.unit) if arguments.shares else None
        theory = None if arguments.pixel is not None else BorderTheory(analysis, arguments.unit, arguments.live)
    if arguments.json:
        for numbers in (counts, *([shares.numerators] if shares else [])):
            refuse_endless(numbers)
        for piece in _json(subject, counts, measures, theory, shares):
            print(piece, end="")
        return
    width = shutil.get_terminal_size().columns
    if shares is None:
        head, lines = ["total", count_cell(counts.total())], count_lines(counts, width)
    else:
        head, lines = ["total", share_cell(shares.total())], share_lines(shares, width)
        measures = _measures_of(subject, shares)
    table = _text(subject, [_question(arguments), head], lines, measures)
    print("\n".join([*table, *(theory.text() if theory else ())]))


def _parser() -> Parser:
    parser = Parser(
        "paths", "How many paths lead from each input pixel to the outputs, exactly.", '"15x15; conv k3 p1 x4"', _NOTES
    )
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--unit", type=position, metavar="R,C", help="count the paths to this output unit alone")
    one.add_argument("--pixel", type=position, metavar="R,C", help="count the paths from this pixel to each output")
    parser.add_argument("--live", type=_seed, metavar="SEED", help="measure the model that this seed draws, too")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--channels", action="store_true", help="weigh each path by the channels it may pass through")
    how.add_argument("--shares", action="store_true", help="divide evenly: each position the mean of what it reads")
    return parser


def _measures_of(subject: DesignArgument, shares: Shares) -> Measures:
    return imbalance(shares.numerators, subject.analysis.grid)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; give a whole number from 0 to {MAX_SEED}")
    return int(text)


def _json(
    subject: DesignArgument,
    counts: PathCounts,
    measures: Measures,
    theory: BorderTheory | None,
    shares: Shares | None,
) -> Iterator[str]:
    """The document in pieces, so that a large map is never one string."""
    graph = subject.analysis.graph
    head = {**subject.document, "gates": subject.gates, "input": graph.input.size, "output": graph.output.size}
    yield json.dumps(head)[:-1] + ', "counts": '
    yield from count_json(counts)
    yield f', "imbalance": {_measures_json(measures)}'
    if shares is None:
        yield ', "shares": null'
    else:
        yield f', "shares": {{"denominator": {json.dumps(all_digits(shares.denominator))}, "numerators": '
        yield from count_json(shares.numerators)
        yield f', "imbalance": {_measures_json(_measures_of(subject, shares))}}}'
    yield f", {json.dumps(dict.fromkeys(KEYS) if theory is None else theory.document(), allow_nan=False)[1:]}\n"


def _measures_json(measures: Measures) -> str:
    return f"{{{', '.join(f'{json.dumps(name)}: {measure_json(measure)}' for name, measure in measures.items())}}}"


def _text(subject: DesignArgument, rows: list[list[str]], lines: list[str], measures: Measures) -> list[str]:
    """``rows``: what is counted, and the total; ``lines``: the map."""
    graph = subject.analysis.graph
    head = [
        *subject.head,
        subject.input_row,
        ["output", size_text(graph.output.size)],
        *subject.gate_rows,
        *rows,
    ]
    table = [[name, format_measure(measure), MEANINGS[name]] for name, measure in measures.items()]
    return [
        *columns(head, "<<"),
        "",
        *lines,
        "",
        *columns(table, "<<<"),
    ]


def _question(arguments: Namespace) -> list[str]:
    """What the counts count, or the shares are of, in words."""
    place = ",".join(map(str, arguments.pixel or arguments.unit or ()))
    if arguments.shares:
        goal = "all output units, on average" if arguments.unit is None else f"output unit {place}"
        return ["shares", f"what comes from each input pixel, of {goal}, each unit being the mean of what it reads"]
    if arguments.pixel is not None:
        words = f"paths from input pixel {place} to each output unit"
    elif arguments.unit is not None:
        words = f"paths from each input pixel to output unit {place}"
    else:
        words = "paths from each input pixel to all output units"
    return ["counts", words + (", weighed by channels" if arguments.channels else "")]
