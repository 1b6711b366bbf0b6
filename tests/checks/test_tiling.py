"""Seamless tiles: with the overlap that the check names, a tile's outputs see what those of the whole image see."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.checks.tiling import overlap
from core.design.analysis import DesignAnalysis
from core.design.repair import possible
from core.design.typed import TypedDesign
from core.exact import path_counts
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
    needed = overlap(analysis)
    assert needed is not None
    before, after = (side - less for side, less in zip(needed[0], fewer, strict=True))
    stride = analysis.fields[-1][0].stride
    whole, part = graph_of(parse(f"{image}; {text}")), analysis.graph
    own = [
        unit
        for unit in range(part.output.size[0])
        if unit * stride // 1 >= before and -(-(unit + 1) * stride // 1) <= tile - after
    ]
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
        ("64; conv k3 x4", ((0, 8),)),  # valid: unit u begins at pixel u
        ("64; conv k2 p1:0", ((1, 0),)),
        ("64; conv k3 s2 p1; conv k3 p1", ((3, 2),)),  # r 7, S 2, P 3
        ("64; maxpool k2; conv k3 p1; upsample s2", ((3, 3),)),  # unit 1 sees from pixel -2 on, unit 0 to pixel 3
        ("64; conv k1", ((0, 0),)),
        ("64; global", None),
        ("64; random r1", None),
        ("64; concat(skip | global; upsample s64)", None),
        ("64; concat(skip | maxpool k64; upsample s64)", None),
        ("64; add(conv k3 p1 | global; upsample s64)", ((1, 1),)),  # a gate
    ],
)
def test_the_overlap_is_what_units_see_beyond_their_own_pixels(text: str, expected: object) -> None:
    assert overlap(DesignAnalysis(TypedDesign(parse(text)))) == expected
