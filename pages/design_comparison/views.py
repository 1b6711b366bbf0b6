"""What the page that compares designs draws: one figure for each design, all on one scale and in one frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.design.analysis import DesignAnalysis, Unit
from core.errors import UserError
from core.exact import PathCounts
from core.exact.tower import Tower
from core.figures import alignment
from core.figures import panes as drawn
from core.figures.field import growth
from core.figures.multiples import spread
from core.figures.scale import log_shares
from core.figures.template import DARK_INK, LIGHT_INK
from pages.design_comparison import words
from pages.design_comparison.request import Pane, Request, unit_of
from pages.parts import controls, tower
from pages.parts.tower import Cells, Drawing
from pages.receptive_field.words import drawn_layers
from pages.work import cache

HEIGHTS = {1: 480, 2: 460, 3: 410}  # of square panes, by how many stand in a row
SHARE = "share of the most that a pixel of the design has"

Pixel = tuple[int, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Figures and what stands under each, by the slot of its design; why others have none."""

    headline: str
    figures: Mapping[str, go.Figure]
    captions: Mapping[str, str]
    complaints: Mapping[str, str]
    caption: str
    picks: str = ""  # the setting that a click changes
    bar: go.Figure | None = None
    differences: Mapping[str, go.Figure] = field(default_factory=dict)
    difference_bar: go.Figure | None = None
    towers: Mapping[str, Drawing] = field(default_factory=dict)  # instead of figures

    @property
    def drawn(self) -> Mapping[str, go.Figure | Drawing]:
        """What there is to see of each design, by its slot."""
        return self.towers or self.figures


def count_standings(of: Request, unit: str, typed: str) -> tuple[str, dict[str, words.Standing], dict[str, Pixel]]:
    """A place in words, its paths and the most in each design, and the picked pixel where a design has it."""
    maps, _ = of.ask(lambda _, analysis: analysis.path_counts(unit_of(analysis, unit, "all")))
    pixels = {slot: pixel_of(counts.size, typed) for slot, counts in maps.items()}
    if typed and maps and not any(pixels.values()):
        controls.position(typed, next(iter(maps.values())).size, "pixel")  # raises, and says which there are
    places: dict[str, Pixel] = dict(pixels)
    name = f"Pixel {typed}"
    if not typed and maps:
        first = next(iter(maps.values()))
        ends = min(np.ndindex((2,) * len(first.size)), key=lambda corner: first.at(_corner(first.size, corner)))
        places = {slot: _corner(counts.size, ends) for slot, counts in maps.items()}
        name = "End" if all(len(counts.size) == 1 for counts in maps.values()) else "Corner"
    standings = {slot: _standing(counts, places[slot]) for slot, counts in maps.items()}
    return name, standings, pixels


def towers(of: Request, axis: int, unit: str, cells: Cells) -> Picture:
    """A tower for each design, its rows as high and its positions as wide as in all others."""
    whole, complaints = of.ask(lambda pane, analysis: _tower(pane, analysis, axis, unit))
    for row, position in cells:
        if whole and not any(_has(one, (row, position)) for one in whole.values()):
            raise UserError(f"no design has a unit {row}:{position}; give row:position, the input being row 0")
    held = [[cell for cell in cells if _has(one, cell)] for one in whole.values()]
    goals, _ = of.ask(lambda _, analysis: _goal(analysis, axis, unit))
    names = words.names(of.panes)
    drawn = (
        tower.panes(list(whole.values()), held, [goals[slot] for slot in whole], [names[slot] for slot in whole])
        if whole
        else []
    )
    place, standings = _tower_standings(whole, next(iter(cells), None))
    return Picture(
        words.counts_headline(place, standings, of.panes),
        {},
        _captions(of, standings),
        complaints,
        _tower_caption(list(whole.values()), cells),
        "cell",
        towers=dict(zip(whole, drawn, strict=True)),
    )


def maps(of: Request, linear: bool, unit: str, typed: str, columns: int) -> Picture:
    """A map of counts for each design, and its differences from the first."""
    counts, complaints = of.ask(lambda _, analysis: analysis.path_counts(unit_of(analysis, unit, "all")))
    place, standings, pixels = count_standings(of, unit, typed)
    logs = {slot: log_shares(part) for slot, part in counts.items()}
    scale = drawn.ShareScale.of(list(logs.values()), linear)
    held = [pixels[slot] for slot in counts]
    figures = drawn.count_panes(list(counts.values()), scale, held, HEIGHTS[columns])
    less, bar = differences({slot: 10.0**part for slot, part in logs.items()}, pixels, columns)
    return Picture(
        words.counts_headline(place, standings, of.panes),
        dict(zip(counts, figures, strict=True)),
        _captions(of, standings),
        complaints,
        f"Whole numbers are exact. Colours are one scale for all maps: {'' if linear else 'log10 of '}the {SHARE}, a "
        "float; grey: no path.",
        "pixel",
        scale.bar(SHARE),
        less,
        bar,
    )


