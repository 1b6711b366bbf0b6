"""Tiles of random networks of two axes, and of random modules, against every line of samples changed, in float64."""

import numpy as np
import pytest
import torch

from core.design.analysis import DesignAnalysis
from core.design.design import Design
from core.design.opening import design_of
from core.design.tile_proof import live_forward
from core.design.traced import module_design
from core.errors import UserError
from core.exact.halo import Halo
from core.exact.tiles import Tiles, least_size, tiles_of
from tests.design import drawn

SIDE = 24
MOST = 150  # pixels a side of an image
SAME = 1e-11  # of the outputs' standard deviation
IMAGES = 8  # at once: a maximum may hide what lies beside it


def cases(kind: str, seeds: range) -> int:
    """How many of the networks of these seeds could be cut into tiles; each is held to brute force."""
    found = 0
    for seed in seeds:
        try:
            design = made(kind, seed)
            halo = DesignAnalysis(design).halo
            if halo.axes is None or not halo.exact:
                continue
            tiles = tiles_of(halo, least_size(halo))
        except UserError:
            continue
        if max(side + 2 * step for side, step in zip(tiles.size, tiles.step, strict=True)) <= MOST:
            assert_tiles(design, halo, tiles)
            found += 1
    return found


def made(kind: str, seed: int) -> Design:
    if kind == "typed":
        return design_of(f"{SIDE}x{SIDE - seed % 2}; {drawn.text(seed)}")
    axes = 1 if kind == "sound" else 2
    return module_design(drawn.module(seed, axes), (drawn.CHANNELS, *(SIDE - seed % 3,) * axes))


def assert_tiles(design: Design, halo: Halo, tiles: Tiles) -> None:
    """A tile with neighbours all round is right where it is said, wrong beside it, and keeps what reads the halo."""
    forward, channels = live_forward(design, 0)
    size = tuple(side + 2 * step for side, step in zip(tiles.size, tiles.step, strict=True))
    image = torch.randn(IMAGES, channels, *size, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    whole = forward(image)
    scale = float(whole.std()) or 1.0
    cut = image[(..., *(slice(step, step + side) for step, side in zip(tiles.step, tiles.size, strict=True)))]
    part = forward(cut)
    assert part.shape[2:] == tiles.outputs
    moved = [int(step / axis.stride) for step, axis in zip(tiles.step, tiles.axes, strict=True)]
    there = whole[(..., *(slice(first, first + units) for first, units in zip(moved, tiles.outputs, strict=True)))]
    wrong = ((part - there).abs().amax((0, 1)) > SAME * scale).numpy()
    right = np.ix_(*(range(axis.lead, units - axis.trail)
                     for axis, units in zip(tiles.axes, tiles.outputs, strict=True)))  # fmt: skip
    assert not wrong[right].any(), design.name
    for axis, known in enumerate(tiles.axes):
        kept = [range(one.lead, units - one.trail) for one, units in zip(tiles.axes, tiles.outputs, strict=True)]
        for edge in [known.lead - 1] * (known.lead > 0) + [tiles.outputs[axis] - known.trail] * (known.trail > 0):
            beside = [*kept[:axis], [edge], *kept[axis + 1 :]]
            assert wrong[np.ix_(*beside)].any(), (design.name, axis, edge)
        assert_least(forward, image, whole, tiles, axis, wrong, scale)


def assert_least(forward, image, whole, tiles: Tiles, axis: int, wrong: np.ndarray, scale: float) -> None:
    """With a pixel less on either side an output is kept that is wrong, or that reads beyond; with the halo none."""
    lines = wrong.any(axis=tuple(other for other in range(wrong.ndim) if other != axis)) if wrong.ndim > 1 else wrong
    known, step = tiles.axes[axis], tiles.step[axis]
    kept_across = [slice(first, end) for first, end in tiles.owned]
    if wrong.ndim > 1:
        inside = tuple(slice(None) if other == axis else kept for other, kept in enumerate(kept_across))
        lines = wrong[inside].any(axis=1 - axis)
    reads = np.zeros((tiles.outputs[axis], image.shape[2 + axis]), dtype=bool)
    first = int(step / known.stride)
    for sample in range(image.shape[2 + axis]):
        changed = image.clone()
        along = changed.movedim(2 + axis, 0)
        along[sample] += 8 * (1 + along[sample].abs())
        differs = ((forward(changed) - whole).abs() > SAME * scale).movedim(2 + axis, 0).flatten(1).any(1)
        reads[:, sample] = differs.numpy()[first : first + tiles.outputs[axis]]

    def fits(overlap: tuple[int, int]) -> bool:
        start, end = tiles.kept(axis, overlap)
        low, high = step + known.first(start) - overlap[0], step + known.end(end - 1) + overlap[1]
        beyond = reads[start:end, : max(low, 0)].any() or reads[start:end, high:].any()
        return not lines[start:end].any() and not beyond

    before, after = tiles.overlap[axis]
    assert fits((before, after))
    assert not before or not fits((before - 1, after)), (axis, "before")
    assert not after or not fits((before, after - 1)), (axis, "after")


@pytest.mark.parametrize(("kind", "seeds", "most"), [("typed", 40, 35), ("image", 40, 35), ("sound", 40, 35)])
def test_random_networks_are_tiled_as_brute_force_says(kind: str, seeds: int, most: int) -> None:
    assert cases(kind, range(seeds)) >= most
