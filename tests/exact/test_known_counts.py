"""Path counts that are known by name or were worked out by hand: sequences, borders, strides, published networks."""

from fractions import Fraction
from math import comb, erf, pi, sin, sqrt

import numpy as np
import pytest

from core.exact import path_counts
from core.network import graph_of, parse


def counts(text: str, unit: int | None = None) -> list[int]:
    """The counts of a 1-D network's pixels, to all outputs or to one."""
    return path_counts(graph_of(parse(text)), None if unit is None else (unit,)).array().tolist()


def power(row: list[int], times: int) -> list[int]:
    """The coefficients of a polynomial, multiplied out ``times`` times."""
    result = [1]
    for _ in range(times):
        longer = [0] * (len(result) + len(row) - 1)
        for at, one in enumerate(result):
            for step, other in enumerate(row):
                longer[at + step] += one * other
        result = longer
    return result


@pytest.mark.parametrize("depth", range(9))
def test_two_wide_windows_give_pascals_triangle(depth: int) -> None:
    layers = f"; conv k2 x{depth}" if depth else ""
    assert counts(f"{depth + 1}{layers}") == [comb(depth, at) for at in range(depth + 1)]


@pytest.mark.parametrize(("depth", "centre"), [*enumerate([1, 1, 3, 7, 19, 51, 141, 393, 1107])])
def test_three_wide_windows_have_the_central_trinomial_coefficients(depth: int, centre: int) -> None:
    """OEIS A002426."""
    layers = f"; conv k3 x{depth}" if depth else ""
    assert counts(f"{2 * depth + 1}{layers}")[depth] == centre


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("9; conv k3 x4", [1, 4, 10, 16, 19, 16, 10, 4, 1]),
        ("13; conv k5 x3", [1, 3, 6, 10, 15, 18, 19, 18, 15, 10, 6, 3, 1]),
        ("17; conv k3 d2 x4", [1, 0, 4, 0, 10, 0, 16, 0, 19, 0, 16, 0, 10, 0, 4, 0, 1]),
        ("4; conv k3 full; conv k3 full", [9, 9, 9, 9]),
    ],
)
def test_one_output_without_padding_has_the_coefficients_of_a_power(text: str, row: list[int]) -> None:
    assert counts(text) == row


@pytest.mark.parametrize(("kernel", "depth"), [(2, 7), (3, 4), (3, 10), (4, 3), (5, 6), (7, 5)])
def test_a_row_sums_to_a_power_with_the_variance_of_stacked_boxes(kernel: int, depth: int) -> None:
    """Sum k^L and variance L (k^2 - 1) / 12, exactly."""
    row = counts(f"{depth * (kernel - 1) + 1}; conv k{kernel} x{depth}")
    assert row == power([1] * kernel, depth)
    assert sum(row) == kernel**depth
    mean = Fraction(sum(at * count for at, count in enumerate(row)), sum(row))
    variance = sum(count * (at - mean) ** 2 for at, count in enumerate(row)) / sum(row)
    assert variance == Fraction(depth * (kernel**2 - 1), 12)


@pytest.mark.parametrize(("kernel", "depth"), [(3, 10), (3, 50), (5, 10), (7, 40)])
def test_the_centre_is_close_to_that_of_a_gaussian(kernel: int, depth: int) -> None:
    """k^L / sqrt(2 pi L (k^2 - 1) / 12) is too large by an eighth of the excess kurtosis, to first order in 1 / L."""
    exact = max(counts(f"{depth * (kernel - 1) + 1}; conv k{kernel} x{depth}"))
    gaussian = kernel**depth / sqrt(2 * pi * depth * (kernel**2 - 1) / 12)
    kurtosis = 6 / 5 * (kernel**2 + 1) / (kernel**2 - 1) / depth
    assert gaussian / exact - 1 == pytest.approx(kurtosis / 8, rel=0.05)
    if (kernel, depth) == (3, 10):
        assert round(100 * (gaussian / exact - 1), 1) == 1.9


