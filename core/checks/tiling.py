"""The overlap that seamless tiles of a larger image need."""

from fractions import Fraction
from math import ceil, floor

from ..design.analysis import DesignAnalysis
from ..exact.field import AxisField
from ..exact.gates import flat_nodes
from ..exact.input_sizes import is_global
from ..formatting import counted_noun, format_list, format_pixels
from ..network.graph import size_text
from .registry import Observation, rule

Overlap = tuple[tuple[int, int], ...]  # before and after, per axis


def overlap(analysis: DesignAnalysis) -> Overlap | None:
    """Pixels that a tile needs before and after those whose outputs it gives; None where units see all of any input.

    Unit u stands for the pixels from u S to (u + 1) S - 1; its field begins P before them and ends r - P - S after.
    """
    graph = analysis.graph
    flat = flat_nodes(graph)
    for index in sorted(analysis.graph.ancestors - {0}):
        node = graph.nodes[index]
        below = graph.nodes[node.inputs[0]].size
        if node.lookup is not None or index in flat:
            return None
        if any(is_global(node, axis, side) for axis, side in enumerate(below)):
            return None
    fields = analysis.fields[-1]
    if graph.output.positions == 1 or any(len(axis_field.periodic_spans) > 1 for axis_field in fields):
        return None
    return tuple(_sides(axis_field) for axis_field in fields)


def gated_overlap(analysis: DesignAnalysis) -> Overlap | None:
    """``overlap`` with what passes through gates."""
    return overlap(DesignAnalysis(analysis.design, gates=True))


def stated_overlap(analysis: DesignAnalysis) -> Overlap | None:
    """What the finding states: the overlap with gates, or where they see the whole tile, without."""
    return gated_overlap(analysis) or overlap(analysis)


def _widest(analysis: DesignAnalysis) -> str:
    sides = [side for axis_sides in stated_overlap(analysis) or () for side in axis_sides]
    return format_pixels(Fraction(max(sides, default=0)))


@rule(
    "tiling",
    title="Tiles must overlap",
    number=_widest,
    why="outputs near a tile's edge are those of the whole image only if the tile overlaps its neighbour by all they "
    "see (the overlap-tile strategy of Ronneberger, Fischer, Brox, MICCAI 2015, arXiv 1505.04597)",
    reference="Ronneberger, Fischer, Brox, U-Net, MICCAI 2015, arXiv 1505.04597",
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """A note with the overlap per axis, and the grid that tiles must keep to."""
    needed = stated_overlap(analysis)
    if needed is None or not any(map(any, needed)):
        return None
    names = ("height", "width") if len(needed) == 2 else ("",)
    alike = len(set(needed)) == 1
    sides = [
        f"{before} before and {after} after" + ("" if alike else f" in {name}")
        for name, (before, after) in zip(names, needed, strict=True)
    ]
    message = f"beside its own pixels a seamless tile must read {format_list(sides[:1] if alike else sides)}"
    message += " along each axis" if alike and len(needed) == 2 else ""
    message += f", and lie on multiples of {_one_or_each(analysis.period)}" if max(analysis.period) > 1 else ""
    return Observation("note", None, message + (_gates(analysis) if gated_overlap(analysis) is None else ""))


def _gates(analysis: DesignAnalysis) -> str:
    """Which gates, reading the whole tile, stand in the way of a seamless one."""
    if names := analysis.statistics_names:
        more = f" and {counted_noun(len(names) - 1, 'more layer')}" if len(names) > 1 else ""
        return (
            f"; even so no tile is seamless: {names[0]}{more} "
            f"{'takes' if len(names) == 1 else 'take'} statistics over all positions of the tile"
        )
    return "; its gates still read the whole tile"


def _one_or_each(lengths: tuple[int, ...]) -> str:
    return str(lengths[0]) if len(set(lengths)) == 1 else size_text(lengths)


def _sides(axis_field: AxisField) -> tuple[int, int]:
    """The most that any unit sees before and after its own pixels."""
    before = after = 0
    stride: Fraction = axis_field.stride
    for unit in range(len(axis_field.periodic_spans[0].spans)):
        if (span := axis_field.span(unit)) is not None:
            before = max(before, floor(unit * stride) - span[0])
            after = max(after, span[1] - ceil((unit + 1) * stride) + 1)
    return before, after
