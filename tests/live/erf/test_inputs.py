"""Images to measure on: formulas, and uploads that are decoded to be checked."""

import io

import numpy as np
import pytest
from PIL import Image

from core.errors import LimitError, UserError
from core.live import ErfRecipe, ModelRecipe, measure
from core.live.erf import inputs
from core.live.erf.inputs import IMAGES, decoded_image, sample_image
from core.live.erf.sampling import fed
from core.network import parse


def png(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("size", [(7,), (6, 9)])
def test_a_formula_fills_the_input_with_shares(name: str, size: tuple[int, ...]) -> None:
    image = sample_image(name, size)
    assert image.shape == size
    assert 0 <= image.min() <= image.max() <= 1


def test_an_upload_keeps_its_colours_and_takes_the_input_size() -> None:
    pixels = np.zeros((4, 8, 3), dtype=np.uint8)
    pixels[..., 0] = 255
    image = decoded_image(png(pixels), (6, 5))
    assert image.shape == (3, 6, 5)
    np.testing.assert_array_equal(image[0], 1.0)
    np.testing.assert_array_equal(image[1:], 0.0)


def test_an_upload_can_be_measured_on() -> None:
    image = decoded_image(png(np.full((8, 8), 200, dtype=np.uint8), "JPEG"), (8, 8))
    *_, last = measure(parse("8x8; conv k3 p1"), ErfRecipe(samples=2, input=image, model=ModelRecipe(width=2)))
    assert np.isfinite(last.measurement.mean).all()


@pytest.mark.parametrize(
    "data", [b"", b"not an image", png(np.zeros((4, 4), dtype=np.uint8))[:40], b"GIF89a" + b"\0" * 64]
)
def test_what_is_no_image_is_refused(data: bytes) -> None:
    with pytest.raises(UserError, match="cannot be read as a PNG or JPEG image; choose another"):
        decoded_image(data, (8, 8))


def test_an_upload_beyond_a_limit_is_refused_before_its_pixels_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitError, match="is larger than 8000000; save it smaller"):
        decoded_image(b"\0" * (inputs.MAX_UPLOAD_BYTES + 1), (8, 8))
    monkeypatch.setattr(inputs, "MAX_UPLOAD_PIXELS", 15)
    monkeypatch.setattr(Image.Image, "convert", None)
    with pytest.raises(LimitError, match="an image of 4x4 is larger than 15 pixels"):
        decoded_image(png(np.zeros((4, 4), dtype=np.uint8)), (8, 8))


def test_an_image_needs_two_axes() -> None:
    with pytest.raises(UserError, match="needs an input of two axes"):
        decoded_image(png(np.zeros((4, 4), dtype=np.uint8)), (8,))


def test_an_unknown_formula_is_named() -> None:
    with pytest.raises(UserError, match=r"there is no image 'cat'; there are gradient, rings"):
        sample_image("cat", (8, 8))


def test_an_image_is_fed_centred_on_grey_and_four_times_as_wide() -> None:
    """Black, dark, grey and white for each of three channels; colours as they are, or their mean for one."""
    grey = np.array([0.0, 0.25, 0.5, 1.0])
    assert fed(grey, 3, (4,)).tolist() == [[[-2.0, -1.0, 0.0, 2.0]] * 3]
    colours = np.array([[0.0, 1.0], [0.5, 1.0], [1.0, 0.25]])
    assert fed(colours, 3, (2,)).tolist() == [[[-2.0, 2.0], [0.0, 2.0], [2.0, -1.0]]]
    assert fed(colours, 1, (2,)).tolist() == [[[0.0, 1.0]]]
