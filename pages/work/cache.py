"""The only caches: what pages ask for, keyed by a design's canonical text. Answers are shared: never change one.

The figures of the landing page are kept too: making one takes longer than all its numbers. Of visitors who ask for one
thing at once, one makes it and the others wait for it. Streamlit's own cache would do the same, but takes a fifth of a
millisecond for each look into it, as long as many answers take.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from threading import Condition
from typing import ParamSpec, TypeVar

import plotly.graph_objects as go
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

from core.checks import findings_at_size
from core.comparison.scores import ImbalanceScores, imbalance_scores
from core.design.analysis import DesignAnalysis, Unit
from core.design.design import Design, Staged
from core.design.opening import design_of
from core.design.size_table import Size, SizeReport, size_report
from core.design.text import kind_of, parse
from core.errors import UserError
from core.exact.along import along
from core.exact.field import axis_fields, central_unit
from core.exact.gates import with_gates
from core.exact.imbalance import Measures
from core.exact.path_lengths import PathLengths
from core.exact.tower import Tower, legible_rows, tower, tower_rows
from core.figures.maps import pathway_map
from core.figures.tower_rows import rows_text, strips_text
from core.figures.volume import volume_cuts
from core.network.graph import Graph, Node
from core.network.layers import layer_count
from core.network.network import Network
from pages.design_check.report import Report, report_on
from pages.work import turns, uploads

# Few: nearly all answers take less than a few milliseconds, and Streamlit collects garbage after every run, which
# visits every object kept here.
_ANALYSES = 24
_FIGURES = 4
_REPORTS = 8
_TOWERS = 16
_STRIPS = 64  # texts of some thousand characters each

MAP_HEIGHT = 480  # pixels: with the headline and the controls it fits a laptop's screen
VOLUME_HEIGHT = 520  # of three cuts, two of which stand one above the other

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
    with _turn(text):
        found = DesignAnalysis(_stage(text) or design_of(text, files=uploads.FILES), gates=gates)
        _ = found.graph
    return found


def _stage(text: str) -> Design | None:
    """A stage of a model, traced once for all of them; None of any other design, and where the model has a gap."""
    said = parse(text)
    if said.network is not None or not said.stage or said.remedies:
        return None
    try:
        whole = analysis(str(replace(said, stage=""))).design
        return whole.up_to(said.stage) if isinstance(whole, Staged) else None
    except UserError:
        return None


def _turn(text: str) -> AbstractContextManager[None]:
    """The turn for what takes seconds with a model, and milliseconds with a typed network."""
    return nullcontext() if kind_of(text) in ("typed", "preset") else turns.long_work()


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
    with _turn(text):
        return next((name for name in remedies if analysis(text, gates).after(name) is not None), None)


@_kept(_ANALYSES)
def measured(text: str, gates: bool, unit: Unit) -> tuple[Measures, ImbalanceScores]:
    """Every measure of a design's counts, and the four imbalances: seconds of a model's large map."""
    return analysis(text, gates).measures(unit), imbalance_scores(analysis(text, gates))


@_kept(_TOWERS)
def tower_of(text: str, gates: bool, axis: int, unit: int | None) -> Tower:
    """The tower of a design along an axis."""
    return tower(along(analysis(text, gates).graph, axis), unit)


@dataclass(frozen=True, eq=False)
class StepRows:
    """The steps of a design's depth along an axis, from the shallowest, and the rows of a tower that they share.

    ``rows``: as they are sent (:mod:`core.figures.tower_rows`), as far as they can be told apart. ``graphs``: of each
    step, None where nothing exact can be said of it. ``ends``: how many of the rows a step has, 0 where it has others,
    or more. ``square``: whether the axes of every step are alike.
    """

    rows: str
    graphs: tuple[Graph | None, ...]
    ends: tuple[int, ...]
    square: bool

    @cached_property
    def central(self) -> tuple[int, ...]:
        """Of each step the output unit whose field is centred nearest the middle of the input."""
        return tuple(0 if graph is None else central_unit([axis_fields(graph, 0)[-1]])[0] for graph in self.graphs)


def _step_rows(graphs: Sequence[Graph | None], whole: Graph) -> StepRows:
    """``graphs``: along the axis; ``whole``: the deepest, with all its axes."""
    deepest = next(graph for graph in reversed(graphs) if graph is not None)
    held = deepest.nodes[: legible_rows(deepest)]
    rows = tower_rows(Graph(held)) if held else ()
    ends = tuple(len(graph.nodes) if graph is not None and _begin(held, graph.nodes) else 0 for graph in graphs)
    square = len(whole.input.size) == 2 and whole.separable and whole.axes_alike
    return StepRows(rows_text(rows), tuple(graphs), ends, square)


def _begin(held: Sequence[Node], nodes: Sequence[Node]) -> bool:
    """Whether ``nodes`` are the first of those that are held, which read the same."""
    return len(nodes) <= len(held) and all(
        one is other
        or (
            (one.inputs, one.size, one.lookup is other.lookup) == (other.inputs, other.size, True)
            and list(map(id, one.maps)) == list(map(id, other.maps))
        )
        for one, other in zip(nodes, held, strict=False)
    )


@_kept(_TOWERS)
def layer_rows(text: str, axis: int) -> StepRows:
    """The layers of a typed design as its steps."""
    design = design_of(text)
    graph = along(design.graph, axis)
    layers = () if design.network is None else design.network.layers
    ends = tuple(accumulate((layer_count((item,)) for item in layers), initial=1))[1:] or (len(graph.nodes),)
    return _step_rows([Graph(graph.nodes[:end]) for end in ends], design.graph)


@cached(LRUCache(_TOWERS), key=lambda of, steps, axis: hashkey(steps, of.gates, axis), condition=Condition())
def stage_rows(of: DesignAnalysis, steps: tuple[str, ...], axis: int) -> StepRows | None:
    """The stages of a model as its steps: texts of ``of``'s design, which is traced already; None where it has none."""
    design = of.design
    if not isinstance(design, Staged):
        return None
    found = [_stage_graph(design, parse(step).stage, of.gates) for step in steps]
    graphs = [None if graph is None else _along_or_none(graph, axis) for graph in found]
    whole = next((graph for graph in reversed(found) if graph is not None), None)
    return None if whole is None or not any(graphs) else _step_rows(graphs, whole)


