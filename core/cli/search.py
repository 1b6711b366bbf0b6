"""The command ``search``: of a family of networks, those that do what is asked, and the best of them."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from textwrap import wrap
from typing import Any

from ..errors import UserError
from ..expressions import Value
from ..formatting import counted_noun, format_measure, measure_number
from ..network.limits import MAX_SEED
from ..program import loaded
from ..search.found import Found, Impossible
from ..search.quantities import QUANTITIES
from ..search.questions import USUAL, Question, question_of
from ..search.request import MAX_MEMBERS, Request
from ..search.space import space_of
from .arguments import Parser, written
from .progress import last
from .table import columns

_BEST = 20  # of the front in a readable answer
_REASONS = 8
_MOST_WORKERS = 256
_NOTES = f"""\
SPACE is a design's text with choices in braces, or - to read one from standard input:
  "32x32; conv k{{3,5}} p{{1..3}} x{{1..6}}"                  numbers: these, or from 1 to 3
  "64x64; {{conv k3 s2 p1,maxpool k2}}; conv k3 p1"         layers; skip is none
  "{{timm:resnet18,ResNet-50}}+{{,kernel-padding}}"           designs and remedies; nothing is a choice, too
Every member is counted exactly; what is impossible is counted too, and named by its reason. Of more than
{MAX_MEMBERS:,} members some are drawn: --sample 100000 --seed 0.
--where is a condition on numbers of a design: "parity == 1 and corner_centre > 0.3 and multiply_adds < 2e9". Where one
of them has no value the condition is not met. --pareto names the numbers of which the best are shown: designs that none
is better than in one of them and as good in all others. Each has its own way to be better, or says min:, max: or one:.
{chr(10).join(f"  {one.name:<16} {one.better + ':':<11} {one.meaning}" for one in QUANTITIES.values())}
--out keeps every number of every design, for other questions: the same command with another --where or --pareto counts
nothing again. A search that was stopped goes on where it was.
--json prints {{"space", "size", "sample", "counted", "repeated", "impossible": [{{"reason", "members", "design",
"message"}}, ...], "where", "met", "absent", "pareto": [{{"name", "better"}}, ...], "front": [{{"design", "alike",
"values"}}, ...], "out"}}: size are the members of the space, sample is null or {{"members", "seed"}}; repeated are
members that stand for a design counted before; absent tells by name how many designs lack a number that was asked
for; alike, how many more designs have the same values.
"""


def run(argv: list[str]) -> None:
    """Counts the space, tells its size before, and prints the front."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    question = question_of(arguments.where, arguments.pareto)
    request = Request(space_of(written(arguments.space)), arguments.sample, arguments.seed)
    steps = loaded("..search.steps", __package__)
    workers = loaded("..search.workers", __package__)
    _tell(_size_words(request))
    if arguments.cluster is None:
        count = workers.in_processes(arguments.workers or 1, _tell)
    elif arguments.workers is not None:
        raise UserError("--workers are processes of this machine, and --cluster has its own; leave one of them out")
    else:
        count = loaded("..search.cluster", __package__).on_cluster(arguments.cluster, _tell)
    with closing(steps.search(request, question, count, arguments.out)) as found:
        result = last(found, "members")
    if arguments.json:
        print(json.dumps(document(request, question, result, arguments.out), allow_nan=False))
    else:
        print("\n".join(_text(request, question, result, arguments.out)))


def _parser() -> Parser:
    example = '"32x32; conv k{3,4,5} s2 p{0..2} x{2,3}" --where "unread == 0" --pareto parity,multiply_adds'
    question = "Of a family of networks, those that do what is asked, and the best of them."
    parser = Parser("search", question, example, _NOTES, subject=False)
    parser.add_argument("space", metavar="SPACE", help="a design with choices in braces, as described below")
    parser.add_argument("--where", metavar="CONDITION", default="", help="what a design must meet")
    parser.add_argument("--pareto", metavar="NAMES", default=USUAL, help=f"what is compared (default: {USUAL})")
    parser.add_argument("--sample", type=_members, metavar="N", help="draw so many members in place of all")
    parser.add_argument("--seed", type=_seed, default=0, metavar="S", help="by which they are drawn (default: 0)")
    parser.add_argument("--out", type=Path, metavar="FILE.parquet", help="keep all numbers of all designs")
    parser.add_argument("--workers", type=_workers, metavar="N", help="processes that count (default: 1)")
    parser.add_argument("--cluster", metavar="ADDRESS", help="count on a Dask cluster, as in tcp://127.0.0.1:8786")
    return parser


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _size_words(request: Request) -> str:
    size = f"{request.space.size:,} member{'' if request.space.size == 1 else 's'}"
    return size if request.members == request.space.size else f"{size}, of which {request.members:,} are drawn"


