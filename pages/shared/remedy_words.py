"""The sentences and tables of the page on remedies."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np
import streamlit as st

from core.comparison import MEASURES, Answer, Comparison, Variant, measure_of
from core.design.partial import PartialDesign
from core.formatting import counted_noun, measure_number
from core.network import Network
from core.network.graph import size_text
from core.remedies import REMEDIES, chosen
from pages.shared.words import place

Row = dict[str, Any]

_FOUR = {
    "centre_bias": ("centre bias", "paths to one unit: their mean over the most"),
    "foveation": ("foveation", "from the centre to the border: the least over the most"),
    "parity": ("parity", "within a period of the strides: the least over the most"),
    "uneven_padding": ("uneven padding", "the worst side or corner over the best"),
}


_NO_HELP = ("output", "field", "expected_field", "parameters", "multiply_adds")  # measures that say nothing of evenness
_MEASURED = {"parity": "parity, max_min"}  # told apart from the share above


def name_of(each: Variant) -> str:
    """A variant's remedies, as a heading."""
    return " + ".join(each.remedies) or "as it is"


def insight(ranked: Sequence[Variant], found: Comparison, rank: str) -> str:
    """What helps most by the chosen measure, and its price."""
    ranking, own = measure_of(rank), found.original
    before = ranking.of(own)
    better = [each for each in ranked if each is not own and _is_better(ranking.of(each), before, rank)]
    tried = f"{len(found.variants)} remed{'y' if len(found.variants) == 1 else 'ies'}"
    if not found.variants:
        return "**No remedy that was asked for applies** to this network."
    if not better:
        return f"By {_said(rank)}, **none of {tried} helps**: the network as it is has {value(before)}."
    alike = [each for each in better if ranking.of(each) == ranking.of(better[0])]
    best = min(alike, key=lambda each: each.cost.multiply_adds)
    others = f", as much as {counted_noun(len(alike) - 1, 'other')}" if len(alike) > 1 else ""
    verb = "is first" if rank in _NO_HELP else "helps most"
    return (
        f"By {_said(rank)}, **{name_of(best)}** {verb} of {tried}{others}: {value(before)} becomes "
        f"**{value(ranking.of(best))}**, {price(best, own)}."
    )


def pinned_insight(found: Comparison, rank: str) -> str:
    """A beside B by the chosen measure."""
    ranking, first, second = measure_of(rank), found.original, found.variants[0]
    before, after = ranking.of(first), ranking.of(second)
    if before == after:
        return f"By {_said(rank)}, **A and B are alike**: {value(before)}; B is {price(second, first)}."
    ahead = "B" if _is_better(after, before, rank) else "A"
    told = f"By {_said(rank)}, **{ahead} is ahead**: A has {value(before)}, B **{value(after)}**"
    return f"{told}, {price(second, first)} for B."


def price(each: Variant, own: Variant) -> str:
    """What a variant costs beside another."""
    after, before = each.cost.multiply_adds, own.cost.multiply_adds
    if after == before:
        return "at no more multiply-adds"
    return f"at {float(Fraction(after, before)):.3g} times the multiply-adds" if before else "at more multiply-adds"


def tile_caption(each: Variant, own: Variant, pixel: tuple[int, ...] | None, rank: str) -> str:
    """Under a small map: its measure, its price, and what the picked pixel has."""
    said = f"{_said(rank)} **{value(measure_of(rank).of(each))}**"
    if each is not own:
        said += f", {price(each, own).removeprefix('at ')}"
    if pixel is not None:
        said += f"; {pixel_words(each, pixel)}"
    return said


