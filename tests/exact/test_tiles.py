"""What tiles own, cost and lose, against passes of the all-ones model, whose outputs are counts of paths."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.design.repair import possible
from core.errors import UserError
from core.exact.cost import cost
from core.exact.halo import Halo, halo
from core.exact.tiles import largest_size, least_size, path_shares, tiles_of
from core.live.modules.model import ModelRecipe, build
from core.network import PRESETS, graph_of, parse
from core.network.graph import Graph, Node
from core.network.maps import Spans
from core.network.operations import ATTENTION

LAYERS = st.lists(
    st.sampled_from(
        [
            "conv k3 p1",
            "conv k3",
            "conv k2 p1:0",
            "conv k3 s2 p1",
            "avgpool k2",
            "tconv k2 s2",
            "tconv k3 s2 p1:0",
            "upsample s2",
            "add(conv k3 p1 | skip)",
            "add(skip | avgpool k2; conv k3 p1; tconv k2 s2)",
        ]
    ),
    min_size=1,
    max_size=4,
)


def halo_of(text: str) -> Halo:
    return halo(graph_of(parse(text)))


def paths_to(text: str, size: tuple[int, ...]) -> np.ndarray:
    """Paths to each output, by a pass of ones through the all-ones model in float64."""
    model = build(parse(f"{'x'.join(map(str, size))}; {text}"), ModelRecipe(weights="ones", width=1))
    return model(torch.ones(1, 1, *size, dtype=torch.float64)).sum(1)[0].numpy()


@settings(max_examples=15)
@given(LAYERS)
def test_the_share_of_paths_lost_is_that_of_the_all_ones_model(layers: list[str]) -> None:
    text = "; ".join(layers)
    assume(possible(f"48; {text}"))
    found = halo_of(f"48; {text}")
    side, (grid,), (axis,) = least_size(found)[0], found.grid, found.axes or ()
    turns = -(-(axis.before + axis.after + 8) // grid)
    image = paths_to(text, (side + 2 * turns * grid,))
    tile = paths_to(text, (side,))
    first = int(turns * grid / axis.stride)
    expected = 1 - tile / np.maximum(image[first : first + len(tile)], 1)
    assert path_shares(found, (side,)).astype(float) == pytest.approx(expected)


def test_paths_that_leave_a_tile_of_two_axes_are_lost_at_its_corners_most() -> None:
    shares = path_shares(halo_of("16x16; conv k3 p1"), (4, 4))
    assert shares[0, 0] == Fraction(5, 9)
    assert shares[0, 1] == Fraction(3, 9)
    assert shares[1, 1] == 0


def test_a_mirrored_sample_at_a_cut_is_none_of_the_image() -> None:
    assert path_shares(halo_of("16; conv k3 p1 reflect"), (6,))[0] == Fraction(1, 3)
    assert path_shares(halo_of("16; upsample s2 bilinear"), (6,))[0] == Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "tile", "overlap", "outputs", "most"),
    [
        ("64; conv k3 p1 x4", 32, 4, 0, Fraction(0)),
        ("64; conv k3 p1 x4", 32, 3, 2, Fraction(1, 81)),  # one path of 3^4 leaves on each side
        ("64; conv k3 p1", 32, 0, 2, Fraction(1, 3)),
        ("64; conv k2 p1:0", 32, 0, 1, Fraction(1, 2)),
        ("64x64; conv k3 p1", 8, 0, 28, Fraction(5, 9)),
    ],
)
def test_losses_that_were_worked_out_by_hand(text: str, tile: int, overlap: int, outputs: int, most: Fraction) -> None:
    found = halo_of(text)
    lost = tiles_of(found, (tile,) * len(found.grid), overlap).lost
    assert (lost.outputs, lost.share_most) == (outputs, most)


@pytest.mark.parametrize(
    ("text", "tile", "owned", "step"),
    [
        ("64; conv k3 p1 x4", 32, (4, 28), 24),
        ("64; conv k3 x4", 32, (0, 24), 24),
        ("64; conv k3 s2 p1; conv k3 p1", 32, (2, 15), 26),
        ("64; maxpool k2; conv k3 p1; upsample s2", 32, (2, 30), 28),
    ],
)
def test_what_a_tile_owns(text: str, tile: int, owned: tuple[int, int], step: int) -> None:
    tiles = tiles_of(halo_of(text), (tile,))
    assert (tiles.owned, tiles.step) == ((owned,), (step,))


def test_tiles_of_the_u_net_of_2015_move_on_by_384_of_388_outputs() -> None:
    tiles = tiles_of(halo(graph_of(PRESETS["U-Net 572"])), (572, 572))
    assert (tiles.outputs, tiles.step) == ((388, 388), (384, 384))  # by multiples of 16: Rumberger et al., ICCV 2021
    assert tiles.halo.phases == 16**2


def test_what_is_computed_again_is_what_tiles_cost_more_than_a_large_image() -> None:
    found = halo_of("64x64; conv k3 p1 c4; maxpool k2; conv k3 p1; tconv k2 s2")
    tiles = tiles_of(found, (32, 32))
    side = 32 + 30 * tiles.step[0]
    whole = cost(graph_of(parse(f"{side}x{side}; conv k3 p1 c4; maxpool k2; conv k3 p1; tconv k2 s2"))).multiply_adds
    assert float(tiles.recomputed or 0) == pytest.approx(31**2 * tiles.cost.multiply_adds / whole, rel=0.05)
    assert tiles_of(halo_of("64; conv k4 s4"), (32,)).recomputed == 1


def test_feature_maps_are_held_until_the_last_that_reads_them() -> None:
    assert tiles_of(halo_of("16; conv k3 p1 x3"), (16,)).bytes == 2 * 16 * 4
    assert tiles_of(halo_of("16; add(conv k3 p1 x3 | skip)"), (16,)).bytes == 3 * 16 * 4


def test_the_largest_tile_is_the_last_that_fits() -> None:
    found = halo_of("64x64; conv k3 s2 p1; conv k3 p1")
    (side, _) = largest_size(found, 2**20)
    assert tiles_of(found, (side, side)).bytes <= 2**20 < tiles_of(found, (side + 2, side + 2)).bytes
    with pytest.raises(UserError, match="the smallest tile, 8x8, holds 320 bytes of feature maps, more than 100"):
        largest_size(found, 100)


@pytest.mark.parametrize(
    ("text", "tile", "overlap", "words"),
    [
        (
            "64; maxpool k2; conv k3 p1",
            33,
            None,
            "tiles of 33 do not begin on multiples of 2 and .* 32 or 34",
        ),
        ("64; conv k3 p1 x4", 8, None, "a tile of 8 gives too few right outputs; take 9 or more"),
        ("64; conv k3 p1 x4", 8, 4, "own less than the grid of 1; take larger tiles or less overlap"),
        ("64; conv k5 p4 reflect", 4, 0, "does not run on 4; take a larger tile"),
        ("60; concat(conv k3 s2 p1 | conv k31)", 30, None, "branches of several strides meet in layer 3"),
        ("64; conv k3", 9000, None, "a tile of 9000 is larger than 8192 a side"),
    ],
)
def test_tiles_that_cannot_be_say_why(text: str, tile: int, overlap: int | None, words: str) -> None:
    with pytest.raises(UserError, match=words):
        tiles_of(halo_of(text), (tile,), overlap)


def test_what_attends_to_the_whole_map_is_left_out_of_a_tile() -> None:
    keys = Spans((0,) * 16, (15,) * 16, 16)
    attention = Node(ATTENTION, "attention", (0,), (16,), 1, (keys,))
    found = halo(Graph((*graph_of(parse("16; conv k3 p1")).nodes[:1], attention)))
    assert not found.exact
    assert tiles_of(found, (8,)).lost.share_most == 0


def test_an_input_that_leaves_one_position_still_has_the_grid_of_its_strides() -> None:
    found = halo(graph_of(parse("8; conv k4 s2 p1 x3")))
    assert found.grid == (8,)
    assert least_size(found) == (24,)
