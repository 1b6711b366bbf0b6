"""The sentences that pages say about numbers: the takeaway above each figure, and what each measure means."""

import re
from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from core.exact import AxisField, PathCounts
from core.exact.imbalance import Measures
from core.formatting import all_digits, format_count, measure_number, short_count
from core.network import Graph, Network, graph_of
from core.network.graph import size_text

_TABLE_SIDE = 64  # rows and columns of a table of counts
_AXES = ("height", "width")

MEASURES = {
    "unread": "share of the pixels from which no path leads to these outputs",
    "max_min": "largest count over smallest, among the pixels that are read",
    "corner_centre": "smallest corner over the centre",
    "edge_centre": "smallest middle of a side over the centre",
    "gini": "Gini coefficient: 0 all equal, near 1 one pixel has everything",
    "effective_share": "share of the pixels that would do, were all equal",
    "parity": "largest over smallest within one stride period around the centre",
    "asymmetry": "(after half - before half) / all paths",
    "asymmetry_height": "(lower half - upper half) / all paths",
    "asymmetry_width": "(right half - left half) / all paths",
}


def times(ratio: Fraction) -> str:
    """A ratio as people say it."""
    value = measure_number(ratio) or 0
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def paths_insight(counts: PathCounts, measures: Measures, unit: tuple[int, ...] | None) -> str:
    """One sentence on a map of path counts, with its number."""
    goal = "the outputs" if unit is None else f"output {place(unit)}"
    centre = counts.at(tuple(side // 2 for side in counts.size))
    corner, unread, parity = measures["corner_centre"], measures["unread"] or Fraction(0), measures["parity"]
    if not counts.total():
        return f"No path leads to {goal}."
    if unread:
        return f"**{float(100 * unread):.3g} % of the pixels are never read**: no path leads from them to {goal}."
    if measures["max_min"] == 1:
        return f"**Every pixel has the same number of paths** to {goal}: {format_count(centre)}."
    where = "an end" if len(counts.size) == 1 else "a corner"
    uneven = ""
    if parity is not None and parity > Fraction(21, 20):
        uneven = f" Neighbours differ by a factor of **{times(parity)}**, as a stride does not divide its kernel."
    if corner is not None and corner < 1:
        inverse = f"{times(1 / corner)} times fewer" if corner else "none at all"
        if corner > Fraction(2, 3):
            inverse = f"{float(100 * (1 - corner)):.2g} % fewer"
        least = format_count(int(centre * corner))
        return (
            f"The centre pixel reaches {goal} by **{format_count(centre)}** paths, {where} by {least}: "
            f"**{inverse}**.{uneven}"
        )
    most = times(measures["max_min"] or Fraction(1))
    return f"The fullest pixel has **{most} times** the paths of the emptiest.{uneven}"


def pixel_sentence(counts: PathCounts, pixel: tuple[int, ...], reach: PathCounts) -> str:
    """What the inspector says of one pixel."""
    found = counts.at(pixel)
    centre = counts.at(tuple(side // 2 for side in counts.size))
    reached = reach.multiplicities()
    outputs = sum(reached.values()) - reached[0]
    against = f", {float(Fraction(found, centre)):.3g} of the centre's" if centre else ""
    if found == centre:
        against = ", as many as the centre"
    return (
        f"Pixel {place(pixel)} has **{format_count(found)}** paths{against}. It reaches {outputs:,} of the "
        f"{sum(reached.values()):,} outputs."
    )


def tower_caption(drawn: bool, network: Network, picked: tuple[int, int] | None, counts: PathCounts) -> str:
    """What the tower shows, and what it leaves out."""
    text = "Each cell is a unit; its number is the count of paths from it to the outputs, exactly."
    if picked is None and len(counts.size) == 2 and counts.separable:
        height, width = (short_count(int(factor[len(factor) // 2])) for factor in counts.factors)
        text += (
            f" This is one axis; the map is the product of both: {height} x {width} = "
            f"{short_count(counts.at(tuple(side // 2 for side in counts.size)))} at the centre."
        )
    if picked is not None:
        text = (
            f"Each number is the count of paths between that unit and unit {picked[1]} of row {picked[0]}, exactly; "
            "lines are the paths through it, heavier where more run."
        )
    if not drawn:
        text = "Too many units to draw each: every strip is a layer, coloured by log10 of its counts (a float)."
    if len(network.size) == 2 and not graph_of(network).separable:
        text += " Branches join the axes in two dimensions; this is the same network along one. See the map."
    return text


def map_caption(counts: PathCounts, linear: bool, drawn: str) -> str:
    """How the map was made."""
    kept = (
        "kept as a row and a column" if counts.separable and len(counts.size) == 2 else "counted position by position"
    )
    scale = "the share of the largest" if linear else "log10 of the count"
    return f"Exact whole numbers, {kept}; {drawn} show {scale}, a float."


def count_rows(counts: PathCounts) -> list[dict[str, str]]:
    """The counts as a table, all digits; of a large map its every n-th row and column."""
    whole = counts.array()
    if whole.ndim == 1:
        return [{"position": str(at), "paths": all_digits(value)} for at, value in enumerate(whole.tolist())]
    steps = [-(-side // _TABLE_SIDE) for side in whole.shape]
    return [
        {"row": str(row), **{str(at): all_digits(whole[row, at]) for at in range(0, whole.shape[1], steps[1])}}
        for row in range(0, whole.shape[0], steps[0])
    ]


def field_insight(fields: tuple[AxisField, ...], unit: tuple[int, ...]) -> str:
    """One sentence on the field of a unit, with its numbers."""
    sizes = " x ".join(_size(field) for field in fields)
    centres = ", ".join(
        f"{float(centre):g}" if (centre := field.centre(at)) is not None else "nothing"
        for field, at in zip(fields, unit, strict=True)
    )
    inputs = " x ".join(str(field.input_side) for field in fields)
    beyond = any(field.size > field.input_side for field in fields)
    whole = f", larger than the input of {inputs}" if beyond else f" of an input of {inputs}"
    return f"Each unit sees **{sizes} pixels**{whole}; unit {place(unit)} is centred on pixel **{centres}**."


def _size(field: AxisField) -> str:
    least, most = field.sizes
    return str(most) if least == most else f"{least} to {most}"


def field_caption(view: str, idle: bool) -> str:
    """How the drawing is read."""
    if view == "input":
        return "The grey square is the input; each orange square is the field of a layer, the outermost the output's."
    told = "Grey: the input. Each bar: what one unit of that layer sees; its number is the width. Pale: padding."
    return told + (" Blue: unproductive layers." if idle else "")


def field_findings(graph: Graph, fields: list[tuple[AxisField, ...]], idle: list[int]) -> list[str]:
    """Sentences on what is out of order: misaligned joins, unread positions, unproductive layers."""
    found = []
    for index, along in enumerate(fields):
        for name, field in zip(_AXES[-len(along) :], along, strict=True):
            if field.misaligned:
                least, most = (f"{float(end):g}" for end in field.misaligned)
                apart = most if least == most else f"{least} to {most}"
                found.append(
                    f"**{graph.name(index)}** joins branches whose centres are {apart} pixels apart in {name}."
                )
            if field.rates:
                rates = " and ".join(f"{float(rate):g}" for rate in field.rates)
                found.append(f"**{graph.name(index)}** joins branches of different strides in {name}: {rates}.")
            if field.left_over_input:
                found.append(
                    f"**{graph.name(index)}** leaves {field.left_over_input} of its input's last positions unread "
                    f"in {name}."
                )
            elif field.left_over:
                found.append(
                    f"**{graph.name(index)}** never reads the last {field.left_over} padded positions in {name}: "
                    "the two sides are padded unevenly."
                )
    if idle:
        names = ", ".join(graph.name(index) for index in idle[:4]) + (" and more" if len(idle) > 4 else "")
        found.append(f"Unproductive, since what they read already sees the whole input: {names}.")
    return _without_repeats(found)


def _without_repeats(found: list[str]) -> list[str]:
    """Findings alike in both axes are told once."""
    told: dict[str, str] = {}
    for sentence in found:
        core = re.sub(r" in (height|width)(?=[.:])", "", sentence)
        told[core] = core if core in told else sentence
    return list(told.values())


def layer_name(graph: Graph, index: int) -> str:
    """A layer's number and text."""
    text = graph.nodes[index].kind if graph.nodes[index].kind in ("add", "concat") else graph.nodes[index].text
    return f"{index} {text}" if index else "input"


def field_rows(graph: Graph, fields: list[tuple[AxisField, ...]], idle: list[int]) -> list[dict[str, str]]:
    """The table of fields: one row for each layer, values per axis divided by a cross."""
    rows = []
    for index, (node, along) in enumerate(zip(graph.nodes, fields, strict=True)):
        starts = [field.centre(0) for field in along]
        rows.append(
            {
                "layer": layer_name(graph, index),
                "output": size_text(node.size),
                "field": " x ".join(_size(field) for field in along),
                "stride": _both(f"{float(field.stride):g}" for field in along),
                "padding": _both(str(field.padding) for field in along),
                "centre of unit 0": _both("none" if at is None else f"{float(at):g}" for at in starts),
                "unread after": _both(str(field.left_over) for field in along),
                "note": "unproductive" if index in idle else "",
            }
        )
    return rows


def _both(values: Iterable[str]) -> str:
    """One value where the axes agree, else one for each."""
    found = list(values)
    return found[0] if len(set(found)) == 1 else " x ".join(found)


def columns(rows: list[dict[str, str]]) -> dict[str, np.ndarray]:
    """A table as arrays, for a file."""
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def place(position: tuple[int, ...]) -> str:
    """A position as it is typed."""
    return ",".join(map(str, position))


def measure_rows(measures: Measures) -> list[dict[str, str]]:
    """The table of measures: name, value, meaning."""
    rows = []
    for name, value in measures.items():
        told = measure_number(value)
        shown = "none" if told is None else all_digits(told) if isinstance(told, int) else f"{told:.6g}"
        rows.append({"measure": name, "value": shown, "meaning": MEASURES[name]})
    return rows
