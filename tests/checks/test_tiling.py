"""Seamless tiles: with the overlap that the check names, a tile's outputs see what those of the whole image see."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from core.checks import check
from core.checks.tiling import stated_overlap
from core.design.analysis import DesignAnalysis
from core.design.repair import possible
from core.design.traced import TracedDesign
from core.design.typed import TypedDesign
from core.exact import path_counts
from core.live.sources.model import Model
from core.network import graph_of, parse

WINDOW = st.builds(
    "{} k{} s{} p{}:{}".format,
    st.sampled_from(["conv", "conv", "avgpool"]),
    st.integers(3, 5),
    st.integers(1, 2),
    st.integers(0, 2),
    st.integers(0, 2),
)
JOINED = st.sampled_from(
    ["concat(skip | maxpool k2; conv k3 p1; tconv k2 s2)", "add(conv k3 p1 | skip)", "upsample s2", "tconv k3 s2 p1:0"]
)


def seamless(text: str, image: int, tile: int, start: int, fewer: tuple[int, int] = (0, 0)) -> bool:
    """Whether all units of a tile's own pixels read what they read in the whole image; with ``fewer`` overlapping."""
    analysis = DesignAnalysis(TypedDesign(parse(f"{tile}; {text}")))
    assert analysis.halo.axes is not None
    (axis,) = analysis.halo.axes
    before, after, stride = axis.before - fewer[0], axis.after - fewer[1], axis.stride
    whole, part = graph_of(parse(f"{image}; {text}")), analysis.graph
    own = [unit for unit in range(part.output.size[0]) if axis.first(unit) >= before and axis.end(unit) <= tile - after]
    assert own
    for unit in {own[0], own[-1], *own[1:4], *own[-4:-1]}:  # those between are alike
        there = np.zeros(image, dtype=object)
        there[start : start + tile] = path_counts(part, (unit,)).array()
        if there.tolist() != path_counts(whole, (unit + int(start / stride),)).array().tolist():
            return False
    return True


@settings(max_examples=60)
@given(st.lists(WINDOW | JOINED, min_size=1, max_size=3), st.integers(1, 3))
def test_units_of_a_tile_see_what_they_see_in_the_image(layers: list[str], turns: int) -> None:
    text = "; ".join(layers)
    assume(all(possible(f"{side}; {text}") for side in (64, 128)))
    period = DesignAnalysis(TypedDesign(parse(f"64; {text}"))).period[0]
    assert seamless(text, 128, 64, turns * period)


@pytest.mark.parametrize("text", ["conv k3 p1 x4", "conv k3 s2 p1; conv k3 p1", "conv k5 p2; tconv k4 s2 p1"])
def test_a_tile_with_less_overlap_has_a_seam(text: str) -> None:
    assert seamless(text, 128, 64, 32)
    assert not seamless(text, 128, 64, 32, fewer=(2, 0))
    assert not seamless(text, 128, 64, 32, fewer=(0, 2))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("64; conv k3 p1 x4", ((4, 4),)),
        ("64; conv k3 x4", ((4, 4),)),  # valid: unit u lies at pixel u + 4
        ("64; conv k2 p1:0", ((1, 0),)),
        ("64; conv k3 s2 p1; conv k3 p1", ((3, 2),)),  # r 7, S 2, P 3
        ("64; maxpool k2; conv k3 p1; upsample s2", ((2, 2),)),  # units 0 and 1 see from pixel -2 to 3
        ("64; conv k1", ((0, 0),)),
        ("64; global", None),
        ("64; random r1", None),
        ("64; concat(skip | global; upsample s64)", None),
        ("64; concat(skip | maxpool k64; upsample s64)", None),
        ("64; add(conv k3 p1 | global; upsample s64)", None),  # what is added is seen
    ],
)
def test_the_overlap_is_what_units_see_beyond_their_own_pixels(text: str, expected: object) -> None:
    assert stated_overlap(DesignAnalysis(TypedDesign(parse(text)))) == expected


def design(*layers: nn.Module) -> TracedDesign:
    return TracedDesign(Model("model", (1, 40, 40), lambda: deepcopy(nn.Sequential(*layers)).to("meta")))


def note(tiled: TracedDesign) -> str:
    (message,) = [finding.message for finding in check(tiled) if finding.code == "tiling"]
    return message


def seam(*layers: nn.Module) -> float:
    """The largest difference, in standard deviations, between a tile of overlap 2 and the same place in the image."""
    torch.manual_seed(0)
    network = deepcopy(nn.Sequential(*layers)).double().eval()
    image = torch.randn(1, 1, 80, 80, dtype=torch.float64)
    image[..., 60:] += 5  # bright beside the tile
    with torch.no_grad():
        whole, tile = network(image), network(image[..., 20:60, 20:60])
    inner = slice(2, -2)
    return float((tile[..., inner, inner] - whole[..., 22:58, 22:58]).abs().max() / whole.std())


CONVS = (nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1))


def test_no_tile_is_seamless_where_statistics_are_taken_over_positions_and_the_check_names_the_layers() -> None:
    plain = (CONVS[0], nn.ReLU(), CONVS[1])
    normalised = (CONVS[0], nn.InstanceNorm2d(4), CONVS[1], nn.GroupNorm(2, 4))
    assert seam(*plain) < 1e-9
    assert seam(*normalised) > 0.5
    needed = "beside its own pixels a seamless tile must read 2 before and 2 after along each axis"
    assert note(design(*plain)) == needed
    assert note(design(*normalised)) == (
        f"{needed}; even so no tile is seamless: layer 4 (1: native_batch_norm) and 1 more layer take statistics "
        "over all positions of the tile"
    )
    assert DesignAnalysis(design(*normalised)).unit_field == (5, 5)


class Masked(nn.Module):
    """A map times a mask made of its neighbours."""

    def __init__(self) -> None:
        super().__init__()
        self.mask = nn.Conv2d(4, 4, 7, padding=3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.mask(x).sigmoid()


def test_a_tile_must_read_what_a_mask_is_made_of() -> None:
    assert note(design(CONVS[0], Masked())) == (
        "beside its own pixels a seamless tile must read 4 before and 4 after along each axis"
    )