def test_a_valid_stack_fades_towards_the_border() -> None:
    assert counts("11; conv k3 x4") == [1, 5, 15, 30, 45, 51, 45, 30, 15, 5, 1]


def test_a_zero_padded_stack_fades_towards_the_border() -> None:
    assert counts("9; conv k3 p1 x4") == [35, 61, 75, 80, 81, 80, 75, 61, 35]


@pytest.mark.parametrize(("depth", "border"), [*enumerate([2, 5, 13, 35, 96, 267, 750], start=1)])
def test_the_border_pixel_of_a_zero_padded_stack_counts_prefixes_of_motzkin_paths(depth: int, border: int) -> None:
    """OEIS A005773; by reflection, the two middle entries of the trinomial row, added."""
    row = counts(f"40; conv k3 p1 x{depth}")
    assert row[0] == row[-1] == border == sum(power([1, 1, 1], depth)[depth : depth + 2])
    assert row[20] == 3**depth


@pytest.mark.parametrize("depth", [20, 80, 320])
def test_the_border_share_falls_like_a_power_of_the_depth(depth: int) -> None:
    """Close to sqrt(3 / (pi L)), and the profile close to erf((x + 1) / sqrt(4 L / 3))."""
    row = counts(f"201; conv k3 p1 x{depth}")
    assert row[0] / 3**depth == pytest.approx(sqrt(3 / (pi * depth)), rel=0.6 / depth)
    for at in range(60):
        assert row[at] / 3**depth == pytest.approx(erf((at + 1) / sqrt(4 * depth / 3)), abs=0.3 / depth)


def test_the_border_share_of_a_valid_stack_falls_exponentially() -> None:
    """The border pixel keeps one path, the centre has nearly 3^L."""
    row = counts("101; conv k3 x20")
    assert row[0] == 1
    assert row[50] == 3**20


def test_a_profile_much_deeper_than_wide_tends_to_a_sine() -> None:
    row = counts("9; conv k3 p1 x400")
    for at, count in enumerate(row):
        assert Fraction(count, row[4]) == pytest.approx(sin(pi * (at + 1) / 10), abs=1e-12)


@pytest.mark.parametrize(("kernel", "depth"), [(2, 5), (3, 4), (5, 3), (4, 6)])
def test_full_padding_gives_every_pixel_all_paths_and_a_larger_output(kernel: int, depth: int) -> None:
    graph = graph_of(parse(f"7; conv k{kernel} full x{depth}"))
    assert path_counts(graph).array().tolist() == [kernel**depth] * 7
    assert graph.output.size == (7 + depth * (kernel - 1),)


@pytest.mark.parametrize("border", ["circular", "symmetric"])
@pytest.mark.parametrize(("kernel", "depth"), [(3, 4), (5, 3), (7, 2)])
def test_wrapping_and_mirroring_give_every_pixel_all_paths_at_the_same_size(
    border: str, kernel: int, depth: int
) -> None:
    graph = graph_of(parse(f"9; conv k{kernel} same {border} x{depth}"))
    assert path_counts(graph).array().tolist() == [kernel**depth] * 9
    assert graph.output.size == (9,)


