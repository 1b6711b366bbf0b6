"""The overlap that seamless tiles of a larger image need."""

from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..formatting import counted_noun, format_list, format_pixels
from ..network.axes import axis_names
from ..network.graph import size_text
from .registry import Observation, rule

Overlap = tuple[tuple[int, int], ...]  # before and after, per axis


def stated_overlap(analysis: DesignAnalysis) -> Overlap | None:
    """What the finding states: the halo; None where units see all of any input.

    Of a network whose gates or statistics read the whole tile it is the halo without them.
    """
    halo = analysis.halo
    nodes = analysis.design.graph.nodes
    reads_anything = any(not (reason.at_border or nodes[reason.node].gates) for reason in halo.reasons)
    if halo.axes is None or reads_anything or nodes[-1].positions == 1:
        return None
    return tuple((axis.before, axis.after) for axis in halo.axes)


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
    grid = analysis.halo.grid
    names = axis_names(len(needed))
    alike = len(set(needed)) == 1
    sides = [
        f"{before} before and {after} after" + ("" if alike else f" in {name}")
        for name, (before, after) in zip(names, needed, strict=True)
    ]
    message = f"beside its own pixels a seamless tile must read {format_list(sides[:1] if alike else sides)}"
    message += " along each axis" if alike and len(needed) > 1 else ""
    message += f", and lie on multiples of {_one_or_each(grid)}" if max(grid) > 1 else ""
    return Observation("note", None, message + _exceptions(analysis))


def _exceptions(analysis: DesignAnalysis) -> str:
    """What, reading the whole tile or the far border, stands in the way of a seamless one."""
    reasons = analysis.halo.reasons
    if names := analysis.statistics_names:
        more = f" and {counted_noun(len(names) - 1, 'more layer')}" if len(names) > 1 else ""
        return (
            f"; even so no tile is seamless: {names[0]}{more} "
            f"{'takes' if len(names) == 1 else 'take'} statistics over all positions of the tile"
        )
    if any(not reason.at_border for reason in reasons):
        return "; its gates still read the whole tile"
    return f"; {analysis.halo.graph.name(reasons[0].node)} {reasons[0].text}" if reasons else ""


def _one_or_each(lengths: tuple[int, ...]) -> str:
    return str(lengths[0]) if len(set(lengths)) == 1 else size_text(lengths)