def document(request: Request, question: Question, found: Found, out: Path | None) -> dict[str, Any]:
    """The answer as JSON."""
    drawn = None
    if request.members < request.space.size:
        drawn = {"members": request.members, "seed": request.seed}
    names = [objective.name for objective in question.objectives]
    return {
        "space": request.space.text,
        "size": request.space.size,
        "sample": drawn,
        "counted": found.counted,
        "repeated": found.repeated,
        "impossible": list(map(asdict, found.impossible)),
        "where": question.where or None,
        "met": found.answer.met,
        "absent": found.answer.absent,
        "pareto": list(map(asdict, question.objectives)),
        "front": [
            {
                "design": best.design,
                "alike": best.alike,
                "values": {name: _number(value) for name, value in zip(names, best.values, strict=True)},
            }
            for best in found.answer.front
        ],
        "out": out and str(out),
    }


def _number(value: Value) -> float | int | None:
    return value if isinstance(value, int) else measure_number(value)


def _text(request: Request, question: Question, found: Found, out: Path | None) -> Iterator[str]:
    answer = found.answer
    rows = [["space", request.space.text], ["members", _size_words(request)]]
    rows.append(["counted", counted_noun(found.counted, "design") + _repeated(found.repeated)])
    if found.impossible:
        rows.append(["impossible", f"{sum(one.members for one in found.impossible):,}, listed below"])
    if question.where:
        rows.append(["where", f"{question.where}: {answer.met:,} designs"])
    rows += [["absent", f"{name}: {counted_noun(designs, 'design')} without a value"]
             for name, designs in answer.absent.items()]  # fmt: skip
    better = ", ".join(f"{one.name} ({one.better})" for one in question.objectives)
    rows.append(["the best of", f"{better}: {counted_noun(len(answer.front), 'design')}"])
    if out is not None:
        rows.append(["written", str(out)])
    yield from columns(rows, "<<")
    if answer.front:
        yield ""
        yield from _front(question, found)
    if found.impossible:
        yield ""
        yield from _impossible(found.impossible)


def _repeated(members: int) -> str:
    return f"; {counted_noun(members, 'more member')} the same as one of them" if members else ""


def _front(question: Question, found: Found) -> Iterator[str]:
    """The best first, each with the text that other commands take."""
    front = found.answer.front
    table = [[*(objective.name for objective in question.objectives), "alike", "design"]]
    for best in front[:_BEST]:
        cells = [f"{value:,}" if isinstance(value, int) else format_measure(Fraction(value)) for value in best.values]
        table.append([*cells, f"{best.alike:,}" if best.alike else "", best.design])
    yield from columns(table, ">" * (len(table[0]) - 1) + "<")
    if len(front) > _BEST:
        yield f"{_BEST} of {len(front):,} are shown; --json gives them all"


def _impossible(reasons: tuple[Impossible, ...]) -> Iterator[str]:
    """The reasons, the most frequent first, each with its first member."""
    often = sorted(reasons, key=lambda one: -one.members)
    yield "impossible"
    for one in often[:_REASONS]:
        yield from wrap(f"{one.members:,}: {one.reason}", 110, initial_indent="  ", subsequent_indent="    ")
        yield f"    the first: {one.design}"
    if len(often) > _REASONS:
        more = sum(one.members for one in often[_REASONS:])
        yield f"  {more:,} for {len(often) - _REASONS} other reasons; --json gives them all"


def _members(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= MAX_MEMBERS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of members; give one from 1 to {MAX_MEMBERS:,}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:12]) > MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; give a whole number from 0 to {MAX_SEED}")
    return int(text)


def _workers(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; give one from 1 to {_MOST_WORKERS}")
    return int(text)
