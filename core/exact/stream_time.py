"""Where every map of a stream stands at one moment: all of the input before sample 0 has come, and nothing after it.

The signal is endless both ways. A map is known up to the first position that reads something that has not come; of it
is kept what later positions of a layer above read too. The latest output that can be given reads an interval of every
map, down to the input.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ..network.operations import JOINS, PLACE
from .halo import Halo
from .pattern import Pattern, pattern

Interval = tuple[int, int]  # first and last position


@dataclass(frozen=True, slots=True)
class MapMoment:
    """The map of ``node`` at that moment; positions count from the one that begins at sample 0.

    ``ready``: the first position that is not known. ``read``: what the latest output reads, None where nothing.
    ``kept``: by the nodes above, the first position that each reads again; all from there to before ``ready`` are kept.
    ``stride``: input samples from one position to the next.
    """

    node: int
    ready: int
    read: Interval | None
    kept: dict[int, int]
    stride: Fraction

    @property
    def held(self) -> int:
        """How many of its last positions are kept by some node above."""
        return max((self.ready - first for first in self.kept.values()), default=0)

    def begin(self, position: int) -> Fraction:
        """The place of a position among the samples of the input."""
        return position * self.stride


def moments(found: Halo, axis: int) -> dict[int, MapMoment]:
    """Every map on the way to the output, along ``axis``, by its node.

    >>> halo = DesignAnalysis(design_of("64; conv k5 p2; conv k4 s2 p1")).halo
    >>> [moment.ready for moment in moments(halo, 0).values()]
    [0, -2, -2]
    """
    graph = found.graph
    order = [0, *sorted(graph.ancestors - {0} - found.flat)]
    ready: dict[int, int] = {0: 0}
    kept: dict[int, dict[int, int]] = {index: {} for index in order}
    reads: dict[int, Pattern | None] = {}
    for index in order[1:]:
        node = graph.nodes[index]
        sources = [source for source in node.inputs if source in ready]
        read = reads[index] = pattern(node.maps[axis]) if node.maps else None
        if read is None:
            first = ready[index] = min(ready[source] for source in sources)
        else:
            (source,) = sources
            ready[index] = read.end(ready[source])
            units = range(ready[index], ready[index] + len(read.reads))
            first = min(span[0] for span in (read.span(unit) for unit in units) if span is not None)
        for source in sources:
            waiting = first
            if node.op in JOINS and graph.nodes[source].op == PLACE:
                waiting = _after_zeros(reads[source], first, ready[source])
            if ready[source] > waiting:
                kept[source][index] = waiting
    latest = _latest(found, reads, ready)
    return {
        index: MapMoment(index, ready[index], latest.get(index), kept[index], found.fields[index][axis].stride)
        for index in order
    }


def _after_zeros(read: Pattern | None, first: int, end: int) -> int:
    """The first position from ``first`` on that reads anything, or ``end``: zeros between channels need not wait."""
    return next((unit for unit in range(first, end) if read is None or read.span(unit) is not None), end)


def _latest(found: Halo, reads: dict[int, Pattern | None], ready: dict[int, int]) -> dict[int, Interval]:
    """What the latest output reads of each map."""
    last = ready[found.end] - 1
    result = {found.end: (last, last)}
    for index in sorted(reads, reverse=True):
        if index not in result:
            continue
        read = reads[index]
        below = result[index] if read is None else _read(read, result[index])
        for source in found.graph.nodes[index].inputs:
            if source in ready and below is not None:
                result[source] = _hull([below, result.get(source, below)])
    return result


def _read(read: Pattern, units: Interval) -> Interval | None:
    """What an interval of outputs reads; of a long one the first and the last turn are looked at."""
    first, last = units
    turn = len(read.reads)
    ends = {*range(first, min(first + turn, last + 1)), *range(max(last - turn + 1, first), last + 1)}
    spans = [span for span in map(read.span, ends) if span is not None]
    return _hull(spans) if spans else None


def _hull(spans: Iterable[Interval]) -> Interval:
    firsts, lasts = zip(*spans, strict=True)
    return min(firsts), max(lasts)
