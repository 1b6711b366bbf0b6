"""What a tile of a larger image must read beyond the pixels it owns: the halo, exactly, along each axis.

A tile begins at a multiple of the grid (the stride product), and ends where the image may end: at the image's own size
less a multiple of the grid. Then each of its units is one of the image, and right unless something that it reads, at
any layer, lies beyond the tile. Where the tile ends at the image's own border the padding is the image's: there nothing
is wrong. The margins that are wrong elsewhere follow layer by layer, from the first position of which a map reads one
that is wrong or missing.

The halo is the least number of pixels such that units whose own pixels begin so far from the tile's start (or end so
far from its end) are right, and read no more than that beyond the first of their own. Unit u owns the pixels from
offset + u S on, S of them: unpadded windows leave a smaller map, which lies in the middle of the input (Ronneberger,
Fischer, Brox, MICCAI 2015, arXiv 1505.04597: 572 to 388, and so 92).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm, prod

from ..network.graph import Graph, Node
from ..network.maps import AxisMap, Lookup, Transposed
from ..network.operations import JOINS, NORM, PLACE
from ..network.window import Window
from .field import AxisField, fields, per_axis
from .gates import flat_nodes, with_gates
from .input_sizes import is_global
from .pattern import pattern

STRIDES = "branches of several strides meet"  # then no grid fits


@dataclass(frozen=True, slots=True)
class Reason:
    """What makes tiling inexact: a node of the graph, and what it does."""

    node: int
    text: str
    at_border: bool = False  # only what lies near the image's own border is concerned


@dataclass(frozen=True, slots=True)
class AxisHalo:
    """The halo of one feature map along one axis; ``before`` and ``after`` in input positions."""

    before: int
    after: int
    lead: int  # units at a tile's start that are not those of the image
    trail: int  # units at its end
    stride: Fraction  # input positions per unit
    offset: int  # the first pixel that unit 0 owns

    def first(self, unit: int) -> int:
        """The first pixel that ``unit`` owns."""
        return floor(unit * self.stride) + self.offset

    def end(self, unit: int) -> int:
        """The pixel after the last that ``unit`` owns."""
        return ceil((unit + 1) * self.stride) + self.offset


@dataclass(frozen=True, eq=False)
class Halo:
    """The halos of all nodes of ``graph``: what passes through gates is read, what is the same everywhere is not.

    ``flat``: the nodes that are the same everywhere, as they are made of all positions. ``reasons``: what makes tiling
    inexact whatever the overlap; the halos are those without it.
    """

    graph: Graph
    fields: list[tuple[AxisField, ...]]
    flat: frozenset[int]
    reasons: tuple[Reason, ...]
    margins: tuple[list["Margins"], ...]  # per axis, of every node

    @property
    def exact(self) -> bool:
        """Whether tiles that overlap by the halo give what the whole image does."""
        return not self.reasons

    @cached_property
    def end(self) -> int:
        """The node whose halo is told: the output, or the last map before what has no positions of its own."""
        return max(self.graph.ancestors - self.flat)

    @cached_property
    def axes(self) -> tuple[AxisHalo, ...] | None:
        """The halo along each axis; None where there is none, as branches of several strides meet."""
        return self.of(self.end)

    @property
    def layers(self) -> list[int]:
        """The layers and joins on the way that have a halo, in order; channels laid between others are one join."""
        graph = self.graph
        return [
            index
            for index in sorted(graph.ancestors - self.flat - {0})
            if index <= self.end and self.of(index) is not None
            if graph.nodes[index].op in JOINS or (graph.nodes[index].maps and graph.nodes[index].op != PLACE)
        ]

    @cached_property
    def grid(self) -> tuple[int, ...]:
        """Pixels of which the start of a tile must be a multiple: also where this input leaves a map one position."""
        local = self.graph.ancestors - self.flat
        return per_axis(self.graph, lambda _, axis: _common_stride(local, self.fields, axis))

    @cached_property
    def phases(self) -> int:
        """Outputs that one place of the grid has: at most so many equal objects get different outputs.

        Rumberger et al., ICCV 2021, arXiv 2101.05846: f^(d l) for l poolings by f along d axes.
        """
        return prod(int(grid / axis.stride) for grid, axis in zip(self.grid, self.axes or (), strict=True))

    def exchange(self, node: int) -> tuple[tuple[int, int], ...] | None:
        """Positions of the map it reads that a layer needs from the tiles beside its own, before and after, per axis.

        None where a layer reads otherwise than by a pattern.
        """
        reads = [pattern(axis_map) for axis_map in self.graph.nodes[node].maps]
        return tuple(read.beyond for read in reads if read) if reads and all(reads) else None

    def of(self, node: int) -> tuple[AxisHalo, ...] | None:
        """The halo of any map: what tiles of it depend on."""
        if any(len(field.periodic_spans) > 1 for field in self.fields[node]):
            return None
        return per_axis(self.graph, lambda _, axis: self._along(node, axis))

    def _along(self, node: int, axis: int) -> AxisHalo:
        field, margins = self.fields[node][axis], self.margins[axis][node]
        lead, right = margins.first, margins.end  # right units run from the one to before the other
        stride, pattern_length = field.stride, len(field.periodic_spans[0].spans)
        offset = max(0, floor(_missing(self.graph, axis, node))) // 2
        blank = AxisHalo(0, 0, lead, field.units - right, stride, offset)
        firsts = (field.span(lead + turn) for turn in range(pattern_length))
        lasts = (field.span(right - 1 - turn) for turn in range(pattern_length))
        before = [blank.first(lead) - span[0] for span in firsts if span]
        after = [span[1] + 1 - blank.end(right - 1) for span in lasts if span]
        if lead:
            before.append(blank.first(lead - 1) + 1)
        if right < field.units:
            after.append(field.input_side - blank.end(right) + 1)
        return AxisHalo(max([0, *before]), max([0, *after]), lead, field.units - right, stride, offset)


@dataclass(frozen=True, slots=True)
class Margins:
    """Which units of a map are right, from ``first`` to before ``end``: those of a tile of the input's size.

    The image goes on beyond both ends of it.
    """

    first: int
    end: int


def halo(graph: Graph, known: list[tuple[AxisField, ...]] | None = None) -> Halo:
    """The halo of every map of ``graph``; ``known``: its fields, if it has no gates.

    >>> [(axis.before, axis.after) for axis in halo(graph_of(parse("64; conv k3 s2 p1; conv k3 p1"))).axes]
    [(3, 2)]
    >>> halo(graph_of(parse("64; conv k3 x4"))).axes[0].offset
    4
    """
    gated = with_gates(graph)
    flat = _flat(gated)
    local = _local(gated, flat)
    node_fields = fields(local) if known is None or local is not graph else known
    margins = per_axis(local, node_margins)
    return Halo(local, node_fields, flat, tuple(_reasons(graph, gated, flat, node_fields)), margins)


def stride_grid(graph: Graph, node_fields: list[tuple[AxisField, ...]]) -> tuple[int, ...]:
    """Input positions after which the strides on the way to the output repeat, per axis: the stride product.

    A map of one position has no stride: nothing repeats in it.
    """

    def along(_: Graph, axis: int) -> int:
        longer = (index for index in graph.ancestors if graph.nodes[index].size[axis] > 1)
        return _common_stride(longer, node_fields, axis)

    return per_axis(graph, along)


def _common_stride(nodes: Iterable[int], node_fields: list[tuple[AxisField, ...]], axis: int) -> int:
    """Input positions after which the strides of some nodes repeat."""
    spans = (spans for index in sorted(nodes) for spans in node_fields[index][axis].periodic_spans)
    return lcm(*(one.rate.numerator for one in spans if one.rate))


def _flat(graph: Graph) -> frozenset[int]:
    """The nodes that have one position along an axis, made of all, or were spread from such."""
    flat = set(flat_nodes(graph))
    for index, node in enumerate(graph.nodes[1:], start=1):
        below = graph.nodes[node.inputs[0]].size
        if flat.issuperset(node.inputs) or any(is_global(node, axis, side) for axis, side in enumerate(below)):
            flat.add(index)
    return frozenset(flat)


def _local(graph: Graph, flat: frozenset[int]) -> Graph:
    """The graph whose nodes read nothing flat beside what is not; ``graph`` itself where none does."""

    def kept(node: Node) -> Node:
        local = tuple(source for source in node.inputs if source not in flat)
        return replace(node, inputs=local) if local and local != node.inputs else node

    nodes = tuple(map(kept, graph.nodes))
    return graph if all(new is old for new, old in zip(nodes, graph.nodes, strict=True)) else Graph(nodes)


def node_margins(graph: Graph, axis: int) -> list[Margins]:
    """The margins of every node along one axis."""
    result = [Margins(0, graph.input.size[axis])]
    for node in graph.nodes[1:]:
        sources = [result[source] for source in node.inputs]
        first, end = max(source.first for source in sources), min(source.end for source in sources)
        if node.maps and (read := pattern(node.maps[axis])) is not None:
            first, end = read.first(first), read.end(end)
        result.append(Margins(max(0, first), min(node.size[axis], end)))
    return result


def _reasons(
    graph: Graph, gated: Graph, flat: frozenset[int], node_fields: list[tuple[AxisField, ...]]
) -> Iterator[Reason]:
    """What tiles cannot give, in order; what is read in a gate is named where the gate weighs."""
    for index in sorted(gated.ancestors - {0}):
        node = graph.nodes[index]
        if node.op == NORM and node.gates:
            yield Reason(index, "takes statistics over all positions")
        elif flat.intersection(node.gates):
            yield Reason(index, "is weighed by numbers that are made of all positions")
        elif index in flat:
            if index in graph.ancestors and not flat.intersection(node.inputs):
                yield Reason(index, "reads all positions")
        elif node.lookup is not None:
            yield Reason(index, "reads positions that lie anywhere")
        elif any(map(_is_circular, node.maps)):
            yield Reason(index, "wraps round: at one border of the image it reads the other", at_border=True)
        elif any(pattern(axis_map) is None for axis_map in node.maps):
            yield Reason(index, "reads positions that depend on the size of the map")
        elif not node.maps and any(_is_laid(gated.nodes[source]) for source in node.inputs):
            yield Reason(index, "lays maps end to end")
        elif _meets_strides(gated, index, node_fields):
            yield Reason(index, STRIDES)


def _is_circular(axis_map: AxisMap) -> bool:
    return isinstance(axis_map, Window) and axis_map.border == "circular" and any(axis_map.pad)


def _is_laid(node: Node) -> bool:
    """Whether a map was given a place in a larger one, beside others."""
    return node.op == PLACE and any(isinstance(axis_map, Window) and any(axis_map.pad) for axis_map in node.maps)


def _meets_strides(graph: Graph, index: int, node_fields: list[tuple[AxisField, ...]]) -> bool:
    """Whether strides meet in this node, and in none before it."""

    def several(node: int) -> bool:
        return any(len(field.periodic_spans) > 1 for field in node_fields[node])

    return several(index) and not any(map(several, graph.nodes[index].inputs))


def _missing(graph: Graph, axis: int, node: int) -> Fraction:
    """Input positions by which a map falls short of its input, for want of padding; what strides leave over aside."""
    missing = Fraction(0)
    while node:
        current = graph.nodes[node]
        source = current.inputs[0]
        missing = _kept(current, axis) * missing + _shortfall(current, axis, graph.nodes[source].size[axis])
        node = source
    return missing


def _kept(node: Node, axis: int) -> Fraction:
    """Positions read per position of a node's map."""
    if not node.maps:
        return Fraction(1)
    outputs, inputs = node.maps[axis].period()
    return Fraction(inputs, outputs)


def _shortfall(node: Node, axis: int, below: int) -> Fraction:
    """Positions of the map read by which a node's map, times its stride, falls short."""
    if not node.maps:
        return Fraction(0)
    match node.maps[axis]:
        case Window() as window:
            return Fraction(window.span - window.stride - sum(window.pad))
        case Transposed(window):
            return Fraction(window.stride - window.span + sum(window.pad), window.stride)
        case Lookup():
            return Fraction(0)
        case _:
            return below - node.size[axis] * _kept(node, axis)
