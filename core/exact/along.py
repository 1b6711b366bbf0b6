"""A graph along one of its axes: what a tower draws, and a cut through an audio or image network alike."""

from dataclasses import replace

from ..errors import UserError
from ..network.graph import Graph, Node
from ..network.maps import random_connections


def along(graph: Graph, axis: int) -> Graph:
    """The nodes on the way to the output, with their maps along ``axis`` alone, numbered anew.

    The counts of a chain along an axis are a factor of its map; of a network with branches they are those of the same
    network with one axis. Raises :class:`~.errors.UserError` where a node joins positions across the axes.

    >>> [node.size for node in along(graph_of(parse("9x5; conv k3")), 1).nodes]
    [(5,), (3,)]
    """
    kept = sorted(graph.ancestors | {0})
    place = {old: new for new, old in enumerate(kept)}
    nodes = tuple(_along(graph.nodes[index], axis, place, graph.name(index)) for index in kept)
    return Graph(nodes)


def _along(node: Node, axis: int, place: dict[int, int], name: str) -> Node:
    lookup = node.lookup
    if lookup is not None and len(node.size) > 1:
        if node.layer is None:
            raise UserError(f"{name} joins positions across the axes; there is no tower along one of them, only a map")
        lookup = random_connections(node.size[axis], node.layer.connections, node.layer.seed)
    return replace(
        node,
        inputs=tuple(place[source] for source in node.inputs),
        size=(node.size[axis],),
        maps=node.maps[axis : axis + 1] if node.maps else (),
        lookup=lookup,
        gates=(),
    )
