"""The sentences of the page on path counts."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from core.design.analysis import DesignAnalysis, Unit
from core.exact import PathCounts
from core.formatting import format_count
from core.network.graph import Graph
from pages.parts.words import place, times

_GLANCED = 10**9  # from which on a count is no number to be taken in at a glance
_NOTED = Fraction(21, 20)  # a contrast between neighbours that is worth a sentence


def insight(analysis: DesignAnalysis, unit: Unit, by_axis: bool = False) -> str:
    """One sentence on a map of path counts, with its number; ``by_axis``: with those of each axis that make it."""
    counts, measures = analysis.path_counts(unit), analysis.measures(unit)
    goal = "the outputs" if unit is None else f"output unit {place(unit)}"
    centre = counts.at(tuple(side // 2 for side in counts.size))
    corner, unread, parity = measures["corner_centre"], measures["unread"] or Fraction(0), measures["parity"]
    if not counts.total():
        return f"No path leads to {goal}."
    if unread:
        return f"**{float(100 * unread):.3g} % of the pixels are never read**: no path leads from them to {goal}."
    if measures["max_min"] == 1:
        return f"**Every pixel has the same number of paths** to {goal}: {format_count(centre)}."
    grid = ""
    if analysis.uneven and parity is not None and parity > _NOTED:
        grid = f" Neighbours differ by a factor of **{times(parity)}**, as a stride does not divide its kernel."
    ends = sorted(product(*((0, side - 1) for side in counts.size)), key=counts.at)
    if counts.at(ends[0]) < centre < counts.at(ends[-1]):
        return _lopsided(counts, ends[-1], ends[0], goal) + grid
    if corner is not None and corner < 1:
        where = "an end" if len(counts.size) == 1 else "a corner"
        fewer = f"{times(1 / corner)} times fewer" if corner else "none at all"
        if corner > Fraction(2, 3):
            fewer = f"{float(100 * (1 - corner)):.2g} % fewer"
        positions = (tuple(side // 2 for side in counts.size), ends[0])
        most, least = (_told(counts, position, by_axis) for position in positions)
        return f"**{most}** paths lead from the centre pixel to {goal}, only {least} from {where}: **{fewer}**.{grid}"
    ratio = times(measures["max_min"] or Fraction(1))
    return f"The pixel with the most paths to {goal} has **{ratio} times** those of the pixel with the fewest.{grid}"


def _lopsided(counts: PathCounts, most: tuple[int, ...], least: tuple[int, ...], goal: str) -> str:
    """Where an end has more paths than the middle, as the first position of causal attention has."""
    much, little = counts.at(most), counts.at(least)
    names = ("the first pixel", "the last") if most < least else ("the last pixel", "the first")
    if len(counts.size) > 1:
        names = (f"pixel {place(most)}, a corner", f"pixel {place(least)}, another")
    fewer = f"{times(Fraction(much, little))} times fewer" if little else "none at all"
    most_paths = f"**{format_count(much)}** paths lead from {names[0]} to {goal}"
    return f"{most_paths}, only {format_count(little)} from {names[1]}: **{fewer}**."


def _told(counts: PathCounts, position: tuple[int, ...], by_axis: bool) -> str:
    """A count, or the counts of all axes with the product that it is, while all can be read at a glance."""
    count = counts.at(position)
    if not by_axis or not counts.separable or len(position) == 1 or count >= _GLANCED:
        return format_count(count)
    parts = (int(factor[index]) for factor, index in zip(counts.factors, position, strict=True))
    return f"{' × '.join(map(format_count, parts))} = {format_count(count)}"


def pixel_sentence(counts: PathCounts, pixel: tuple[int, ...], reach: PathCounts) -> str:
    """What the inspector says of one pixel."""
    paths, centre = counts.at(pixel), counts.at(tuple(side // 2 for side in counts.size))
    reached = reach.multiplicities()
    outputs = sum(reached.values())
    against = f", {float(Fraction(paths, centre)):.3g} of the centre's" if centre else ""
    if paths == centre:
        against = ", as many as the centre"
    return (
        f"Pixel {place(pixel)} has **{format_count(paths)}** paths{against}. "
        f"It reaches {outputs - reached[0]:,} of the {outputs:,} outputs."
    )


PICKING = "Click a pixel, or type its row and column; a second stands beside it."
PICKING_IN_CUTS = "Click into a cut, or type plane, row and column: all three cuts go through there."


def pair_sentence(counts: PathCounts, first: tuple[int, ...], second: tuple[int, ...]) -> str:
    """What is said of two picked pixels: their paths, and the ratio."""
    names = [_pixel_name(counts.size, pixel) for pixel in (first, second)]
    if names[0] == names[1]:
        names = [f"pixel {place(pixel)}" for pixel in (first, second)]
    paths = [counts.at(pixel) for pixel in (first, second)]
    less, more = sorted(paths)
    told = "as many" if less == more else f"**{times(Fraction(more, less))} times**" if less else "one of them has none"
    said = ", ".join(f"{name} **{format_count(count)}**" for name, count in zip(names, paths, strict=True))
    return f"{said[0].upper()}{said[1:]}: {told}."


def _pixel_name(size: tuple[int, ...], pixel: tuple[int, ...]) -> str:
    if all(index == side // 2 for index, side in zip(pixel, size, strict=True)):
        return "centre"
    if all(index in (0, side - 1) for index, side in zip(pixel, size, strict=True)):
        return "end" if len(size) == 1 else "corner"
    return f"pixel {place(pixel)}"


def reached(pixel: tuple[int, ...]) -> str:
    """The heading of the map of outputs that a pixel reaches."""
    return f"the outputs that pixel {place(pixel)} reaches"


def tower_caption(whole: bool, graph: Graph, picked: Sequence[tuple[int, int]], counts: PathCounts) -> str:
    """What the tower shows, and what it leaves out."""
    text = "Each cell is a unit; its number is the count of paths from it to the outputs, exactly."
    if not picked and len(counts.size) > 1 and counts.separable:
        centre = tuple(side // 2 for side in counts.size)
        every = "both" if len(counts.size) == 2 else "all three"
        told = _told(counts, centre, by_axis=True)
        text += f" This is one axis; the map is the product of {every}: {told} at the centre."
    if len(picked) == 1:
        ((row, position),) = picked
        text = (
            f"Each number is the count of paths between that unit and unit {position} of row {row}, exactly; "
            "lines are the paths through it, heavier where more run."
        )
    if not whole:
        text = "Too many units to draw each: every strip is a layer, coloured by log10 of its counts (a float)."
    axes = len(graph.input.size)
    if axes > 1 and not graph.separable:
        dimensions = "two" if axes == 2 else "three"
        text += f" Branches join the axes in {dimensions} dimensions; this is the same network along one. See the map."
    return text


def too_long(side: int) -> str:
    """Why no tower is shown."""
    return f"{side:,} positions are too many for a tower, even as strips; this is the profile of the input's counts."


CUTS = (
    "Left: the plane of the picked pixel. On its right the column, whose depth runs across; below the row, whose depth "
    "runs down. Lines are where the cuts meet; colours run over the whole volume. Pixel 0,0,0 shows three faces of the "
    "box, the last pixel the other three."
)


def map_caption(counts: PathCounts, linear: bool, drawn: str) -> str:
    """How the map was made."""
    axes = len(counts.size) if counts.separable else 1
    kept = {2: "kept as a row and a column", 3: "kept as a row for each axis"}.get(axes, "counted position by position")
    scale = "the share of the largest" if linear else "log10 of the count"
    if len(counts.size) == 3:
        cuts = f" {CUTS}" if drawn == "colours" else ""
        return f"Exact whole numbers, {kept}; {drawn} show {scale}, a float.{cuts}"
    product = (
        " Above and on the left: the row and the column whose product the map is." if kept.startswith("kept") else ""
    )
    beside = " The cuts beside it begin at zero." if drawn == "colours" else ""
    return f"Exact whole numbers, {kept}; {drawn} show {scale}, a float.{product if drawn == 'colours' else ''}{beside}"
