"""What a network costs: its parameters, and the multiply-adds of one input.

Conventions:

* Parameters are the weights of convolutions and dense layers. Biases and normalisation are not counted: the graph
  knows neither, and no text form has them.
* A multiply-add is one weight at one place: a convolution has, at each output position, one for every tap and every
  pair of channels within its groups, taps on padding included; a transposed one as many at each input position.
* A layer of fixed weights (pools, blurs, bilinear upsampling, random connections) has no parameters, and one operation
  for each read in each channel, a maximum's comparisons included; one that only moves samples has none, nor have joins.
* A dense layer along positions shares its weights between channels, as that of MLP-Mixer does.
* Attention has one for each key that a query reads, in each channel of the values, and none where queries read one
  each: that only moves samples. What makes the weights is a gate, and not counted. Typed, it has one weight for each
  pair of channels, value and output as one, beside.
* A network whose text states no channels is counted with one.
"""

from dataclasses import dataclass
from math import prod

from ..network.graph import Graph, Node
from ..network.maps import AxisMap, Linear, Lookup, Slice, Spans, Transposed
from ..network.operations import FLATTEN, JOINS, MIX
from ..network.window import Window


@dataclass(frozen=True, slots=True)
class Cost:
    """Whole numbers, exact."""

    parameters: int
    multiply_adds: int

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.parameters + other.parameters, self.multiply_adds + other.multiply_adds)


def cost(graph: Graph) -> Cost:
    """All layers together.

    >>> cost(graph_of(parse("224x224 c3; conv k7 s2 p3 c64; maxpool k3 s2 p1")))
    Cost(parameters=9408, multiply_adds=119820288)
    """
    return sum((node_cost(graph, index) for index in range(1, len(graph.nodes))), Cost(0, 0))


def node_cost(graph: Graph, index: int) -> Cost:
    """One layer.

    >>> node_cost(graph_of(parse("8x8 c4; conv k3 p1 c8 g2")), 1)
    Cost(parameters=144, multiply_adds=9216)
    """
    node = graph.nodes[index]
    weighs = node.op.attends and index not in graph.ancestors  # it makes the weights of another
    if not node.inputs or weighs or node.op in (*JOINS, FLATTEN):
        return Cost(0, 0)
    source = graph.nodes[node.inputs[0]]
    spread = any(isinstance(axis_map, Transposed) for axis_map in node.maps)
    if not node.op.learned or node.groups is None:
        reads = 1 if spread else _reads(node)  # repeated samples are moved, not weighed
        return Cost(0, node.positions * node.channels * reads if reads > 1 else 0)
    if node.op == MIX:
        inputs = _reads(source if source.op == FLATTEN else node) * source.channels // node.groups
        laid_out = prod(len(part.first) for part in node.maps if isinstance(part, Spans))
        weights = inputs * laid_out * node.channels // node.groups  # shared by all groups, and along other axes
        return Cost(weights, weights * node.groups * node.positions // laid_out)
    if node.op.attends:
        weights, keys = node.channels * source.channels, _reads(node)
        return Cost(weights, weights * source.positions + (node.positions * node.channels * keys if keys > 1 else 0))
    taps = _reads(source if source.op == FLATTEN else node)  # a traced dense layer's taps are those of its flatten
    weights = taps * node.channels * source.channels // node.groups
    return Cost(weights, weights * (source.positions if spread else node.positions))


def _reads(node: Node) -> int:
    """Taps of one position, padding's included."""
    if node.lookup is not None:
        return int(node.lookup.sources.shape[1])
    return prod(map(_taps, node.maps))


def _taps(axis_map: AxisMap) -> int:
    """Taps of one position along an axis; of a transposed window those of one sample."""
    match axis_map:
        case Window(kernel=kernel):
            return kernel
        case Transposed(window):
            return window.kernel
        case Lookup(sources):
            return int(sources.shape[1])
        case Spans():
            return int(axis_map.lengths.max())
        case Linear(factor):
            return min(factor, 2)
        case Slice():
            return 1
    raise AssertionError(axis_map)
