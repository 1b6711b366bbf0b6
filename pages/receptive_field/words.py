"""The sentences and tables of the page on receptive fields."""

import re
from collections.abc import Iterable, Iterator

from core.design.analysis import DesignAnalysis
from core.design.design import Design
from core.exact import AxisField
from core.network.axes import AXES, axis_names
from core.network.graph import Graph, size_text
from core.network.operations import JOINS
from pages.parts.words import place

_MANY = 60  # layers from which on the stages of a model are drawn instead


def insight(analysis: DesignAnalysis, unit: tuple[int, ...]) -> str:
    """One sentence on the field of a unit, with its numbers."""
    fields = analysis.fields[-1]
    sizes = " × ".join(_size(field) for field in fields)
    centres = ", ".join(
        f"{float(centre):g}" if (centre := field.centre(index)) is not None else "nothing"
        for field, index in zip(fields, unit, strict=True)
    )
    inputs = " × ".join(str(field.input_side) for field in fields)
    beyond = any(field.size > field.input_side for field in fields)
    whole = f", more than the input of {inputs}" if beyond else f" of an input of {inputs}"
    return f"Each unit sees **{sizes} pixels**{whole}; unit {place(unit)} is centred on pixel **{centres}**."


def caption(view: str, analysis: DesignAnalysis, axis: int) -> str:
    """How the drawing is read; ``axis``: along which it is drawn, or of three across which."""
    if view == "input" and len(analysis.graph.input.size) == 3:
        names = axis_names(3)
        down, across = (name for index, name in enumerate(names) if index != axis)
        return (
            f"The box, seen along its {names[axis]}: {down} runs down, {across} across. Grey is the input; each orange "
            "rectangle is the field of a layer, the outermost the output's."
        )
    if view == "input":
        return "The grey square is the input; each orange square is the field of a layer, the outermost the output's."
    text = "Grey: the input. Each bar: what one unit of that layer sees; its number is the width. Pale: padding."
    text += " Blue: unproductive layers." if analysis.unproductive else ""
    return text + (" Gates are left out: with them every unit would see the whole input." if _gated(analysis) else "")


def _gated(analysis: DesignAnalysis) -> bool:
    return bool(analysis.gate_names) and not analysis.gates


def drawn_layers(analysis: DesignAnalysis, design: Design) -> tuple[list[str], list[int]]:
    """The layers that are drawn: their names and their places in the graph; of a deep model the ends of its stages."""
    graph = analysis.graph
    layers = sorted(graph.ancestors | {0})
    places = getattr(design, "places", None)
    if places is None or len(layers) <= _MANY:
        return [layer_name(graph, index) for index in layers], layers
    named = {index: name for name, index in places().items() if index in graph.ancestors}
    ends = sorted({0, *named, len(graph.nodes) - 1})
    return [named.get(index, "output") if index else "input" for index in ends], ends


def remarks(analysis: DesignAnalysis) -> list[str]:
    """Sentences on what is out of order: misaligned joins, unread positions, unproductive layers."""
    graph, idle = analysis.graph, analysis.unproductive
    sentences = [
        sentence
        for index in sorted(graph.ancestors)
        for name, field in zip(axis_names(len(analysis.fields[index])), analysis.fields[index], strict=True)
        for sentence in _remarks(graph.name(index), name, field)
    ]
    if idle:
        names = ", ".join(graph.name(index) for index in idle[:4]) + (" and more" if len(idle) > 4 else "")
        sentences.append(f"Unproductive, since what they read already sees the whole input: {names}.")
    return _without_repeats(sentences)


def _remarks(layer: str, axis: str, field: AxisField) -> Iterator[str]:
    if field.misaligned:
        least, most = (f"{float(end):g}" for end in field.misaligned)
        apart = most if least == most else f"{least} to {most}"
        yield f"**{layer}** joins branches whose centres are {apart} pixels apart in {axis}."
    if field.rates:
        rates = " and ".join(f"{float(rate):g}" for rate in field.rates)
        yield f"**{layer}** joins branches of different strides in {axis}: {rates}."
    if field.left_over_input:
        yield f"**{layer}** leaves {field.left_over_input} of its input's last positions unread in {axis}."
    elif field.left_over:
        padded = "padded position" if field.left_over == 1 else f"{field.left_over} padded positions"
        yield f"**{layer}** never reads the last {padded} in {axis}: the two sides are padded unevenly."


def _without_repeats(sentences: list[str]) -> list[str]:
    """Sentences alike in several axes are told once."""
    kept: dict[str, str] = {}
    for sentence in sentences:
        common = re.sub(rf" in ({'|'.join(AXES)})(?=[.:])", "", sentence)
        kept[common] = common if common in kept else sentence
    return list(kept.values())


def layer_name(graph: Graph, index: int) -> str:
    """A layer's number and text; of a traced model the module that made it."""
    node = graph.nodes[index]
    text = node.path or (node.op.name if node.op in JOINS else node.text)
    return f"{index} {text}" if index else "input"


def rows(analysis: DesignAnalysis) -> list[dict[str, str]]:
    """The table of fields: one row for each layer, values per axis divided by a cross."""
    graph, idle = analysis.graph, set(analysis.unproductive)
    return [
        {
            "layer": graph.name(index),
            "output": size_text(graph.nodes[index].size),
            "field": " × ".join(_size(field) for field in along),
            "stride": _both(f"{float(field.stride):g}" for field in along),
            "padding": _both(str(field.padding) for field in along),
            "centre of unit 0": _both("none" if (c := field.centre(0)) is None else f"{float(c):g}" for field in along),
            "unread after": _both(str(field.left_over) for field in along),
            "note": "unproductive" if index in idle else "" if index in graph.ancestors else "part of a gate",
        }
        for index, along in enumerate(analysis.fields)
    ]


def _size(field: AxisField) -> str:
    least, most = field.sizes
    return str(most) if least == most else f"{least} to {most}"


def _both(values: Iterable[str]) -> str:
    """One value where the axes agree, else one for each."""
    listed = list(values)
    return listed[0] if len(set(listed)) == 1 else " × ".join(listed)
