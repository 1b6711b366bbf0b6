"""What axes are called, and what is asked about fewer of them than there are.

An input has one axis, two (height, width) or three (depth, height, width); of a video the depth is time.
"""

from ..errors import UserError

AXES = ("depth", "height", "width")
PLACES = ("plane", "row", "column")  # what a position along each is
MOST = len(AXES)
WRITTEN = {1: "L or CxL", 2: "N, HxW or CxHxW", 3: "N, DxHxW or CxDxHxW"}  # inputs of so many axes
_NUMBERS = ("no", "one", "two", "three")


def axis_names(axes: int) -> tuple[str, ...]:
    """The axes of an input that has so many.

    >>> axis_names(2), axis_names(3)
    (('height', 'width'), ('depth', 'height', 'width'))
    """
    return AXES[MOST - axes :]


def place_names(axes: int) -> tuple[str, ...]:
    """What a position is called along each of so many axes; along one alone it is just that.

    >>> place_names(1), place_names(3)
    (('position',), ('plane', 'row', 'column'))
    """
    return PLACES[MOST - axes :] if axes > 1 else ("position",)


def time_axis(axes: int) -> int:
    """The axis that is time, unless told otherwise: the last of a sound or a spectrogram, the first of a video.

    >>> time_axis(2), time_axis(3)
    (1, 0)
    """
    return 0 if axes == MOST else axes - 1


def refuse_more_axes(size: tuple[int, ...], most: int, what: str) -> None:
    """Raises :class:`~.errors.UserError` for an input of more axes than ``what``, a sentence's subject, can take."""
    if len(size) > most:
        raise UserError(
            f"{what} an input of {' or '.join(_NUMBERS[1 : most + 1])} axes, and {'x'.join(map(str, size))} has "
            f"{_NUMBERS[len(size)]}; leave one out, as in {'x'.join(map(str, size[-most:]))}"
        )
