"""How an axis map reads where no border is near: a pattern that repeats, and what of it is right in a tile."""

from dataclasses import dataclass
from functools import lru_cache
from math import gcd

import numpy as np

from ..network.maps import AxisMap, Lookup, Spans
from ..network.window import Window


@dataclass(frozen=True, slots=True)
class Pattern:
    """Output ``phase + turns * len(reads)`` reads from the first to the last of ``reads[phase]``, moved by ``inputs``.

    ``reads``: first and last position read per phase, None where nothing is.
    """

    reads: tuple[tuple[int, int] | None, ...]
    inputs: int

    @property
    def beyond(self) -> tuple[int, int]:
        """Positions read before and after those that a turn stands for.

        >>> Pattern(((-1, 1),), 2).beyond
        (1, 0)
        """
        known = [read for read in self.reads if read is not None]
        return max(0, -min(first for first, _ in known)), max(0, max(last for _, last in known) - self.inputs + 1)

    def span(self, unit: int) -> tuple[int, int] | None:
        """First and last position that an output reads; both may be negative.

        >>> Pattern(((-1, 1), (0, 2)), 4).span(3)
        (4, 6)
        """
        turns, phase = divmod(unit, len(self.reads))
        read = self.reads[phase]
        return None if read is None else (read[0] + turns * self.inputs, read[1] + turns * self.inputs)

    def first(self, position: int) -> int:
        """The first output from which on none reads anything before input ``position``; may be negative.

        >>> Pattern(((-1, 1),), 2).first(0)
        1
        """
        outputs = len(self.reads)
        return max(
            phase + outputs * (-((read[0] - position) // self.inputs) - 1) + 1
            for phase, read in enumerate(self.reads)
            if read is not None
        )

    def end(self, position: int) -> int:
        """The first output that reads input ``position`` or anything after it.

        >>> Pattern(((-1, 1),), 2).end(8)
        4
        """
        outputs = len(self.reads)
        return min(
            phase + outputs * ((position - 1 - read[1]) // self.inputs + 1)
            for phase, read in enumerate(self.reads)
            if read is not None
        )


def pattern(axis_map: AxisMap) -> Pattern | None:
    """The pattern of a map; None where what is read depends on the size of the map, or nothing is.

    >>> pattern(graph_of(parse("8; tconv k3 s2 p1")).output.maps[0])
    Pattern(reads=((0, 0), (0, 1)), inputs=1)
    """
    if isinstance(axis_map, Window):
        return _of_window(axis_map)
    if isinstance(axis_map, Spans):
        return None  # which keys a query may read depends on where the map ends
    return _of_lookup(axis_map) if isinstance(axis_map, Lookup) else _periodic(axis_map)


@lru_cache(maxsize=4096)
def _of_window(window: Window) -> Pattern | None:
    return _periodic(window)


def _periodic(axis_map: AxisMap) -> Pattern | None:
    outputs, inputs = axis_map.period()
    taps = [axis_map.taps(phase) for phase in range(outputs)]
    return _known(tuple((min(read), max(read)) if read else None for read in taps), inputs)


def _of_lookup(lookup: Lookup) -> Pattern | None:
    """That of the middle of a list of reads, if all others are the same, or would look past the border."""
    count, n = len(lookup.sources), lookup.inputs
    common = gcd(count, n)
    outputs, inputs = count // common, n // common
    turn = common // 2
    rows = lookup.sources[turn * outputs : (turn + 1) * outputs]
    wanted = np.tile(rows, (common, 1)) + ((np.arange(count) // outputs - turn) * inputs)[:, None]
    read = np.tile(rows, (common, 1)) >= 0
    wanted = np.where(read, wanted, -1)
    inside = (~read | ((wanted >= 0) & (wanted < n))).all(axis=1)
    if common < 2 or not (np.sort(wanted, axis=1) == np.sort(lookup.sources, axis=1))[inside].all():
        return None
    reads = [row[row >= 0] - turn * inputs for row in rows]
    return _known(tuple((int(row.min()), int(row.max())) if len(row) else None for row in reads), inputs)


def _known(reads: tuple[tuple[int, int] | None, ...], inputs: int) -> Pattern | None:
    return Pattern(reads, inputs) if any(read is not None for read in reads) else None
