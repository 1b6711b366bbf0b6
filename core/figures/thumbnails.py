"""Small pictures of findings, without words: SVG, whose coordinates are positions of the input, row 0 at the top.

A report holds a dozen of them. As text they are there at once and print sharply; Plotly draws the large ones
(:mod:`.finding`).
"""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO

import numpy as np
from PIL import Image

from ..checks import tiling
from ..checks.finding import Finding
from ..checks.pictures import Picture, named_layers, pictures
from ..design.analysis import DesignAnalysis
from ..exact.counts import PathCounts
from ..exact.field import AxisField
from . import template
from .field import nearest_unit
from .finding import HALO, picture_logs
from .scale import Scale

_CELLS = 75  # a side of a map
_BARS = 20  # layers of a growing field

Box = tuple[float, float, float, float]  # left, top, width, height


def finding_thumbnails(finding: Finding, analysis: DesignAnalysis, side: int) -> list[str]:
    """The design, and what the best fix makes of it, as drawings at most ``side`` pixels wide and high, on one scale.

    The maps of :func:`~.finding.finding_maps`, or where fields show it better their growth from layer to layer, along
    the last axis.
    """
    parts = pictures(finding, analysis)
    if parts:
        logs = [picture_logs(picture) for picture in parts]
        scale = Scale.of(logs)
        return [
            _bars(picture, part, side) if part.ndim == 1 else _map(picture, scale.shares(part), side)
            for picture, part in zip(parts, logs, strict=True)
        ]
    if finding.code == "tiling" and (overlap := tiling.stated_overlap(analysis)) is not None:
        return [_tile(analysis.graph.input.size, overlap, side)]
    drawings = [_growth(analysis, named_layers(finding, analysis), side)]
    if finding.fix is not None:
        drawings.append(_growth(analysis.of_changed(finding.fix.design), set(), side))
    return drawings


def map_thumbnail(counts: PathCounts, side: int) -> str:
    """All counts of a map as an image in HTML, ``side`` pixels at most; of one axis as bars."""
    whole = tuple((0, length - 1) for length in counts.size)
    shown = Picture(counts, whole, (), "paths from each pixel to all outputs")
    logs = picture_logs(shown)
    drawing = _bars(shown, logs, side) if logs.ndim == 1 else _map(shown, Scale.of([logs]).shares(logs), side)
    return svg_image(drawing, shown.shows)


def svg_image(svg: str, name: str) -> str:
    """A drawing as HTML that holds all of it; ``name`` says in words what it shows."""
    return f'<img alt="{escape(name)}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'


