"""The sentences and tables of the page on remedies."""

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np
import streamlit as st

from core.comparison import MEASURES, Answer, Comparison, Variant, measure_of
from core.design.partial import PartialDesign
from core.formatting import counted_noun, format_list, measure_number
from core.network import Network
from core.network.graph import size_text
from core.remedies import REMEDIES, chosen
from pages.parts.words import place

Row = dict[str, Any]

_FOUR = {
    "centre_bias": ("centre bias", "paths to one unit: their mean over the most"),
    "foveation": ("foveation", "from the centre to the border: the least over the most"),
    "parity": ("parity", "within a period of the strides: the least over the most"),
    "uneven_padding": ("uneven padding", "the worst side or corner over the best"),
}

RANK_HELP = "\n".join(f"- `{name}`: {metric.meaning}" for name, metric in MEASURES.items())
_NO_HELP = ("output", "field", "expected_field", "parameters", "multiply_adds")  # measures that say nothing of evenness
_MEASURED = {"parity": "parity, max_min"}  # another measure than the score above


def name_of(variant: Variant) -> str:
    """A variant's remedies, as a heading."""
    return " + ".join(variant.remedies) or "as it is"


def insight(ranked: Sequence[Variant], comparison: Comparison, rank: str) -> str:
    """What helps most by the chosen measure, and its price."""
    metric, own = measure_of(rank), comparison.original
    before = metric.of(own)
    better = [variant for variant in ranked if variant is not own and _is_better(metric.of(variant), before, rank)]
    count = len(comparison.variants)
    if not comparison.variants:
        return "**No remedy that was asked for applies** to this network."
    if not better:
        helps_not = "the one remedy does not help" if count == 1 else f"none of {count} remedies helps"
        return f"By {metric.title}, **{helps_not}**: the network as it is has {value(before)}."
    alike = [variant for variant in better if metric.of(variant) == metric.of(better[0])]
    best = min(alike, key=lambda variant: variant.cost.multiply_adds)
    others = f", as much as {counted_noun(len(alike) - 1, 'other')}" if len(alike) > 1 else ""
    noun = noun_of(best)
    if rank in _NO_HELP:
        verb = "lead" if noun.endswith("s") else "leads"
    else:
        verb = "help" if noun.endswith("s") else "helps"
        verb += " most" if count > 1 else ""
    among = f" of {count} remedies{others}" if count > 1 else ""
    return (
        f"By {metric.title}, **{noun}** {verb}{among}: {value(before)} becomes "
        f"**{value(metric.of(best))}**, {price(best, own)}."
    )


def noun_of(variant: Variant) -> str:
    """A variant's remedies in a sentence; several are a plural."""
    nouns = [chosen(text)[0].noun for text in variant.remedies]
    return nouns[0] if len(nouns) == 1 else f"{format_list(nouns)} as remedies"


def price(variant: Variant, own: Variant) -> str:
    """What a variant costs beside another."""
    after, before = variant.cost.multiply_adds, own.cost.multiply_adds
    if after == before:
        return "at no more multiply-adds"
    return f"at {float(Fraction(after, before)):.3g} times the multiply-adds" if before else "at more multiply-adds"


def tile_caption(variant: Variant, own: Variant, pixel: tuple[int, ...] | None, rank: str) -> str:
    """Under a small map: its measure, its price, and what the picked pixel has."""
    caption = f"{_measure_words(rank)} **{value(measure_of(rank).of(variant))}**"
    if variant is not own:
        caption += f", {price(variant, own).removeprefix('at ')}"
    if pixel is not None:
        caption += f"; {pixel_words(variant, pixel)}"
    return caption


