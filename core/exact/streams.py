"""A network along time: what its outputs read before and after, how late they come, and what it keeps meanwhile.

Output unit u *owns* the samples from floor(u S) to before ceil((u + 1) S), S being the stride: its own step of the
input. ``past`` is what it reads before them, ``future`` what it reads after. Where strides and upsampling mix, both
repeat over the units of a period, the *phases*. The latency is the time from the begin of a unit's own samples until
all that it reads has come: one hop and the future. That is how codecs tell it: Encodec's encoder for 24 kHz has 320
samples, 13.3 ms (Défossez et al., 2022, arXiv 2210.13438, section 3.1). The signal goes on for ever here; what its ends
change is their padding.

A stream is fed in blocks of a multiple of ``block`` samples, the stride product. A network is causal if no output reads
anything after the block in which its own samples lie: all of them can be given as soon as that has come. Between blocks
every layer keeps those samples of its input that later outputs read too. Where branches meet, what came early waits:
that is the delay to insert. Vocabulary: google/sequence-layers (arXiv 2507.23292).
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm

from ..errors import NetworkError, UserError
from ..network.graph import Graph, Node
from ..network.maps import AxisMap, Slice, Transposed
from ..network.operations import JOINS
from ..network.window import Window
from .field import AxisField
from .halo import Halo, Reason, halo
from .pattern import pattern
from .stream_time import MapMoment, moments


@dataclass(frozen=True, slots=True)
class Context:
    """Samples that an output reads before and after its own."""

    past: int
    future: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a node keeps between blocks of the map ``source``: ``samples`` of ``channels`` each.

    Beside time a map may have another axis; its positions count as channels.
    """

    node: int
    source: int
    samples: int
    channels: int


@dataclass(frozen=True, slots=True)
class Repadding:
    """A node whose padding moves: before and after, as it is and where nothing looks ahead."""

    node: int
    old: tuple[int, int]
    new: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Stream:
    """The stream of ``graph`` along ``axis``: of its part without what reads all positions, whose reasons are told."""

    graph: Graph
    axis: int
    halo: Halo

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why no stream gives what the network gives, if there is any reason away from the signal's ends."""
        return tuple(reason for reason in self.halo.reasons if not reason.at_border)

    @property
    def field(self) -> AxisField:
        """The fields of the output."""
        return self.halo.fields[self.halo.end][self.axis]

    @cached_property
    def phases(self) -> tuple[Context, ...]:
        """The context of each unit of a period."""
        return _contexts(self.field)

    @property
    def past(self) -> int:
        """Of the phase that looks back farthest."""
        return max(phase.past for phase in self.phases)

    @property
    def future(self) -> int:
        """Of the phase that looks ahead farthest."""
        return max(phase.future for phase in self.phases)

    @property
    def causal(self) -> bool:
        """Whether no output reads anything after the block in which its own samples lie."""
        return not self.reasons and not _leaves_block(self.field, self.block)

    @cached_property
    def looks_ahead(self) -> int | None:
        """The first node that looks ahead; None in a causal network."""
        if self.causal:
            return None
        ahead = (
            index
            for index in sorted(self.halo.graph.ancestors - {0} - self.halo.flat)
            if _leaves_block(self.halo.fields[index][self.axis], self.block)
        )
        return min([*ahead, *(reason.node for reason in self.reasons)])

    @property
    def hop(self) -> Fraction:
        """Input samples from one output to the next."""
        return self.field.stride

    @property
    def output_ratio(self) -> Fraction:
        """Outputs for each input sample."""
        return 1 / self.hop

    @property
    def block(self) -> int:
        """Samples of which blocks are multiples: those after which all strides repeat."""
        return self.halo.grid[self.axis]

    @property
    def latency(self) -> int:
        """Samples from the begin of an output's own until all that it reads has come."""
        return ceil(self.hop) + self.future

    @cached_property
    def moments(self) -> dict[int, MapMoment]:
        """Where every map stands once all of the input before sample 0 has come."""
        return moments(self.halo, self.axis)

    @cached_property
    def kept(self) -> tuple[Kept, ...]:
        """What each node keeps between blocks: of the maps that it reads, the samples that later outputs read too."""
        return tuple(kept for kept in self._waiting if self.halo.graph.nodes[kept.node].op not in JOINS)

    @cached_property
    def delays(self) -> tuple[Kept, ...]:
        """What waits where branches meet: of the earlier branch, the samples that came before the later one's."""
        return tuple(kept for kept in self._waiting if self.halo.graph.nodes[kept.node].op in JOINS)

    @cached_property
    def _waiting(self) -> list[Kept]:
        return _kept(self.halo, self.axis, self.moments)

    @cached_property
    def state_values(self) -> int:
        """Numbers kept between blocks, delays included."""
        return sum(kept.samples * kept.channels for kept in (*self.kept, *self.delays))

    @cached_property
    def repaddings(self) -> tuple[Repadding, ...]:
        """The layers whose padding moves before the samples in the causal network; those that cannot are left."""
        nodes = self.halo.graph.nodes
        moves = ((index, nodes[index]) for index in sorted(self.halo.graph.ancestors) if nodes[index].maps)
        pairs = ((index, node.maps[self.axis], causal_map(node.maps[self.axis])) for index, node in moves)
        return tuple(Repadding(index, _pad(old), _pad(new)) for index, old, new in pairs if new is not old)

    @cached_property
    def made_causal(self) -> "Stream | None":
        """The network with its padding moved; None where branches then differ in size or nothing is left."""
        try:
            return stream(_repadded(self.graph, self.axis), self.axis)
        except UserError:
            return None


