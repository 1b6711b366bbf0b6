"""How often a window reads a position: by residue class modulo its stride inside, and at the border."""

from ..network.maps import AxisMap, Linear, Transposed
from ..network.window import Window


def residues(window: Window) -> list[int]:
    """Edges to the positions of every residue class, in the interior.

    >>> residues(Window(3, stride=2)), residues(Window(1, stride=2)), residues(Window(3, stride=2, weights=(1, 2, 1)))
    ([2, 1], [1, 0], [2, 2])
    """
    counts = [0] * window.stride
    for tap in range(window.kernel):
        counts[tap * window.dilation % window.stride] += window.weights[tap] if window.weights else 1
    return counts


def uniform_over_residues(window: Window) -> bool:
    """Whether the interior is read alike at every position."""
    return len(set(residues(window))) == 1


def skips(window: Window) -> bool:
    """Whether there are positions in the interior that the window never reads."""
    return min(residues(window)) == 0


def starves_border(axis_map: AxisMap) -> bool:
    """Whether samples near the border may be read less often than those inside.

    Not by windows no longer than their stride, by full padding, nor by mirrored or wrapped samples in the place of
    the windows that do not exist. Where a window has both a stride and a dilation, samples are mirrored onto others
    than those that the missing windows would read.

    >>> [starves_border(Window(3, pad=(1, 1), border=border)) for border in ("zeros", "reflect", "symmetric")]
    [True, True, False]
    """
    match axis_map:
        case Linear():
            return False
        case Transposed(window):
            return any(window.pad)
        case Window(border="symmetric", pad=pad):
            return 2 * min(pad) < axis_map.span - axis_map.stride or min(axis_map.stride, axis_map.dilation) > 1
        case Window(border="circular", pad=pad):
            return sum(pad) < axis_map.span - axis_map.stride
        case Window(border="zeros", pad=pad):
            return axis_map.span > axis_map.stride and min(pad) < axis_map.span - 1
        case _:
            return True
