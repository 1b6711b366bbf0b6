"""Code to take away: a tiled forward pass for one network, with PyTorch alone, and settings for other tilers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from string import Template

from ..exact.halo import Halo, node_margins
from ..exact.input_sizes import sizes_at
from ..exact.tiles import Tiles, known_axes, least_size
from ..network.graph import Graph, size_text

_MOST_GRID = 64  # remainders of a side for which margins are worked out

_CODE = Template('''\
"""A forward pass in tiles that gives what the whole image gives. It needs PyTorch alone.

Made for: $design
$status
"""

import itertools
from collections.abc import Callable

import torch

GRID = $grid  # pixels of which the start of a tile is a multiple, per axis
STRIDE = $stride  # input pixels per output, as numerator and denominator
LEAD = $lead  # outputs at a cut start of a tile that are not the image's
# By the image's side modulo GRID: a side, its outputs, and those at a cut end of a tile that are not the image's.
ENDS = $ends


def tiled(model: Callable[[torch.Tensor], torch.Tensor], image: torch.Tensor, tile: tuple[int, ...]) -> torch.Tensor:
    """What ``model(image)`` gives, from tiles of about ``tile`` pixels, $least or more.

    ``image``: (batch, channels, then its axes), of any size that the model takes whole.
    """
    sides = list(enumerate(image.shape[2:]))
    plans = [_plan(axis, side, tile[axis]) for axis, side in sides]
    result = None
    for cuts in itertools.product(*plans):
        part = model(image[(..., *(slice(start, end) for start, end, _, _, _ in cuts))])
        if result is None:
            result = part.new_empty(*part.shape[:2], *(_outputs(axis, side) for axis, side in sides))
        there = (slice(first, last) for _, _, first, last, _ in cuts)
        here = (slice(first - moved, last - moved) for _, _, first, last, moved in cuts)
        result[(..., *there)] = part[(..., *here)]
    return result


def _plan(axis: int, side: int, tile: int) -> list[tuple[int, int, int, int, int]]:
    """Of each tile the first pixel, the one after the last, the outputs that it owns, and the first that it gives."""
    grid = GRID[axis]
    over, under = STRIDE[axis]
    if side % grid not in ENDS[axis]:
        raise ValueError(f"a side of {side} is no multiple of {grid} plus one of {sorted(ENDS[axis])}; pad the image")
    tile += (side - tile) % grid  # tiles of one size that begin on the grid end where the image ends
    if tile >= side:
        return [(0, side, 0, _outputs(axis, side), 0)]
    right = _outputs(axis, tile) - LEAD[axis] - ENDS[axis][side % grid][2]
    step = right * over // under // grid * grid
    if step < 1:
        raise ValueError(f"a tile of {tile} gives too few right outputs; take $least or more")
    starts = [*range(0, side - tile, step), side - tile]
    moved = [start * under // over for start in starts]
    first = [0, *(begin + LEAD[axis] for begin in moved[1:]), _outputs(axis, side)]
    return [(start, start + tile, *first[i : i + 2], moved[i]) for i, start in enumerate(starts)]


def _outputs(axis: int, side: int) -> int:
    """Outputs along an axis of so many pixels."""
    known, outputs, _ = ENDS[axis][side % GRID[axis]]
    return outputs + (side - known) * STRIDE[axis][1] // STRIDE[axis][0]
''')


def tile_code(name: str, halo: Halo) -> str:
    """A module with the function ``tiled``; ``name``: the design's text.

    Raises :class:`~.errors.UserError` where no grid fits.
    """
    axes = known_axes(halo)
    return _CODE.substitute(
        design=name.replace("\\", "\\\\").replace('"""', "'''"),
        status=status(halo, "Tiles"),
        grid=halo.grid,
        stride=tuple((axis.stride.numerator, axis.stride.denominator) for axis in axes),
        lead=tuple(axis.lead for axis in axes),
        ends="(" + "".join(f"{_ends(halo, axis)}, " for axis in range(len(axes))).strip() + ")",
        least=size_text(least_size(halo)),
    )


def status(halo: Halo, noun: str) -> str:
    """Whether tiles or blocks give the same numbers, and if not, why."""
    reasons = [f"{halo.graph.name(reason.node)} {reason.text}" for reason in halo.reasons]
    if not reasons:
        return f"{noun} give the same numbers, up to rounding."
    return "\n".join([f"{noun} do not give the same numbers:", *reasons])


