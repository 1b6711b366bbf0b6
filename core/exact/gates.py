"""Gates: what scales a map, and carries no path of its own.

A squeeze-and-excitation gate (Hu, Shen, Sun, CVPR 2018, arXiv 1709.01507), weights computed from the input, and the
statistics of a normalisation over positions (instance, group and layer norm over positions, batch norm in training
mode; Buglakova et al., ICCV 2025, arXiv 2503.19545) multiply what passes by a number made from other positions. Counts
and fields leave gates out: a node reads its ``inputs``, and its ``gates`` are kept beside them. :func:`with_gates`
gives the graph that reads both.
"""

from dataclasses import replace

from ..network.graph import Graph, Node
from ..network.operations import MIX, NORM
from ..network.window import Window


def with_gates(graph: Graph) -> Graph:
    """The graph in which a gate is an edge like any other; ``graph`` itself where there is none.

    >>> gated = Graph((Node("input", "input", (), (8,), 1), Node("scale", "mul", (0,), (8,), 1, gates=(0,))))
    >>> with_gates(gated).output.inputs
    (0, 0)
    """
    if not any(node.gates for node in graph.nodes):
        return graph
    return Graph(tuple(replace(node, inputs=node.inputs + node.gates, gates=()) for node in graph.nodes))


def gated_nodes(graph: Graph) -> list[int]:
    """The nodes on the way to the output that are scaled by a gate."""
    return [index for index in sorted(graph.ancestors) if graph.nodes[index].gates]


def statistics_nodes(graph: Graph) -> list[int]:
    """The normalisations on the way to the output whose statistics are taken over positions."""
    return [index for index in gated_nodes(graph) if graph.nodes[index].op == NORM]


def flat_nodes(graph: Graph) -> frozenset[int]:
    """The nodes that have the same value at every position along some axis: spread from one, and not mixed since.

    >>> sorted(flat_nodes(graph_of(parse("8; add(skip | global; upsample s8; conv k1)"))))
    [2, 3]
    """
    flat: set[int] = set()
    for index, node in enumerate(graph.nodes):
        if _spreads(graph, node) or (node.inputs and _is_pointwise(node) and flat.issuperset(node.inputs)):
            flat.add(index)
    return frozenset(flat)


def _spreads(graph: Graph, node: Node) -> bool:
    """Whether a node spreads one position over several, along some axis."""
    below = graph.nodes[node.inputs[0]].size if node.inputs else node.size
    return (
        bool(node.maps)
        and node.op != MIX
        and any(
            one == 1 < several and not isinstance(axis_map, Window)
            for one, several, axis_map in zip(below, node.size, node.maps, strict=True)
        )
    )


def _is_pointwise(node: Node) -> bool:
    """Whether a node's positions read only their own."""
    return node.lookup is None and all(
        isinstance(axis_map, Window) and axis_map.span == axis_map.stride == 1 for axis_map in node.maps
    )