def pixel_words(each: Variant, pixel: tuple[int, ...]) -> str:
    """What a map has at the picked pixel, or why nothing."""
    counts = each.analysis.counts
    if len(pixel) != len(counts.size) or not all(at < side for at, side in zip(pixel, counts.size, strict=True)):
        return f"no pixel {place(pixel)} in {size_text(counts.size)}"
    found, centre = counts.at(pixel), counts.at(tuple(side // 2 for side in counts.size))
    against = f", {float(Fraction(found, centre)):.3g} times the centre's" if centre else ""
    if isinstance(each.design, PartialDesign):
        return f"{float(Fraction(found, each.design.weighed[1])):.6g} weighted paths at {place(pixel)}{against}"
    return f"{counted_noun(found, 'path')} at {place(pixel)}{against}"


def rows(ranked: Sequence[Variant], rank: str, names: Mapping[int, str]) -> list[Row]:
    """The table, one row for each variant in order, its rank's measure first; ``names``: of pinned designs."""
    found = []
    for each in ranked:
        by = measure_of(rank).of(each)
        row: Row = {"remedy": names.get(id(each)) or name_of(each), f"by {_said(rank)}": _float(by)}
        row |= {_FOUR[name][0]: measure_number(share) for name, share in asdict(each.even).items()}
        row |= {
            "multiply-adds": each.cost.multiply_adds,
            "parameters": each.cost.parameters,
            "output": size_text(each.size),
            "field": size_text(each.field),
            "95 % of paths": "none" if each.expected is None else size_text(each.expected),
            "left over": each.left_over,
        }
        row |= {_MEASURED.get(name, name): _float(measure) for name, measure in each.measures.items()}
        row |= {"input": size_text(each.analysis.graph.input.size), "network": str(each.network or "")}
        found.append(row)
    return found


def columns() -> dict[str, Any]:
    """How the table's columns are drawn: the four imbalances as bars."""
    bars = {
        name: st.column_config.ProgressColumn(help=f"{meaning}; 1: gone", min_value=0.0, max_value=1.0, format="%.3g")
        for name, meaning in _FOUR.values()
    }
    plain = {
        name: st.column_config.NumberColumn(format="%.4g", help=MEASURES[name].meaning)
        for name in ("effective_share", "gini", "max_min", "corner_centre", "edge_centre", "unread")
    }
    whole = {name: st.column_config.NumberColumn(format="localized") for name in ("multiply-adds", "parameters")}
    return {"remedy": st.column_config.TextColumn(pinned=True), **bars, **whole, **plain}


def remedy_rows(found: Comparison) -> list[dict[str, str]]:
    """What each remedy that was taken does, costs and removes; why others do not apply."""
    taken = list(dict.fromkeys(name for each in found.variants for name in each.remedies))
    told = []
    for text in taken:
        remedy = chosen(text)[0]
        removes = ", ".join(remedy.removes) + (f", if {remedy.given}" if remedy.removes and remedy.given else "")
        told.append(
            {
                "remedy": text,
                "does": remedy.does,
                "removes exactly": removes,
                "cost": remedy.cost,
                "reference": remedy.reference,
            }
        )
    for refusal in found.refused:
        told.append(
            {
                "remedy": " + ".join(refusal.remedies),
                "does": f"does not apply: {refusal.reason}",
                "removes exactly": "",
                "cost": "",
                "reference": REMEDIES[chosen(refusal.remedies[0])[0].name].reference,
            }
        )
    return told


def answer_rows(points: Sequence[Answer]) -> list[dict[str, str]]:
    """The question, point by point."""
    return [{"asked": each.question, "answer": each.verdict, "numbers": each.told} for each in points]


def value(found: Fraction | int | None) -> str:
    """A measure as it is told."""
    if found is None:
        return "no value"
    shown = measure_number(Fraction(found)) if isinstance(found, Fraction) else found
    if isinstance(shown, int):
        return f"{shown:,}" if shown < 10**9 else f"{float(shown):.3g}"
    return f"{shown:.4g}"


def _said(rank: str) -> str:
    return rank.replace("_", " ")


def _is_better(after: Fraction | int | None, before: Fraction | int | None, rank: str) -> bool:
    if after is None or before is None:
        return after is not None
    return after > before if measure_of(rank).larger_is_better else after < before


def _float(measure: Fraction | int | None) -> float | None:
    return None if measure is None else float(measure) if measure < 10**300 else float("inf")


TABLE_CAPTION = (
    "Click a column's head to sort. The four imbalances run from 0 to 1, and 1 says that this one is gone, exactly; "
    "shares and ratios are shown as floats. The share of parity is 1 where every stride divides its kernel; parity, "
    "max_min is measured around the centre, where a border may still be felt. Costs count one multiply-add per weight "
    "and place; an even map promises no better accuracy."
)


def labels(found: Comparison) -> dict[int, str]:
    """The pinned designs by name."""
    return {
        id(found.original): f"A: {found.original.network}",
        id(found.variants[0]): f"B: {found.variants[0].network}",
    }


def question_insight(network: Network, points: Sequence[Answer], own: bool) -> str:
    """The first answer, and what helps."""
    first, *rest = points
    helps = [each.question.rstrip("?") for each in rest if each.verdict == "yes" and "grow" not in each.question]
    told = f"Is it so? **{first.verdict.capitalize()}**: {first.told}"
    tail = f" What evens it out wholly: {'; '.join(helps)}." if helps else ""
    return f"{told}, in {network}.{tail}"


def arrays(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """A table for a file, every value as it is shown."""
    return {name: _column([row[name] for row in rows]) for name in rows[0]}


def _column(values: Sequence[Any]) -> np.ndarray:
    """Numbers as floats, what is absent as nan; all else as text."""
    if all(value is None or isinstance(value, int | float) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return np.array([str(value) for value in values])