def profiles(of: Request, linear: bool, axis: int, unit: str, typed: str) -> Picture:
    """A cut through each map, along an axis through the picked pixel or the middle."""
    counts, complaints = of.ask(lambda _, analysis: analysis.path_counts(unit_of(analysis, unit, "all")))
    place, standings, pixels = count_standings(of, unit, typed)
    cuts, labels, picked = [], [], []
    for slot, part in counts.items():
        along = axis if len(part.size) == 2 else 0
        middle = pixels[slot] or tuple(side // 2 for side in part.size)
        line = [(*middle[:along], index, *middle[along + 1 :]) for index in range(part.size[along])]
        cuts.append([part.at(position) for position in line])
        labels.append([",".join(map(str, position)) for position in line])
        picked.append(middle[along] if pixels[slot] else None)
    title = "position" if all(len(part.size) == 1 for part in counts.values()) else ("row", "column")[axis]
    figures = alignment.profile_panes(cuts, linear, labels, picked, title) if cuts else []
    return Picture(
        words.counts_headline(place, standings, of.panes),
        dict(zip(counts, figures, strict=True)),
        _captions(of, standings),
        complaints,
        f"Heights are {'shares' if linear else 'log10 of the shares'} of the most that a position of the cut has, "
        "floats, on one pair of axes; dotted: the first design. The cut runs through the picked pixel, or the middle.",
        "pixel",
    )


def fields(of: Request, axis: int, unit: str) -> Picture:
    """The fields of each design's layers over its input."""

    def field_of(pane: Pane, analysis: DesignAnalysis) -> go.Figure:
        along = axis if len(analysis.graph.input.size) == 2 else 0
        names, layers = drawn_layers(analysis, analysis.design)
        idle = set(analysis.unproductive)
        marked = {row for row, index in enumerate(layers) if index in idle}
        at = unit_of(analysis, unit, "centre") or analysis.unit
        return growth(names, [analysis.fields[index][along] for index in layers], at[along], marked)

    figures, complaints = of.ask(field_of)
    sizes, _ = of.ask(lambda _, analysis: " × ".join(str(one.size) for one in analysis.fields[-1]))
    first = of.panes[0].analysis
    prices, _ = of.ask(lambda _, analysis: words.price(analysis, first))
    return Picture(
        words.sizes_headline("Each unit sees", sizes, of.panes),
        dict(zip(figures, alignment.aligned(list(figures.values())), strict=True)),
        prices,
        complaints,
        "Grey: the input. Each bar: what one unit of that layer sees; its number is the width. Pale: padding. Blue: "
        "unproductive layers. Positions lie alike in all panes.",
    )


def pixel_of(size: tuple[int, ...], typed: str) -> Pixel:
    """The pixel that is typed, where an input of that size has it."""
    try:
        return controls.position(typed, size, "pixel")
    except UserError:
        return None


def differences(
    shares: dict[str, np.ndarray], pixels: Mapping[str, Pixel], columns: int
) -> tuple[dict[str, go.Figure], go.Figure | None]:
    """Each map of shares less the first's, where both have one size."""
    if not shares:
        return {}, None
    own, *others = shares
    less = {slot: shares[slot] - shares[own] for slot in others if shares[slot].shape == shares[own].shape}
    if not less:
        return {}, None
    most = spread(list(less.values()))
    ink = LIGHT_INK if st.context.theme.type == "dark" else DARK_INK
    held = [pixels[slot] for slot in less]
    figures = drawn.difference_panes(list(less.values()), most, held, HEIGHTS[columns], ink)
    return dict(zip(less, figures, strict=True)), drawn.difference_bar(most, "share, less the first design's")


def _tower(pane: Pane, analysis: DesignAnalysis, axis: int, unit: str) -> Tower:
    along = axis if len(analysis.graph.input.size) == 2 else 0
    return cache.tower_of(str(pane.text), analysis.gates, along, _goal(analysis, axis, unit))


def _goal(analysis: DesignAnalysis, axis: int, unit: str) -> int | None:
    """The output unit that is named, along the axis that is drawn."""
    goal: Unit = unit_of(analysis, unit, "all")
    return None if goal is None else goal[axis if len(analysis.graph.input.size) == 2 else 0]


def _tower_caption(shown: list[Tower], cells: Cells) -> str:
    goal = "from it to the outputs"
    if len(cells) == 1:
        goal = f"between it and unit {cells[0][1]} of row {cells[0][0]}"
    text = (
        f"Each cell is a unit, above the middle of what it sees; its number is the count of paths {goal}, exactly. "
        "Colours are one scale for all towers: log10 of the share of the tower's largest count."
    )
    if all(one.whole for one in shown):
        return text
    return f"{text} A tower of too many units has a strip for each layer instead, coloured by log10 of its own counts."


def _has(one: Tower, cell: tuple[int, int]) -> bool:
    return cell[0] < len(one.rows) and cell[1] < len(one.counts[cell[0]])


def _tower_standings(whole: Mapping[str, Tower], cell: tuple[int, int] | None) -> tuple[str, dict[str, words.Standing]]:
    """The picked unit, or the end of the input, over the most in its row."""
    row, position = cell or (0, 0)
    place = f"Unit {position} of row {row}" if row else f"Pixel {position}"
    if cell is None:
        counts = next(iter(whole.values())).counts[0] if whole else (0,)
        position, place = (0 if counts[0] <= counts[-1] else -1), "End"
    standings: dict[str, words.Standing] = {}
    for slot, one in whole.items():
        has = cell is None or _has(one, cell)
        standings[slot] = (one.counts[row][position], max(one.counts[row])) if has else None
    return place, standings


def _captions(of: Request, standings: Mapping[str, words.Standing]) -> dict[str, str]:
    first = of.panes[0].analysis
    return {
        pane.slot: words.standing_caption(standings[pane.slot], pane.analysis, first)
        for pane in of.panes
        if pane.slot in standings and pane.analysis is not None
    }


def _corner(size: tuple[int, ...], ends: tuple[int, ...]) -> tuple[int, ...]:
    """The corner of an input; of one with fewer or more axes than ``ends`` the one most like it."""
    own = (*ends[:1] * (len(size) - len(ends)), *ends)[-len(size) :]
    return tuple((side - 1) * end for side, end in zip(size, own, strict=True))


def _standing(counts: PathCounts, place: Pixel) -> words.Standing:
    return None if place is None else (counts.at(place), prod(int(factor.max()) for factor in counts.factors))
