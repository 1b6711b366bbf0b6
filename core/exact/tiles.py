"""Tiles of a size: which of their outputs are those of the image, what they cost, and what less overlap loses.

A tile is legal where its size is the input's less (or more) a multiple of the grid: tiles of one size that begin on the
grid then end where the image ends. Of an image that goes on for ever each tile owns ``step`` pixels along an axis, the
largest multiple of the grid of which all outputs are right.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import ceil, floor, prod

import numpy as np

from ..errors import LimitError, UserError
from ..network.graph import Graph, size_text
from ..network.window import Window
from .cost import Cost, cost
from .halo import STRIDES, AxisHalo, Halo
from .paths import tower_from
from .tile_graph import size_at, tile_graph

FLOAT = 4  # bytes of a value in float32
MAX_TILE = 8192  # pixels a side


@dataclass(frozen=True, slots=True)
class Lost:
    """What an overlap smaller than the halo loses, in a tile with neighbours on all sides."""

    outputs: int  # that the tile gives and that are not the image's
    share_most: Fraction  # of the paths of one of them
    shares: np.ndarray  # of the paths of each output of a tile, as fractions; one axis per axis of the map


@dataclass(frozen=True, eq=False)
class Tiles:
    """Tiles of ``size`` pixels. Kept are outputs whose own pixels lie ``overlap`` (before, after) from its edges."""

    halo: Halo
    size: tuple[int, ...]
    overlap: tuple[tuple[int, int], ...]

    @cached_property
    def axes(self) -> tuple[AxisHalo, ...]:
        return known_axes(self.halo)

    @cached_property
    def outputs(self) -> tuple[int, ...]:
        """Of a tile, right or wrong, along each axis."""
        return size_at(self.halo, self.halo.end, self.size)

    @cached_property
    def owned(self) -> tuple[tuple[int, int], ...]:
        """First output that is kept, and the one after the last, of a tile with neighbours, per axis."""
        return tuple(self.kept(axis, sides) for axis, sides in enumerate(self.overlap))

    def kept(self, axis: int, overlap: tuple[int, int]) -> tuple[int, int]:
        """The same along one axis, with another overlap before and after."""
        return _kept(self.axes[axis], self.size[axis], self.outputs[axis], overlap)

    @cached_property
    def step(self) -> tuple[int, ...]:
        """Pixels from one tile to the next: a multiple of the grid; 0 where a tile gives too few outputs for that."""
        return tuple(
            int((end - first) * axis.stride) // grid * grid
            for (first, end), axis, grid in zip(self.owned, self.axes, self.halo.grid, strict=True)
        )

    @cached_property
    def graph(self) -> Graph:
        """Of one tile."""
        return tile_graph(self.halo, self.size)

    @cached_property
    def cost(self) -> Cost:
        """Of one tile."""
        return cost(self.graph)

    @cached_property
    def recomputed(self) -> Fraction | None:
        """Multiply-adds over those of a large image computed at once: 1 where nothing is computed twice."""
        blocks = prod(step // grid for step, grid in zip(self.step, self.halo.grid, strict=True))
        per_block = 0  # multiply-adds grow by so much with a grid of pixels more on each axis
        for grown in product((0, 1), repeat=len(self.size)):
            size = tuple(side + more * grid for side, more, grid in zip(self.size, grown, self.halo.grid, strict=True))
            sign = (-1) ** (len(grown) - sum(grown))
            per_block += sign * cost(tile_graph(self.halo, size)).multiply_adds
        return Fraction(self.cost.multiply_adds, per_block * blocks) if per_block and blocks else None

    @cached_property
    def bytes(self) -> int:
        """Of the feature maps that a pass holds at once, in float32; weights and buffers of kernels come on top."""
        nodes = self.graph.nodes
        last = {source: index for index, node in enumerate(nodes) for source in node.inputs}
        held = most = 0
        for index, node in enumerate(nodes):
            held += FLOAT * node.channels * node.positions
            most = max(most, held)
            held -= sum(
                FLOAT * nodes[source].channels * nodes[source].positions
                for source in set(node.inputs)
                if last[source] == index
            )
        return most

    @cached_property
    def lost(self) -> Lost:
        """What is wrong among the outputs that are kept, and the share of their paths that leave the tile.

        Far from the edges nothing changes with the size, so that shares are counted in a tile no larger than needed.
        """
        least = least_size(self.halo)
        size = tuple(map(min, self.size, least))
        shares = path_shares(self.halo, size)
        ends = (
            end + shown - units for (_, end), shown, units in zip(self.owned, shares.shape, self.outputs, strict=True)
        )
        kept = shares[tuple(slice(first, end) for (first, _), end in zip(self.owned, ends, strict=True))]
        right = prod(
            max(0, min(end, units - axis.trail) - max(first, axis.lead))
            for (first, end), units, axis in zip(self.owned, self.outputs, self.axes, strict=True)
        )
        total = prod(end - first for first, end in self.owned)
        return Lost(total - right, max(kept.flat, default=Fraction(0)), shares)


def share_map(tiles: Tiles) -> np.ndarray:
    """The share of the paths of every output that leaves a tile with neighbours all round, as floats: the whole tile.

    >>> share_map(tiles_of(DesignAnalysis(design_of("8; conv k3 p1")).halo, (6,))).round(2).tolist()
    [0.33, 0.0, 0.0, 0.0, 0.0, 0.33]
    """
    shares = tiles.lost.shares.astype(float)
    places = []
    for axis, units, shown, grid in zip(tiles.axes, tiles.outputs, shares.shape, tiles.halo.grid, strict=True):
        unit, block = np.arange(units), int(grid / axis.stride)
        inside = np.where(unit < axis.lead, unit, axis.lead + (unit - axis.lead) % block)
        places.append(unit if units == shown else np.where(unit >= units - axis.trail, unit + shown - units, inside))
    return np.asarray(shares[np.ix_(*places)])


def tiles_of(halo: Halo, size: tuple[int, ...], overlap: int | None = None) -> Tiles:
    """Tiles of a size that overlap by the halo, or by so many pixels on every side.

    Raises :class:`~.errors.UserError` for a size that is not legal, or that leaves a tile nothing to own.
    """
    axes = known_axes(halo)
    for side, whole, grid in zip(size, halo.graph.input.size, halo.grid, strict=True):
        if (side - whole) % grid:
            below = side - (side - whole) % grid
            raise UserError(
                f"tiles of {side} do not begin on multiples of {grid} and end where an input of {whole} does; "
                f"take {below} or {below + grid}, or another input"
            )
    if max(size) > MAX_TILE:
        raise LimitError(f"a tile of {size_text(size)} is larger than {MAX_TILE} a side; take a smaller one")
    if (least := least_size(halo)) and overlap is None and any(map(int.__lt__, size, least)):
        raise UserError(f"a tile of {size_text(size)} gives too few right outputs; take {size_text(least)} or more")
    if overlap is not None and not _runs(halo, size):
        raise UserError(f"the network does not run on {size_text(size)}; take a larger tile")
    tiles = Tiles(halo, size, _stated(halo) if overlap is None else ((overlap, overlap),) * len(axes))
    if not all(tiles.step):
        raise UserError(
            f"tiles of {size_text(size)} that overlap by {overlap} on every side own less than the grid of "
            f"{size_text(halo.grid)}; take larger tiles or less overlap"
        )
    return tiles


def known_axes(halo: Halo) -> tuple[AxisHalo, ...]:
    """The halo; raises :class:`~.errors.UserError` where there is none."""
    if halo.axes is None:
        place = next(reason.node for reason in halo.reasons if reason.text == STRIDES)
        raise UserError(f"{STRIDES} in {halo.graph.name(place)}, so that no grid fits tiles; end before it (--stage)")
    return halo.axes


def _stated(halo: Halo) -> tuple[tuple[int, int], ...]:
    return tuple((axis.before, axis.after) for axis in known_axes(halo))


def least_size(halo: Halo) -> tuple[int, ...]:
    """The smallest tile that owns as much as the grid.

    >>> least_size(DesignAnalysis(design_of("64; conv k3 p1 x4")).halo)
    (9,)
    """
    sides = []
    units = halo.graph.nodes[halo.end].size
    for axis, known in enumerate(known_axes(halo)):
        grid = halo.grid[axis]
        block = grid / known.stride
        more = ceil((known.lead + known.trail + block - units[axis]) / block)
        sides.append(halo.graph.input.size[axis] + more * grid)
    while not _runs(halo, tuple(sides)):
        sides = [side + grid for side, grid in zip(sides, halo.grid, strict=True)]
    while not all(
        steps := Tiles(halo, tuple(sides), _stated(halo)).step
    ):  # outputs finer than pixels are kept in pairs
        sides = [side + (not step) * grid for side, step, grid in zip(sides, steps, halo.grid, strict=True)]
    return tuple(sides)


def largest_size(halo: Halo, most_bytes: int) -> tuple[int, ...]:
    """The largest tile, as many grids larger than the smallest on every axis, whose feature maps fit.

    Raises :class:`~.errors.LimitError` where the smallest does not.
    """
    least = least_size(halo)

    def grown(more: int) -> tuple[int, ...]:
        return tuple(side + more * grid for side, grid in zip(least, halo.grid, strict=True))

    if (needed := tiles_of(halo, least).bytes) > most_bytes:
        raise LimitError(
            f"the smallest tile, {size_text(least)}, holds {needed:,} bytes of feature maps, more than {most_bytes:,}"
        )
    low, high = 0, (MAX_TILE - max(least)) // max(halo.grid)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if tiles_of(halo, grown(middle)).bytes <= most_bytes else (low, middle - 1)
    return grown(low)


def path_shares(halo: Halo, size: tuple[int, ...]) -> np.ndarray:
    """The share of the paths of each output of a tile that leave it, as fractions; the tile has neighbours all round.

    >>> path_shares(DesignAnalysis(design_of("8; conv k3 p1")).halo, (4,)).tolist()
    [Fraction(1, 3), Fraction(0, 1), Fraction(0, 1), Fraction(1, 3)]
    """
    axes = known_axes(halo)
    inside = tower_from(tile_graph(halo, size))[-1].array()
    whole = tower_from(tile_graph(halo, least_size(halo)))[-1].array()
    blocks = (int(grid / axis.stride) for axis, grid in zip(axes, halo.grid, strict=True))
    places = [  # of a unit of the larger map, far from its edges, with the phase of each
        axis.lead + (np.arange(side) - axis.lead) % block
        for axis, side, block in zip(axes, inside.shape, blocks, strict=True)
    ]
    full = whole[np.ix_(*places)]
    shares = [
        Fraction(all_paths - paths, all_paths) if all_paths else Fraction(0)
        for paths, all_paths in zip(inside.flat, full.flat, strict=True)
    ]
    result = np.empty(inside.shape, dtype=object)
    result.flat[:] = shares
    return result


def _kept(axis: AxisHalo, side: int, units: int, overlap: tuple[int, int]) -> tuple[int, int]:
    """The first unit that lies so far from a tile's start, and the one after the last so far from its end."""
    before, after = overlap
    first = max(0, ceil((before - axis.offset) / axis.stride))
    while axis.first(first) < before:
        first += 1
    end = min(units, floor((side - after - axis.offset) / axis.stride))
    while end > first and axis.end(end - 1) > side - after:
        end -= 1
    return first, max(first, end)


def _runs(halo: Halo, size: tuple[int, ...]) -> bool:
    """Whether every layer has its place in a tile: mirrored padding, say, needs samples to mirror."""
    graph, end = halo.graph, halo.end
    for index in sorted(graph.ancestors - {0}):
        node = graph.nodes[index]
        if index > end or index in halo.flat or not node.maps:
            continue
        below = size_at(halo, node.inputs[0], size)
        for axis_map, side, units in zip(node.maps, below, size_at(halo, index, size), strict=True):
            if units < 1 or (isinstance(axis_map, Window) and not _fits(axis_map, side)):
                return False
    return True


def _fits(window: Window, side: int) -> bool:
    try:
        window.out_size(side)
    except UserError:
        return False
    return True
