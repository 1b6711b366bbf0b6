"""What is refused before a live model is built: every limit, by name, so that one sample stays within seconds."""

from math import prod

from ...errors import LimitError
from ...network.graph import Graph, Node
from ...network.maps import Transposed

MAX_PARAMETERS = 60_000_000  # weights, all redrawn for every sample
MAX_ACTIVATION_BYTES = 1_500_000_000  # feature maps kept for the backward pass
MAX_MULTIPLY_ADDS = 40_000_000_000  # of one forward pass; the backward pass needs as many again
MAX_SAMPLES = 4096
MAX_WIDTH = 256  # channels given to a network that states none

_COPIES = 3  # a convolution's map, its padded input and its activation are all kept


def weight_count(node: Node, source: Node) -> int:
    """Weights of a convolution's node, straight or transposed, or of an attention's values; 0 for every other."""
    if node.groups is None or node.layer is None:
        return 0
    return node.channels * source.channels // node.groups * prod(node.layer.kernel)


def refuse_absurd(graph: Graph, item_bytes: int = 4) -> None:
    """Raises :class:`~.errors.LimitError` for a model beyond a limit, from sizes alone; builds nothing."""
    parameters = values = multiply_adds = 0
    for node in graph.nodes[1:]:
        source = graph.nodes[node.inputs[0]]
        weights = weight_count(node, source)
        parameters += weights
        values += node.positions * node.channels
        if weights:
            spread = any(isinstance(axis_map, Transposed) for axis_map in node.maps)
            positions = source.positions if spread else node.positions
            multiply_adds += positions * weights
            if node.op.attends:
                multiply_adds += node.positions * node.channels * sum(node.size)
                values += sum(side * side for side in node.size)  # who reads whom, along each axis
        elif node.lookup is not None:
            multiply_adds += node.lookup.sources.size * node.channels
        elif node.layer is not None:
            multiply_adds += node.positions * node.channels * sum(node.layer.kernel)
    held = values * item_bytes * _COPIES
    for what, value, limit, change in (
        ("weights", parameters, MAX_PARAMETERS, "fewer channels or smaller kernels"),
        ("bytes of feature maps", held, MAX_ACTIVATION_BYTES, "a smaller input, fewer channels or fewer layers"),
        ("multiply-adds", multiply_adds, MAX_MULTIPLY_ADDS, "a smaller input, fewer channels or smaller kernels"),
    ):
        if value > limit:
            raise LimitError(
                f"a live model of this network needs {value:.1e} {what}, more than {limit:.1e}; use {change}"
            )
