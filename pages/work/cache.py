"""The only caches: what pages ask for, keyed by a design's canonical text. Answers are shared: never change one.

The figures of the landing page are kept too: making one takes longer than all its numbers. Of visitors who ask for one
thing at once, one makes it and the others wait for it. Streamlit's own cache would do the same, but takes a fifth of a
millisecond for each look into it, as long as many answers take.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate
from threading import Condition
from typing import ParamSpec, TypeVar

import plotly.graph_objects as go
from cachetools import LRUCache, cached

from core.comparison.scores import ImbalanceScores, imbalance_scores
from core.design.analysis import DesignAnalysis, Unit
from core.design.opening import design_of
from core.design.size_table import Size, SizeReport, size_report
from core.design.text import kind_of
from core.errors import UserError
from core.exact.along import along
from core.exact.field import axis_fields, central_unit
from core.exact.imbalance import Measures
from core.exact.path_lengths import PathLengths
from core.exact.tower import MAX_ROWS, Tower, legible_rows, tower, tower_rows
from core.figures.maps import pathway_map
from core.figures.tower_rows import rows_text
from core.network.graph import Graph
from core.network.layers import layer_count
from core.network.network import Network
from pages.design_check.report import Report, report_on

# Few: nearly all answers take less than a few milliseconds, and Streamlit collects garbage after every run, which
# visits every object kept here.
_ANALYSES = 24
_FIGURES = 4
_REPORTS = 8
_TOWERS = 16

MAP_HEIGHT = 480  # pixels: with the headline and the controls it fits a laptop's screen

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def _kept(entries: int) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Keeps the ``entries`` answers that were asked for last."""
    return cached(LRUCache(entries), condition=Condition())


@_kept(_ANALYSES)
def analysis(text: str, gates: bool = False) -> DesignAnalysis:
    """All that is known of a design; each number is computed when first asked for.

    Own code is not run for a visitor: it raises :class:`~core.errors.UserError` with the command that answers.
    """
    refuse_own_code(text)
    found = DesignAnalysis(design_of(text), gates=gates)
    _ = found.graph
    return found


def refuse_own_code(text: str) -> None:
    """Raises for a design that would run code of the visitor's."""
    if kind_of(text) == "own":
        raise UserError(
            f"{text.partition('@')[0]} is own code, which this page does not run; ask on your own machine: "
            f'python -m core check "{text}"'
        )


@_kept(_ANALYSES)
def first_applicable(text: str, gates: bool, remedies: tuple[str, ...]) -> str | None:
    """The first of some remedies that applies to a design; None if none does."""
    return next((name for name in remedies if analysis(text, gates).after(name) is not None), None)


@_kept(_ANALYSES)
def measured(text: str, gates: bool, unit: Unit) -> tuple[Measures, ImbalanceScores]:
    """Every measure of a design's counts, and the four imbalances: seconds of a model's large map."""
    return analysis(text, gates).measures(unit), imbalance_scores(analysis(text, gates))


@_kept(_TOWERS)
def tower_of(text: str, gates: bool, axis: int, unit: int | None) -> Tower:
    """The tower of a design along an axis."""
    return tower(along(analysis(text, gates).graph, axis), unit)


@dataclass(frozen=True, slots=True)
class SentRows:
    """The rows of a tower as they are sent (:mod:`core.figures.tower_rows`), as far as they can be told apart.

    ``ends``: how many rows its steps of depth have, from the shallowest; ``units``: of each row that is sent.
    """

    text: str
    ends: tuple[int, ...]
    units: tuple[int, ...]


@_kept(_TOWERS)
def sent_rows(text: str, gates: bool, axis: int) -> SentRows:
    """The rows of a design's tower along an axis; steps of depth are known of typed networks."""
    graph, ends = _tower_graph(text, gates, axis)
    held = graph.nodes[: legible_rows(graph)]
    rows = tower_rows(Graph(held)) if held else ()
    return SentRows(rows_text(rows), ends, tuple(node.size[0] for node in held))


@_kept(_TOWERS)
def first_layers(texts: tuple[str, ...], now: int) -> tuple[int, ...]:
    """Of typed designs, each a step longer: how many first layers of one network they are, 0 where they are others.

    The present one is among them, or all are 0. A remedy may add layers, change earlier ones, or not apply.
    """
    networks = [_network(text) for text in texts]
    present = networks[now]
    whole = next((one for one in reversed(networks[now:]) if _begins(one, present)), None)
    return tuple(len(one.layers) if one is not None and _begins(whole, one) else 0 for one in networks)


def _begins(whole: Network | None, part: Network | None) -> bool:
    return whole is not None and part is not None and part == replace(whole, layers=whole.layers[: len(part.layers)])


def _network(text: str) -> Network | None:
    try:
        return design_of(text).network
    except UserError:
        return None


@_kept(_TOWERS)
def central_units(text: str, gates: bool, axis: int) -> tuple[int, ...]:
    """Of each row of a design's tower the unit whose field is centred nearest the middle of the input."""
    fields = axis_fields(_tower_graph(text, gates, axis)[0], 0)
    return tuple(central_unit([field])[0] for field in fields[:MAX_ROWS])


def _tower_graph(text: str, gates: bool, axis: int) -> tuple[Graph, tuple[int, ...]]:
    """A design's graph along an axis, and how many nodes each of its steps has; models are opened once."""
    if kind_of(text) not in ("typed", "preset"):
        graph = along(analysis(text, gates).graph, axis)
        return graph, (len(graph.nodes),)
    design = design_of(text)
    graph = along(design.graph, axis)
    if design.network is None or not design.network.layers:
        return graph, (len(graph.nodes),)
    ends = accumulate((layer_count((item,)) for item in design.network.layers), initial=1)
    return graph, tuple(ends)[1:]


@_kept(_FIGURES)
def path_map(text: str, gates: bool, unit: Unit, linear: bool, pixels: tuple[tuple[int, ...], ...]) -> go.Figure:
    """The map of path counts."""
    return pathway_map(analysis(text, gates).path_counts(unit), linear, pixels, MAP_HEIGHT)


@_kept(_FIGURES)
def share_map(text: str, gates: bool, unit: Unit, linear: bool, pixels: tuple[tuple[int, ...], ...]) -> go.Figure:
    """The map of shares."""
    shares = analysis(text, gates).path_shares(unit)
    return pathway_map(shares.numerators, linear, pixels, MAP_HEIGHT, whole=shares.denominator)


@_kept(_FIGURES)
def path_lengths(text: str, gates: bool, unit: Unit) -> PathLengths:
    """The paths to all outputs, or to one unit, by how many windows are on them."""
    return analysis(text, gates).path_lengths(unit)


@_kept(_REPORTS)
def input_sizes(text: str, gates: bool, sizes: tuple[Size, ...]) -> SizeReport:
    """A design at other inputs, side by side; none given: its own and those near it."""
    known = analysis(text, gates)
    return size_report(known, sizes or (known.graph.input.size,), neighbours=not sizes)


@_kept(_REPORTS)
def report(text: str, gates: bool, object_size: int) -> Report:
    """The findings about a design; ``object_size``: the side of what a unit must see whole, 0 where none is stated."""
    known = analysis(text, gates)
    return report_on(DesignAnalysis(known.design, object_size, gates) if object_size else known)
