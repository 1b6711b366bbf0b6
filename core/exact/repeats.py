"""Long inputs: inside, counts repeat, so that the same graph on a shorter input holds all that has to be counted.

Far enough from both ends, the paths from a position are those from the position one period on. A graph whose layers
slide is therefore counted on an input from which whole periods were cut out of the middle, and the period is repeated
where they were: the border is counted once and the period once, however long the input is. What pools a whole map
pools the shorter one.

How far the ends reach is bounded from the outputs back, layer by layer, from above: a bound too wide costs a few
positions more, and changes no number. Layers that read listed positions, or spread what was pooled, have no
inside; a graph with such a layer is counted as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, gcd, lcm
from typing import Any

import numpy as np

from ..network.graph import Graph, Node
from ..network.maps import Linear, Slice, Transposed
from ..network.window import Window
from .input_sizes import is_global

LONG = 4096  # positions along an axis from which on the inside is looked for

Unit = tuple[int, ...] | None
Rates = list[Fraction | None]


@dataclass(frozen=True, slots=True)
class Cut:
    """``length`` positions cut out of an axis at ``place``, before which a whole ``period`` of counts stands."""

    axis: int
    place: int
    length: int
    period: int

    def fill(self, counts: np.ndarray) -> np.ndarray:
        """The counts of the whole axis, from those of the shorter one.

        >>> Cut(axis=0, place=3, length=4, period=2).fill(np.array([5, 1, 2, 6])).tolist()
        [5, 1, 2, 1, 2, 1, 2, 6]
        """
        moved = np.moveaxis(counts, self.axis, 0)
        period = moved[self.place - self.period : self.place]
        middle = np.tile(period, (self.length // self.period, *(1,) * (moved.ndim - 1)))
        return np.moveaxis(np.concatenate([moved[: self.place], middle, moved[self.place :]]), 0, self.axis)


@dataclass(frozen=True, slots=True)
class Ends:
    """Positions at the start and at the end of a map that may count otherwise than the inside; and its period."""

    before: int
    after: int
    period: int

    def __or__(self, other: "Ends") -> "Ends":
        """Of the sum of two counts."""
        return Ends(max(self.before, other.before), max(self.after, other.after), lcm(self.period, other.period))


Rule = Callable[[Any, int, "Ends"], "Ends | None"]
_RULES: dict[type, Rule] = {}


def inside_rule(kind: type) -> Callable[[Rule], Rule]:
    """Registers how the ends of a map's counts follow from those of what it gives, for one kind of axis map.

    The rule is given the map, the positions that it reads, and the ends; None means that there is no inside.
    """

    def register(rule: Rule) -> Rule:
        _RULES[kind] = rule
        return rule

    return register


def shortened(graph: Graph, unit: Unit = None) -> tuple[Graph, Unit, list[Cut]]:
    """The same layers on a shorter input, where ``unit`` is then, and what was cut out, in order.

    Paths from the input to all outputs, or to ``unit``, are those of the shorter graph, filled with the last cut
    first. Where nothing can be cut out it is the graph itself.

    >>> short, _, cuts = shortened(graph_of(parse("960000; conv k3 p1 x4; conv k2 s2")))
    >>> short.input.size, cuts
    ((10,), [Cut(axis=0, place=6, length=959990, period=2)])
    """
    cuts = []
    for axis, side in enumerate(graph.input.size):
        if side < LONG:
            continue
        for after_unit in (True, False)[: 1 if unit is None else 2]:
            if (found := _cut(graph, axis, unit, after_unit)) is None:
                continue
            graph, cut, lost = found
            cuts.append(cut)
            if unit is not None and not after_unit:
                unit = (*unit[:axis], unit[axis] - lost, *unit[axis + 1 :])
    return graph, unit, cuts


def left_by(cuts: list[Cut], position: tuple[int, ...]) -> tuple[int, ...]:
    """The position of the shorter input that stands for ``position``: where it lay, or a whole number of periods on.

    >>> left_by([Cut(axis=0, place=3, length=4, period=2)], (6,)), left_by([Cut(0, 3, 4, 2)], (8,))
    ((2,), (4,))
    """
    for cut in cuts:
        old = position[cut.axis]
        first = cut.place - cut.period
        if old >= cut.place:
            new = old - cut.length if old >= cut.place + cut.length else first + (old - first) % cut.period
            position = (*position[: cut.axis], new, *position[cut.axis + 1 :])
    return position


def filled(counts: np.ndarray, cuts: list[Cut]) -> np.ndarray:
    """The counts of the whole input, from those of the shorter one."""
    for cut in reversed(cuts):
        counts = cut.fill(counts)
    return counts


def _cut(graph: Graph, axis: int, unit: Unit, after_unit: bool) -> tuple[Graph, Cut, int] | None:
    """The graph without as many periods as possible, and how many positions its output lost; None if none can go.

    Of a single unit's counts, which are zero around what it sees, the positions after or before that are cut.
    """
    side = graph.output.size[axis]
    start = Ends(0, 0, 1)
    if unit is not None:
        start = Ends(unit[axis] + 1, 0, 1) if after_unit else Ends(0, side - unit[axis], 1)
    rates = rates_along(graph, axis)
    ends = _ends(graph, axis, start) if rates else None
    if rates is None or ends is None:
        return None
    first = ends[0]
    assert first is not None
    step = lcm(first.period, *(rate.numerator for rate in rates if rate is not None))
    kept = max(
        ceil((end.before + end.after + end.period) * rate)
        for end, rate in zip(ends, rates, strict=True)
        if end is not None and rate is not None
    )
    length = (graph.input.size[axis] - kept) // step * step
    if length <= 0:
        return None
    lost = 0 if rates[-1] is None else int(length / rates[-1])
    return without(graph, axis, rates, length), Cut(axis, first.before + first.period, length, first.period), lost


def without(graph: Graph, axis: int, rates: Rates, length: int) -> Graph:
    """The graph on ``length`` positions fewer, a multiple of all ``rates``."""
    lost = [0 if rate is None else int(length / rate) for rate in rates]
    return Graph(
        tuple(
            _shorter(node, axis, less, lost[node.inputs[0]] if node.inputs else 0)
            for node, less in zip(graph.nodes, lost, strict=True)
        )
    )


def _shorter(node: Node, axis: int, less: int, below: int) -> Node:
    """A node with ``less`` positions, that reads ``below`` fewer; a slice ends as many earlier."""
    size = (*node.size[:axis], node.size[axis] - less, *node.size[axis + 1 :])
    maps = node.maps
    if maps and isinstance(kept := maps[axis], Slice):
        maps = (*maps[:axis], replace(kept, length=kept.length - less), *maps[axis + 1 :])
    if maps and below and not less and isinstance(whole := maps[axis], Window):
        side = whole.kernel - below
        maps = (*maps[:axis], replace(whole, kernel=side, stride=side), *maps[axis + 1 :])
    return replace(node, size=size, maps=maps)


def rates_along(graph: Graph, axis: int) -> Rates | None:
    """Input positions for each position of every node on the way to the output; None where branches disagree.

    A node whose one position reads a whole map has none, nor have those that read such alone.
    """
    rates: Rates = [Fraction(1)]
    for index, node in enumerate(graph.nodes[1:], start=1):
        if index not in graph.ancestors:
            rates.append(None)
            continue
        below = {rates[source] for source in node.inputs}
        if len(below) > 1 or node.lookup is not None:
            return None
        (rate,) = below
        if rate is None and node.size[axis] > 1:
            return None
        if rate is not None and _pools(node, axis, graph.nodes[node.inputs[0]].size[axis]):
            rate = None
        if rate is not None:
            outputs, inputs = node.maps[axis].period() if node.maps else (1, 1)
            rate = rate * inputs / outputs
        rates.append(rate)
    return rates


def _pools(node: Node, axis: int, below: int) -> bool:
    """Whether the one position of a node reads every position of a longer map alike."""
    return below > 1 and is_global(node, axis, below) and type(node.maps[axis]) is Window


def _ends(graph: Graph, axis: int, start: Ends) -> list[Ends | None] | None:
    """The ends of every node's counts, from those of the output back; None where a layer has no inside."""
    found: list[Ends | None] = [None] * len(graph.nodes)
    found[-1] = start
    for index in range(len(graph.nodes) - 1, 0, -1):
        here, node = found[index], graph.nodes[index]
        if here is None:
            continue
        for source in node.inputs:
            below: Ends | None = here
            if node.maps:
                axis_map, side = node.maps[axis], graph.nodes[source].size[axis]
                rule = _RULES.get(type(axis_map))
                pooled = _pools(node, axis, side)
                below = Ends(0, 0, 1) if pooled else rule(axis_map, side, here) if rule else None
            if below is None:
                return None
            before = found[source]
            found[source] = below if before is None else before | below
    return found


