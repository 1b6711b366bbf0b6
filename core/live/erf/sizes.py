"""How large an effective field is: named recipes, as no two papers measure alike (no sampling here).

All recipes but the RepLKNet one are taken on linear mass: a map of numbers from 0 up whose sum is the mass. Sides are
lengths in pixels; in 1-D a side is the length itself. Part of a square that lies outside the image holds no mass, and
counts in its side all the same. The ratio is a side over the theoretical field's (geometric mean of its sides).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import cbrt, floor, prod, sqrt

import numpy as np

from ...errors import UserError

LUO_SHARE = 1 - 0.9545  # of the centre value
REPLKNET_THRESHOLDS = (0.2, 0.3, 0.5, 0.99)


@dataclass(frozen=True, slots=True)
class Size:
    """One recipe's answer; ``ratio`` to the theoretical field's side is None where no field was given."""

    recipe: str
    side: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class ErfSizes:
    """The recipes side by side, with the moments of the Gaussian fit, per axis in pixels."""

    square_50: Size
    square_95: Size
    luo: Size
    gaussian: Size
    sigma: tuple[float, ...]
    mean: tuple[float, ...]


def erf_sizes(values: np.ndarray, centre: Sequence[float], field_size: Sequence[int] | None = None) -> ErfSizes:
    """Sizes of the map ``values``, of one axis to three, about ``centre``, in pixels from the first pixel's.

    * ``square_50``, ``square_95``: side of the smallest square (of three axes: cube) about the centre that holds so
      much of the mass; a centre between two pixels gives even sides.
    * ``luo``: √ (of three axes ∛, of one none) of the number of pixels above 4.55 % of the centre value (the mean of
      the nearest pixels).
    * ``gaussian``: 4 sigma, geometric mean of the axes, sigma from the second moments of the mass.

    Raises :class:`~.errors.UserError` for maps without mass, with negative numbers or without their centre.

    >>> sizes = erf_sizes(np.array([1.0, 4, 10, 16, 19, 16, 10, 4, 1]), (4,), (9,))
    >>> sizes.square_50.side, sizes.luo.side, round(sizes.sigma[0] ** 2, 6)
    (3.0, 9.0, 2.666667)
    """
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() > 0):
        raise UserError("a map without mass, or with negative or undefined values, has no size; measure abs or square")
    if len(centre) != values.ndim or not all(-0.5 <= c <= n - 0.5 for c, n in zip(centre, values.shape, strict=True)):
        raise UserError(f"the centre {tuple(centre)} lies outside a map of {values.shape}; give one inside")
    mass = values / values.max()
    mass = mass / mass.sum()
    field = prod(field_size) ** (1 / len(field_size)) if field_size else None

    def size(recipe: str, side: float) -> Size:
        return Size(recipe, side, None if field is None else side / field)

    shape, root = ("cube", "∛") if mass.ndim == 3 else ("square", "√")
    mean, sigma = _moments(mass)
    return ErfSizes(
        size(f"side of the centred {shape} holding 50 % of the mass", _square(mass, centre, 0.5)),
        size(f"side of the centred {shape} holding 95 % of the mass", _square(mass, centre, 0.95)),
        size(f"{root}pixels above 4.55 % of the centre value (Luo et al. 2016)", _luo(mass, centre)),
        size("4 standard deviations of a Gaussian fitted by its moments", 4 * prod(sigma) ** (1 / len(sigma))),
        sigma,
        mean,
    )


def replknet_area_ratio(
    values: np.ndarray, thresholds: Sequence[float] = REPLKNET_THRESHOLDS
) -> dict[float, float | None]:
    """RepLKNet's high-contribution area ratio: a mode of its own, on logarithmic mass, tied to the gradient's scale.

    For every threshold, the area share of the smallest square about the image's middle (sides 3, 5, ...) that holds
    more than so much of log10(1 + value) / max; None where no square short of the image does. As in
    ``erf/analyze_erf.py`` of github.com/DingXiaoH/RepLKNet-pytorch (Ding et al. 2022, arXiv 2203.06717), for the sum
    over channels of ReLU gradients; the same field at another gradient scale gives another ratio.

    ``values``: (height, width), from 0 up.
    """
    if values.ndim != 2 or not (np.isfinite(values).all() and values.min() >= 0 and values.max() > 0):
        raise UserError("the RepLKNet area ratio needs a 2-D map with mass and without negative values; reduce by relu")
    log = np.log10(values + 1)
    total = log.sum()
    if not total > 0:
        raise UserError("all values are too small for log10(1 + value); the RepLKNet area ratio needs larger gradients")
    height, width = values.shape
    middle = height // 2, width // 2
    ratios: dict[float, float | None] = dict.fromkeys(thresholds)
    for reach in range(1, height // 2):
        rows, columns = (slice(max(centre - reach, 0), centre + reach + 1) for centre in middle)
        share = log[rows, columns].sum() / total
        for threshold in thresholds:
            if ratios[threshold] is None and share > threshold:
                side = 2 * reach + 1
                ratios[threshold] = side / height * side / width
    return ratios


def _square(mass: np.ndarray, centre: Sequence[float], share: float) -> float:
    """Side of the smallest centred square that holds ``share`` of the mass."""
    away = [np.abs(np.arange(n) - c) for n, c in zip(mass.shape, centre, strict=True)]
    reach = np.asarray(reduce(np.maximum.outer, away))
    order = np.argsort(reach, axis=None, kind="stable")
    held = np.cumsum(mass.ravel()[order])
    # the last sum may round to just below the share asked for
    last = min(int(np.searchsorted(held, share * (1 - 1e-12))), mass.size - 1)
    return 2 * float(reach.ravel()[order[last]]) + 1


def _luo(mass: np.ndarray, centre: Sequence[float]) -> float:
    nearest = [
        {min(max(floor(c), 0), n - 1), min(max(-floor(-c), 0), n - 1)} for c, n in zip(centre, mass.shape, strict=True)
    ]
    value = np.mean([mass[position] for position in product(*nearest)])
    above = np.count_nonzero(mass > LUO_SHARE * value)
    return (float, sqrt, cbrt)[mass.ndim - 1](above)


def _moments(mass: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of the mass along each axis."""
    means, sigmas = [], []
    for axis, n in enumerate(mass.shape):
        profile = mass.sum(tuple(other for other in range(mass.ndim) if other != axis))
        positions = np.arange(n)
        mean = float((profile * positions).sum())
        means.append(mean)
        sigmas.append(sqrt(float((profile * np.square(positions - mean)).sum())))
    return tuple(means), tuple(sigmas)
