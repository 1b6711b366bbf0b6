"""What a stride folds: of what a window passes, the share at frequencies above those that its output can hold.

Along one axis a window of taps w passes |H(f)|² of a frequency f. Moving by s it keeps one output of s, so that
frequencies above 1 / (2 s) cycles a position fold onto lower ones: what they bring is aliased. For an input that is
equally strong at all frequencies its share of the output's power is

    1 - (sum over lags d of r(d) sinc(d / s)) / (s r(0)),   sinc(x) = sin(pi x) / (pi x),

r being the autocorrelation of the taps, as the part of |H|² below the limit is an integral of cosines. Over two axes
what is kept is low along both. Without a stride nothing folds.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from ..network.window import Window


def aliased_share(taps: np.ndarray, strides: Sequence[int], dilations: Sequence[int]) -> float | None:
    """The aliased share of windows with ``taps`` (..., one dimension for each axis): all that lead before are summed.

    None where all taps are zero, or their squares leave float64.

    >>> round(aliased_share(np.ones(2), [2], [1]), 4), round(aliased_share(np.ones(3), [2], [1]), 4)
    (0.1817, 0.0756)
    """
    axes = len(strides)
    taps = np.asarray(taps, dtype=np.float64)
    largest = np.abs(taps).max(initial=0.0)
    if not (np.isfinite(largest) and largest):
        return None
    taps = taps.reshape(-1, *taps.shape[taps.ndim - axes :]) / largest
    wide = [2 * side for side in taps.shape[1:]]  # no lag wraps onto another
    spectrum = np.abs(np.fft.fftn(taps, wide, axes=range(1, axes + 1))) ** 2
    correlation = np.fft.ifftn(spectrum.sum(axis=0)).real
    kept = correlation
    for axis, (stride, dilation, side) in enumerate(zip(strides, dilations, wide, strict=True)):
        lags = np.fft.fftfreq(side, 1 / side) * dilation
        shape = [-1 if other == axis else 1 for other in range(axes)]
        kept = kept * (np.sinc(lags / stride) / stride).reshape(shape)
    share = 1 - float(kept.sum() / correlation.flat[0])
    return min(max(share, 0.0), 1.0)


def aliased_by_ones(windows: Sequence[Window]) -> float:
    """The aliased share of windows whose taps are all one; of a blur, binomial."""
    rows = [np.ones(one.kernel) if one.weights is None else _scaled(one.weights) for one in windows]
    taps = reduce(np.multiply.outer, rows)
    share = aliased_share(taps, [one.stride for one in windows], [one.dilation for one in windows])
    assert share is not None
    return share


def _scaled(weights: Sequence[int]) -> np.ndarray:
    largest = max(weights)
    return np.array([weight / largest for weight in weights])  # whole numbers of any size divide without overflow
