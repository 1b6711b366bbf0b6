"""The tower as it is sent to whatever draws it: rows with their taps, or strips, as text that JSON reads.

Places are in input positions; pixels follow from the width and the height that there is, where it is drawn
(``assets/tower``). Counts are not sent: they follow there from the taps, exactly, for every depth that is a part of
the same rows.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..exact.tower import Row, Taps, Tower
from . import template

_PADDING = 4  # positions of it that are drawn on each side; taps farther out lie on the last of them
_NAME = 28  # characters of a row's name
_LARGEST = 2**53  # from which on JSON's readers round


def rows_text(rows: Sequence[Row]) -> str:
    """Rows from the input up; taps that several rows share are written once.

    A row: ``name``; ``n`` units, the first at ``x``, ``w`` apart (or all their places in ``x``); ``taps``: pairs of
    the row below and an index. Taps: targets ``t``, positions ``p`` where they are not the sources, sources ``s``,
    edges ``m`` where not all are one.
    """
    shared: dict[int, int] = {}
    taps: list[dict[str, Any]] = []
    written = []
    for row in rows:
        read = []
        for part in row.taps:
            if id(part.targets) not in shared:
                shared[id(part.targets)] = len(taps)
                taps.append(_taps(part, len(rows[part.below].places)))
            read.append([part.below, shared[id(part.targets)]])
        places = row.places.round(4)
        even = np.allclose(np.diff(row.places), row.spacing)
        written.append(
            {"name": short_name(row.label), "n": len(places), "x": places[: 1 if even else None].tolist()}
            | {"w": round(row.spacing, 4), "taps": read}
        )
    return json.dumps({"rows": written, "taps": taps})


def extent(rows: Sequence[Row]) -> tuple[float, float]:
    """From where to where a tower reaches, its padding included, in input positions."""
    ends = [(row.places[0], row.places[-1], row.spacing) for row in rows]
    for row in rows:
        for taps in row.taps:
            below, last = rows[taps.below], len(rows[taps.below].places) - 1
            outside = np.clip(taps.positions, -_PADDING, last + _PADDING)
            first = below.places[0] + below.spacing * min(0, outside.min(initial=0))
            ends.append(
                (first, below.places[-1] + below.spacing * max(0, outside.max(initial=0) - last), below.spacing)
            )
    return min(low - apart / 2 for low, _, apart in ends), max(high + apart / 2 for _, high, apart in ends)


def shared_frames(towers: Sequence[Sequence[Row]]) -> list[dict[str, Any]]:
    """One frame for several towers, so that input positions lie alike and rows are as high.

    Where one has more than twice the rows or the width of another, each keeps its own.
    """
    spans = [extent(rows) for rows in towers]
    widths = [high - low for low, high in spans]
    counts = [len(rows) for rows in towers]
    if max(widths) <= 2 * min(widths):
        spans = [(min(low for low, _ in spans), max(high for _, high in spans))] * len(spans)
    if max(counts) <= 2 * min(counts):
        counts = [max(counts)] * len(counts)
    return [{"span": span, "rows": count} for span, count in zip(spans, counts, strict=True)]


def scale_bottom(towers: Sequence[Tower]) -> float:
    """log10 of the smallest share of its tower's most-read unit that any unit has: where one scale for all begins."""
    spreads = [0.0]
    for tower in towers:
        logs = np.concatenate([template.log10_of(counts) for counts in tower.counts])
        known = logs[np.isfinite(logs)]
        spreads.append(float(np.ptp(known)) if known.size else 0.0)
    return -max(spreads)


def strips_text(tower: Tower, each: bool) -> str:
    """The reduced drawing: a strip for each row, coloured unit by unit, or at as many places as can be told apart.

    ``names`` and ``units`` of the rows from the input up; ``spans``: where each strip begins and ends, as shares of the
    width; ``columns`` of each; ``colours``: a byte for each, row after row, in base64: 0 where no path leads, else from
    1 to 255 along the scale. ``each``: over every row alone.
    """
    rows = tower.rows
    ends = [(row.places.min() - row.spacing / 2, row.places.max() + row.spacing / 2) for row in rows]
    low, high = min(left for left, _ in ends), max(right for _, right in ends)
    logs = [template.log10_of(counts) for counts in tower.counts]
    shares = [template.unit_shares(part, linear=False) for part in logs]
    if not each:
        whole = template.unit_shares(np.concatenate(logs), linear=False)
        shares = np.split(whole, np.cumsum([len(part) for part in logs])[:-1])
    strips = [_strip(row, *end, share) for row, end, share in zip(rows, ends, shares, strict=True)]
    written = {
        "names": [short_name(row.label) for row in rows],
        "units": [len(row.places) for row in rows],
        "spans": [[round(float((end - low) / (high - low)), 5) for end in pair] for pair in ends],
        "columns": [len(strip) for strip in strips],
        "colours": b64encode(b"".join(strips)).decode(),
    }
    return json.dumps(written)


def _strip(row: Row, left: float, right: float, share: np.ndarray) -> bytes:
    """The colours of a row from its left end to its right, a byte for each place."""
    columns = min(2 * template.SHOWN_SIDE, len(row.places))
    at = np.linspace(left, right, 2 * columns + 1)[1::2]
    nearest = share[np.searchsorted((row.places[1:] + row.places[:-1]) / 2, at)]
    known = ~np.isnan(nearest)
    colours = np.zeros(columns, dtype=np.uint8)
    colours[known] = 1 + np.round(254 * nearest[known])
    return colours.tobytes()


def look() -> dict[str, Any]:
    """The colours of the house, as whatever draws the tower is given them."""
    return {
        "stops": [stop for _, stop in template.SEQUENTIAL],
        "first": template.ACCENT,
        "second": template.SECOND,
        "ink": [template.DARK_INK, template.LIGHT_INK],
    }


def short_name(label: str) -> str:
    """``layer 4 (conv k7 s2)`` as ``4 conv k7 s2``; long names are cut.

    >>> short_name("layer 4 (conv k7 s2)"), short_name("the input")
    ('4 conv k7 s2', 'input')
    """
    text = label.replace("layer ", "").replace("(", "").replace(")", "").replace("the input", "input")
    return text if len(text) <= _NAME else text[: _NAME - 1] + "…"


def _taps(taps: Taps, read: int) -> dict[str, Any]:
    drawn = np.clip(taps.positions, -_PADDING, read - 1 + _PADDING)
    result = {"t": taps.targets.tolist(), "s": taps.sources.tolist()}
    if (drawn != taps.sources).any() or not taps.read.all():
        result["p"] = drawn.tolist()
    if any(edges != 1 for edges in taps.times.tolist()):
        result["m"] = [edges if edges < _LARGEST else str(edges) for edges in taps.times.tolist()]
    return result
