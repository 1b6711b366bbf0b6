"""The aliased share of a stride, against |H|² integrated on a fine grid of frequencies."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exact.aliasing import aliased_by_ones, aliased_share
from core.network.window import Window, binomial

_FINE = 1 << 12  # frequencies of an axis; 96 of two axes


def _integrated(taps: np.ndarray, stride: int, dilation: int) -> float:
    """Power at frequencies beyond half an output's, over all power, from an FFT with many zeros behind the taps."""
    spread = np.zeros(_FINE)
    spread[: dilation * len(taps) : dilation] = taps
    power = np.abs(np.fft.fft(spread)) ** 2
    frequencies = np.abs(np.fft.fftfreq(_FINE))
    return float(power[frequencies * 2 * stride > 1].sum() / power.sum())


@settings(max_examples=60)
@given(
    st.lists(st.floats(-3, 3).filter(lambda tap: abs(tap) > 1e-3), min_size=1, max_size=7),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_the_share_is_the_integral_of_the_response_above_the_limit(
    taps: list[float], stride: int, dilation: int
) -> None:
    found = aliased_share(np.array(taps), [stride], [dilation])
    assert found == pytest.approx(_integrated(np.array(taps), stride, dilation), abs=4e-3)


def test_two_axes_keep_what_is_low_along_both() -> None:
    rng = np.random.default_rng(0)
    taps = rng.standard_normal((5, 2, 3, 4))
    side = 512
    power = (np.abs(np.fft.fft2(taps, (side, side))) ** 2).sum((0, 1))
    low = [np.abs(np.fft.fftfreq(side)) * 2 * stride <= 1 for stride in (2, 3)]
    kept = sum(power[row, column] for row, column in product(*map(np.flatnonzero, low)))
    assert aliased_share(taps, [2, 3], [1, 1]) == pytest.approx(1 - kept / power.sum(), abs=0.01)


@pytest.mark.parametrize(
    ("window", "share"),
    [
        (Window(3), 0.0),
        (Window(1, stride=2), 1 / 2),  # one tap passes all alike
        (Window(1, stride=4), 3 / 4),
        (Window(2, stride=2), 1 / 2 - 1 / np.pi),
        (Window(3, stride=2), 1 / 2 - 4 / (3 * np.pi)),
        (Window(3, stride=2, weights=(1, 2, 1)), 1 / 2 - 4 / (3 * np.pi)),  # r: 6, 4, 1; half a position off, the same
        (Window(3, stride=2, dilation=2), 1 / 2),  # holes leave what folds
    ],
)
def test_windows_of_ones_worked_out_by_hand(window: Window, share: float) -> None:
    assert aliased_by_ones([window]) == pytest.approx(share, abs=1e-12)
    assert aliased_by_ones([window, window]) == pytest.approx(1 - (1 - share) ** 2, abs=1e-12)


def test_a_longer_blur_leaves_less_to_fold() -> None:
    shares = [aliased_by_ones([Window(taps, stride=2, weights=binomial(taps))]) for taps in (1, 2, 4, 6, 40, 1000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 1e-9


def test_the_scale_of_weights_does_not_matter_and_no_weights_have_no_share() -> None:
    taps = np.array([1.0, -2.0, 0.5])
    assert aliased_share(taps * 1e-200, [2], [1]) == pytest.approx(aliased_share(taps, [2], [1]))
    assert aliased_share(np.zeros(3), [2], [1]) is None
    assert aliased_share(np.array([np.nan, 1.0]), [2], [1]) is None
