"""What the page on searches says: the sentence over the figure, numbers of designs, tables."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pyarrow as pa

from core.formatting import count_cell, counted_noun, format_measure
from core.search.members import fraction_of
from core.search.quantities import QUANTITIES
from core.search.questions import Objective
from pages.design_search.request import Asked, Searched

TITLES = {
    "corner_centre": "corner over centre",
    "edge_centre": "edge over centre",
    "max_min": "most over least",
    "unread": "unread pixels",
    "gini": "Gini coefficient",
    "effective_share": "effective share",
    "field": "field, pixels",
    "stride": "stride product",
    "output": "output positions",
    "unproductive": "unproductive layers",
    "left_over": "positions left over",
    "multiply_adds": "multiply-adds",
    "halo": "halo, pixels",
    "latency": "latency, samples",
}
WHERE_HELP = "parity == 1 and field >= 20 and multiply_adds < 2e6; names: " + ", ".join(QUANTITIES)
SPACE_HELP = (
    "A design with choices in braces: k{3,5}, p{0..2}, {conv k3 p1,maxpool k2,skip}, {,reflect}, "
    "{ResNet-18,VGG-16}+{,kernel-padding}"
)
CAPTION = "Every number is counted exactly; places in the figure are floats. Click a design to pick it."
_BETTER = {"larger": "more", "smaller": "less", "nearest 1": "nearer to 1"}


def title(name: str) -> str:
    """A quantity on an axis and in a sentence."""
    return TITLES.get(name, name)


def insight(searched: Searched, found: Asked, objectives: Sequence[Objective], where: str) -> str:
    """How many are best, and in what."""
    if not searched.table.num_rows:
        return "**No member of this space is possible**: the reasons are below."
    if not found.answer.met:
        return f"**None of {counted_noun(searched.table.num_rows, 'design')}** meets the condition."
    best = len(found.answer.front)
    several = best != 1
    of = f"{counted_noun(found.answer.met, 'design')}{' that meet the condition' if where else ''}"
    ways = [f"{title(one.name)} ({_BETTER[one.better]} is better)" for one in objectives]
    if not best:
        return f"Of {of} **none** has a value of {' and '.join(ways)}."
    return f"Of {of}, **{best:,} {'are' if several else 'is'} best** in {' and '.join(ways)}."


def size_told(searched: Searched) -> str:
    """How large the space is, and what became of its members."""
    impossible = sum(one.members for one in searched.impossible)
    parts = [counted_noun(searched.size, "member")]
    if searched.total < searched.size:
        parts.append(f"{searched.total:,} drawn by the seed")
    if searched.done < searched.total:
        parts.append(f"{searched.done:,} looked at so far")
    parts.append(counted_noun(searched.table.num_rows, "design"))
    parts += [f"{searched.repeated:,} the same again"] * (searched.repeated > 0)
    parts += [f"{impossible:,} impossible"] * (impossible > 0)
    return ", ".join(parts)


def reason_rows(searched: Searched) -> list[dict[str, Any]]:
    """Why members are impossible, the most frequent first."""
    often = sorted(searched.impossible, key=lambda one: -one.members)
    return [{"members": one.members, "reason": one.reason, "the first": one.design} for one in often]


def design_rows(table: pa.Table, first: Sequence[str]) -> list[dict[str, Any]]:
    """Designs with all their numbers, those named first, to four digits."""
    names = list(dict.fromkeys([*first, *QUANTITIES]))
    rows = []
    for row in table.to_pylist():
        cells = {title(name): _cell(name, row[name]) for name in names}
        rows.append({"design": row["design"], **cells})
    return rows


def _cell(name: str, value: str | int | None) -> str:
    if value is None:
        return "-"
    if QUANTITIES[name].fraction:
        return format_measure(fraction_of(str(value)))
    return count_cell(int(value))


def numbers_told(values: Sequence[int | Fraction], objectives: Sequence[Objective]) -> str:
    """The compared numbers of one design."""
    cells = (count_cell(value) if isinstance(value, int) else format_measure(value) for value in values)
    return ", ".join(f"{title(one.name)} {cell}" for one, cell in zip(objectives, cells, strict=True))


def command(space: str, where: str, names: Sequence[str]) -> str:
    """What counts the whole space."""
    condition = f' --where "{where}"' if where else ""
    return f'python -m core search "{space}"{condition} --pareto {",".join(names)} --out found.parquet --workers 2'
