"""Whether no count of a graph leaves a machine word, so that it may be counted in words and written out as integers.

The bound is sure: a position has at most as many paths as the positions that read it together, each of which has no
more than the bound of its map, and along each axis the most edges of any position are counted, not estimated.
"""

from math import prod

import numpy as np

from ..network.graph import Graph, Node

WORD = 2**63  # beyond what int64 holds


def fits_words(graph: Graph, start_node: int, back: bool) -> bool:
    """Whether all counts of paths back from ``start_node``, or on from it, are below ``WORD``.

    Unknown, hence no, where a node reads listed positions.

    >>> layers = "; ".join(["add(skip | conv k3 p1)"] * 19)  # each multiplies by ten at most
    >>> [fits_words(graph_of(parse(f"9x9; {layers[:end]}")), -1, back=True) for end in (16 * 24 - 2, None)]
    [True, False]
    """
    bounds = [0] * len(graph.nodes)
    start = range(len(graph.nodes))[start_node]
    bounds[start] = 1
    edges: dict[tuple[int, tuple[int, ...]], int] = {}  # repeated layers share their maps
    rest = range(start, 0, -1) if back else range(start + 1, len(graph.nodes))
    for index in rest:
        node = graph.nodes[index]
        for source in node.inputs:
            here, there = (index, source) if back else (source, index)
            if not bounds[here]:
                continue
            if node.lookup is not None:
                return False
            key = id(node.maps), graph.nodes[source].size
            if key not in edges:
                edges[key] = _most_edges(node, graph.nodes[source].size, back)
            bounds[there] += bounds[here] * edges[key]
            if bounds[there] >= WORD:
                return False
    return True


def _most_edges(node: Node, size: tuple[int, ...], back: bool) -> int:
    """The most edges of any one position that a node reads, or ``back`` False, of any of its own."""
    along = zip(node.maps, node.size, size, strict=True) if node.maps else ()
    return prod(
        max(
            (axis_map.pull(_ones(units), n) if back else axis_map.push(_ones(n))).tolist(),
            default=0,
        )
        for axis_map, units, n in along
    )


def _ones(length: int) -> np.ndarray:
    return np.ones(length, dtype=object)
