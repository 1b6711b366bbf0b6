"""Code to take away: a tiled forward pass for one network, with PyTorch alone, and settings for other tilers."""

from collections.abc import Callable
from dataclasses import dataclass
from string import Template

from ..errors import UserError
from ..exact.halo import Halo
from ..exact.tiles import Tiles, known_axes, least_size
from ..network.graph import size_text
from .analysis import DesignAnalysis

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


def tile_code(analysis: DesignAnalysis) -> str:
    """A module with the function ``tiled``.

    Raises :class:`~.errors.UserError` where no grid fits, or where the design does not grow with its input.
    """
    halo = analysis.halo
    axes = known_axes(halo)
    for axis in range(len(axes)):
        refuse_fixed(analysis, axis)
    return _CODE.substitute(
        design=written(analysis),
        status=status(halo, "Tiles"),
        grid=halo.grid,
        stride=tuple((axis.stride.numerator, axis.stride.denominator) for axis in axes),
        lead=tuple(axis.lead for axis in axes),
        ends="(" + "".join(f"{ends}, " for ends in _ends(analysis)).strip() + ")",
        least=size_text(least_size(halo)),
    )


def written(analysis: DesignAnalysis) -> str:
    """The design's text, as it may stand in a docstring."""
    return str(analysis.design.text).replace("\\", "\\\\").replace('"""', "'''")


def status(halo: Halo, noun: str) -> str:
    """Whether tiles or blocks give the same numbers, and if not, why."""
    reasons = [f"{halo.graph.name(reason.node)} {reason.text}" for reason in halo.reasons]
    if not reasons:
        return f"{noun} give the same numbers, up to rounding."
    return "\n".join([f"{noun} do not give the same numbers:", *reasons])


End = tuple[int, int, int]  # a side, its outputs, and how many of them at a cut end are not the image's


def _ends(analysis: DesignAnalysis) -> list[dict[int, End]]:
    """Per axis what holds of a side, by its remainder; of a remainder at which the design reads otherwise, nothing.

    The design is made at each: a traced model may pad and cut as its input asks for.
    """
    halo = analysis.halo
    sides, grids = halo.graph.input.size, [grid if grid <= _MOST_GRID else 1 for grid in halo.grid]
    found: list[dict[int, End]] = [{} for _ in grids]
    for more in range(max(grids)):
        grown = [axis for axis, grid in enumerate(grids) if more < grid]
        for axes in (grown, *([axis] for axis in grown if len(grown) > 1)):  # alone where they do not fit together
            size = tuple(side + more * (axis in axes) for axis, side in enumerate(sides))
            for axis in axes:
                remainder = size[axis] % halo.grid[axis]
                if remainder not in found[axis] and (end := cut_end(analysis, axis, size)) is not None:
                    found[axis][remainder] = end
    return [dict(sorted(ends.items())) for ends in found]


def cut_end(analysis: DesignAnalysis, axis: int, size: tuple[int, ...]) -> End | None:
    """Of the design on an input of ``size``; None where that is impossible, or its tiles begin otherwise."""
    halo = analysis.halo
    other = halo_at(analysis, size)
    if other is None or other.axes is None or halo.axes is None:
        return None
    here, there = halo.axes[axis], other.axes[axis]
    if (here.lead, here.stride, halo.grid[axis]) != (there.lead, there.stride, other.grid[axis]):
        return None
    return size[axis], other.graph.nodes[other.end].size[axis], there.trail


def refuse_fixed(analysis: DesignAnalysis, axis: int) -> None:
    """Refuses a design that a larger input does not make so much larger: a model may cut out a fixed number."""
    halo = analysis.halo
    size, grid, known = halo.graph.input.size, halo.grid[axis], known_axes(halo)[axis]
    grown = (*size[:axis], size[axis] + grid, *size[axis + 1 :])
    units = halo.graph.nodes[halo.end].size[axis] + int(grid / known.stride)
    if cut_end(analysis, axis, grown) != (grown[axis], units, known.trail):
        raise UserError(
            f"on an input of {size_text(grown)} the design reads otherwise than on {size_text(size)}, so that no code "
            "fits inputs of several sizes; let what it cuts and pads follow its input"
        )


def halo_at(analysis: DesignAnalysis, size: tuple[int, ...]) -> Halo | None:
    """The halo of the design on another input; None where that is impossible."""
    try:
        other = analysis if size == analysis.halo.graph.input.size else analysis.at_input(size)
        return None if other is None else other.halo
    except UserError:
        return None


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
