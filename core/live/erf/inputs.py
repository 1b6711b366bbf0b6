"""Images to measure on: made by formula, or decoded from what a visitor uploads. Values from 0 to 1, numpy only."""

import io
import warnings
from collections.abc import Callable

import numpy as np
from PIL import Image, UnidentifiedImageError

from ...errors import LimitError, UserError

MAX_UPLOAD_BYTES = 8_000_000
MAX_UPLOAD_PIXELS = 40_000_000

_Axes = tuple[np.ndarray, ...]
_FORMULAS: dict[str, Callable[[_Axes], np.ndarray]] = {
    "gradient": lambda axes: sum(axes[1:], start=axes[0]) / len(axes),
    "rings": lambda axes: 0.5 + 0.5 * np.cos(40 * np.sqrt(sum(np.square(axis - 0.5) for axis in axes))),
    "checkerboard": lambda axes: (sum(np.floor(8 * axis) for axis in axes) % 2).astype(np.float64),
}
IMAGES = tuple(_FORMULAS)


def sample_image(name: str, size: tuple[int, ...]) -> np.ndarray:
    """A test image of ``size``, by its name in ``IMAGES``.

    >>> sample_image("gradient", (3,)).tolist()
    [0.0, 0.5, 1.0]
    """
    if name not in _FORMULAS:
        raise UserError(f"there is no image {name!r}; there are {', '.join(IMAGES)}")
    axes = np.meshgrid(*(np.linspace(0, 1, side) for side in size), indexing="ij")
    return np.asarray(_FORMULAS[name](tuple(axes)))


def decoded_image(data: bytes, size: tuple[int, ...]) -> np.ndarray:
    """An uploaded PNG or JPEG as (3, height, width), resized to the network's input.

    Raises :class:`~.errors.UserError` for anything that is no such image, before its pixels are allocated.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise LimitError(f"an image of {len(data)} bytes is larger than {MAX_UPLOAD_BYTES}; save it smaller")
    if len(size) != 2:
        raise UserError("an image needs an input of two axes, as in 64x64; choose noise for this network")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        if image.width * image.height > MAX_UPLOAD_PIXELS:
            raise LimitError(f"an image of {image.width}x{image.height} is larger than {MAX_UPLOAD_PIXELS} pixels")
        pixels = image.convert("RGB").resize(size[::-1], Image.Resampling.BILINEAR)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise UserError("this file cannot be read as a PNG or JPEG image; choose another") from error
    return np.moveaxis(np.asarray(pixels, dtype=np.float64) / 255, -1, 0)
