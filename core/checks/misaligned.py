"""Joins whose branches look at different places."""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ..design.analysis import DesignAnalysis
from ..exact.field import AxisField
from ..exact.gates import flat_nodes
from ..formatting import format_list, format_pixels
from ..network.graph import Graph
from .measure import Measure
from .registry import Observation, rule


@dataclass(frozen=True, slots=True)
class Offset:
    """How far apart the centres of a join's branches are, in input positions, on the axis where it is most."""

    shift: Fraction  # on average over the units: a lean to one side
    most: Fraction  # in any one unit: upsampled maps are apart by turns, to either side
    node: int


def offsets(analysis: DesignAnalysis) -> list[Offset]:
    """The joins whose branches' centres differ; the worst first."""
    shifts = []
    for index, sources in _joins(analysis):
        axes = [
            (_shift([analysis.fields[source][axis] for source in sources]), axis_field.misaligned[1])
            for axis, axis_field in enumerate(analysis.fields[index])
            if axis_field.misaligned is not None and not axis_field.rates
        ]
        if axes:
            shifts.append(Offset(*max(axes), index))
    return sorted(shifts, key=lambda offset: (-offset.shift, -offset.most))


def _worst(analysis: DesignAnalysis) -> Fraction:
    return max((offset.shift for offset in offsets(analysis)), default=Fraction(0))


_MEASURE = Measure("pixels between the places that joined branches look at, on average", _worst)


def _apart(analysis: DesignAnalysis) -> str:
    """The average distance; where that is none, the largest; of branches of different strides, nothing."""
    joins = offsets(analysis)
    return format_pixels(joins[0].shift or joins[0].most) if joins else ""


@rule(
    "misaligned",
    title="Branches look at different places",
    number=_apart,
    why="paths of one unit that differ in stride or centre bring together what lies at different places "
    "(Araujo, Norris, Sim, Distill 2019, doi 10.23915/distill.00021)",
    reference="Araujo, Norris, Sim, Computing Receptive Fields, Distill 2019, doi 10.23915/distill.00021",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """A warning for different strides or a lean to one side; a note where upsampling alone sets places apart."""
    for index, _ in _joins(analysis):
        rates = next((axis_field.rates for axis_field in analysis.fields[index] if axis_field.rates), ())
        if rates:
            steps = format_list([format_pixels(rate) for rate in rates])
            message = f"from unit to unit the branches of {analysis.graph.name(index)} move by {steps}"
            return Observation("warning", index, message)
    shifts = offsets(analysis)
    if not shifts:
        return None
    worst = shifts[0]
    name = analysis.graph.name(worst.node)
    if worst.shift:
        message = f"the branches of {name} look at places {format_pixels(worst.shift)} apart on average"
        return Observation("warning", worst.node, message, _MEASURE.fixes(analysis))
    message = f"the branches of {name} look at places up to {format_pixels(worst.most)} apart, to either side by turns"
    return Observation("note", worst.node, message)


def _joins(analysis: DesignAnalysis) -> list[tuple[int, list[int]]]:
    """Joins that the output depends on, and their branches' ends; what is the same everywhere looks at no place.

    Nor do queries: what they read is their window, wherever they lie in it.
    """
    graph = analysis.graph
    flat = flat_nodes(graph) | _attentive(graph)
    joins = [(index, graph.nodes[index]) for index in sorted(analysis.graph.ancestors)]
    return [
        (index, list(node.inputs))
        for index, node in joins
        if len(node.inputs) > 1 and not flat.intersection(node.inputs)
    ]


def _attentive(graph: Graph) -> set[int]:
    """The nodes that are made of what attention gave."""
    found: set[int] = set()
    for index, node in enumerate(graph.nodes):
        if node.op.attends or not found.isdisjoint(node.inputs):
            found.add(index)
    return found


def _shift(sources: list[AxisField]) -> Fraction:
    """Distance between the outermost branches, each at its mean over the units."""
    units = range(lcm(*(len(source.periodic_spans[0].spans) for source in sources)))
    means = []
    for source in sources:
        centres = [centre for unit in units if (centre := source.centre(unit)) is not None]
        means.append(sum(centres, start=Fraction(0)) / max(len(centres), 1))
    return max(means) - min(means)
