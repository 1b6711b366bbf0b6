"""Tables of a readable answer."""

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[str]], align: str) -> list[str]:
    """Rows of cells as lines of equal columns; ``align``: ``<`` or ``>`` for each column.

    >>> columns([["a", "10"], ["bc", "9"]], "<>")
    ['a   10', 'bc   9']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shapes = list(zip(align, widths, strict=True))
    return [
        "  ".join(f"{cell:{side}{width}}" for cell, (side, width) in zip(row, shapes, strict=True)).rstrip()
        for row in rows
    ]
