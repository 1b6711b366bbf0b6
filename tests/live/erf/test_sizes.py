"""Named recipes for the size of an effective field."""

import numpy as np
import pytest

from core.errors import UserError
from core.exact.paths import path_counts
from core.live import erf_sizes, replknet_area_ratio
from core.network import graph_of, parse


def uniform(layers, side):
    """Exact counts of one unit of ``layers`` 3-wide convolutions, as shares, field 2 * layers + 1 wide."""
    counts = path_counts(graph_of(parse(f"{side}x{side}; conv k3 p1 x{layers}")), unit=(side // 2,) * 2).array()
    return (counts / counts.sum()).astype(float)


@pytest.mark.parametrize(("layers", "side"), [(5, 8.31), (10, 11.70), (20, 16.16), (50, 25.63), (100, 36.12)])
def test_luos_rule_gives_the_known_sizes_of_uniform_weights(layers, side):
    field = 2 * layers + 1
    sizes = erf_sizes(uniform(layers, field), (layers, layers), (field, field))
    assert sizes.luo.side == pytest.approx(side, abs=0.005)
    assert sizes.luo.ratio == pytest.approx(sizes.luo.side / field)


@pytest.mark.parametrize("layers", [1, 4, 30])
def test_the_gaussian_fit_has_the_variance_of_stacked_boxes(layers):
    sizes = erf_sizes(uniform(layers, 2 * layers + 1), (layers, layers))
    assert sizes.sigma == pytest.approx((np.sqrt(layers * 2 / 3),) * 2)
    assert sizes.mean == pytest.approx((layers, layers))
    assert sizes.gaussian.side == pytest.approx(4 * np.sqrt(layers * 2 / 3))
    assert sizes.gaussian.ratio is None


@pytest.mark.parametrize(
    ("values", "centre", "half", "most"),
    [
        ([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], (4.5,), 6, 10),  # sides of a centre between pixels are even: 4 hold 40 %
        ([0, 0, 0, 7, 0, 0, 0], (3,), 1, 1),
        ([0, 0, 0, 7, 0, 0, 0], (1,), 5, 5),
        ([10, 4, 1, 0, 0, 0, 0], (0,), 1, 5),
        (np.ones((5, 5)), (2, 2), 5, 5),  # 3x3 hold 36 %
        (np.eye(5), (2, 2), 3, 5),
        (np.ones((4, 5)), (1.5, 2), 4, 5),
    ],
)
def test_squares_grow_about_the_centre_until_they_hold_the_mass(values, centre, half, most):
    sizes = erf_sizes(np.array(values, dtype=float), centre)
    assert (sizes.square_50.side, sizes.square_95.side) == (half, most)


def test_sizes_do_not_depend_on_the_scale():
    values = uniform(6, 21)
    small, large = (erf_sizes(values * scale, (10, 10), (13, 13)) for scale in (1e-300, 1e300))
    assert (small.luo, small.square_50, small.square_95) == (large.luo, large.square_50, large.square_95)
    assert small.gaussian.side == pytest.approx(large.gaussian.side)


def test_luo_counts_lengths_in_one_dimension_and_centres_between_pixels():
    assert erf_sizes(np.array([1.0, 100, 90, 2]), (1.5,)).luo.side == 2
    assert erf_sizes(np.array([5.0, 100, 100, 4]), (1.5,)).luo.side == 3


@pytest.mark.parametrize(
    ("values", "centre", "message"),
    [
        (np.zeros(3), (1,), "without mass"),
        (np.array([1.0, -1, 1]), (1,), "negative"),
        (np.array([1.0, np.nan]), (1,), "undefined"),
        (np.ones(3), (3,), r"the centre \(3,\) lies outside a map of \(3,\)"),
        (np.ones((3, 3)), (1,), "lies outside"),
    ],
)
def test_maps_without_a_size_are_refused(values, centre, message):
    with pytest.raises(UserError, match=message):
        erf_sizes(values, centre)


def test_the_replknet_ratio_is_that_of_its_published_script():
    """The script's loop, as published, is the oracle."""
    values = np.random.default_rng(0).random((24, 24)) * 50 * uniform(11, 24) / uniform(11, 24).max()
    log = np.log10(values + 1)
    log /= log.max()
    expected = {}
    for threshold in (0.2, 0.3, 0.5, 0.99):
        for i in range(1, 12):
            if log[12 - i : 13 + i, 12 - i : 13 + i].sum() / log.sum() > threshold:
                expected[threshold] = (2 * i + 1) / 24 * (2 * i + 1) / 24
                break
    assert replknet_area_ratio(values) == pytest.approx(expected)


def test_the_replknet_ratio_depends_on_the_gradients_scale_and_the_linear_sizes_do_not():
    values = uniform(20, 61)
    small, large = replknet_area_ratio(values * 1e-2), replknet_area_ratio(values * 1e8)
    assert large[0.5] > 2 * small[0.5]


def test_the_replknet_ratio_is_absent_where_no_square_suffices():
    edge = np.zeros((9, 9))
    edge[0, 0] = 1.0
    assert replknet_area_ratio(edge, (0.5,)) == {0.5: None}


@pytest.mark.parametrize(
    ("values", "message"),
    [(np.ones(5), "2-D map"), (-np.ones((5, 5)), "negative"), (np.full((5, 5), 1e-30), "too small")],
)
def test_the_replknet_ratio_refuses_what_it_does_not_mean(values, message):
    with pytest.raises(UserError, match=message):
        replknet_area_ratio(values)
