"""Operators that resize a map: nearest, linear and cubic interpolation."""

from collections.abc import Callable
from fractions import Fraction
from math import floor

import numpy as np
import torch

from ...network.kinds import UPSAMPLE
from ...network.maps import AxisMap, Linear, Transposed
from ...network.window import Window
from ..layouts.builder import refuse_huge
from .pulls import separable, zeros_and_ones
from .registry import ExactCall, Pulls, Result, SquaredCall, exact, squared
from .windows import lookup, windowed

AxisMapOf = Callable[[int, int, float | None], AxisMap]  # of n samples, m outputs, and the factor where one was given

_NEAREST = tuple(
    f"{name}{axes}d.default" for name in ("upsample_nearest", "_upsample_nearest_exact") for axes in (1, 2, 3)
)
squared(*_NEAREST, results=0)(zeros_and_ones)


@exact(*_NEAREST)
def nearest(call: ExactCall) -> Result:
    """Each output reads one input: the one that torch finds, in single precision."""
    half = np.float32(0.5 if "exact" in call.name else 0)

    def axis_map(n: int, m: int, factor: float | None) -> AxisMap:
        step = np.float32(1 / factor if factor else n / m)
        reads = np.minimum(np.floor((np.arange(m, dtype=np.float32) + half) * step).astype(int), n - 1)
        if m % n == 0 and np.array_equal(reads, np.arange(m) // (m // n)):
            return Transposed(Window(m // n, stride=m // n))
        return lookup(reads[:, None].tolist(), n)

    return _resized(call, "upsample", axis_map, 2)


@exact("upsample_linear1d.default", "upsample_bilinear2d.default", "upsample_trilinear3d.default")
def linear(call: ExactCall) -> Result:
    """Each output reads its two neighbours along an axis, or the one that it falls on."""
    return _resized(call, "upsample bilinear", _interpolated(bool(call.arg(2, "align_corners", False)), 0), 3)


@exact("upsample_bicubic2d.default")
def cubic(call: ExactCall) -> Result:
    """Each output reads its four neighbours along an axis, or the one that it falls on."""
    return _resized(call, "upsample bicubic", _interpolated(bool(call.arg(2, "align_corners", False)), 1), 3)


def _interpolated(corners: bool, more: int) -> AxisMapOf:
    """``more``: samples read on each side beside the two neighbours."""

    def axis_map(n: int, m: int, factor: float | None) -> AxisMap:
        step = 1 / Fraction(factor).limit_denominator(10_000) if factor else Fraction(n, m)
        if not corners and not more and step * (m // n) == 1:
            return Linear(m // n)
        if corners:
            places = [Fraction(i * (n - 1), max(m - 1, 1)) for i in range(m)]
        else:
            places = [(i + Fraction(1, 2)) * step - Fraction(1, 2) for i in range(m)]
        return lookup([_neighbours(place, n, more) for place in places], n)

    return axis_map


def _neighbours(place: Fraction, n: int, more: int) -> list[int]:
    """Samples around a place, those past the border held to it; one that is met exactly stands alone."""
    before = floor(place)
    taps = [before] if place == before else list(range(before - more, before + 2 + more))
    return [min(max(tap, 0), n - 1) for tap in taps]


def _resized(call: ExactCall, text: str, axis_map: AxisMapOf, at_factors: int) -> Result:
    refuse_huge(call.shape[2:])
    count = len(call.args[1])
    factors = [call.arg(at_factors + index) for index in range(count)]
    return windowed(call, count, UPSAMPLE, text, lambda axis, n, m: axis_map(n, m, factors[axis]))


@squared(
    *("upsample_linear1d.default", "upsample_bilinear2d.default", "upsample_trilinear3d.default"),
    "upsample_bicubic2d.default",
    *("_upsample_bilinear2d_aa.default", "_upsample_bicubic2d_aa.default"),
)
def interpolation_squared(call: SquaredCall) -> Pulls:
    """The squared coefficients, which one operator per axis tells when it resizes an identity."""
    source = call.args[0]
    return [(source, separable(*(_coefficients(call, axis).square() for axis in range(source.ndim - 2))))]


def _coefficients(call: SquaredCall, axis: int) -> torch.Tensor:
    """The matrix (outputs, inputs) of one axis, found as the last one: antialiasing errs on maps one wide (2.13)."""
    n, m = call.args[0].shape[axis + 2], call.shape[axis + 2]
    ones = [1] * (call.args[0].ndim - 3)
    scales = [name for name in call.names if name.startswith("scales")]
    identity = torch.eye(n, dtype=torch.float64).view(n, 1, *ones, n)
    resized = call.operator(identity, [*ones, m], call["align_corners"], **{scales[-1]: call[scales[axis]]})
    return torch.as_tensor(resized.view(n, m).T)