def _stage_graph(design: Staged, stage: str, gates: bool) -> Graph | None:
    try:
        graph = (design.up_to(stage) if stage else design.whole()).graph
    except UserError:
        return None
    return with_gates(graph) if gates else graph


def _along_or_none(graph: Graph, axis: int) -> Graph | None:
    try:
        return along(graph, axis)
    except UserError:
        return None


@cached(LRUCache(_TOWERS), key=lambda of, axis: hashkey(str(of.design.text), of.gates, axis), condition=Condition())
def own_rows(of: DesignAnalysis, axis: int) -> StepRows:
    """A design as the only step."""
    return _step_rows([along(of.graph, axis)], of.graph)


@cached(
    LRUCache(_STRIPS),
    key=lambda graph, text, gates, axis, unit, each: hashkey(text, gates, axis, unit, each),
    condition=Condition(),
)
def strips(graph: Graph, text: str, gates: bool, axis: int, unit: int | None, each: bool) -> str:
    """The reduced tower of a design, ``graph`` being it along the axis, as it is sent."""
    return strips_text(tower(graph, unit), each)


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
        return design_of(text, files=uploads.FILES).network
    except UserError:
        return None


@_kept(_FIGURES)
def path_map(text: str, gates: bool, unit: Unit, linear: bool, pixels: tuple[tuple[int, ...], ...]) -> go.Figure:
    """The map of path counts; of three axes its cuts through the first of ``pixels``."""
    counts = analysis(text, gates).path_counts(unit)
    if len(counts.size) == 3:
        return volume_cuts(counts, linear, pixels[0] if pixels else (), VOLUME_HEIGHT)
    return pathway_map(counts, linear, pixels, MAP_HEIGHT)


@_kept(_FIGURES)
def share_map(text: str, gates: bool, unit: Unit, linear: bool, pixels: tuple[tuple[int, ...], ...]) -> go.Figure:
    """The map of shares; of three axes its cuts through the first of ``pixels``."""
    shares = analysis(text, gates).path_shares(unit)
    if len(shares.numerators.size) == 3:
        return volume_cuts(shares.numerators, linear, pixels[0] if pixels else (), VOLUME_HEIGHT, shares.denominator)
    return pathway_map(shares.numerators, linear, pixels, MAP_HEIGHT, whole=shares.denominator)


@_kept(_FIGURES)
def path_lengths(text: str, gates: bool, unit: Unit) -> PathLengths:
    """The paths to all outputs, or to one unit, by how many windows are on them."""
    return analysis(text, gates).path_lengths(unit)


@_kept(_REPORTS)
def input_sizes(text: str, gates: bool, sizes: tuple[Size, ...]) -> SizeReport:
    """A design at other inputs, side by side; none given: its own and those near it."""
    with _turn(text):
        known = analysis(text, gates)
        return size_report(known, sizes or (known.graph.input.size,), neighbours=not sizes, findings=findings_at_size)


@_kept(_REPORTS)
def report(text: str, gates: bool, object_size: int) -> Report:
    """The findings about a design; ``object_size``: the side of what a unit must see whole, 0 where none is stated."""
    with _turn(text):
        known = analysis(text, gates)
        return report_on(DesignAnalysis(known.design, object_size, gates) if object_size else known)
