"""The sentences and the table of the page that compares designs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

import numpy as np
import streamlit as st

from core.design.analysis import DesignAnalysis, Unit
from core.formatting import count_cell, format_percent, format_ratio, measure_number
from pages.design_comparison.request import Pane
from pages.parts.words import MEASURES
from pages.work import cache

Row = dict[str, Any]
Standing = tuple[int, int] | None  # paths from a place, and the most that any place has; None: no such place

_DIGITS = 9  # of a count in the headline
_IMBALANCES = {
    "centre_bias": ("centre bias", "paths to one unit: their mean over the most; 1: none"),
    "foveation": ("foveation", "from the centre to the border: the least over the most; 1: none"),
    "parity": ("parity", "within a period of the strides: the least over the most; 1: none"),
    "uneven_padding": ("uneven padding", "the worst side or corner over the best; 1: none"),
}
_MEASURES = {
    "max_min": "most over least",
    "corner_centre": "corner over centre",
    "edge_centre": "edge over centre",
    "gini": "Gini",
    "effective_share": "effective share",
    "parity": "within a period, most over least",
    "unread": "unread",
    "asymmetry": "leans to the end",
    "asymmetry_height": "leans down",
    "asymmetry_width": "leans right",
}


def names(panes: Sequence[Pane], longest: int = 60) -> dict[str, str]:
    """A heading for each design: its base with its remedies; of the first with remedies, these alone."""
    result = {}
    first = _base(panes[0])
    for pane in panes:
        if pane.text is None:
            result[pane.slot] = _shortened(pane.typed, longest)
            continue
        remedies = _with(pane.text.remedies)
        if pane is not panes[0] and remedies and _base(pane) == first:
            result[pane.slot] = _shortened(_sentence(remedies), longest)
        else:
            result[pane.slot] = _shortened(f"{_base(pane)} {remedies}".strip(), longest)
    return result


def plain(text: str) -> str:
    """A text as Markdown that shows just it."""
    return re.sub(r"([\\`*_\[\]<>$~:#|])", r"\\\1", text)


def counts_headline(place: str, standings: Mapping[str, Standing], panes: Sequence[Pane]) -> str:
    """The paths from a place over the most, in each design."""
    parts = [
        f"**{count_cell(found[0], _DIGITS)} of {count_cell(found[1], _DIGITS)}**" if found else "none"
        for pane in panes
        if (found := standings.get(pane.slot)) or pane.slot in standings
    ]
    return f"{place}: {' · '.join(parts)} paths" if parts else "No design can be had."


def sizes_headline(what: str, sizes: Mapping[str, str], panes: Sequence[Pane]) -> str:
    """A size in each design."""
    parts = [f"**{sizes[pane.slot]}**" for pane in panes if pane.slot in sizes]
    return f"{what}: {' · '.join(parts)} pixels" if parts else "No design can be had."


def standing_caption(standing: Standing, analysis: DesignAnalysis, first: DesignAnalysis | None) -> str:
    """Under a pane: the share, and what the design costs."""
    share = "no such place" if standing is None else "no paths at all"
    if standing is not None and standing[1]:
        share = f"{format_percent(Fraction(*standing))} of the most"
    return f"{share} · {price(analysis, first)}"


def price(analysis: DesignAnalysis, first: DesignAnalysis | None) -> str:
    """The output, and the multiply-adds beside those of the first design."""
    adds = analysis.cost.multiply_adds
    output = " × ".join(map(str, analysis.graph.output.size))
    text = f"output {output} · {count_cell(adds)} multiply-adds"
    if first is None or not first.cost.multiply_adds or first.cost.multiply_adds == adds:
        return text
    return f"{text}, {format_ratio(Fraction(adds, first.cost.multiply_adds))} times the first's"


def rows(
    panes: Sequence[Pane], analyses: Mapping[str, DesignAnalysis], units: Mapping[str, Unit],
    standings: Mapping[str, Standing], place: str,
) -> list[Row]:  # fmt: skip
    """The table: one row for each design, absent values None."""
    headings = names(panes)
    return [
        {
            "design": headings[pane.slot],
            **_place(standings.get(pane.slot), place),
            **_measured(str(pane.text), analyses[pane.slot], units[pane.slot]),
        }
        for pane in panes
        if pane.slot in analyses
    ]


def columns() -> dict[str, Any]:
    """How the table's columns are drawn: the four imbalances as bars."""
    bars = {
        name: st.column_config.ProgressColumn(help=meaning, min_value=0.0, max_value=1.0, format="%.3g")
        for name, meaning in _IMBALANCES.values()
    }
    plainly = {
        label: st.column_config.NumberColumn(format="%.4g", help=MEASURES[name]) for name, label in _MEASURES.items()
    }
    whole = {name: st.column_config.NumberColumn(format="localized") for name in ("multiply-adds", "weights")}
    shares = {"share of the most": st.column_config.NumberColumn(format="percent")}
    return {"design": st.column_config.TextColumn(pinned=True), **shares, **bars, **whole, **plainly}


TABLE_CAPTION = (
    "Click a column's head to sort. The four imbalances run from 0 to 1, and 1 says that this one is gone, exactly; "
    "shares and ratios are shown as floats. An even map promises no better accuracy."
)


def arrays(table: Sequence[Row]) -> dict[str, np.ndarray]:
    """The table for a file; what is absent is an empty text."""
    return {name: np.array(["" if row[name] is None else str(row[name]) for row in table]) for name in table[0]}


def _place(standing: Standing, place: str) -> Row:
    if standing is None:
        return {place.lower(): "none", "share of the most": None}
    count, most = standing
    return {
        place.lower(): f"{count_cell(count)} of {count_cell(most)}",
        "share of the most": float(Fraction(count, most)) if most else None,
    }


def _measured(text: str, analysis: DesignAnalysis, unit: Unit) -> Row:
    effective = analysis.effective_size
    measures, imbalance_scores = cache.measured(text, analysis.gates, unit)
    return {
        **{_IMBALANCES[name][0]: _float(share) for name, share in asdict(imbalance_scores).items()},
        "field": " × ".join(map(str, analysis.unit_field)),
        "95 % of paths": "none" if effective is None else " × ".join(map(str, effective)),
        "output": " × ".join(map(str, analysis.graph.output.size)),
        "multiply-adds": analysis.cost.multiply_adds,
        "weights": analysis.cost.parameters,
        **{label: _float(measures.get(name)) for name, label in _MEASURES.items()},
    }


def _float(measure: Fraction | None) -> float | None:
    """A number for a column that can be sorted."""
    number = measure_number(measure)
    return None if number is None else float(number) if abs(number) < 10**300 else float("inf")


def _with(remedies: Sequence[str]) -> str:
    return f"with {' and '.join(map(_remedy, remedies))}" if remedies else ""


def _remedy(text: str) -> str:
    """A remedy as a noun.

    >>> [_remedy(text) for text in ("border-circular", "padding-same", "kernel-padding", "random-connections r16")]
    ['circular border', 'same padding', 'kernel padding', 'random connections r16']
    """
    head, _, kind = text.partition("-")
    return f"{kind} {head}" if head in ("border", "padding") else text.replace("-", " ")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _base(pane: Pane) -> str:
    """The design without remedies."""
    return "" if pane.text is None else str(replace(pane.text, remedies=()))


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
