"""Which stage of a design sees which object whole, and with how many units: fields against objects or anchor boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import prod

from ..errors import LimitError
from ..exact.sight import sight
from ..network.layers import layer_count
from .analysis import DesignAnalysis
from .size_table import Size, refuse_misfits

MOST = 16  # objects at once
_MOST_UNITS = 3_000_000  # fields that are looked at along an axis, of all stages and objects together


@dataclass(frozen=True, slots=True)
class ObjectSight:
    """An object of ``size``. ``share``: of the places where it lies inside the input, those where a unit sees it all.

    ``units``: the least and the most units that do, over all places.
    """

    size: Size
    share: Fraction
    units: tuple[int, int]


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage: its map, the largest field of its units, their distance (None: several), and how it sees each object."""

    name: str
    output: Size
    field: Size
    stride: tuple[Fraction | None, ...]
    objects: tuple[ObjectSight, ...]


def object_table(analysis: DesignAnalysis, objects: Sequence[Size]) -> list[StageRow]:
    """One row for each stage, in order.

    Raises :class:`~.errors.UserError` for objects of other axes, or too many.

    >>> rows = object_table(DesignAnalysis(design_of("64; conv k4 s2 p1 x3")), [(16,)])
    >>> [(row.field, str(row.objects[0].share), row.objects[0].units) for row in rows]
    [((4,), '0', (0, 0)), ((10,), '0', (0, 0)), ((22,), '6/7', (0, 1))]
    """
    graph = analysis.graph
    refuse_misfits(objects, len(graph.input.size), MOST, "an object", "objects")
    stages = _stages(analysis)
    units = sum(max(graph.nodes[place].size) for place in stages.values()) * len(objects)
    if units > _MOST_UNITS:
        raise LimitError(
            f"{units:,} fields of units against objects are more than {_MOST_UNITS:,}; use a smaller input"
        )
    return [_row(analysis, name, place, objects) for name, place in stages.items()]


def _stages(analysis: DesignAnalysis) -> dict[str, int]:
    """The node in which each stage ends: a typed network's layers, the parts of a model that are feature maps."""
    design, graph = analysis.design, analysis.graph
    if design.network is not None:
        ends = accumulate(layer_count((item,)) for item in design.network.layers)
        return {graph.name(end): end for end in ends}
    places = getattr(design, "places", None)
    named: dict[str, int] = {} if places is None else places()
    stages = {name: place for name, place in named.items() if place in graph.ancestors}
    last = len(graph.nodes) - 1
    return stages if last in stages.values() else {**stages, "output": last}


def _row(analysis: DesignAnalysis, name: str, place: int, objects: Sequence[Size]) -> StageRow:
    fields = analysis.fields[place]
    seen = []
    for size in objects:
        sights = [sight(axis_field, length) for axis_field, length in zip(fields, size, strict=True)]
        share = prod((one.share for one in sights), start=Fraction(1))
        least, most = (prod(one.units[end] for one in sights) for end in (0, 1))
        seen.append(ObjectSight(size, share, (least, most)))
    stride = tuple(field.stride if len(field.periodic_spans) == 1 else None for field in fields)
    size = tuple(field.size for field in fields)
    return StageRow(name, analysis.graph.nodes[place].size, size, stride, tuple(seen))
