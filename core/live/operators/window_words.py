"""A window in the words of a network's text."""

from collections.abc import Sequence

from ...network.operations import Operation
from ...network.window import Window


def window_words(op: Operation, windows: Sequence[Window], groups: int = 1) -> str:
    """As a text would say it: a number for all axes where they agree, what is usual left out.

    >>> from ...network.kinds import CONV
    >>> window_words(CONV, [Window(3, 2, pad=(1, 1)), Window(3, 2, pad=(0, 1))], groups=4)
    'conv k3 s2 p1x0:1 g4'
    """
    kernels = [window.kernel for window in windows]
    strides = [window.stride for window in windows]
    borders = {window.border for window in windows if any(window.pad)} - {"zeros"}
    words = [
        op.name,
        _word("k", kernels),
        _word("s", strides, kernels if op.pools else [1]),
        _word("d", [window.dilation for window in windows], [1]),
        _word("p", [_sides(*window.pad) for window in windows], ["0"]),
        *sorted(borders),
        f"g{groups}" if groups > 1 else "",
    ]
    return " ".join(word for word in words if word)


def _sides(before: int, after: int) -> str:
    return str(before) if before == after else f"{before}:{after}"


def _word(letter: str, values: Sequence[int | str], usual: Sequence[int | str] = ()) -> str:
    if len(usual) == 1:
        usual = [*usual] * len(values)
    if list(values) == list(usual):
        return ""
    return letter + (str(values[0]) if len(set(values)) == 1 else "x".join(map(str, values)))
