"""The command ``coverage``: which models of the zoo are exact, and what stands in the way of the others."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from fnmatch import fnmatchcase

from ..design.coverage import Covered, coverage
from ..errors import UserError
from ..live.sources.zoo import names
from .arguments import Parser
from .progress import shown

_PROCESSES = 4  # at most: each needs about 600 MB
_WORTH = 60  # names for which others are started at all: each takes seconds to load
_NOTES = """\
Each model is made without numbers and traced on the input that it is made for, up to what forward_features returns
(timm) or the last map (torchvision). It is exact where no gap stands in between, an operator that no rule covers; else
the first gap is told: the operator, the module, the reason. All names take minutes.
--json prints {"models": [{"model", "exact", "gap", "failure"}, ...], "exact": {"timm": [exact, all], ...}}; gap is null
or {"operator", "module", "reason"}; failure, why a model cannot be made, is null or a text.
"""


def run(argv: list[str]) -> None:
    """Prints one line for each name as soon as it is known, then how many are exact."""
    question = "Which models of the zoo are exact, and what stands in the way of the others."
    parser = Parser("coverage", question, '--filter "timm:resnet*"', _NOTES, subject=False)
    parser.add_argument("--filter", metavar="GLOB", default="*", help="names to trace, with or without the timm:")
    arguments = parser.parse_args(argv)
    chosen = sorted(name for name in names() if _matches(name, arguments.filter))
    if not chosen:
        raise UserError(f"no name of the zoo matches {arguments.filter!r}; try --filter 'timm:resnet*'")
    processes = 1 if len(chosen) < _WORTH else min(os.cpu_count() or 1, _PROCESSES)
    with closing(coverage(chosen, processes)) as results:
        progress = shown(results, len(chosen), "models")
        for piece in _json(progress) if arguments.json else _text(progress, chosen):
            print(piece, flush=True)


def _text(results: Iterable[Covered], chosen: list[str]) -> Iterator[str]:
    """Rows as they come: the columns' widths are known before."""
    width = max(map(len, chosen))
    exact: Counter[str] = Counter()
    for model in results:
        exact[_library(model.name)] += model.exact
        words = "exact" if model.exact else f"gap    {model.gap}" if model.gap else f"fails  {model.failure}"
        yield f"{model.name:<{width}}  {words}"
    yield ""
    for library, names_of in Counter(map(_library, chosen)).items():
        yield f"{exact[library]} of {names_of} {library} names exact"


def _json(results: Iterable[Covered]) -> Iterator[str]:
    """The document in pieces, one for each name."""
    counts: dict[str, list[int]] = {}
    opening = '{"models": ['
    for model in results:
        count = counts.setdefault(_library(model.name), [0, 0])
        count[0] += model.exact
        count[1] += 1
        yield opening + json.dumps(_document(model))
        opening = ", "
    yield f'], "exact": {json.dumps(counts)}}}'


def _document(model: Covered) -> dict[str, object]:
    gap = model.gap and {"operator": model.gap.operator, "module": model.gap.path, "reason": model.gap.reason}
    return {"model": model.name, "exact": model.exact, "gap": gap, "failure": model.failure}


def _library(name: str) -> str:
    return name.partition(":")[0]


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name.partition(":")[2], pattern)
