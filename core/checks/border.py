"""Pixels near the border have fewer paths to the outputs than those at the centre: foveation.

A border pixel is compared with the centre pixel; where strides read their places unequally, with the pixel nearest the
centre that lies on the same place of the stride grid, so that parity does not show here.
"""

from fractions import Fraction

from ..design.analysis import DesignAnalysis
from ..exact.imbalance import border_middles
from ..exact.paths import tower_from
from ..exact.repeats import left_by, shortened
from ..exact.residues import starves_border
from ..formatting import format_list, format_percent
from .finding import Severity
from .measure import Measure
from .registry import Observation, rule

_NOTED = Fraction(1, 2)  # corner over centre
_WARNED = Fraction(1, 10)

Pixel = tuple[int, ...]


def like(analysis: DesignAnalysis, pixel: Pixel) -> Pixel:
    """The centre pixel, or where strides are uneven the one nearest it on the same place of their grid as ``pixel``."""
    size = analysis.graph.input.size
    if not analysis.uneven:
        return tuple(side // 2 for side in size)
    return tuple(
        _nearest(position, side // 2, step, side)
        for position, side, step in zip(pixel, size, analysis.grid, strict=True)
    )


def corners(analysis: DesignAnalysis) -> list[Pixel]:
    """The corners; in 1-D the ends."""
    return border_middles(analysis.graph.input.size, free=0)


def edges(analysis: DesignAnalysis) -> list[Pixel]:
    """The middle of each side; in 1-D the ends, in 3-D the middles of the box's edges."""
    size = analysis.graph.input.size
    return border_middles(size, free=min(len(size) - 1, 1))


def share(analysis: DesignAnalysis, pixel: Pixel) -> Fraction | None:
    """Paths of ``pixel`` over those of its like at the centre; None if that one has none."""
    most = analysis.counts.at(like(analysis, pixel))
    return Fraction(analysis.counts.at(pixel), most) if most else None


def _least(analysis: DesignAnalysis, pixels: list[Pixel]) -> tuple[Fraction, Pixel] | None:
    shares = [(part, pixel) for pixel in pixels if (part := share(analysis, pixel)) is not None]
    return min(shares, default=None)


def _corner(analysis: DesignAnalysis) -> Fraction | None:
    least = _least(analysis, corners(analysis))
    return least and least[0]


_MEASURE = Measure("paths of a corner over those of the centre", _corner, True)


@rule(
    "border",
    title="Pixels at the border have few paths",
    number=lambda analysis: f"{format_percent(_corner(analysis) or Fraction(0))} of the centre",
    why="pixels near the edge contribute to the fewest outputs, so that what lies there can be underrepresented "
    "(Goodfellow, Bengio, Courville, Deep Learning, 2016, ch. 9; Alsallakh et al., ICLR 2021, arXiv 2010.02178)",
    reference='Alsallakh et al., "Mind the Pad", ICLR 2021, arXiv 2010.02178',
)
def look(analysis: DesignAnalysis) -> Observation | None:
    """Corner and edge against the centre; a warning where the corner has less than a tenth of it."""
    size = analysis.graph.input.size
    maps = (axis_map for index in analysis.graph.ancestors for axis_map in analysis.graph.nodes[index].maps)
    if max(size) < 3 or not any(map(starves_border, maps)):
        return None
    corner, edge = _least(analysis, corners(analysis)), _least(analysis, edges(analysis))
    if corner is None or edge is None or corner[0] >= _NOTED:
        return None
    message = f"the end pixel has {format_percent(corner[0])}"
    if len(size) > 1:
        middles: list[tuple[str, tuple[Fraction, Pixel] | None]] = [("an edge", edge)]
        if len(size) == 3:
            middles.append(("a face", _least(analysis, border_middles(size, free=2))))
        told = [
            f"the middle of {part} {format_percent(min(least[0], Fraction(1)))}" for part, least in middles if least
        ]
        message = format_list([f"the corner has {format_percent(corner[0])}", *told])
    message += " of the paths of the centre pixel"
    message += " on the same place of the stride grid" if analysis.uneven else ""
    node = halved(analysis, edge[1])
    if node is not None:
        message += f"; {'it' if len(size) == 1 else 'the edge'} falls to half at {analysis.graph.name(node)}"
    severity: Severity = "warning" if corner[0] < _WARNED else "note"
    return Observation(severity, node, message, _MEASURE.fixes(analysis, enough=Fraction(1)))


def halved(analysis: DesignAnalysis, edge: Pixel) -> int | None:
    """The first layer whose units receive from ``edge`` at most half as many paths as from the centre's place
    that :func:`like` names; None if there is no such layer.
    """
    graph, _, cuts = shortened(analysis.graph)
    some, most = (
        [counts.total() for counts in tower_from(graph, left_by(cuts, pixel))] for pixel in (edge, like(analysis, edge))
    )
    pairs = enumerate(zip(some, most, strict=True))
    return next((index for index, (paths, others) in pairs if others and 2 * paths <= others), None)


def _nearest(position: int, centre: int, step: int, side: int) -> int:
    """The position nearest ``centre``, of two the first, that is ``at`` modulo ``step``.

    >>> _nearest(223, 112, 32, 224)
    127
    """
    before = centre - (centre - position) % step
    near = [place for place in (before, before + step) if 0 <= place < side]
    return min(near, key=lambda place: abs(place - centre))
