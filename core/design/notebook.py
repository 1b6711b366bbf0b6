"""How a design shows itself in a notebook: its headline beside its map, as HTML that asks nobody for anything."""

from collections.abc import Iterator
from html import escape

from ..errors import UserError
from ..formatting import counted_noun, format_measure
from ..network.graph import size_text
from ..program import ExtraError, loaded
from .analysis import DesignAnalysis
from .design import Design

_SIDE = 200  # pixels of the map
_MEASURES = {
    "corner_centre": "least of the corners or ends over the centre",
    "parity": "most over least within the strides' period",
    "unread": "share of pixels without a path",
}
_NAME = 160  # characters of a design's name


def design_html(design: Design) -> str:
    """The headline and the map of path counts; where these cannot be had, why."""
    return analysis_html(DesignAnalysis(design))


def analysis_html(analysis: DesignAnalysis) -> str:
    """The same of a design under analysis."""
    name = str(analysis.design.text)
    title = f"<strong>{escape(name if len(name) <= _NAME else f'{name[: _NAME - 1]}…')}</strong>"
    try:
        lines = "".join(f"<div>{escape(line)}</div>" for line in _headline(analysis))
        picture = _map(analysis)
    except UserError as error:
        return f"<div>{title}<div>{escape(str(error))}</div></div>"
    return f'<div style="display:flex;gap:1em;align-items:flex-start">{picture}<div>{title}{lines}</div></div>'


def _headline(analysis: DesignAnalysis) -> Iterator[str]:
    counts, graph, measures = analysis.counts, analysis.graph, analysis.measures()
    corner, centre = counts.at((0,) * len(counts.size)), counts.at(tuple(side // 2 for side in counts.size))
    place = "corner" if len(counts.size) > 1 else "end"
    yield f"{size_text(graph.input.size)} → {size_text(graph.output.size)}"
    yield f"{counted_noun(centre, 'path')} from the centre to the outputs"
    yield f"{counted_noun(corner, 'path')} from the first {place}"
    yield f"a unit in the middle sees {size_text(analysis.unit_field)} pixels"
    for name, words in _MEASURES.items():
        yield f"{words}: {format_measure(measures[name])}"


def _map(analysis: DesignAnalysis) -> str:
    """Drawn in the room for figures, which is above this one and needs Plotly; of three axes there is none."""
    if len(analysis.counts.size) > 2:
        return ""
    try:
        drawing: str = loaded("..figures.thumbnails", __package__).map_thumbnail(analysis.counts, _SIDE)
    except ExtraError as error:
        return f"<em>{escape(str(error))}</em>"
    return drawing