@pytest.mark.parametrize(
    ("layer", "border"),
    [
        ("k3 p1 zeros", [2, 3, 3, 3]),
        ("k5 p2 zeros", [3, 4, 5, 5]),
        ("k3 p1 reflect", [2, 4, 3, 3]),
        ("k5 p2 reflect", [3, 6, 6, 5]),
        ("k3 p1 replicate", [3, 3, 3, 3]),
        ("k5 p2 replicate", [6, 4, 5, 5]),
        ("k3 p1 symmetric", [3, 3, 3, 3]),
        ("k5 p2 symmetric", [5, 5, 5, 5]),
        ("k3 p1 circular", [3, 3, 3, 3]),
        ("k5 p2 circular", [5, 5, 5, 5]),
        ("k3 valid", [1, 2, 3, 3]),
        ("k3 full", [3, 3, 3, 3]),
    ],
)
def test_one_layer_at_the_border(layer: str, border: list[int]) -> None:
    row = counts(f"12; conv {layer}")
    assert row[:4] == border
    assert row[::-1] == row


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("24; conv k3 s2 p1", [1, 2]),
        ("24; conv k4 s2 p1", [2, 2]),
        ("24; conv k5 s3 p2", [1, 2, 2]),
        ("24; conv k6 s3 p2", [2, 2, 2]),
        ("24; conv k1 s2", [1, 0]),
        ("24; conv k2 s3", [1, 1, 0]),
        ("24; blur k3 s2 p1", [2, 2]),
        ("24; blur k5 s2 p2", [8, 8]),
        ("48; conv k7 s2 p3; maxpool k3 s2 p1", [6, 5, 6, 4]),
        ("48; conv k8 s2 p3; maxpool k4 s2 p1", [8, 8, 8, 8]),
        ("48; conv k3 s2 p1 x2", [1, 3, 2, 3]),
        ("64; conv k3 s2 p1 x3", [1, 4, 3, 5, 2, 5, 3, 4]),
    ],
)
def test_strides_leave_a_periodic_pattern_inside(text: str, period: list[int]) -> None:
    """One period of the pattern, wherever the padding lets it begin."""
    row = counts(text)
    size = len(period)
    inside = row[2 * size : 4 * size]
    assert any(inside[shift : shift + size] == period for shift in range(size)), inside
    assert row[2 * size : 3 * size] == row[3 * size : 4 * size]


