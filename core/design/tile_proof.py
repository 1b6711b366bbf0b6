"""Tiles proved on the live model, in float64: cut out of a random image, run one by one, and compared with the whole.

At the stated overlap the stitched outputs are the image's. With one pixel less, on any side, they are not: either an
output is kept that is wrong, or a pixel is missing that one reads. Where the grid is coarse a tile still begins on it;
the pixels that less overlap would not read are then zeros. PyTorch is loaded here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from types import EllipsisType

import torch

from ..errors import LimitError, UserError
from ..exact.cost import cost
from ..exact.tile_graph import size_at, tile_graph
from ..exact.tiles import Tiles
from ..live.erf.differentiable import DifferentiableModel
from ..live.modules.model import ModelRecipe, build
from ..live.modules.streams import random_stream
from ..network.graph import size_text
from .design import Design
from .traced import TracedDesign

MAX_MULTIPLY_ADDS = 400_000_000_000  # of all passes together
_WIDTH = 4  # channels of a typed network that states none
_IMAGES = 4  # where that is cheap: a maximum or a ReLU may hide a pixel of one
_CHEAP = 10_000_000_000  # multiply-adds
ROUNDING = 1e-10  # standard deviations of the outputs: a change that is no larger may be rounding in float64

Place = tuple[EllipsisType | slice, ...]
Forward = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True)
class TileProof:
    """Largest differences from the whole image, in standard deviations of its outputs."""

    image: tuple[int, ...]
    overlap: tuple[tuple[int, int], ...]  # before and after, per axis
    difference: float
    difference_one_less: float | None  # the smallest of those with one pixel less on one side; None without overlap


def prove(design: Design, tiles: Tiles, seed: int = 0) -> TileProof:
    """Compares two tiles along each axis with the whole image that they make up.

    Raises :class:`~.errors.UserError` where the design's output is no map that tiles could make up, or no model
    computes it, and :class:`~.errors.LimitError` where that takes too long.
    """
    halo = tiles.halo
    if halo.end != len(halo.graph.nodes) - 1:
        raise UserError(
            f"the output is made of all positions; tiles end with {halo.graph.name(halo.end)}: name it as the stage"
        )
    image_size = tuple(side + step for side, step in zip(tiles.size, tiles.step, strict=True))
    passes = 3 ** len(image_size) * tiles.cost.multiply_adds + cost(tile_graph(halo, image_size)).multiply_adds
    if passes > MAX_MULTIPLY_ADDS:
        raise LimitError(
            f"proving tiles of {size_text(tiles.size)} would take {passes:.1e} multiply-adds, more than "
            f"{MAX_MULTIPLY_ADDS:.1e}; take smaller tiles or an earlier stage"
        )
    forward, channels = live_forward(design, seed)
    model, _ = live_model(design, seed)
    images = _IMAGES if passes * _IMAGES <= _CHEAP else 1
    image = torch.randn(images, channels, *image_size, dtype=torch.float64, generator=random_stream(seed, "noise"))
    whole = forward(image)
    if tuple(whole.shape[2:]) != size_at(halo, halo.end, image_size):
        raise UserError(
            f"on an input of {size_text(image_size)} the model gives a tensor of {size_text(tuple(whole.shape))}, "
            f"not a map of {size_text(size_at(halo, halo.end, image_size))}, channels first"
        )
    scale = float(whole.std()) or 1.0
    stitched = torch.full_like(whole, torch.nan)
    for starts in product(*((0, step) for step in tiles.step)):
        part = forward(image[_at(starts, tiles.size)])
        there, here = _owned(tiles, starts, tiles.overlap)
        stitched[there] = part[here]
    difference = float((stitched - whole).abs().max()) / scale
    less = [_one_less(forward, model, image, whole, tiles, axis, side, scale) for axis, side in _sides(tiles)]
    return TileProof(image_size, tiles.overlap, difference, min(less, default=None))


def live_recipe(seed: int) -> ModelRecipe:
    """How the live model of a typed network is made: with an activation that lets everything through."""
    return ModelRecipe("leaky_relu", width=_WIDTH, seed=seed)


def live_model(design: Design, seed: int) -> tuple[Forward, int]:
    """The design's live model in float64, on any size, for an input that takes gradients; and that one's channels."""
    if design.network is not None:
        recipe = live_recipe(seed)
        models: dict[tuple[int, ...], Forward] = {}

        def typed(x: torch.Tensor) -> torch.Tensor:
            size = tuple(x.shape[2:])
            if size not in models:
                network = design.at_input(size).network
                assert network is not None
                models[size] = build(network, recipe).double()  # the same weights: one seed draws them
            return models[size](x)

        return typed, recipe.widened(design.network).channels or _WIDTH
    if not isinstance(design, TracedDesign):
        raise UserError(f"no live model computes {design.name}; leave the remedy out")
    module = design.model.real(seed).double()
    return DifferentiableModel(module, design.model.size, design.model.call(module), design.stage), design.model.size[0]


def live_forward(design: Design, seed: int) -> tuple[Forward, int]:
    """The same without gradients."""
    model, channels = live_model(design, seed)
    return lambda x: model(x.clone().requires_grad_()).detach(), channels


def slopes(model: Forward, image: torch.Tensor, place: Place, seed: int) -> torch.Tensor:
    """The gradient of outputs, weighed at random, with respect to every sample: what changes too small to see would do.

    ``place``: the outputs, by their indices.
    """
    x = image.clone().requires_grad_()
    outputs = model(x)[place]
    weights = torch.randn(outputs.shape, dtype=outputs.dtype, generator=random_stream(seed, "evaluation"))
    (gradient,) = torch.autograd.grad((outputs * weights).sum(), x)
    return gradient.abs()


def _at(starts: tuple[int, ...], size: tuple[int, ...]) -> Place:
    return (..., *(slice(start, start + side) for start, side in zip(starts, size, strict=True)))


def _owned(tiles: Tiles, starts: tuple[int, ...], overlap: tuple[tuple[int, int], ...]) -> tuple[Place, Place]:
    """The outputs that a tile keeps, in the image's map and in its own; all up to the image's border."""
    there, here = [], []
    for axis, start in enumerate(starts):
        first, end = tiles.kept(axis, overlap[axis])
        first, end = (first, tiles.outputs[axis]) if start else (0, end)
        moved = int(start / tiles.axes[axis].stride)
        there.append(slice(first + moved, end + moved))
        here.append(slice(first, end))
    return (..., *there), (..., *here)


def _sides(tiles: Tiles) -> Iterator[tuple[int, int]]:
    """Every axis and side (0 before, 1 after) on which tiles overlap at all."""
    return (
        (axis, side) for axis, sides in enumerate(tiles.overlap) for side, overlap in enumerate(sides) if overlap > 0
    )


def _one_less(
    forward: Forward,
    model: Forward,
    image: torch.Tensor,
    whole: torch.Tensor,
    tiles: Tiles,
    axis: int,
    side: int,
    scale: float,
) -> float:
    """The largest difference in the tile that reads one pixel less on one side.

    Where rounding hides it, what a change of the missing pixels by one does by their gradient.
    """
    known = tiles.axes[axis]
    sides = list(tiles.overlap[axis])
    sides[side] -= 1
    overlap = (*tiles.overlap[:axis], (sides[0], sides[1]), *tiles.overlap[axis + 1 :])
    starts = tuple(step if index == axis and side == 0 else 0 for index, step in enumerate(tiles.step))
    first, end = tiles.kept(axis, overlap[axis])
    missing = torch.ones(image.shape[2 + axis], dtype=torch.bool)
    low, high = starts[axis], starts[axis] + tiles.size[axis]
    if side == 0:
        low += max(0, known.first(first) - sides[0])
    else:
        high = known.end(end - 1) + sides[1]
    missing[low:high] = False
    cut = image.clone()
    cut.movedim(2 + axis, 0)[missing] = 0
    there, here = _owned(tiles, starts, overlap)
    difference = float((forward(cut[_at(starts, tiles.size)])[here] - whole[there]).abs().max()) / scale
    if difference > ROUNDING:
        return difference
    return float(slopes(model, image, there, 0).movedim(2 + axis, 0)[missing].max()) / scale
