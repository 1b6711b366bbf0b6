"""Brute force: every path of a small network, one by one, from an output unit back to the input.

Of each path it is told where it begins, whether it passes through padding, and how many windows are on it. Nothing
here asks ``core`` but for the parsed layers.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from math import comb

from core.network import Network
from core.network.layers import Item, Join, Layer
from tests.oracles import axis_reads, padded_row, padding

Position = tuple[int, ...]
Path = tuple[Position, bool, int]  # the pixel, whether padding is on the way, how many windows are
_WINDOWS = ("conv", "maxpool", "avgpool", "blur", "tconv", "attn")


def paths(network: Network, unit: Position, zeros: bool = False) -> Iterator[Path]:
    """Every path to an output unit; ``zeros``: whether taps on zeros go on, to the nearest sample."""
    return _walk(network.layers, network.size, unit, zeros)


def output_size(network: Network) -> Position:
    return _size(network.layers, network.size)


def _walk(items: Sequence[Item], size: Position, position: Position, zeros: bool) -> Iterator[Path]:
    if not items:
        yield position, False, 0
        return
    before, last = items[:-1], items[-1]
    for middle, padded, windows in _through(last, _size(before, size), position, zeros):
        for pixel, also, more in _walk(before, size, middle, zeros):
            yield pixel, padded or also, windows + more


def _through(item: Item, below: Position, position: Position, zeros: bool) -> Iterator[Path]:
    if isinstance(item, Join):
        for branch in item.branches:
            yield from _walk(branch, below, position, zeros)
        return
    along = [_reads(item, axis, side, at, zeros) for axis, (side, at) in enumerate(zip(below, position, strict=True))]
    for reads in product(*along):
        yield tuple(at for at, _ in reads), any(padded for _, padded in reads), int(item.op.name in _WINDOWS)


def _reads(layer: Layer, axis: int, side: int, at: int, zeros: bool) -> list[tuple[int, bool]]:
    """What a unit reads along an axis, once for each edge, and whether that lies on padding."""
    if layer.op.name not in ("conv", "maxpool", "avgpool", "blur"):
        return [(source, False) for source in axis_reads(layer, axis, side)[at].elements()]
    before, after = padding(layer, axis)
    nearest = zeros and layer.border == "zeros" and layer.op.name != "maxpool"
    row = padded_row("replicate" if nearest else layer.border, side, before, after)
    result = []
    for tap in range(layer.kernel[axis]):
        place = at * layer.stride[axis] + tap * layer.dilation[axis]
        times = comb(layer.kernel[axis] - 1, tap) if layer.op.name == "blur" else 1
        if row[place] is not None:
            result += [(row[place], not before <= place < before + side)] * times
    return result


def _size(items: Sequence[Item], size: Position) -> Position:
    for item in items:
        if isinstance(item, Join):
            size = _size(item.branches[0], size)
        else:
            size = tuple(len(axis_reads(item, axis, side)) for axis, side in enumerate(size))
    return size
