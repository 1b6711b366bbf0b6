"""Brute force: path counts and fields from an explicit list of every edge. Slow on purpose, and obviously right.

Nothing here asks the axis maps of ``core``: a parsed network's own fields (kernel, stride, padding …) are read, and
every unit of every feature map is written down with the units that it reads, one entry per edge. Only the drawn
positions of ``random`` are taken from ``core``.

A *unit* is (channel, position); spatial counts know one channel, and concat then reads all branches as add does.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache, partial
from itertools import product
from math import comb, floor

import numpy as np

from core.network import Network
from core.network.layers import Item, Join, Layer
from core.network.maps import random_connections

Position = tuple[int, ...]
Unit = tuple[int, Position]
Edge = tuple[int, Unit, int]  # feature map, its unit, how many edges
Reads = Callable[[int], frozenset[int]]  # a unit's input positions


class Adjacency:
    """Every feature map of a network, in the order of its layers, as ``{unit: edges to what it reads}``."""

    def __init__(self, network: Network, channels: bool = False) -> None:
        self.by_channel = channels
        self.sizes = [network.size]
        self.widths = [(network.channels or 1) if channels else 1]
        self.maps: list[dict[Unit, list[Edge]]] = [{unit: [] for unit in _units(self.widths[0], network.size)}]
        self._append(network.layers, 0)

    def _append(self, items: Iterable[Item], source: int) -> int:
        for item in items:
            if isinstance(item, Join):
                self._join(item, [self._append(branch, source) for branch in item.branches])
            else:
                self._layer(item, source)
            source = len(self.maps) - 1
        return source

    def _join(self, join: Join, ends: list[int]) -> None:
        stacked = self.by_channel and join.op.name == "concat"
        found: dict[Unit, list[Edge]] = {}
        offset = 0
        for end in ends:
            for channel, position in self.maps[end]:
                found.setdefault((channel + offset, position), []).append((end, (channel, position), 1))
            offset += self.widths[end] if stacked else 0
        self._add(found, self.sizes[ends[0]], offset if stacked else self.widths[ends[0]])

    def _layer(self, layer: Layer, source: int) -> None:
        size, width = self.sizes[source], self.widths[source]
        wide = width if layer.channels is None or not self.by_channel else layer.channels
        groups = layer.groups if self.by_channel else 1
        if layer.op.name == "random":
            drawn = random_connections(int(np.prod(size)), layer.connections, layer.seed).sources.tolist()
            spots = list(product(*map(range, size)))
            reads = {spot: [(spots[at], 1) for at in row] for spot, row in zip(spots, drawn, strict=True)}
        else:
            along = [axis_reads(layer, axis, side) for axis, side in enumerate(size)]
            size = tuple(map(len, along))
            reads = {spot: list(_crossed(along, spot)) for spot in product(*map(range, size))}
        found = {}
        for channel, position in _units(wide, size):
            near: Iterable[int] = [channel]
            if layer.op.name in ("conv", "tconv", "attn"):
                group = channel // (wide // groups)
                near = range(group * (width // groups), (group + 1) * (width // groups))
            found[channel, position] = [(source, (other, at), times) for other in near for at, times in reads[position]]
        self._add(found, size, wide)

    def _add(self, found: dict[Unit, list[Edge]], size: Position, width: int) -> None:
        self.maps.append(found)
        self.sizes.append(size)
        self.widths.append(width)

    def counts(self, first: int, last: int) -> dict[Position, Counter[Position]]:
        """Paths to each position of map ``last`` from each position of map ``first``, all channels of both together."""
        paths = [{unit: Counter[Position]() for unit in found} for found in self.maps]
        for unit in self.maps[first]:
            paths[first][unit][unit[1]] += 1
        for index in range(first + 1, last + 1):
            for unit, edges in self.maps[index].items():
                for source, read, times in edges:
                    for start, count in paths[source][read].items():
                        paths[index][unit][start] += count * times
        result = {position: Counter[Position]() for position in product(*map(range, self.sizes[last]))}
        for (_, position), found in paths[last].items():
            result[position].update(found)
        return result


def count_matrix(network: Network, channels: bool = False, first: int = 0, last: int = -1) -> np.ndarray:
    """Paths from each position of map ``first`` to each of map ``last``: shape (*size of last, *size of first)."""
    adjacency = Adjacency(network, channels)
    first, last = range(len(adjacency.maps))[first], range(len(adjacency.maps))[last]
    result = np.zeros((*adjacency.sizes[last], *adjacency.sizes[first]), dtype=object)
    for unit, found in adjacency.counts(first, last).items():
        for pixel, count in found.items():
            result[(*unit, *pixel)] = count
    return result


def axis_reads(layer: Layer, axis: int, side: int) -> list[Counter[int]]:
    """For every output position along one axis, the input positions it reads, and how often."""
    if layer.op.name == "global":
        return [Counter(range(side))]
    if layer.op.name == "upsample":
        factor = layer.stride[axis]
        reads = [neighbours(unit, factor) if layer.bilinear else [unit // factor] for unit in range(side * factor)]
        return [Counter(min(max(at, 0), side - 1) for at in row) for row in reads]
    if layer.op.name == "attn":
        return [Counter(attended(str(layer), axis, query, side)) for query in range(side)]
    kernel, stride, dilation = layer.kernel[axis], layer.stride[axis], layer.dilation[axis]
    before, after = padding(layer, axis)
    if layer.op.name == "tconv":
        whole = (side - 1) * stride + dilation * (kernel - 1) + 1
        spread = [Counter[int]() for _ in range(whole)]
        for at, tap in product(range(side), range(kernel)):
            spread[at * stride + dilation * tap][at] += 1
        return spread[before : whole - after]
    shown = padded_row(layer.border, side, before, after)
    result = []
    for start in range(0, len(shown) - dilation * (kernel - 1), stride):
        row = Counter[int]()
        for tap in range(kernel):
            at = shown[start + dilation * tap]
            if at is not None:
                row[at] += comb(kernel - 1, tap) if layer.op.name == "blur" else 1
        result.append(row)
    return result


def attended(text: str, axis: int, query: int, side: int) -> list[int]:
    """The keys that a query may read along one axis, as the words of its layer's text say."""
    words = dict(re.findall(r"(w|shift|near|d)(\d[\dx]*)", text))
    number = {
        name: [int(each) for each in value.split("x")][-1 if "x" not in value else axis]
        for name, value in words.items()
    }
    keys = range(side)
    if "near" in number:
        own = [key for key in keys if (key - query) % number.get("d", 1) == 0]
        places = range(len(own) - number["near"] + 1)
        middle = [own[place + number["near"] // 2] for place in places]
        place = min(places, key=lambda start: abs(middle[start] - query))
        return own[place : place + number["near"]]
    if "causal" in text:
        return [key for key in keys if query - number.get("w", side) < key <= query]
    if "w" in number:
        cuts = range(number.get("shift", 0) - number["w"], side, number["w"])
        window = {key: max(cut for cut in cuts if cut <= key) for key in keys}
        return [key for key in keys if window[key] == window[query]]
    return list(keys)


def padding(layer: Layer, axis: int) -> tuple[int, int]:
    reach = layer.dilation[axis] * (layer.kernel[axis] - 1)
    if layer.pad == "same":
        return reach // 2, (reach + 1) // 2
    if layer.pad == "full":
        return reach, reach
    return layer.pad[axis]


def padded_row(border: str, side: int, before: int, after: int) -> list[int | None]:
    """The positions 0 … side-1 with their padding written out; None is a zero."""
    row = list(range(side))
    if border == "zeros":
        return [None] * before + row + [None] * after
    if border == "replicate":
        return [0] * before + row + [side - 1] * after
    if border == "circular":
        return row[side - before :] + row + row[:after]
    mirror = row[::-1]
    if border == "symmetric":
        return mirror[side - before :] + row + mirror[:after]
    return mirror[side - 1 - before : side - 1] + row + mirror[1 : after + 1]


def neighbours(unit: int, factor: int) -> list[int]:
    """The samples between which ``unit`` of a bilinear upsampling falls, or the one on which it falls."""
    at = (unit + Fraction(1, 2)) / factor - Fraction(1, 2)
    return [int(at)] if at.denominator == 1 else [floor(at), floor(at) + 1]


def endless_reads(network: Network, axis: int = 0) -> Callable[[int], frozenset[int]]:
    """Which input positions along ``axis`` an output unit reads, as if every map went on for ever; not ``random``."""
    return _endless(network.layers, axis, lambda unit: frozenset([unit]), network.size[axis])[0]


def _endless(items: Iterable[Item], axis: int, reads: Reads, side: int) -> tuple[Reads, int]:
    for item in items:
        if isinstance(item, Join):
            ends = [_endless(branch, axis, reads, side) for branch in item.branches]
            reads, side = partial(_union, [end for end, _ in ends]), ends[0][1]
        else:
            reads, side = cache(partial(_through, reads, item, axis, side)), len(axis_reads(item, axis, side))
    return reads, side


def _union(branches: list[Reads], unit: int) -> frozenset[int]:
    return frozenset().union(*(reads(unit) for reads in branches))


def _through(reads: Reads, layer: Layer, axis: int, side: int, unit: int) -> frozenset[int]:
    return frozenset().union(*(reads(at) for at in _taps(layer, axis, side, unit)))


def _taps(layer: Layer, axis: int, side: int, unit: int) -> Iterable[int]:
    if layer.op.name == "global":
        return range(unit * side, (unit + 1) * side)
    if layer.op.name == "attn":
        return [key + unit // side * side for key in attended(str(layer), axis, unit % side, side)]
    if layer.op.name == "upsample":
        return neighbours(unit, layer.stride[axis]) if layer.bilinear else [unit // layer.stride[axis]]
    stride, steps = layer.stride[axis], [layer.dilation[axis] * tap for tap in range(layer.kernel[axis])]
    before, _ = padding(layer, axis)
    if layer.op.name == "tconv":
        reached = [unit + before - step for step in steps]
        return [at // stride for at in reached if at % stride == 0]
    return [unit * stride - before + step for step in steps]


def _units(width: int, size: Position) -> Iterator[Unit]:
    return product(range(width), product(*map(range, size)))


def _crossed(along: list[list[Counter[int]]], spot: Position) -> Iterator[tuple[Position, int]]:
    for reads in product(*(axis[at].items() for axis, at in zip(along, spot, strict=True))):
        times = 1
        for _, edges in reads:
            times *= edges
        yield tuple(at for at, _ in reads), times
