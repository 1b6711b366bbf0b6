"""Halos against brute force: tiles are cut out of an image, and samples of it changed one by one, in float64."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.design.repair import possible
from core.exact.halo import AxisHalo, halo
from core.live.modules.model import ModelRecipe, build
from core.network import graph_of, parse

WINDOW = st.builds(
    "{} k{} s{} d{} p{}:{}".format,
    st.sampled_from(["conv", "conv", "avgpool", "blur"]),
    st.integers(1, 4),
    st.integers(1, 2),
    st.integers(1, 2),
    st.integers(0, 2),
    st.integers(0, 2),
)
OTHER = st.sampled_from(
    [
        "concat(skip | avgpool k2; conv k3 p1; tconv k2 s2)",
        "add(conv k3 p1 | skip)",
        "upsample s2",
        "upsample s2 bilinear",
        "tconv k3 s2 p1:0",
        "tconv k2 s2 p1; conv k3 p1",  # a crop, then padding in its place
        "tconv k4 s2 p1",
        "conv k3 p1 reflect",
        "conv k2 p1:0 replicate",
    ]
)


def model(text: str) -> torch.nn.Module:
    """The linear network of a text with weights that let nothing through by chance of sign."""
    made = build(parse(text), ModelRecipe("linear", width=1)).double()
    torch.manual_seed(1)
    for weight in made.parameters():
        weight.copy_(torch.rand(weight.shape, dtype=torch.float64) + 0.5)
    return made


def wrong_units(text: str, side: int, turns: int) -> tuple[np.ndarray, int]:
    """Which units of a tile in the middle of a longer image are not the image's; and how the image is longer."""
    (grid,) = halo(graph_of(parse(f"{side}; {text}"))).grid
    start, image = turns * grid, side + 2 * turns * grid
    torch.manual_seed(0)
    samples = torch.rand(1, 1, image, dtype=torch.float64) + 1
    whole = model(f"{image}; {text}")(samples)[0].sum(0)
    tile = model(f"{side}; {text}")(samples[..., start : start + side])[0].sum(0)
    (axis,) = halo(graph_of(parse(f"{side}; {text}"))).axes or ()
    shift = start / axis.stride
    assert shift.denominator == 1
    there = whole[int(shift) : int(shift) + len(tile)]
    return ((there - tile).abs() > 1e-9 * whole.abs().max()).numpy(), start