@pytest.mark.parametrize("depth", range(1, 8))
def test_three_wide_stride_two_towers_give_sterns_diatomic_sequence(depth: int) -> None:
    """a(2n) = a(n), a(2n + 1) = a(n) + a(n + 1); its largest value below 2^L is the Fibonacci number F(L + 2)."""
    stern = [0, 1]
    for n in range(2, 2 ** (depth + 1) + 1):
        stern.append(stern[n // 2] + (stern[n // 2 + 1] if n % 2 else 0))
    fibonacci = [0, 1]
    while len(fibonacci) < depth + 3:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    period = 2**depth
    inside = counts(f"{8 * period}; conv k3 s2 p1 x{depth}")[3 * period : 5 * period]
    assert inside[:period] == inside[period:]
    middle = inside[inside.index(1) :][:period]
    assert middle == stern[period : 2 * period]
    assert (max(middle), min(middle)) == (fibonacci[depth + 2], 1)


def test_a_stride_of_two_gives_one_two_four_in_two_dimensions() -> None:
    found = path_counts(graph_of(parse("12x12; conv k3 s2 p1"))).array()[4:6, 4:6]
    assert sorted(found.ravel().tolist()) == [1, 2, 2, 4]


def test_a_pointwise_layer_of_stride_two_leaves_three_quarters_unread() -> None:
    found = path_counts(graph_of(parse("12x12; conv k1 s2")))
    assert found.multiplicities() == {1: 36, 0: 108}


def test_the_stem_of_a_resnet_spreads_from_sixteen_to_thirty_six() -> None:
    inside = path_counts(graph_of(parse("64x64; conv k7 s2 p3; maxpool k3 s2 p1"))).array()[24:40, 24:40]
    assert (inside.max(), inside.min()) == (36, 16)
    assert Fraction(36, 16) == 2.25
    flat = path_counts(graph_of(parse("64x64; conv k8 s2 p3; maxpool k4 s2 p1"))).array()[24:40, 24:40]
    assert set(flat.ravel().tolist()) == {64}


@pytest.mark.parametrize("depth", [1, 2, 5, 9])
def test_residual_units_give_every_second_row_of_pascals_triangle(depth: int) -> None:
    side = 2 * depth + 1
    row = counts(f"{side}; add(skip | conv k3 p1) x{depth}", unit=depth)
    assert row == [comb(2 * depth, at) for at in range(side)]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_residual_units_in_two_dimensions_are_no_product_of_rows(depth: int) -> None:
    """(I x I + A x A)^L, A the box: worked out as a sum over how many of the L units are passed by the box."""
    side = 2 * depth + 1
    found = path_counts(graph_of(parse(f"{side}x{side}; add(skip | conv k3 p1) x{depth}")), unit=(depth, depth)).array()
    expected = np.zeros((side, side), dtype=object)
    for boxes in range(depth + 1):
        margin = depth - boxes
        row = np.array([0] * margin + power([1, 1, 1], boxes) + [0] * margin, dtype=object)
        expected += comb(depth, boxes) * np.multiply.outer(row, row)
    assert found.tolist() == expected.tolist()
    assert np.linalg.matrix_rank(found.astype(float)) > 1


@pytest.mark.parametrize("taps", range(2, 8))
def test_blurring_counts_the_paths_of_stacked_windows_of_two_and_flattens_a_stride_of_two(taps: int) -> None:
    assert counts(f"{taps}; blur k{taps}") == [comb(taps - 1, at) for at in range(taps)]
    assert counts(f"{taps}; blur k{taps}") == counts(f"{taps}; conv k2 x{taps - 1}")
    assert set(counts(f"60; blur k{taps} s2 p{taps // 2}")[20:40]) == {2 ** (taps - 2)}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("5; attn x2", [25, 25, 25, 25, 25]),
        ("5; attn causal", [5, 4, 3, 2, 1]),
        ("6; attn causal w3", [3, 3, 3, 3, 2, 1]),
        ("7; attn w3", [3, 3, 3, 3, 3, 3, 1]),  # the last window is cut off
        ("7; attn w3 shift1", [1, 3, 3, 3, 3, 3, 3]),
        ("8; attn w4 shift2", [2, 2, 4, 4, 4, 4, 2, 2]),  # the two ends do not read each other
        ("14; attn near7", [4, 5, 6, 7, 8, 9, 10, 10, 9, 8, 7, 6, 5, 4]),
        ("5; attn near3", [2, 3, 5, 3, 2]),  # both ends read the first and last three
        ("6; attn near3 d2", [3, 3, 3, 3, 3, 3]),  # of each parity there are three, and all are read
    ],
)
def test_attention_reads_each_key_that_it_may_once(text: str, row: list[int]) -> None:
    assert counts(text) == row


def test_causal_attention_with_shortcuts_counts_most_paths_from_the_beginning() -> None:
    """Sums of sums: (n - j) (n - j + 1) / 2 paths of two attentions, twice n - j of one, and one of none."""
    row = counts("64; add(skip | attn causal) x2")
    assert row == [(64 - at) * (65 - at) // 2 + 2 * (64 - at) + 1 for at in range(64)]
    assert (row[0], row[-1]) == (2209, 4)
    assert counts("64; add(skip | attn causal) x2", unit=63) == [*range(66, 3, -1), 4]


@pytest.mark.parametrize("depth", range(1, 6))
def test_causal_attention_alone_counts_binomially(depth: int) -> None:
    """Paths to the last of n are ways to climb from a position to it in so many steps."""
    row = counts(f"9; attn causal x{depth}", unit=8)
    assert row == [comb(8 - at + depth - 1, depth - 1) for at in range(9)]


def test_shifted_windows_leave_the_corner_behind() -> None:
    text = "8x8; " + "; ".join(["add(skip | attn w4); add(skip | attn w4 shift2)"] * 2)
    found = path_counts(graph_of(parse(text)))
    assert [found.at(at) for at in ((0, 0), (0, 4), (4, 4))] == [28329, 29025, 30513]