def stream(graph: Graph, axis: int = 0, known: Halo | None = None) -> Stream:
    """The stream of ``graph`` along ``axis``; ``known``: its halo, where that was asked for.

    Raises :class:`~.errors.UserError` where branches of several strides meet, where a layer reads positions that lie
    anywhere, and where every output reads nothing of the input or all of it.

    >>> encoder = stream(graph_of(parse("16000; conv k10 s5; conv k3 s2 x4; conv k2 s2 x2")))
    >>> encoder.past, encoder.future, encoder.latency, encoder.hop
    (0, 80, 400, Fraction(320, 1))
    """
    found = known or halo(graph)
    for reason in found.reasons:
        node = found.graph.nodes[reason.node]
        if reason.node not in found.flat and (node.lookup is not None or None in map(pattern, node.maps)):
            raise UserError(
                f"{graph.name(reason.node)} {reason.text}, so that there is no stream; take an earlier stage"
            )
    spans = found.fields[found.end][axis].periodic_spans
    if len(spans) > 1:
        raise UserError(
            "branches of several strides meet, so that no block holds a whole number of outputs; take an earlier stage"
        )
    if not any(spans[0].spans) or not found.end:
        raise UserError("every output reads nothing of the input, or all of it; take an earlier stage")
    return Stream(graph, axis, found)


def _contexts(field: AxisField) -> tuple[Context, ...]:
    stride = field.stride
    found = []
    units = len(field.periodic_spans[0].spans) if len(field.periodic_spans) == 1 else 0
    for unit in range(units):
        if (span := field.span(unit)) is not None:
            first, end = floor(unit * stride), ceil((unit + 1) * stride)
            found.append(Context(max(first - span[0], 0), max(span[1] - end + 1, 0)))
    return tuple(found[: _turn(found, units, stride)]) or (Context(0, 0),)


def _turn(found: list[Context], units: int, stride: Fraction) -> int:
    """Outputs after which contexts repeat, and whole samples have gone by; all ``units`` where some read nothing."""
    turns = (turn for turn in range(1, units) if units % turn == 0 and (turn * stride).denominator == 1)
    return next((turn for turn in turns if len(found) == units and found[turn:] == found[:-turn]), units)


def _leaves_block(field: AxisField, block: int) -> bool:
    """Whether a unit reads anything after the block of samples in which its own lie."""
    if len(field.periodic_spans) > 1:
        return True
    pattern_length, each = len(field.periodic_spans[0].spans), Fraction(block) / field.stride
    spans = ((field.span(unit), floor(unit * field.stride)) for unit in range(lcm(pattern_length, int(each))))
    return any(span is not None and span[1] >= (own // block + 1) * block for span, own in spans)


def _kept(found: Halo, axis: int, times: dict[int, MapMoment]) -> list[Kept]:
    """What waits at every node, in order."""
    nodes = found.graph.nodes
    return [
        Kept(index, source, below.ready - below.kept[index], nodes[source].channels * _beside(nodes[source], axis))
        for index in times
        for source in dict.fromkeys(nodes[index].inputs)
        if (below := times.get(source)) is not None and index in below.kept
    ]


def _beside(node: Node, axis: int) -> int:
    """Positions of a map at one moment."""
    return node.positions // node.size[axis]


def causal_map(axis_map: AxisMap) -> AxisMap:
    """The same map, padded so that no output reads beyond its own samples; itself where it does not, or cannot."""
    match axis_map:
        case Window(pad=(before, after)):
            wanted = axis_map.span - axis_map.stride
            if before >= wanted:
                return axis_map
            return replace(axis_map, pad=(wanted, max(before + after - wanted, 0)))
        case Transposed(window) if window.pad[0] > 0:
            return Transposed(replace(window, pad=(0, sum(window.pad))))
        case _:
            return axis_map


def _pad(axis_map: AxisMap) -> tuple[int, int]:
    assert isinstance(axis_map, Window | Transposed)
    return axis_map.window.pad if isinstance(axis_map, Transposed) else axis_map.pad


def _repadded(graph: Graph, axis: int) -> Graph:
    """The graph with every padding moved. Raises :class:`~.errors.NetworkError` where its maps no longer fit."""
    nodes: list[Node] = [graph.nodes[0]]
    for index, node in enumerate(graph.nodes[1:], start=1):
        below = nodes[node.inputs[0]].size
        if node.maps:
            moved = causal_map(node.maps[axis])
            if isinstance(moved, Slice) and below != graph.nodes[node.inputs[0]].size:
                raise NetworkError(f"{graph.name(index)} depends on the size of the map that it reads")
            maps = (*node.maps[:axis], moved, *node.maps[axis + 1 :])
            size = (*node.size[:axis], moved.out_size(below[axis]), *node.size[axis + 1 :])
            nodes.append(replace(node, maps=maps, size=size))
        elif len({nodes[source].size for source in node.inputs}) > 1:
            raise NetworkError(f"{graph.name(index)} joins maps of different sizes then")
        else:
            nodes.append(replace(node, size=below))
    return Graph(tuple(nodes))
