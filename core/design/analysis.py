"""What is known of a design: its gates, fields, stride period, counts and the unit looked at, each decided here alone.

Everything is computed when first asked for, and once. Pages, commands, checks and comparisons ask an analysis and
nothing beneath it, so that a number has one definition, whether the design was typed or traced.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from ..errors import UserError
from ..exact.cost import Cost, cost
from ..exact.counts import PathCounts
from ..exact.erf_size import effective_size
from ..exact.field import AxisField, central_unit, fields, unproductive
from ..exact.gates import gated_nodes, statistics_nodes, with_gates
from ..exact.halo import Halo, halo, stride_grid
from ..exact.imbalance import Measures, imbalance
from ..exact.input_sizes import is_global
from ..exact.padding_share import PaddingShare, padding_share
from ..exact.path_lengths import PathLengths, path_lengths
from ..exact.paths import path_counts, reach_counts
from ..exact.residues import uniform_over_residues
from ..exact.shares import Shares, path_shares
from ..exact.streams import Stream, stream
from ..network.graph import Graph, Node
from ..network.window import Window
from ..program import loaded
from .design import Design

Unit = tuple[int, ...] | None  # of the output, one index per axis; None: all of them together
LeftOver = tuple[tuple[int, ...], tuple[int, ...]]  # per axis: positions after the last window; those of them samples

_KEPT = 6  # maps of counts, each perhaps of millions of whole numbers


def measured_counts(
    graph: Graph, unit: Unit, period: tuple[int, ...], channels: bool = False
) -> tuple[PathCounts, Measures]:
    """The paths from every pixel to all outputs, or to one unit, and how unequal they are."""
    counts = path_counts(graph, unit, channels)
    return counts, imbalance(counts, period)


@dataclass(frozen=True, eq=False)
class DesignAnalysis:
    """An analysis of ``design``.

    ``object_size``: pixels along each axis that a unit of the output must see, if the user says so.
    ``gates``: whether what passes through gates is read too (:mod:`.exact.gates`).
    """

    design: Design
    object_size: int | None = None
    gates: bool = False
    _changed: dict[str | tuple[int, ...], "DesignAnalysis | None"] = field(default_factory=dict)
    _streams: dict[int, Stream] = field(default_factory=dict)
    _counts: dict[tuple[Unit, bool], PathCounts] = field(default_factory=dict)
    _measures: dict[tuple[Unit, bool], Measures] = field(default_factory=dict)  # of counts in ``_counts``
    _shares: dict[Unit, Shares] = field(default_factory=dict)
    _makes_others: bool = True

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        shown: str = loaded(".notebook", __package__).analysis_html(self)
        return shown

    # graph -----------------------------------------------------------------------------------------------------------

    @cached_property
    def graph(self) -> Graph:
        """The nodes of the design and what they read. Raises :class:`~.errors.UserError` where that is unknown."""
        return with_gates(self.design.graph) if self.gates else self.design.graph

    @cached_property
    def gate_names(self) -> tuple[str, ...]:
        """The layers on the way to the output that a gate scales, whether or not gates are read."""
        graph = self.design.graph
        return tuple(graph.name(index) for index in gated_nodes(graph))

    @cached_property
    def statistics_names(self) -> tuple[str, ...]:
        """The normalisations on the way to the output whose statistics are taken over positions."""
        graph = self.design.graph
        return tuple(graph.name(index) for index in statistics_nodes(graph))

    def windows(self) -> Iterator[tuple[int, Node, tuple[Window, ...], tuple[int, ...]]]:
        """Every node on the way to the output that slides a window: index, node, its windows, its input's size."""
        for index in sorted(self.graph.ancestors):
            node = self.graph.nodes[index]
            windows = tuple(axis_map for axis_map in node.maps if isinstance(axis_map, Window))
            if windows and len(windows) == len(node.maps):
                yield index, node, windows, self.graph.nodes[node.inputs[0]].size

    @cached_property
    def left_overs(self) -> dict[int, LeftOver]:
        """What lies after the last window of each node that leaves something over."""
        result = {}
        for index, _, windows, size in self.windows():
            left = tuple(window.left_over(side) for window, side in zip(windows, size, strict=True))
            if any(left):
                result[index] = left, tuple(max(0, n - w.pad[1]) for n, w in zip(left, windows, strict=True))
        return result

    @cached_property
    def left_over(self) -> int:
        """Positions after the last windows, of all layers and axes together."""
        return sum(sum(left) for left, _ in self.left_overs.values())

    @cached_property
    def uneven_paddings(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """Per axis the padding before and after that is read, of each node whose strided windows read it unevenly.

        Windows that move by one read what they were given whatever the size: a causal one pads one side on purpose.
        """
        result = {}
        for index, _, windows, size in self.windows():
            read = tuple(window.padding_read(side) for window, side in zip(windows, size, strict=True))
            if any(before != after for window, (before, after) in zip(windows, read, strict=True) if window.stride > 1):
                result[index] = read
        return result

    @cached_property
    def uneven_padding(self) -> int:
        """Positions of padding that strided windows read on one side and not on the other, all layers and axes."""
        return sum(
            abs(before - after)
            for index, _, windows, _ in self.windows()
            for window, (before, after) in zip(windows, self.uneven_paddings.get(index, ()), strict=False)
            if window.stride > 1
        )

    @cached_property
    def cost(self) -> Cost:
        """Parameters and multiply-adds, those of gates included."""
        return cost(self.design.graph)

    # fields ----------------------------------------------------------------------------------------------------------

    @cached_property
    def fields(self) -> list[tuple[AxisField, ...]]:
        """The field of every node, one :class:`~.exact.field.AxisField` per axis."""
        return fields(self.graph)

    @cached_property
    def unproductive(self) -> list[int]:
        """The windows on the way to the output that read maps whose field covers the whole input already.

        Pooling a whole map is no such window.
        """
        graph = self.graph
        return [
            index
            for index in unproductive(graph, self.fields)
            if index in graph.ancestors
            and not all(
                is_global(graph.nodes[index], axis, side)
                for axis, side in enumerate(graph.nodes[graph.nodes[index].inputs[0]].size)
            )
        ]

    @cached_property
    def unit(self) -> tuple[int, ...]:
        """The output unit looked at unless another is asked for: its field is centred nearest the middle of the input.

        Of two that are equally near, the second: where all is symmetric it is the unit at side // 2.
        """
        return central_unit(self.fields[-1])

    @cached_property
    def unit_field(self) -> tuple[int, ...]:
        """How many positions ``unit`` sees along each axis, the padding's included."""
        spans = [axis_field.span(index) for axis_field, index in zip(self.fields[-1], self.unit, strict=True)]
        return tuple(span[1] - span[0] + 1 if span else 0 for span in spans)

    @cached_property
    def unit_centre(self) -> tuple[Fraction | None, ...]:
        """The middle of ``unit``'s field, in input positions; None along an axis on which it sees nothing."""
        return tuple(axis_field.centre(index) for axis_field, index in zip(self.fields[-1], self.unit, strict=True))

    @cached_property
    def box(self) -> tuple[tuple[int, int], ...] | None:
        """First and last position, per axis, of the part of ``unit``'s field that lies inside the input."""
        spans = [axis_field.clipped(index) for axis_field, index in zip(self.fields[-1], self.unit, strict=True)]
        inside = tuple(span for span in spans if span is not None)
        return inside if len(inside) == len(spans) else None

    # strides ---------------------------------------------------------------------------------------------------------

    @cached_property
    def period(self) -> tuple[int, ...]:
        """Input positions after which the strides repeat, per axis: the stride product."""
        return stride_grid(self.graph, self.fields)

    @cached_property
    def grid(self) -> tuple[int, ...]:
        """The stride period where it is far narrower than the input, else a part of it; per axis.

        What is wider than a quarter of the input would show the fall towards the border. The part repeats within the
        period, so that no contrast in it is larger than that of the period. Parity is measured in it.
        """
        return tuple(
            max((part for part in range(1, side // 4 + 1) if period % part == 0), default=1)
            for period, side in zip(self.period, self.graph.input.size, strict=True)
        )

    @cached_property
    def uneven(self) -> list[int]:
        """The windows that read the places of their stride unequally often."""
        return [index for index, _, windows, _ in self.windows() if not all(map(uniform_over_residues, windows))]

    @cached_property
    def halo(self) -> Halo:
        """What tiles must read beyond the pixels they own; what passes through gates is read always."""
        graph = self.design.graph
        return halo(graph, self.fields if self.graph is with_gates(graph) else None)

    def stream(self, axis: int = 0) -> Stream:
        """The stream along an axis; what passes through gates is read always. Raises as :func:`~.streams.stream`."""
        if axis not in self._streams:
            self._streams[axis] = stream(self.design.graph, axis, self.halo)
        return self._streams[axis]

    # counts ----------------------------------------------------------------------------------------------------------

    def path_counts(self, unit: Unit = None, channels: bool = False) -> PathCounts:
        """Paths from every pixel to all outputs, or to one unit.

        ``channels``: whether each path is weighed by the channels it may pass through.
        """
        if (counts := self._counts.get((unit, channels))) is None:
            counts = path_counts(self.graph, unit, channels)
            self.keep(unit, counts, None, channels)
        return counts

    def path_shares(self, unit: Unit = None) -> Shares:
        """Of a unit, or of all on average, how much comes from every pixel if each takes the mean of what it reads."""
        if unit not in self._shares:
            self.keep_shares(unit, path_shares(self.graph, unit))
        return self._shares[unit]

    def is_shared(self, unit: Unit = None) -> bool:
        """Whether the shares in all outputs, or in one unit, are known already."""
        return unit in self._shares

    def keep_shares(self, unit: Unit, shares: Shares) -> None:
        """Takes shares that were made elsewhere, as ``keep`` takes counts."""
        self._shares[unit] = shares
        for key in list(self._shares)[: max(len(self._shares) - _KEPT, 0)]:
            self._shares.pop(key, None)

    def reach_counts(self, pixel: tuple[int, ...], channels: bool = False) -> PathCounts:
        """Paths from one pixel to each output; ``channels`` as in ``path_counts``."""
        return reach_counts(self.graph, pixel, channels)

    @property
    def counts(self) -> PathCounts:
        """Paths from every pixel to all outputs."""
        return self.path_counts()

    @property
    def unit_counts(self) -> PathCounts:
        """Paths from every pixel to ``unit``."""
        return self.path_counts(self.unit)

    def measures(self, unit: Unit = None, channels: bool = False) -> Measures:
        """How unequal the paths to all outputs, or to one unit, are."""
        if (measures := self._measures.get((unit, channels))) is None:  # made apart: they may take longer than counts
            counts = self.path_counts(unit, channels)
            measures = imbalance(counts, self.grid)
            self.keep(unit, counts, measures, channels)
        return measures

    def is_counted(self, unit: Unit = None) -> bool:
        """Whether the paths to all outputs, or to one unit, are known already."""
        return (unit, False) in self._counts

    def keep(self, unit: Unit, counts: PathCounts, measures: Measures | None, channels: bool = False) -> None:
        """Takes counts that were made elsewhere, in another process perhaps; the oldest of many are let go."""
        self._counts[unit, channels] = counts
        if measures is not None:
            self._measures[unit, channels] = measures
        for key in list(self._counts)[: max(len(self._counts) - _KEPT, 0)]:
            self._counts.pop(key, None)
            self._measures.pop(key, None)

    @cached_property
    def effective_size(self) -> tuple[int, ...] | None:
        """Positions along each axis that hold 95 % of the paths to ``unit``; None if it has none."""
        return effective_size(self.unit_counts, self.unit_centre)

    # what border theory asks for -------------------------------------------------------------------------------------

    @cached_property
    def padding_share(self) -> PaddingShare:
        """Of the paths to every output unit, the share that passes through padding."""
        return padding_share(self.graph)

    def path_lengths(self, unit: Unit = None) -> PathLengths:
        """The paths to all outputs, or to one unit, by how many windows are on them."""
        return path_lengths(self.graph, unit)

    def strided(self) -> Iterator[tuple[int, Node, tuple[Window, ...]]]:
        """The windows that move by more than one position, those over a whole map left out."""
        for index, node, windows, size in self.windows():
            if max(window.stride for window in windows) > 1 and not all(
                is_global(node, axis, side) for axis, side in enumerate(size)
            ):
                yield index, node, windows

    # other designs ---------------------------------------------------------------------------------------------------

    def alone(self) -> "DesignAnalysis":
        """The same analysis, of which no changed design is made: checks then find what they find, without fixes."""
        twin = copy(self)
        twin.__dict__["_makes_others"] = False
        return twin

    def after(self, remedy: str) -> "DesignAnalysis | None":
        """The design after a remedy; None where it does not apply. Asked twice, it is the same one."""
        return self._kept(remedy, lambda: self.design.remedied(remedy))

    def at_input(self, size: tuple[int, ...]) -> "DesignAnalysis | None":
        """The design at another input size; None where that is impossible."""
        return self._kept(size, lambda: self.design.at_input(size))

    def of_changed(self, design: Design) -> "DesignAnalysis":
        """The analysis of a design made from this one: the one kept, where ``after`` or ``at_input`` made it."""
        kept = (analysis for analysis in self._changed.values() if analysis is not None and analysis.design is design)
        return next(kept, None) or DesignAnalysis(design, self.object_size, self.gates)

    def _kept(self, key: str | tuple[int, ...], make: Callable[[], Design]) -> "DesignAnalysis | None":
        if not self._makes_others:
            return None
        if key not in self._changed:
            try:
                self._changed[key] = DesignAnalysis(make(), self.object_size, self.gates)
            except UserError:
                self._changed[key] = None
        return self._changed[key]
