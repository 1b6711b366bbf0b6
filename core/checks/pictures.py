"""What shows a finding: which counts, which part of the map to look at, and where in it the culprit lies."""

from dataclasses import dataclass

from ..design.analysis import DesignAnalysis
from ..exact.counts import PathCounts
from ..exact.paths import tower_from
from .finding import Finding

Box = tuple[tuple[int, int], ...]  # first and last position per axis, both included

_NEAR = 24  # positions a side of the part that shows a grid, at least
_WIDE = 72  # and at most
_CORNER = 48  # positions a side of a corner


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A map of path counts, the part of it to show, and the places to mark."""

    counts: PathCounts
    part: Box
    marks: tuple[Box, ...]
    shows: str


def picture(code: str, analysis: DesignAnalysis) -> Picture | None:
    """The picture of a finding of ``analysis``; None where the fields of the layers show it better.

    Of three axes it is a plane, which ``shows`` names: a face where the border is shown, else the middle one.

    >>> picture("parity", DesignAnalysis(design_of("64; conv k3 s2 p1 x2"))).part
    ((20, 43),)
    """
    found = _picture(code, analysis)
    if found is None or len(found.part) < 3:
        return found
    first, last = found.part[0]
    return _in_plane(found, {"border": 0, "uneven-padding": last}.get(code, (first + last) // 2))


def _picture(code: str, analysis: DesignAnalysis) -> Picture | None:
    """The same of all axes."""
    match code:
        case "parity" | "unread":
            return _grid(analysis)
        case "checkerboard":
            written = tower_from(analysis.graph)[-1]
            return Picture(written, _around(written.size, _NEAR), (), "paths that reach each output position")
        case "border":
            return _border(analysis)
        case "uneven-padding":
            return _last(analysis)
        case "gridding":
            return _holes(analysis)
        case "erf-small":
            part = analysis.box or _whole(analysis.unit_counts.size)
            return Picture(analysis.unit_counts, part, (), "paths from each pixel to the centre unit")
    return None


def _in_plane(whole: Picture, plane: int) -> Picture:
    """The cut through a picture of three axes; marks along the depth alone are none in it."""
    part = whole.part[1:]
    marks = tuple(mark[1:] for mark in whole.marks if mark[1:] != part)
    return Picture(whole.counts.cut(0, plane), part, marks, f"{whole.shows}, in plane {plane}")


def pictures(finding: Finding, analysis: DesignAnalysis) -> list[Picture]:
    """The pictures of a finding: of the design, and of the design after the best fix, where there is one."""
    designs = [analysis, *([analysis.of_changed(finding.fix.design)] if finding.fix else [])]
    return [drawn for design in designs if (drawn := picture(finding.code, design)) is not None]


def named_layers(finding: Finding, analysis: DesignAnalysis) -> set[int]:
    """The nodes that a finding about fields is about."""
    if finding.code == "unproductive":
        return set(analysis.unproductive)
    return set() if finding.node is None else {finding.node}


def _grid(analysis: DesignAnalysis) -> Picture:
    """The middle of the map, with one stride period marked."""
    counts, period = analysis.counts, analysis.grid
    side = min(_WIDE, max(_NEAR, *(2 * step for step in period)))
    mark = tuple(
        (size // 2 - step // 2, size // 2 - step // 2 + step - 1)
        for size, step in zip(counts.size, period, strict=True)
    )
    return Picture(counts, _around(counts.size, side), (mark,), "paths from each pixel near the centre")


def _border(analysis: DesignAnalysis) -> Picture:
    """The whole map, with a corner, the middle of an edge and the centre marked."""
    counts = analysis.counts
    reach = [max(1, side // 24) for side in counts.size]
    corner = tuple((0, room - 1) for room in reach)
    edge = (*_around(counts.size, 2 * reach[0])[:-1], corner[-1])
    return Picture(counts, _whole(counts.size), (corner, edge), "paths from each pixel to all outputs")


def _holes(analysis: DesignAnalysis) -> Picture:
    """The middle of the centre unit's field, no larger than single pixels can be told apart."""
    box = analysis.box or _whole(analysis.unit_counts.size)
    middle = _around(tuple(last - first + 1 for first, last in box), _WIDE)
    part = tuple((low + first, low + last) for (low, _), (first, last) in zip(box, middle, strict=True))
    return Picture(
        analysis.unit_counts, part, (), "paths from each pixel in the middle of its field to the centre unit"
    )


def _last(analysis: DesignAnalysis) -> Picture:
    """The last corner of the map, with its last rows and columns marked."""
    counts = analysis.counts
    part = tuple((max(0, side - _CORNER), side - 1) for side in counts.size)
    marks = tuple(
        tuple(
            (last - (last - first) // 12, last) if axis == edge else (first, last)
            for axis, (first, last) in enumerate(part)
        )
        for edge in range(len(part))
    )
    return Picture(counts, part, marks, "paths from each pixel of the last corner to all outputs")


def _whole(size: tuple[int, ...]) -> Box:
    return tuple((0, side - 1) for side in size)


def _around(size: tuple[int, ...], wanted: int) -> Box:
    """The middle of a map, ``wanted`` positions a side where it has so many."""
    result = []
    for side in size:
        first = max(0, side // 2 - wanted // 2)
        result.append((first, min(side - 1, first + wanted - 1)))
    return tuple(result)
