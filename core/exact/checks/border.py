"""Pixels near the border have fewer paths to the outputs than those at the centre: foveation."""

from fractions import Fraction

from core.exact.checks.examined import Examined
from core.exact.checks.measure import Measure, after_remedies
from core.exact.checks.overlap import starves_border
from core.exact.checks.registry import Observation, rule
from core.exact.checks.words import percent, ratio
from core.exact.imbalance import corner_centre, edge_centre
from core.exact.paths import tower_from
from core.network.graph import Graph

_NOTED = Fraction(1, 2)  # corner over centre
_WARNED = Fraction(1, 10)

_MEASURE = Measure("paths of a corner over those of the centre", lambda examined: corner_centre(examined.counts), True)


@rule(
    "border",
    why="pixels near the edge contribute to the fewest outputs, so that what lies there can be underrepresented "
    "(Goodfellow, Bengio, Courville, Deep Learning, 2016, ch. 9; Alsallakh et al., ICLR 2021, arXiv 2010.02178)",
    reference='Alsallakh et al., "Mind the Pad", ICLR 2021, arXiv 2010.02178',
)
def look(examined: Examined) -> Observation | None:
    """Corner and edge against the centre; a warning where the corner has less than a tenth of it."""
    size = examined.graph.input.size
    corner, edge = corner_centre(examined.counts), edge_centre(examined.counts)
    if max(size) < 3 or corner is None or edge is None or corner >= _NOTED:
        return None
    maps = (axis_map for index in examined.live for axis_map in examined.ungated.nodes[index].maps)
    if not any(map(starves_border, maps)):
        return None  # the corner lies on a weak place of the grid: a matter of parity
    ends = f"the end pixel has {percent(corner)}"
    corners = f"the corner has {percent(corner)} and the middle of an edge {_share(edge)}"
    message = f"{ends if len(size) == 1 else corners} of the paths of the centre pixel"
    node = halved(examined)
    if node is not None:
        message += (
            f"; {'it' if len(size) == 1 else 'the edge'} falls to half of the centre at {examined.graph.name(node)}"
        )
    candidates = after_remedies(examined, "border-symmetric", "border-circular", "padding-same", "padding-full")
    return Observation("warning" if corner < _WARNED else "note", node, message, _MEASURE.fixes(examined, candidates))


def halved(examined: Examined) -> int | None:
    """The first layer to all of whose units the edge has at most half as many paths as the centre; None if none is."""
    graph, size = examined.graph, examined.graph.input.size
    centre = tuple(side // 2 for side in size)
    edges = [(*centre[:axis], end, *centre[axis + 1 :]) for axis, side in enumerate(size) for end in (0, side - 1)]
    edge = min(edges, key=examined.counts.at)
    pairs = zip(_paths_from(graph, edge), _paths_from(graph, centre), strict=True)
    return next((index for index, (some, most) in enumerate(pairs) if most and 2 * some <= most), None)


def _paths_from(graph: Graph, pixel: tuple[int, ...]) -> list[int]:
    """Paths from ``pixel`` to all units of each node."""
    return [counts.total() for counts in tower_from(graph, pixel)]


def _share(edge: Fraction) -> str:
    """A share; as a ratio where the edge has more than the centre."""
    return percent(edge) if edge <= 1 else f"{ratio(edge)} times"
