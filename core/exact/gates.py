"""The graph without its gates: branches that pool a map to one position and are spread over it again.

A squeeze-and-excitation gate (Hu, Shen, Sun, CVPR 2018, arXiv 1709.01507) gives every unit the whole input as its
field, by a number that is the same at every position. What is asked of fields is asked without such branches: a join
of kind ``add`` no longer reads them, where it reads anything else. Nodes keep their places and names; those of a gate
stay, read by nothing.
"""

from dataclasses import replace

from ..network.graph import Graph, Node
from ..network.window import Window


def without_gates(graph: Graph) -> Graph:
    """The graph with every gate cut off where it is added; ``graph`` itself where there is none.

    >>> from core.network import graph_of, parse
    >>> [node.inputs for node in without_gates(graph_of(parse("8; add(skip | global; upsample s8)"))).nodes]
    [(), (0,), (1,), (0,)]
    """
    flat = flat_nodes(graph)
    kept = [tuple(source for source in node.inputs if source not in flat) for node in graph.nodes]
    nodes = tuple(
        replace(node, inputs=inputs) if node.kind == "add" and inputs and inputs != node.inputs else node
        for node, inputs in zip(graph.nodes, kept, strict=True)
    )
    return graph if all(new is old for new, old in zip(nodes, graph.nodes, strict=True)) else Graph(nodes)


def flat_nodes(graph: Graph) -> frozenset[int]:
    """The nodes that have the same value at every position along some axis: spread from one, and not mixed since.

    >>> from core.network import graph_of, parse
    >>> sorted(flat_nodes(graph_of(parse("8; add(skip | global; upsample s8; conv k1)"))))
    [2, 3]
    """
    flat: set[int] = set()
    for index, node in enumerate(graph.nodes):
        if _spreads(graph, node) or (node.inputs and _is_pointwise(node) and flat.issuperset(node.inputs)):
            flat.add(index)
    return frozenset(flat)


def live(graph: Graph) -> frozenset[int]:
    """The nodes that the output depends on, itself included.

    >>> from core.network import graph_of, parse
    >>> sorted(live(without_gates(graph_of(parse("8; add(skip | global; upsample s8)")))))
    [0, 3]
    """
    found = {len(graph.nodes) - 1}
    for index in reversed(range(len(graph.nodes))):
        if index in found:
            found.update(graph.nodes[index].inputs)
    return frozenset(found)


def _spreads(graph: Graph, node: Node) -> bool:
    """Whether a node spreads one position over several, along some axis."""
    below = graph.nodes[node.inputs[0]].size if node.inputs else node.size
    return bool(node.maps) and any(
        one == 1 < several and not isinstance(axis_map, Window)
        for one, several, axis_map in zip(below, node.size, node.maps, strict=True)
    )


def _is_pointwise(node: Node) -> bool:
    """Whether a node's positions read only their own."""
    return node.lookup is None and all(
        isinstance(axis_map, Window) and axis_map.span == axis_map.stride == 1 for axis_map in node.maps
    )