@settings(max_examples=30)
@given(st.lists(WINDOW | OTHER, min_size=1, max_size=4))
def test_the_wrong_units_of_a_tile_are_those_of_its_margins(layers: list[str]) -> None:
    text = "; ".join(layers)
    assume(possible(f"48; {text}"))
    found = halo(graph_of(parse(f"48; {text}")))
    assert not found.reasons
    (axis,) = found.axes or ()
    (units,) = found.graph.output.size
    assume(axis.lead + axis.trail < units)
    turns = -(-64 // found.grid[0])
    assume(possible(f"{48 + 2 * turns * found.grid[0]}; {text}"))
    wrong, _ = wrong_units(text, 48, turns)
    assert not wrong[axis.lead : units - axis.trail].any()
    assert axis.lead == 0 or wrong[axis.lead - 1]
    assert axis.trail == 0 or wrong[units - axis.trail]


def least(axis: AxisHalo, wrong: np.ndarray, reads: np.ndarray, side: int) -> tuple[int, int]:
    """The halo from its definition: ``wrong`` units of a tile, and ``reads`` (units, samples) of it."""

    def fits(kept: list[int], beyond: int, before: bool) -> bool:
        if not kept or wrong[kept].any():
            return not kept
        samples = np.flatnonzero(reads[kept].any(axis=0))
        far = axis.first(kept[0]) - samples[0] if before else samples[-1] + 1 - axis.end(kept[-1])
        return bool(far <= beyond)

    units = range(len(wrong))
    half = len(wrong) // 2
    before = next(
        n for n in range(side) if fits([u for u in units if axis.first(u) >= n and u <= half], n, before=True)
    )
    after = next(
        n for n in range(side) if fits([u for u in units if axis.end(u) <= side - n and u >= half], n, before=False)
    )
    return before, after


@settings(max_examples=12)
@given(st.lists(WINDOW | OTHER, min_size=1, max_size=3))
def test_the_halo_is_the_least_that_its_definition_allows(layers: list[str]) -> None:
    text = "; ".join(layers)
    assume(possible(f"64; {text}"))
    found = halo(graph_of(parse(f"64; {text}")))
    (axis,) = found.axes or ()
    (units,) = found.graph.output.size
    assume(3 * max(axis.lead, axis.trail) < units and min(axis.before + axis.after, 20) < 20)
    turns = -(-32 // found.grid[0])
    assume(possible(f"{64 + 2 * turns * found.grid[0]}; {text}"))
    wrong, start = wrong_units(text, 64, turns)
    whole = model(f"{64 + 2 * start}; {text}")
    image = torch.rand(1, 1, 64 + 2 * start, dtype=torch.float64)
    changed = image + torch.eye(image.shape[-1], dtype=torch.float64)[:, None]  # one sample in each
    first = int(start / axis.stride)
    reads = ((whole(changed) - whole(image)).sum(1)[:, first : first + units].abs() > 1e-9).numpy().T
    assert (axis.before, axis.after) == least(axis, wrong, reads[:, start : start + 64], 64)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("64; conv k3 p1 x4", (4, 4, 0)),
        ("64; conv k3 x4", (4, 4, 4)),  # valid: the map lies in the middle
        ("64; conv k2 p1:0", (1, 0, 0)),
        ("64; conv k3 s2 p1; conv k3 p1", (3, 2, 0)),  # r 7, S 2, P 3
        ("65; conv k3 s2 p1; conv k3 p1", (3, 2, 0)),  # the same, whatever the input
        ("64; maxpool k2; conv k3 p1; upsample s2", (2, 2, 0)),  # units 0 and 1 see from pixel -2 to 3
        ("64; tconv k2 s2 p1; conv k3 p1", (1, 2, 0)),  # 126 of half a pixel: what is cropped away is missed
        ("8; conv k4 s2 p1 x3", (7, 7, 0)),  # of this input the output has one position, of a tile more
        ("64; conv k10 s5; conv k3 s2 x4; conv k2 s2 x2", (40, 40, 40)),  # wav2vec 2.0: field 400, hop 320
    ],
)
def test_halos_that_were_worked_out_by_hand(text: str, expected: tuple[int, int, int]) -> None:
    side, layers = text.split("; ", 1)
    (axis,) = halo(graph_of(parse(f"{max(int(side), 64) * (16 if 'k10' in layers else 1)}; {layers}"))).axes or ()
    assert (axis.before, axis.after, axis.offset) == expected


def test_the_u_net_of_2015_gives_388_of_572_with_92_on_each_side() -> None:
    inner = "conv k3 x2"
    for _ in range(4):  # the crops of the shortcuts see less than what is below, and are left out
        inner = f"conv k3 x2; maxpool k2; {inner}; tconv k2 s2; conv k3 x2"
    found = halo(graph_of(parse(f"572x572; {inner}")))
    assert found.graph.output.size == (388, 388)
    assert [(axis.before, axis.after, axis.offset) for axis in found.axes or ()] == [(92, 92, 92)] * 2
    assert found.grid == (16, 16)


@pytest.mark.parametrize(
    ("text", "node", "words"),
    [
        ("64; conv k3 p1; global", 2, "reads all positions"),
        ("64; concat(skip | maxpool k64; upsample s64)", 2, "reads all positions"),
        ("64; random r1; conv k3 p1", 1, "reads positions that lie anywhere"),
        ("64; conv k3 p1; conv k3 p1 circular", 2, "wraps round"),
        ("60; concat(conv k3 s2 p1 | conv k31)", 3, "branches of several strides meet"),
    ],
)
def test_what_makes_tiling_inexact_is_named(text: str, node: int, words: str) -> None:
    found = halo(graph_of(parse(text)))
    assert not found.exact
    (reason,) = found.reasons
    assert reason.node == node
    assert words in reason.text
    assert (found.axes is None) == ("strides" in words)


def test_the_halo_without_what_pools_the_map_is_that_of_the_rest() -> None:
    (axis,) = halo(graph_of(parse("64; add(conv k5 p2 | global; upsample s64)"))).axes or ()
    assert (axis.before, axis.after) == (2, 2)
    found = halo(graph_of(parse("64; conv k3 p1 x3; global; conv k1")))
    assert found.end == 3
    assert [(axis.before, axis.after) for axis in found.axes or ()] == [(3, 3)]
