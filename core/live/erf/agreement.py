"""What exact path counts predict of a measured effective field, and how well the two agree (no sampling here).

With independent zero-mean weights the expected squared gradient is proportional to the path count, so the mean
|gradient| follows its square root (Luo et al. 2016; E|g| / √E[g²] is one constant where g is about Gaussian). With
weights of one the gradient is the count.

The prediction is approximate where edges do not all weigh the same on average: an identity branch of an add weighs 1
while a convolution's edge weighs its variance; a blur's and an interpolation's fixed weights differ from tap to tap;
a max pool passes one tap of its window; a border mode shows one sample twice under one draw of weights; a batch norm
and a saturating activation scale by the signal itself, which a zero border makes smaller. |g| of a pixel with few paths
is a product of few weights, heavier in the tails than a Gaussian. Weights that are fixed, not redrawn, are one draw.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from ...errors import UserError


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """A map of the shape of its counts, float64, summing to 1; or the reason there is none."""

    share: np.ndarray | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a measured map compares with its prediction, both scaled to sum 1.

    ``correlation``: Pearson's, over pixels; None where one of the maps is constant.
    ``relative_error``: root mean square of the difference over root mean square of the prediction.
    """

    correlation: float | None
    relative_error: float


def prediction(counts: np.ndarray, reduce: str, weights: str) -> Prediction:
    """The shares of a measured map that ``counts`` predict.

    ``counts``: path counts (height, width) or (length,), dtype object, of any size. ``reduce`` and ``weights`` are
    names as in :class:`~.live.erf.sampling.ErfRecipe` and :class:`~.live.modules.model.ModelRecipe`.

    >>> prediction(np.array([1, 4, 4], dtype=object), "abs", "kaiming").share.tolist()
    [0.2, 0.4, 0.4]
    """
    if weights != "ones" and reduce == "signed":
        return Prediction(None, "the expected signed gradient is zero at every pixel when weights have mean zero")
    total = int(counts.sum())
    if not total:
        return Prediction(None, "no path leads from any pixel to the chosen output")
    # Python divides whole numbers of any size correctly; a float of the counts themselves could overflow
    share = np.array([int(count) / total for count in counts.flat], dtype=np.float64).reshape(counts.shape)
    if weights == "ones":
        share = np.square(share) if reduce == "square" else share
    elif reduce != "square":
        share = np.sqrt(share)
    return Prediction(share / share.sum())


def agreement(measured: np.ndarray, predicted: np.ndarray) -> Agreement:
    """Compares two maps of one shape, whatever their scales.

    Raises :class:`~.errors.UserError` for a map that cannot be scaled to sum 1.

    >>> agreement(np.array([1.0, 2.0, 1.0]), np.array([0.25, 0.5, 0.25]))
    Agreement(correlation=1.0, relative_error=0.0)
    """
    left, right = _scaled(measured, "measured"), _scaled(predicted, "predicted")
    error = sqrt(float(np.square(left - right).mean() / np.square(right).mean()))
    left, right = left - left.mean(), right - right.mean()
    spread = sqrt(float(np.square(left).sum())) * sqrt(float(np.square(right).sum()))
    # rounding alone leaves a constant map a spread of about 1e-16 of its sum
    constant = min(np.abs(left).max(), np.abs(right).max()) <= 1e-14
    correlation = None if constant or not spread else round(float((left * right).sum()) / spread, 12)
    return Agreement(correlation, error)


def _scaled(values: np.ndarray, name: str) -> np.ndarray:
    largest = float(np.abs(values).max())
    if not (np.isfinite(largest) and largest > 0):
        raise UserError(
            f"the {name} map is zero or undefined everywhere; use more samples, other weights or fewer layers"
        )
    values = values / largest  # first, as the sum of very small or large numbers may leave float64
    total = float(values.sum())
    if total <= 0:
        raise UserError(f"the {name} map sums to {total:g}, so shares of it mean nothing; use abs, square or relu")
    return np.asarray(values / total)