@inside_rule(Window)
def through_window(window: Window, side: int, here: Ends) -> Ends | None:
    """Back through a window: its taps meet the ends of what it gives, or lie in padding that shows samples."""
    before, after = window.pad
    folded = 0 if window.border == "zeros" else max(window.pad) + 1
    first = window.stride * (here.before - 1) + window.span - before
    last = window.stride * (here.after - 1) + window.span - after + window.left_over(side)
    return Ends(max(first, folded, 0), max(last, folded, 0), window.stride * here.period)


@inside_rule(Transposed)
def _through_transposed(spread: Transposed, side: int, here: Ends) -> Ends:
    """Back through a window with its ends exchanged."""
    window = spread.window
    before, after = (max(ceil(Fraction(end, window.stride)), 0) for end in _cropped(window, here))
    return Ends(before, after, here.period // gcd(here.period, window.stride))


def _cropped(window: Window, here: Ends) -> tuple[int, int]:
    return here.before + window.pad[0], here.after + window.pad[1]


@inside_rule(Linear)
def _through_linear(linear: Linear, side: int, here: Ends) -> Ends:
    """Back through an interpolation, each of whose samples is read by outputs up to a sample away from it."""
    before, after = (ceil(Fraction(end, linear.factor)) + 2 for end in (here.before, here.after))
    return Ends(before, after, here.period // gcd(here.period, linear.factor))


@inside_rule(Slice)
def _through_slice(kept: Slice, side: int, here: Ends) -> Ends:
    """Back through a slice: what it leaves out belongs to the ends."""
    left_out = side - (kept.start + kept.step * (kept.length - 1) + 1)
    return Ends(kept.start + kept.step * here.before, left_out + kept.step * (here.after + 1), kept.step * here.period)
