"""How much of what an output unit reads is padding: of its paths, the share that passes through padding.

A tap that lies on padding shows a sample of its map (mirrored, repeated, wrapped), and paths lead through it. One that
lies on zeros shows nothing; it is counted as if it showed the nearest sample, so that the share is that of a border
mode which mirrors or wraps, and says how much of the unit's input the zeros take the place of. A max pool never takes
its padding, which counts as no tap; so a border where windows are merely smaller has no padding in it.

The share is 1 - r / t: r paths keep to samples in every layer, t are there in all.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from ..errors import UserError
from ..network.graph import Graph, Node
from ..network.kinds import MAXPOOL
from ..network.maps import AxisMap, Lookup
from ..network.operations import PAD
from ..network.window import Border, Window
from .counts import PathCounts
from .paths import arriving_counts


@dataclass(frozen=True, eq=False)
class PaddingShare:
    """Of every output unit, its paths: those that keep to samples in every layer, and ``whole``, all of them."""

    samples: PathCounts
    whole: PathCounts

    def share(self, unit: tuple[int, ...]) -> Fraction | None:
        """Of the paths to one unit, those through padding; None if it has none.

        >>> padding_share(graph_of(parse("9; conv k3 p1 x2"))).share((0,))
        Fraction(4, 9)
        """
        whole = self.whole.at(unit)
        return 1 - Fraction(self.samples.at(unit), whole) if whole else None

    @property
    def mean(self) -> Fraction | None:
        """Of the paths to all units together."""
        whole = self.whole.total()
        return 1 - Fraction(self.samples.total(), whole) if whole else None

    @cached_property
    def shares(self) -> np.ndarray:
        """``share`` of every unit, float64, the shape of the output; nan where a unit has no path."""
        pairs = zip(self.samples.array().ravel().tolist(), self.whole.array().ravel().tolist(), strict=True)
        flat = [1 - inside / whole if whole else np.nan for inside, whole in pairs]
        return np.array(flat, dtype=np.float64).reshape(self.whole.size)

    @cached_property
    def reach(self) -> tuple[tuple[int, int], ...] | None:
        """Per axis the units from either end up to the first that no padding reaches; None if it reaches all.

        Among the units at one place of an axis it takes one that is free of padding.

        >>> padding_share(graph_of(parse("15; conv k3 p1; conv k5 p2"))).reach
        ((3, 3),)
        """
        free = self.samples.array() == self.whole.array()
        if not free.any():
            return None
        axes = range(free.ndim)
        places = [np.flatnonzero(free.any(axis=tuple(set(axes) - {axis}))) for axis in axes]
        return tuple((int(at[0]), int(free.shape[axis] - 1 - at[-1])) for axis, at in enumerate(places))


def padding_share(graph: Graph) -> PaddingShare:
    """The shares of every output unit.

    Raises :class:`~.errors.UserError` where a traced window is known by its reads alone, so that its padding is not.
    """
    return PaddingShare(
        arriving_counts(_with_borders(graph, shown=False)), arriving_counts(_with_borders(graph, shown=True))
    )


def _with_borders(graph: Graph, shown: bool) -> Graph:
    """The graph with zeros that show the nearest sample, or with all padding made zeros."""
    known: dict[int, tuple[AxisMap, ...]] = {}  # repeated layers share their maps, and go on to
    nodes = []
    for index, node in enumerate(graph.nodes):
        if id(node.maps) not in known:
            known[id(node.maps)] = tuple(
                _with_border(axis_map, node, graph.name(index), shown) if index in graph.ancestors else axis_map
                for axis_map in node.maps
            )
        nodes.append(replace(node, maps=known[id(node.maps)]))
    return Graph(tuple(nodes))


def _with_border(axis_map: AxisMap, node: Node, name: str, shown: bool) -> AxisMap:
    match axis_map:
        case Window(border="zeros") if shown and any(axis_map.pad) and node.op != MAXPOOL:
            nearest: Border = "replicate"
            return replace(axis_map, border=nearest)
        case Window() if not shown and any(axis_map.pad):
            return replace(axis_map, border="zeros")
        case Lookup(sources) if node.op == PAD and sources.shape[1] == 1 and (sources < 0).any():
            return Lookup(_nearest(sources), axis_map.inputs) if shown else axis_map
        case Lookup(sources) if (node.op.slides or node.op.learned) and (sources < 0).any():
            raise UserError(f"{name} is known by the samples that it reads alone; how much of it is padding is not")
    return axis_map


def _nearest(sources: np.ndarray) -> np.ndarray:
    """Reads of which those of nothing become those of the nearest that reads a sample."""
    reads = np.flatnonzero(sources[:, 0] >= 0)
    if not len(reads):
        return sources
    nearest = np.abs(np.arange(len(sources))[:, None] - reads).argmin(axis=1)
    return np.asarray(sources[reads[nearest]])
