"""The steps of depth that a tower holds beside the present one, so that each is drawn without the server.

Steps whose units can be told apart are the first rows of one list. Of larger ones each has its strips, the nearest
first, as far as they are quickly made and shortly sent. Any other step is asked of the server when it is taken.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil

from core.design.analysis import Unit
from core.errors import UserError
from core.exact.tower import MAX_ROWS
from core.exact.work import takes_long
from core.figures.tower_rows import strips_text
from core.network.graph import Graph
from pages.frame import settings
from pages.frame.shell import Frame
from pages.work import apart, cache

_AHEAD = 8  # steps beyond the present one that are sent at least, in whole blocks: most steps send the same again
_REMEDIED = 4  # steps on each side of a design with remedies
_UNITS = 60_000  # of all strips, about a tenth of a second
_CHARACTERS = 200_000  # of all strips
_NOTHING = "null"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of depth: its design, and what is held of it: the first ``rows``, or ``strips``; neither: it is asked for.

    ``goal``: the output unit that paths lead to, None for all. ``strips`` are text that JSON reads.
    """

    text: str
    rows: int = 0
    goal: int | None = None
    strips: str = _NOTHING


@dataclass(frozen=True, slots=True)
class Reach:
    """The steps around the present one, which is the one at ``now``, with its ``graph`` along the axis.

    ``rows``: those that steps share, as text that JSON reads; ``square``: whether the axes of every step are alike.
    """

    steps: list[Step]
    now: int
    graph: Graph
    rows: str
    square: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """Steps around the present one, by their texts, and where in ``rows`` those lie of which anything is known."""

    near: Sequence[str]
    places: Mapping[str, int]
    rows: cache.StepRows

    def graph(self, step: str) -> Graph | None:
        """A step along the axis."""
        return self.rows.graphs[self.places[step]] if step in self.places else None


def reach(of: Frame, steps: Sequence[str], axis: int, unit: Unit, each: bool) -> Reach:
    """The steps within reach of a page's design along ``axis``; ``steps``: all, from the shallowest.

    ``unit``: of the output; ``each``: colours of strips run over each row, not over all.
    """
    text, known = str(of.text), _known(of, steps, axis)
    graphs = {step: graph for step in known.near if (graph := known.graph(step)) is not None}
    goals = dict.fromkeys(graphs)
    if unit is not None:
        goals = {step: goal for step in graphs if (goal := _goal(known, step, unit[axis])) is not None}
        goals[text] = unit[axis]
    ends = {step: known.rows.ends[known.places[step]] for step in goals}
    strips = _strips(of, {step: graphs[step] for step in goals if not ends[step]}, known.near, axis, goals, each)
    near = [Step(step, ends.get(step, 0), goals.get(step), strips.get(step, _NOTHING)) for step in known.near]
    return Reach(near, known.near.index(text), graphs[text], known.rows.rows, known.rows.square)


def _goal(known: _Known, step: str, goal: int) -> int | None:
    """The output unit of another step that paths lead to; None where it has none such."""
    if str(settings.value("unit")) == "centre":
        return known.rows.central[known.places[step]]
    graph = known.graph(step)
    return goal if graph is not None and goal < graph.output.size[0] else None


def _strips(
    of: Frame, graphs: Mapping[str, Graph], near: Sequence[str], axis: int, goals: Mapping[str, int | None], each: bool
) -> dict[str, str]:
    """The strips of the present step, if it is among ``graphs``, and of as many others as cost little."""
    text, gates = str(of.text), of.analysis.gates
    now = near.index(text)
    units = characters = 0
    found: dict[str, str] = {}
    for step in sorted(graphs, key=lambda step: abs(near.index(step) - now)):
        graph, goal = graphs[step], goals[step]
        units += sum(node.size[0] for node in graph.nodes)
        is_long = takes_long(graph, every=True)
        if step == text and is_long:
            found[step] = strips_text(apart.tower_of(of.key, of.analysis, axis, goal), each)
        elif step == text or not (is_long or units > _UNITS or characters > _CHARACTERS):
            found[step] = cache.strips(graph, step, gates, axis, goal, each)
        characters += len(found.get(step, ""))
    return found


def _known(of: Frame, steps: Sequence[str], axis: int) -> _Known:
    """What is known of the steps: of typed networks all within reach, of models all; else of the present one alone."""
    text = str(of.text)
    now = steps.index(text) if text in steps else -1
    with suppress(UserError):
        if now >= 0 and of.text.kind in ("typed", "preset"):
            if (found := _layers(of, steps, now, axis)) is not None:
                return found
        elif len(steps) > 1 and now >= 0 and not of.text.remedies:  # which would be applied to every stage anew
            stages = cache.stage_rows(of.analysis, tuple(steps), axis)
            if stages is not None and stages.graphs[now] is not None:
                return _Known(steps, {step: index for index, step in enumerate(steps)}, stages)
    near = steps[max(now - 1, 0) : now + 2] if now >= 0 else [text]
    return _Known(near, {text: 0}, cache.own_rows(of.analysis, axis))


def _layers(of: Frame, steps: Sequence[str], now: int, axis: int) -> _Known | None:
    """Steps of a typed network that are the first layers of the deepest one within reach; None if they are others."""
    first, last = 0, min(len(steps), max(now + 1, min(_AHEAD * ceil((now + 1 + _AHEAD) / _AHEAD), MAX_ROWS)))
    layers = tuple(range(1, last + 1))
    if of.text.remedies:  # which must be applied to every step
        first, last = max(0, now - _REMEDIED), min(last, now + 1 + _REMEDIED)
        layers = cache.first_layers(tuple(steps[first:last]), now - first)
    if not any(layers):
        return None
    deepest = first + layers.index(max(layers))
    places = {steps[first + place]: count - 1 for place, count in enumerate(layers) if count}
    near = steps[max(first - 1, 0) : deepest + 2]
    return _Known(near, places, cache.layer_rows(steps[deepest], axis))
