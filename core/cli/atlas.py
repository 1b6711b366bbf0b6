"""The command ``atlas``: every model of the zoo, counted exactly at its own size, in one file."""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..atlas.accuracy import published
from ..atlas.correlation import correlation
from ..atlas.row import Row
from ..atlas.run import Parts, rows
from ..atlas.table import about, read_atlas, table_bytes
from ..errors import UserError
from ..live.sources.zoo import names
from ..search.quantities import QUANTITIES
from .arguments import Parser
from .progress import shown
from .table import columns

_MOST_WORKERS = 256
_SLOWEST = 5  # that are named
_NOTES = """\
A row for every model of timm and torchvision, on the input that it is made for, up to what forward_features returns
(timm) or the last map (torchvision): the numbers of a search, gates, the sides of the field, of the grid and of the
halo, the findings of check without their fixes, field and stride of every stage, and the seconds of the processor that
it took. Of a model that is not exact the reason stands in place of the numbers. A run that was stopped, however it was,
goes on where it was; its rows lie in FILE.parquet.parts until the file is whole. A file that is whole is asked again
and not made again.
--beside prints how every number goes with one of them, or with accuracy: rank correlations over all models, and within
families, the confounder, of ranks less the mean rank of their family; intervals draw families.
--json prints {"models", "exact", "seconds", "slowest": [{"model", "seconds"}, ...], "out", "beside", "correlations":
[{"measure", "models", "families", "overall", "within"}, ...]}, the last two null or {"value", "low", "high"}.
"""


def run(argv: list[str]) -> None:
    """Makes the file, and says how many models are exact and how long they took."""
    question = "Every model of the zoo, counted exactly at its own size, in one file."
    parser = Parser("atlas", question, '--out atlas.parquet --filter "timm:resnet*"', _NOTES, subject=False)
    parser.add_argument("--out", type=Path, metavar="FILE.parquet", required=True, help="the file that is made")
    parser.add_argument("--filter", metavar="GLOB", default="*", help="names to count, with or without the timm:")
    parser.add_argument("--workers", type=_workers, default=1, metavar="N", help="processes that count (default: 1)")
    parser.add_argument(
        "--accuracy", type=Path, metavar="FILE.csv", help="timm's results-imagenet.csv, to stand beside"
    )
    beside = [*QUANTITIES, "top1"]
    parser.add_argument("--beside", metavar="COLUMN", choices=beside, help="rank correlations of all numbers with this")
    arguments = parser.parse_args(argv)
    best = {} if arguments.accuracy is None else published(arguments.accuracy)
    chosen = sorted(name for name in names() if _matches(name, arguments.filter))
    if not chosen:
        raise UserError(f"no name of the zoo matches {arguments.filter!r}; try --filter 'timm:resnet*'")
    told = {**about(), "filter": arguments.filter}
    made = _held(arguments.out, told)
    if made is None:
        parts = Parts(arguments.out, about())
        with closing(rows(chosen, parts, arguments.workers, _lost)) as found:
            made = list(shown(found, len(chosen), "models"))
        for row in made:
            row["top1"], row["top1_weights"] = best.get(row["model"], (None, None))
        day = datetime.now(UTC).date().isoformat()
        parts.end(table_bytes(made, {**told, "made": day}))
    beside = arguments.beside
    found_with = [correlation(made, name, beside) for name in QUANTITIES if name != beside] if beside else []
    answer = {**_document(made, arguments.out), "beside": beside, "correlations": list(map(asdict, found_with))}
    print(json.dumps(answer) if arguments.json else "\n".join(_text(answer)))


def _held(out: Path, told: dict[str, object]) -> list[Row] | None:
    """The rows of a file that is made already; None where there is none.

    Raises :class:`~.errors.UserError` where it is of other names or versions.
    """
    if not out.exists():
        return None
    held, known = read_atlas(out)
    if {key: known.get(key) for key in told} != told:
        raise UserError(f"{out} holds another atlas, of {known.get('filter')!r} and other versions; name another file")
    return held


def _lost(name: str, attempt: int) -> None:
    print(f"a worker ended; {name} is counted again", file=sys.stderr, flush=True)


def _document(made: list[Row], out: Path) -> dict[str, object]:
    slowest = sorted(made, key=lambda row: -row["seconds"])[:_SLOWEST]
    return {
        "models": len(made),
        "exact": sum(row.get("reason") is None for row in made),
        "seconds": round(sum(row["seconds"] for row in made), 1),
        "slowest": [{"model": row["model"], "seconds": row["seconds"]} for row in slowest],
        "out": str(out),
    }


def _text(answer: dict[str, object]) -> Iterator[str]:
    slowest = answer["slowest"]
    assert isinstance(slowest, list)
    rows_told = [
        ["models", f"{answer['models']:,}, of which {answer['exact']:,} are exact"],
        ["processor", f"{answer['seconds']:,} seconds; the slowest:"],
        *(["", f"{one['model']}, {one['seconds']} s"] for one in slowest),
        ["file", str(answer["out"])],
    ]
    yield from columns(rows_told, "<<")
    correlations = answer["correlations"]
    assert isinstance(correlations, list)
    if correlations:
        yield ""
        yield f"rank correlation with {answer['beside']}, and 95 % interval by drawing families"
        head = ["number", "models", "families", "over all", "", "within families", ""]
        yield from columns([head, *map(_correlation_row, correlations)], "<>>><><")


def _correlation_row(told: dict[str, Any]) -> list[str]:
    cells = [str(told["measure"]), str(told["models"]), str(told["families"])]
    for estimate in (told["overall"], told["within"]):
        if estimate is None:
            cells += ["-", ""]
        else:
            cells += [f"{estimate['value']:.2f}", f"{estimate['low']:.2f} to {estimate['high']:.2f}"]
    return cells


def _workers(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,2}", text) or int(text) > _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; give 1 to {_MOST_WORKERS}")
    return int(text)


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name.partition(":")[2], pattern)