def _ends(halo: Halo, axis: int) -> dict[int, tuple[int, int, int]]:
    """By remainder of the side: a side, its outputs, and how many at a cut end are not the image's."""
    side, grid = halo.graph.input.size[axis], halo.grid[axis]
    sides = range(side, side + (grid if grid <= _MOST_GRID else 1))
    return dict(sorted((each % grid, ends) for each in sides if (ends := cut_end(halo, axis, each)) is not None))


def cut_end(halo: Halo, axis: int, side: int) -> tuple[int, int, int] | None:
    """A side, its outputs, and how many of them at a cut end are not the image's; None for one that fits nowhere."""
    sizes = sizes_at(halo.graph, axis, side)
    if sizes is None or not sizes[halo.end]:
        return None
    resized = Graph(
        tuple(
            replace(node, size=(*node.size[:axis], size, *node.size[axis + 1 :]))
            for node, size in zip(halo.graph.nodes, sizes, strict=True)
        )
    )
    return side, sizes[halo.end], sizes[halo.end] - node_margins(resized, axis)[halo.end].end


@dataclass(frozen=True, slots=True)
class TilerSetting:
    """How another tiler is set to these tiles, as far as it can express them; ``arguments``: None where it cannot."""

    tiler: str
    arguments: dict[str, object] | None
    exact: bool
    remark: str

    def __str__(self) -> str:
        """The arguments as Python writes them, and what is to be known of them."""
        if self.arguments is None:
            return f"cannot: {self.remark}"
        return f"{', '.join(f'{name}={value!r}' for name, value in self.arguments.items())} ({self.remark})"


def tiler_settings(tiles: Tiles) -> list[TilerSetting]:
    """Settings of MONAI's sliding window and of SAHI.

    Both put the last window where the image ends, so that it lies on the grid only in images whose sides are those of
    the tile but for multiples of the grid.
    """
    return [_monai_setting(tiles), _sahi_setting(tiles)]


def _monai_setting(tiles: Tiles) -> TilerSetting:
    apart = tiles.size == tiles.step
    pairs = list(zip(tiles.size, tiles.step, strict=True))
    arguments: dict[str, object] = {
        "roi_size": tiles.size,
        "overlap": tuple(_ratio(side, side - step, _monai) for side, step in pairs),
        "mode": "constant",
    }
    mixed = "outputs of several windows are averaged, those at edges too, so that seams remain; the tiled code has none"
    remark = f"{_on_grid(tiles)}{'windows need not overlap' if apart else mixed}"
    return TilerSetting("MONAI SlidingWindowInferer", arguments, apart and tiles.halo.exact, remark)


def _sahi_setting(tiles: Tiles) -> TilerSetting:
    name = "SAHI get_sliced_prediction"
    if len(tiles.size) != 2:
        return TilerSetting(name, None, False, "its slices have a height and a width")
    height, width = (_ratio(side, side - step, _sahi) for side, step in zip(tiles.size, tiles.step, strict=True))
    arguments: dict[str, object] = dict(zip(("slice_height", "slice_width"), tiles.size, strict=True))
    arguments |= {"overlap_height_ratio": height, "overlap_width_ratio": width}
    return TilerSetting(name, arguments, False, f"{_on_grid(tiles)}boxes of several slices are merged, not stitched")


def _on_grid(tiles: Tiles) -> str:
    """For which images windows lie on the grid; nothing where they do for all."""
    if max(tiles.halo.grid) == 1:
        return ""
    pairs = zip(tiles.size, tiles.halo.grid, strict=True)
    sides = dict.fromkeys(f"n mod {grid} = {side % grid}" for side, grid in pairs)
    return f"for images of sides {' and '.join(sides)}; "


def _monai(ratio: float, side: int) -> int:
    """The pixels by which MONAI's windows overlap: it rounds the rest."""
    return side - int(side * (1 - ratio))


def _sahi(ratio: float, side: int) -> int:
    """The pixels by which SAHI's slices overlap."""
    return int(side * ratio)


def _ratio(side: int, overlap: int, taken: Callable[[float, int], int]) -> float:
    """The shortest decimal of the share of a tile that overlaps, of which a tiler's own rounding makes ``overlap``.

    >>> _ratio(104, 96, lambda ratio, side: int(side * ratio))
    0.93
    """
    share = overlap / side
    decimals = (round(share + nudge * 10**-digits, digits) for digits in range(1, 12) for nudge in (0, 1, -1))
    return next((ratio for ratio in decimals if 0 <= ratio < 1 and taken(ratio, side) == overlap), share)
