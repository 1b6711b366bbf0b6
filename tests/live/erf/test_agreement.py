"""What counts predict, and how a measurement is compared with it."""

import numpy as np
import pytest

from core.errors import UserError
from core.live import agreement, prediction

COUNTS = np.array([[1, 4], [9, 16]], dtype=object)


@pytest.mark.parametrize(
    ("reduce", "weights", "shape"),
    [
        ("abs", "kaiming", [[1, 2], [3, 4]]),
        ("relu", "xavier", [[1, 2], [3, 4]]),
        ("square", "gaussian", [[1, 4], [9, 16]]),
        ("abs", "ones", [[1, 4], [9, 16]]),
        ("signed", "ones", [[1, 4], [9, 16]]),
        ("square", "ones", [[1, 16], [81, 256]]),
    ],
)
def test_a_prediction_follows_its_rule_and_sums_to_one(reduce, weights, shape):
    expected = np.array(shape) / np.sum(shape)
    np.testing.assert_allclose(prediction(COUNTS, reduce, weights).share, expected, rtol=1e-15)


def test_counts_of_any_size_have_shares():
    np.testing.assert_array_equal(prediction(COUNTS * 10**5000, "abs", "uniform").share, [[0.1, 0.2], [0.3, 0.4]])


def test_a_prediction_that_cannot_be_made_says_why():
    signed = prediction(COUNTS, "signed", "kaiming")
    assert signed.share is None
    assert "zero at every pixel" in signed.reason
    assert "no path leads" in prediction(COUNTS * 0, "abs", "kaiming").reason


def test_agreement_ignores_scale_and_sees_shape():
    predicted = np.array([1.0, 2, 3, 2, 1])
    perfect = agreement(1e-300 * predicted, 1e250 * predicted)
    assert (perfect.correlation, perfect.relative_error) == (1.0, pytest.approx(0, abs=1e-15))
    flat = agreement(np.ones(5), predicted)
    assert flat.correlation is None  # a constant has none
    assert flat.relative_error == pytest.approx(
        np.sqrt(((0.2 - predicted / 9) ** 2).sum() / ((predicted / 9) ** 2).sum())
    )
    rng = np.random.default_rng(0)
    left, right = rng.random((2, 6, 7))
    assert agreement(left, right).correlation == pytest.approx(np.corrcoef(left.ravel(), right.ravel())[0, 1])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0.0, 0.0], "the measured map is zero or undefined everywhere; use more samples"),
        ([np.nan, 1.0], "the measured map is zero or undefined"),
        ([1.0, -1.0], "the measured map sums to 0, so shares of it mean nothing; use abs, square or relu"),
    ],
)
def test_a_map_without_mass_agrees_with_nothing(values, message):
    with pytest.raises(UserError, match=message):
        agreement(np.array(values), np.ones(2))
