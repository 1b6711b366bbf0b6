"""What checks share: the unit they look at, the stride period, and how single windows read."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checks import check
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.design.typed import TypedDesign
from core.errors import NetworkError
from core.exact.residues import residues, starves_border, uniform_over_residues
from core.formatting import format_percent, format_ratio
from core.network import PRESETS, parse
from core.network.maps import Transposed
from core.network.window import BORDERS, Window


def analysis(text: str) -> DesignAnalysis:
    return DesignAnalysis(TypedDesign(parse(text)))


def test_the_centre_unit_of_a_resnet_is_the_one_that_looks_at_pixel_96() -> None:
    found = DesignAnalysis(TypedDesign(PRESETS["ResNet-50"]))
    assert found.unit == (3, 3)
    assert [axis.centre(3) for axis in found.fields[-1]] == [96, 96]
    assert (found.unit_field, found.box) == ((427, 427), ((0, 223), (0, 223)))


@pytest.mark.parametrize(
    ("text", "period", "grid"),
    [
        ("64x64; conv k7 s2 p3; maxpool k3 s2x1 p1", (4, 2), (4, 2)),
        ("32; conv k3 s2 p1; global", (2,), (2,)),  # one position has no neighbours, hence no stride
        ("32; conv k3 s2 p1; add(skip | global; upsample s16)", (2,), (2,)),
        ("32; maxpool k2 x4", (16,), (8,)),  # a quarter of the input at most
        ("36; maxpool k2; maxpool k3 x2", (18,), (9,)),
        ("3; maxpool k2", (1,), (1,)),
        ("32; maxpool k2; upsample s2", (2,), (2,)),
    ],
)
def test_the_period_is_that_of_the_strides_and_the_grid_a_part_of_it(
    text: str, period: tuple[int, ...], grid: tuple[int, ...]
) -> None:
    found = analysis(text)
    assert (found.period, found.grid) == (period, grid)


@pytest.mark.parametrize("text", ["64x64; conv k3 s2 p1 x2", "32x32; conv k3 s2 p1 x4", "30; conv k5 s3 p2 x3"])
def test_a_measure_and_a_check_say_one_parity_also_where_the_period_is_wide(text: str) -> None:
    (finding,) = [finding for finding in check(design_of(text)) if finding.code == "parity"]
    parity = analysis(text).measures()["parity"]
    assert parity is not None
    assert finding.number == f"{format_ratio(parity)} times"


WINDOWS = st.builds(
    Window,
    kernel=st.integers(1, 5),
    stride=st.integers(1, 4),
    dilation=st.integers(1, 3),
    pad=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    border=st.sampled_from(BORDERS),
)


@given(WINDOWS)
def test_residues_are_the_counts_of_the_interior(window: Window) -> None:
    side = 96
    counts = window.pull(np.ones(window.out_size(side), dtype=object), side)
    inside = counts[36:60].tolist()
    places = [(at + window.pad[0]) % window.stride for at in range(36, 60)]
    assert inside == [residues(window)[place] for place in places]
    assert uniform_over_residues(window) is (len(set(inside)) == 1)


@given(WINDOWS)
def test_a_border_that_is_not_starved_has_no_pixel_with_fewer_paths_than_its_like_inside(window: Window) -> None:
    side = 48
    try:
        counts = window.pull(np.ones(window.out_size(side), dtype=object), side)
    except NetworkError:
        return
    inside = [residues(window)[(at + window.pad[0]) % window.stride] for at in range(side)]
    fewer = any(count < like for count, like in zip(counts[: side // 2], inside, strict=False))
    if not starves_border(window):
        assert not fewer
    elif window.stride == 1 and window.border in ("zeros", "circular"):
        assert any(count < like for count, like in zip(counts, inside, strict=True))


def test_a_transposed_window_starves_the_border_only_where_it_crops() -> None:
    assert not starves_border(Transposed(Window(4, 2)))
    assert starves_border(Transposed(Window(4, 2, pad=(1, 1))))


@given(st.fractions(0, 1))
def test_a_share_never_looks_like_all_or_nothing_unless_it_is(share: Fraction) -> None:
    assert (format_percent(share) == "0 %") is (share == 0)
    assert (format_percent(share) == "100 %") is (share == 1)


def test_a_changed_design_is_analysed_once() -> None:
    analysis = DesignAnalysis(TypedDesign(parse("64x64; conv k3 s2 p1")))
    padded, larger = analysis.after("kernel-padding"), analysis.at_input((65, 65))
    assert padded is not None
    assert larger is not None
    assert analysis.of_changed(padded.design) is padded
    assert analysis.of_changed(larger.design) is larger
    other = analysis.of_changed(TypedDesign(parse("9; conv k3")))
    assert other.graph.input.size == (9,)