def pixel_words(variant: Variant, pixel: tuple[int, ...]) -> str:
    """What a map has at the picked pixel, or why nothing."""
    counts = variant.analysis.counts
    if len(pixel) != len(counts.size) or not all(index < side for index, side in zip(pixel, counts.size, strict=True)):
        return f"no pixel {place(pixel)} in {size_text(counts.size)}"
    paths, centre = counts.at(pixel), counts.at(tuple(side // 2 for side in counts.size))
    against = f", {float(Fraction(paths, centre)):.3g} times the centre's" if centre else ""
    if isinstance(variant.design, PartialDesign):
        return f"{float(Fraction(paths, variant.design.weighed[1])):.6g} weighted paths at {place(pixel)}{against}"
    return f"{counted_noun(paths, 'path')} at {place(pixel)}{against}"


def rows(ranked: Sequence[Variant], rank: str) -> list[Row]:
    """The table, one row for each variant in order, its rank's measure first."""
    table: list[Row] = []
    for variant in ranked:
        measure = measure_of(rank).of(variant)
        row: Row = {"remedy": name_of(variant), f"by {_measure_words(rank)}": _float(measure)}
        row |= {_FOUR[name][0]: measure_number(share) for name, share in asdict(variant.scores).items()}
        row |= {
            "multiply-adds": variant.cost.multiply_adds,
            "parameters": variant.cost.parameters,
            "output": size_text(variant.size),
            "field": size_text(variant.field),
            "95 % of paths": "none" if variant.expected is None else size_text(variant.expected),
            "left over": variant.left_over,
        }
        row |= {_MEASURED.get(name, name): _float(ratio) for name, ratio in variant.measures.items()}
        row |= {
            "input": size_text(variant.analysis.graph.input.size),
            "design": str(variant.network or variant.design.text),
        }
        table.append(row)
    return table


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


def remedy_rows(comparison: Comparison) -> list[dict[str, str]]:
    """What each remedy that was taken does, costs and removes; why others do not apply."""
    names = list(dict.fromkeys(name for variant in comparison.variants for name in variant.remedies))
    table = []
    for name in names:
        remedy = chosen(name)[0]
        removes = ", ".join(remedy.removes) + (f", if {remedy.given}" if remedy.removes and remedy.given else "")
        table.append(
            {
                "remedy": name,
                "does": remedy.does,
                "removes exactly": removes,
                "cost": remedy.cost,
                "reference": remedy.reference,
            }
        )
    for refusal in comparison.refused:
        table.append(
            {
                "remedy": " + ".join(refusal.remedies),
                "does": f"does not apply: {refusal.reason}",
                "removes exactly": "",
                "cost": "",
                "reference": REMEDIES[chosen(refusal.remedies[0])[0].name].reference,
            }
        )
    return table


def answer_rows(points: Sequence[Answer]) -> list[dict[str, str]]:
    """The question, point by point."""
    return [{"question": answer.question, "answer": answer.verdict, "numbers": answer.words} for answer in points]


def value(measure: Fraction | int | None) -> str:
    """A measure in words."""
    if measure is None:
        return "no value"
    number = measure_number(Fraction(measure)) if isinstance(measure, Fraction) else measure
    if isinstance(number, int):
        return f"{number:,}" if number < 10**9 else f"{float(number):.3g}"
    return f"{number:.4g}"


def _measure_words(rank: str) -> str:
    return measure_of(rank).title


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


def question_insight(network: Network, points: Sequence[Answer], own: bool) -> str:
    """The first answer, and what helps."""
    first, *rest = points
    helps = [answer.remedy for answer in rest if answer.verdict == "yes" and answer.remedy]
    verdict = f"Is it so? **{first.verdict.capitalize()}**: {first.words}"
    tail = f" What makes all pixels equal: {'; '.join(helps)}." if helps else ""
    return f"{verdict}, in {network}.{tail}"


def arrays(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """A table for a file, every value as it is shown."""
    return {name: _column([row[name] for row in rows]) for name in rows[0]}


def _column(values: Sequence[Any]) -> np.ndarray:
    """Numbers as floats, what is absent as nan; all else as text."""
    if all(value is None or isinstance(value, int | float) for value in values):
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return np.array([str(value) for value in values])