def _map(picture: Picture, shares: np.ndarray, side: int) -> str:
    """The part of a map that is shown, on grey, and its marks; ``shares`` of the colour scale, nan: no path."""
    (top, last_row), (left, last_column) = picture.part
    rows, columns = last_row - top + 1, last_column - left + 1
    block = -(-max(rows, columns) // _CELLS)
    cells = template.blocks(shares, block)
    place = (left - 0.5, top - 0.5, cells.shape[1] * block, cells.shape[0] * block)
    frames = [
        _rectangle((first - 0.5, above - 0.5, last - first + 1, below - above + 1), _outline(template.ACCENT))
        for (above, below), (first, last) in picture.marks
    ]
    box = (left - 0.5, top - 0.5, columns, rows)
    return _drawing(box, side, [_rectangle(box, _fill(template.FAINT)), _cells(cells, place), *frames])


def _bars(picture: Picture, logs: np.ndarray, side: int) -> str:
    """A row of counts, as bars of the share of the largest."""
    ((first, _),) = picture.part
    length = len(logs)
    shares, block = template.bars(np.where(np.isfinite(logs), 10.0**logs, 0.0), 4 * _CELLS)
    inks = template.colours(shares)
    bars = [
        _rectangle((first - 0.5 + block * (index + 0.03), 1 - share, 0.94 * block, share), _fill(ink))
        for index, (share, ink) in enumerate(zip(shares.tolist(), inks.tolist(), strict=True))
    ]
    frames = [
        _rectangle((low - 0.5, -0.04, high - low + 1, 1.04), _outline(template.ACCENT))
        for ((low, high),) in picture.marks
    ]
    return _drawing((first - 0.5, -0.06, length, 1.06), side, [*bars, *frames], stretched=True)


def _growth(analysis: DesignAnalysis, marked: set[int], side: int) -> str:
    """The field of every layer, or of every n-th, as a bar over the input, the input's own on top."""
    layers = sorted(analysis.graph.ancestors | {0})
    named = {row for row, layer in enumerate(layers) if layer in marked}
    return growth_drawing([analysis.fields[layer][-1] for layer in layers], analysis.unit[-1], named, side)


def growth_drawing(fields: Sequence[AxisField], unit: int, marked: set[int], side: int) -> str:
    """The fields of layers as bars over the input, which is grey; ``marked`` ones are in the second colour."""
    length, last = fields[0].input_side, len(fields) - 1
    centre = float(fields[-1].centre(unit) or (length - 1) / 2)
    step = -(-len(fields) // _BARS)
    rows = sorted({*range(0, last, step), last, *marked})
    units = [unit if row == last else nearest_unit(fields[row], centre) for row in rows]
    spans = [
        fields[row].span(position) or (round(centre), round(centre) - 1)
        for row, position in zip(rows, units, strict=True)
    ]
    low, high = min(0, *(first for first, _ in spans)), max(length - 1, *(end for _, end in spans))
    bars = [
        _rectangle(
            (first - 0.5, place + 0.125, end - first + 1, 0.75),
            _fill(template.SECOND if row in marked else template.ACCENT),
        )
        for place, (row, (first, end)) in enumerate(zip(rows, spans, strict=True))
    ]
    ground = _rectangle((-0.5, 0, length, len(rows)), _fill(template.FAINT))
    return _drawing((low - 0.5, 0, high - low + 1, len(rows)), side, [ground, *bars], stretched=True)


def _tile(size: tuple[int, ...], overlap: tiling.Overlap, side: int) -> str:
    """A tile as large as the input, grey, within what it must read, orange; of one axis a band, of three a plane."""
    size, overlap = size[-2:], overlap[-2:]
    (above, below), (left, right) = overlap if len(size) == 2 else ((0, 0), *overlap)
    rows, columns = size if len(size) == 2 else (max(1, size[0] // 6), *size)
    box = (-left - 0.5, -above - 0.5, columns + left + right, rows + above + below)
    tile = _rectangle((-0.5, -0.5, columns, rows), _fill(template.GREY))
    return _drawing(box, side, [_rectangle(box, _fill(HALO)), tile])


def _drawing(box: Box, side: int, parts: Sequence[str], stretched: bool = False) -> str:
    """Parts within a box of the input, at one scale along both axes, or ``stretched`` to a square."""
    left, top, wide, high = box
    width, height = (side, side) if stretched else (side * wide / max(wide, high), side * high / max(wide, high))
    ratio = ' preserveAspectRatio="none"' if stretched else ""
    frame = f'width="{width:.6g}" height="{height:.6g}" viewBox="{left:g} {top:g} {wide:g} {high:g}"{ratio}'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{"".join(parts)}</svg>'


def _rectangle(box: Box, look: str) -> str:
    left, top, width, height = box
    return f'<rect x="{left:.6g}" y="{top:.6g}" width="{width:.6g}" height="{height:.6g}" {look}/>'


def _fill(colour: str) -> str:
    return f'fill="{colour}"'


def _outline(colour: str) -> str:
    return f'fill="none" stroke="{colour}" stroke-width="3" vector-effect="non-scaling-stroke"'


def _cells(shares: np.ndarray, place: Box) -> str:
    """Coloured cells as one picture, a pixel each; what no path reaches is seen through."""
    known = np.isfinite(shares)
    colours = np.concatenate([template.rgb(shares), np.where(known, 255, 0)[..., None]], axis=-1).astype(np.uint8)
    file = BytesIO()
    Image.fromarray(colours).save(file, "PNG", compress_level=1)
    left, top, width, height = place
    return (
        f'<image x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" preserveAspectRatio="none" '
        f'style="image-rendering:pixelated" href="data:image/png;base64,{b64encode(file.getvalue()).decode()}"/>'
    )
