"""What is counted: the nodes of a network, in order, with their sizes and the axis maps between them.

A typed network becomes a graph here; every exact analysis asks graphs only. Building one allocates nothing large:
sizes are planned and limits checked first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np

from ..errors import LimitError, NetworkError, UserError
from . import limits
from .layers import Item, Join, Layer
from .maps import AxisMap, Lookup
from .network import Network
from .operations import ADD, CONCAT, INPUT, JOINS, Operation

_KEPT = 4096  # maps of layers over sizes
_reaches: dict[
    tuple[int, tuple[int, ...]], tuple[Layer, tuple[AxisMap, ...], tuple[int, ...]]
] = {}  # by a layer's id and the size that it reads


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One feature map and how its positions read those of its inputs.

    A node reads through ``maps`` (one per axis), through ``lookup`` (positions in row-major order), or, where both
    are absent, position by position. What is listed under ``gates`` scales the node and carries no path of its own
    (:mod:`.exact.gates`).
    """

    op: Operation
    text: str  # as messages show it: a layer's own text, an operator's name
    inputs: tuple[int, ...]
    size: tuple[int, ...]
    channels: int
    maps: tuple[AxisMap, ...] = ()
    lookup: Lookup | None = None
    groups: int | None = None  # channels mix within each of so many groups; None: every channel stays by itself
    channel_reads: np.ndarray | None = None  # (channels, reads) of the input's channels, -1 for no read
    layer: Layer | None = None
    path: str = ""  # of a traced node: the module that made it
    gates: tuple[int, ...] = ()  # read position by position, as ``inputs`` are, where gates are asked for

    @property
    def positions(self) -> int:
        return prod(self.size)


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes in topological order: the input first, the output last."""

    nodes: tuple[Node, ...]

    @property
    def input(self) -> Node:
        return self.nodes[0]

    @property
    def output(self) -> Node:
        return self.nodes[-1]

    @cached_property
    def ancestors(self) -> frozenset[int]:
        """The nodes that the output depends on through inputs, gates left out; the output itself included.

        >>> sorted(graph_of(parse("8; add(skip | conv k3 p1)")).ancestors)
        [0, 1, 2]
        """
        found = {len(self.nodes) - 1}
        for index in reversed(range(len(self.nodes))):
            if index in found:
                found.update(self.nodes[index].inputs)
        return frozenset(found)

    @cached_property
    def separable(self) -> bool:
        """Whether this is a chain whose axes never meet: a count is then the outer product of one for each axis."""
        nodes = [self.nodes[index] for index in self.ancestors]
        chain = all(len(node.inputs) <= 1 for node in nodes)
        return chain and (len(self.input.size) == 1 or all(node.lookup is None for node in nodes))

    @cached_property
    def axes_alike(self) -> bool:
        """Whether all axes have the same sizes and the same maps."""
        nodes = [self.nodes[index] for index in self.ancestors]
        shared = {id(node.maps): node.maps for node in nodes}  # repeated layers share theirs
        square = all(len(set(node.size)) == 1 for node in nodes)
        return square and all(len(set(maps)) <= 1 for maps in shared.values())

    def name(self, index: int) -> str:
        """How messages name a node: ``layer 4 (conv k7)``; joins by their kind alone."""
        node = self.nodes[index]
        text = node.op.name if node.op in JOINS else node.text
        if node.path:
            text = f"{node.path}: {text}"
        return f"layer {index} ({text})" if index else "the input"


def graph_of(network: Network) -> Graph:
    """The graph of a network.

    Raises :class:`~.errors.NetworkError` naming the first layer that cannot be applied, or
    :class:`~.errors.LimitError` naming the first that grows beyond a limit.

    >>> [node.size for node in graph_of(Network((9,))).nodes]
    [(9,)]
    """
    nodes = [Node(INPUT, "input", (), network.size, network.channels or 1)]
    _append(nodes, network.layers, 0)
    return Graph(tuple(nodes))


def _append(nodes: list[Node], items: tuple[Item, ...], source: int) -> int:
    """Adds the nodes of ``items``, read from node ``source``; returns the index of the last."""
    for item in items:
        if isinstance(item, Join):
            ends = tuple(_append(nodes, branch, source) for branch in item.branches)
            with _naming(len(nodes), item):
                nodes.append(_join(item, [nodes[end] for end in ends], ends))
        else:
            with _naming(len(nodes), item):
                nodes.append(_repeated(nodes, item, source) or _layer(item, nodes, source))
        source = len(nodes) - 1
    return source


def _repeated(nodes: list[Node], layer: Layer, index: int) -> Node | None:
    """The node of a layer that reads its like and keeps the size: the same again, maps and all."""
    source = nodes[index]
    if source.layer is not layer or nodes[source.inputs[0]].size != source.size:
        return None
    if nodes[source.inputs[0]].channels != source.channels:
        return None
    return replace(source, inputs=(index,))


def _layer(layer: Layer, nodes: list[Node], index: int) -> Node:
    """One layer, applied to node ``index``: its sizes and maps."""
    source, text = nodes[index], str(layer)
    channels, groups = _channels(layer, source.channels)
    if layer.op.lookup is not None:
        drawn = {id(node.lookup): node.lookup.sources.size for node in nodes if node.lookup is not None}
        reads = source.positions * (layer.connections + 1) + sum(drawn.values())
        if reads > limits.MAX_MAP_POSITIONS:
            raise LimitError(f"{reads} random connections are more than {limits.MAX_MAP_POSITIONS}; use fewer")
        lookup = layer.op.lookup(layer, source.positions)
        return Node(layer.op, text, (index,), source.size, channels, lookup=lookup, layer=layer)
    maps, size = _reach(layer, source.size)
    return Node(layer.op, text, (index,), size, channels, maps, groups=groups, layer=layer)


def _reach(layer: Layer, source: tuple[int, ...]) -> tuple[tuple[AxisMap, ...], tuple[int, ...]]:
    """The maps of a layer over a map of a size, and the size that it gives; networks of a family share them."""
    key = id(layer), source
    if (known := _reaches.get(key)) is not None:
        return known[1:]
    maps, size = _planned(layer, source)
    if len(_reaches) >= _KEPT:
        _reaches.clear()
    _reaches[key] = layer, maps, size  # which keeps the layer, and so its id
    return maps, size


def _planned(layer: Layer, source: tuple[int, ...]) -> tuple[tuple[AxisMap, ...], tuple[int, ...]]:
    if layer.op.maps is None:
        raise AssertionError(str(layer))
    maps = layer.op.maps(layer, source)
    size = tuple(axis_map.out_size(n) for axis_map, n in zip(maps, source, strict=True))
    if prod(size) > limits.MAX_MAP_POSITIONS:
        raise LimitError(
            f"a feature map of {size_text(size)} is larger than {limits.MAX_MAP_POSITIONS} positions; "
            "use a smaller input, padding or factor"
        )
    for axis_map, n in zip(maps, source, strict=True):
        if layer.op.pools and max(layer.dilation) > 1 and not axis_map.push(np.ones(n, dtype=object)).all():
            raise NetworkError(
                f"a pooling window reads padding only, between {n} samples that its dilation steps over; "
                "use less padding or dilation"
            )
    return maps, size


def _channels(layer: Layer, incoming: int) -> tuple[int, int | None]:
    """Channels that leave the layer, and the groups within which they mix."""
    if not layer.op.learned:
        return incoming, None
    outgoing = incoming if layer.channels is None else layer.channels
    if incoming % layer.groups or outgoing % layer.groups:
        raise NetworkError(
            f"{layer.groups} groups do not divide {incoming} channels in and {outgoing} out; "
            "choose groups that divide both, or set channels with c (as in 64x64 c8)"
        )
    return outgoing, layer.groups


def _join(join: Join, ends: list[Node], inputs: tuple[int, ...]) -> Node:
    sizes = [end.size for end in ends]
    if len(set(sizes)) > 1:
        raise NetworkError(
            f"its branches give maps of {' and '.join(map(size_text, sizes))}; "
            "give every branch the same total stride, and padding that keeps its size"
        )
    channels = [end.channels for end in ends]
    if join.op == ADD and len(set(channels)) > 1:
        raise NetworkError(
            f"its branches give {' and '.join(map(str, channels))} channels; set the same with c, or use concat"
        )
    total = sum(channels) if join.op == CONCAT else channels[0]
    if total > limits.MAX_CHANNELS:
        raise LimitError(f"{total} channels are more than {limits.MAX_CHANNELS}; use fewer")
    return Node(join.op, str(join), inputs, sizes[0], total)


@contextmanager
def _naming(index: int, item: Item) -> Iterator[None]:
    """Adds the place to what the inner code knows."""
    try:
        yield
    except UserError as error:
        text = item.op.name if isinstance(item, Join) else str(item)
        raise type(error)(f"layer {index} ({text}): {error}") from error


def size_text(size: tuple[int, ...]) -> str:
    """``32x48``: a size as users write it."""
    return "x".join(map(str, size))
