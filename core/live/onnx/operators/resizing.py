"""Resize, in the modes that PyTorch has too, and for the nearest sample in all."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

import torch

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, listed, refuse_large, spelled

_ATEN = torch.ops.aten
_NEAREST = {
    1: _ATEN.upsample_nearest1d.default,
    2: _ATEN.upsample_nearest2d.default,
    3: _ATEN.upsample_nearest3d.default,
}
_LINEAR = {
    1: _ATEN.upsample_linear1d.default,
    2: _ATEN.upsample_bilinear2d.default,
    3: _ATEN.upsample_trilinear3d.default,
}
_CUBIC = {2: _ATEN.upsample_bicubic2d.default}
_ROUNDED = {
    "round_prefer_floor": lambda place: ceil(place - Fraction(1, 2)),
    "round_prefer_ceil": lambda place: floor(place + Fraction(1, 2)),
    "floor": floor,
    "ceil": ceil,
}


@spelled("Resize", worked_out=False)
def resize(call: OnnxCall) -> torch.Tensor:
    """The axes after batch and channels, by factors or to sizes."""
    x, mode = call[0], call.attribute("mode", "nearest")
    place = call.attribute("coordinate_transformation_mode", "half_pixel")
    if call.attribute("antialias", 0) or call.attribute("exclude_outside", 0):
        raise NotRuledError("antialias or exclude_outside, which read other samples")
    sizes, factors = _wanted(call)
    refuse_large([*x.shape[:2], *sizes])
    if list(sizes) == list(x.shape[2:]) and all(factor in (None, 1) for factor in factors):
        return x
    if mode == "nearest":
        return _nearest(call, x, sizes, factors, place)
    if mode not in ("linear", "cubic") or (table := _LINEAR if mode == "linear" else _CUBIC).get(x.ndim - 2) is None:
        raise NotRuledError(f"mode {mode} along {x.ndim - 2} axes")
    if place == "pytorch_half_pixel" and 1 in sizes and any(side > 1 for side in x.shape[2:]):
        raise NotRuledError("pytorch_half_pixel to a single sample")
    if place not in ("half_pixel", "pytorch_half_pixel", "align_corners"):
        raise NotRuledError(f"mode {mode} with the coordinates of {place}")
    result: torch.Tensor = table[x.ndim - 2](x, sizes, place == "align_corners", *factors)
    return result


def _wanted(call: OnnxCall) -> tuple[list[int], list[float | None]]:
    """The sides of the result, and the factors where these are given."""
    x = call[0]
    axes = call.whole("axes", None, range(x.ndim))
    assert axes is not None
    axes = [axis % x.ndim for axis in axes]
    scales, sizes = call.constant(2, "scales"), call.constant(3, "sizes")
    if sizes is not None and sizes.numel():
        if call.attribute("keep_aspect_ratio_policy", "stretch") != "stretch":
            raise NotRuledError("sizes that keep the aspect ratio")
        wanted = dict(zip(axes, map(int, sizes.tolist()), strict=True))
        result = [wanted.get(dim, side) for dim, side in enumerate(x.shape)]
        factors: list[float | None] = [None] * (x.ndim - 2)
    elif scales is not None and scales.numel():
        given = dict(zip(axes, map(float, scales.tolist()), strict=True))
        every = [given.get(dim, 1.0) for dim in range(x.ndim)]
        if not all(0 < factor < 1e6 for factor in every):
            raise NotRuledError(f"factors of {every}")
        result = [floor(side * factor) for side, factor in zip(x.shape, every, strict=True)]
        factors = list(every[2:])
    else:
        raise NotRuledError("neither scales nor sizes")
    if result[:2] != list(x.shape[:2]) or not all(side > 0 for side in result):
        raise NotRuledError(f"a result of {result} of a shape of {tuple(x.shape)}")
    return result[2:], factors


def _nearest(
    call: OnnxCall, x: torch.Tensor, sizes: Sequence[int], factors: Sequence[float | None], place: str
) -> torch.Tensor:
    """PyTorch's own where the coordinates are its; else every sample by its place."""
    rounding = call.attribute("nearest_mode", "round_prefer_floor")
    own = place == "asymmetric" and rounding == "floor"
    tables = [] if own else [
        _places(n, m, factor, place, rounding) for n, m, factor in zip(x.shape[2:], sizes, factors, strict=True)
    ]  # fmt: skip
    if own or all(_is_plain(table, n) for table, n in zip(tables, x.shape[2:], strict=True)):
        given = factors if own else [None] * len(factors)
        result: torch.Tensor = _NEAREST[x.ndim - 2](x, sizes, *given)
        return result
    for axis, table in enumerate(tables):
        if table != list(range(x.shape[axis + 2])):
            x = x.index_select(axis + 2, listed(table))
    return x


def _is_plain(table: Sequence[int], n: int) -> bool:
    """Whether each of n samples is repeated as often as the others."""
    return len(table) % n == 0 and list(table) == [index // (len(table) // n) for index in range(len(table))]


def _places(n: int, m: int, factor: float | None, place: str, rounding: str) -> list[int]:
    """Which of n samples each of m is."""
    step = Fraction(n, m) if factor is None else 1 / Fraction(factor).limit_denominator(10_000)
    half = Fraction(1, 2)
    if place in ("half_pixel", "pytorch_half_pixel"):
        places = [(i + half) * step - half if m > 1 or place == "half_pixel" else Fraction(0) for i in range(m)]
    elif place == "asymmetric":
        places = [i * step for i in range(m)]
    elif place == "align_corners":
        places = [Fraction(i * (n - 1), m - 1) if m > 1 else Fraction(0) for i in range(m)]
    else:
        raise NotRuledError(f"mode nearest with the coordinates of {place}")
    if rounding not in _ROUNDED:
        raise NotRuledError(f"nearest_mode {rounding}")
    return [min(max(_ROUNDED[rounding](one), 0), n - 1) for one in places]
