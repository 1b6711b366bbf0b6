"""Measures that tell whether a fix helped: one number of a design, and which way is better.

The fixes on offer are what a comparison of all remedies would find, and other inputs. Each is applied and measured.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from ..design.analysis import DesignAnalysis
from ..errors import UserError
from ..network.graph import Graph, Node, size_text
from ..network.maps import AxisMap
from ..network.window import Window
from ..remedies import REMEDIES
from .finding import Fix

# What is done, in words; the design after it, None where it is impossible.
Candidate = tuple[str, DesignAnalysis | None]

_MOST = 5  # fixes of one finding


@dataclass(frozen=True, slots=True)
class Measure:
    """``of`` gives None where a design has no such number."""

    name: str
    of: Callable[[DesignAnalysis], Fraction | None]
    larger_is_better: bool = False

    def fixes(
        self, analysis: DesignAnalysis, others: Iterable[Candidate] = (), enough: Fraction | None = None
    ) -> tuple[Fix, ...]:
        """The remedies, and ``others``, that do better than ``analysis``, the best first, five at most.

        Of equal ones those come first that change the cost least, to either side: what is far cheaper is another
        network. What reaches ``enough`` is as good as what goes beyond.
        """
        before = self.of(analysis)
        if before is None:
            return ()
        offers: list[Fix] = []
        graphs = [analysis.graph]
        for words, candidate in (*others, *_after_remedies(analysis)):
            changed = _graph(candidate)
            if candidate is None or changed is None or any(_alike(changed, graph) for graph in graphs):
                continue
            graphs.append(changed)
            after = self._again(candidate)
            if after is None or not self._better(after, before):
                continue
            pixels = prod(analysis.graph.input.size), prod(changed.input.size)
            offers.append(Fix(words, candidate.design, self.name, before, after, analysis.cost, candidate.cost, pixels))
        return tuple(sorted(offers, key=lambda fix: (self._rank(fix.after, enough), *_changes(fix)))[:_MOST])

    def _rank(self, after: Fraction, enough: Fraction | None) -> Fraction:
        """Smaller is better."""
        if self.larger_is_better:
            return -after if enough is None else -min(after, enough)
        return after if enough is None else max(after, enough)

    def _again(self, candidate: DesignAnalysis) -> Fraction | None:
        """The measure of a changed design; None where it is beyond a limit."""
        try:
            return self.of(candidate)
        except UserError:
            return None

    def _better(self, after: Fraction, before: Fraction) -> bool:
        return after > before if self.larger_is_better else after < before


def _graph(candidate: DesignAnalysis | None) -> Graph | None:
    """None where the design is impossible: a model may not run on another input."""
    try:
        return None if candidate is None else candidate.graph
    except UserError:
        return None


def _changes(fix: Fix) -> tuple[Fraction, Fraction]:
    """By what factors a fix changes multiply-adds and parameters, to either side."""
    pairs = (
        (fix.cost_before.multiply_adds + 1, fix.cost.multiply_adds + 1),  # there may be none
        (fix.cost_before.parameters + 1, fix.cost.parameters + 1),
    )
    factors = [Fraction(max(pair), min(pair)) for pair in pairs]
    return factors[0], factors[1]


def at_inputs(analysis: DesignAnalysis, sizes: Iterable[tuple[int, ...]]) -> Iterator[Candidate]:
    """The design at each input size."""
    for size in sizes:
        yield f"use an input of {size_text(size)}", analysis.at_input(size)


def _after_remedies(analysis: DesignAnalysis) -> Iterator[Candidate]:
    """The design after each remedy."""
    for name, remedy in REMEDIES.items():
        yield remedy.does, analysis.after(name)


def _alike(graph: Graph, other: Graph) -> bool:
    """Whether two graphs read the same, node by node."""
    return len(graph.nodes) == len(other.nodes) and all(map(_reads_the_same, graph.nodes, other.nodes))


def _reads_the_same(node: Node, other: Node) -> bool:
    if (node.op, node.inputs, node.size, node.channels) != (other.op, other.inputs, other.size, other.channels):
        return False
    return node.maps == other.maps or tuple(map(_plain, node.maps)) == tuple(map(_plain, other.maps))


def _plain(axis_map: AxisMap) -> AxisMap:
    return axis_map.plain() if type(axis_map) is Window else axis_map  # others weigh what they read
