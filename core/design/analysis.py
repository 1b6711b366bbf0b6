"""A design with everything that several checks ask of it, computed once, when first asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm

from ..errors import UserError
from ..exact.counts import PathCounts
from ..exact.field import AxisField, fields
from ..exact.gates import live, without_gates
from ..exact.paths import path_counts
from ..exact.residues import is_even
from ..network.graph import Graph, Node
from ..network.window import Window
from .design import Design


@dataclass(frozen=True, eq=False)
class DesignAnalysis:
    """``object_size``: pixels along each axis that a unit of the output must see, if the user says so."""

    design: Design
    object_size: int | None = None
    _changed: dict[str | tuple[int, ...], "DesignAnalysis | None"] = field(default_factory=dict)

    @cached_property
    def graph(self) -> Graph:
        return self.design.graph

    @cached_property
    def ungated(self) -> Graph:
        """The graph without its gates, for whatever is asked of fields; nodes as in ``graph``."""
        return without_gates(self.graph)

    @cached_property
    def live(self) -> frozenset[int]:
        """The nodes of ``ungated`` that the output depends on."""
        return live(self.ungated)

    @cached_property
    def fields(self) -> list[tuple[AxisField, ...]]:
        """The field of every node, without gates."""
        return fields(self.ungated)

    @cached_property
    def counts(self) -> PathCounts:
        """Paths from every pixel to all outputs, gates included."""
        return path_counts(self.graph)

    @cached_property
    def unit(self) -> tuple[int, ...]:
        """The output unit whose field is centred nearest the middle of the input."""
        return tuple(_nearest_unit(axis_field) for axis_field in self.fields[-1])

    @cached_property
    def unit_counts(self) -> PathCounts:
        """Paths from every pixel to ``unit``, without gates."""
        return path_counts(self.ungated, self.unit)

    @cached_property
    def box(self) -> tuple[tuple[int, int], ...] | None:
        """First and last position, per axis, of the part of ``unit``'s field that lies inside the input."""
        spans = [axis_field.clipped(at) for axis_field, at in zip(self.fields[-1], self.unit, strict=True)]
        found = tuple(span for span in spans if span is not None)
        return found if len(found) == len(spans) else None

    @cached_property
    def unit_field(self) -> tuple[int, ...]:
        """How many positions ``unit`` sees along each axis, the padding's included."""
        spans = [axis_field.span(at) for axis_field, at in zip(self.fields[-1], self.unit, strict=True)]
        return tuple(span[1] - span[0] + 1 if span else 0 for span in spans)

    @cached_property
    def period(self) -> tuple[int, ...]:
        """Input positions after which the strides repeat, per axis; maps of one position have no stride."""
        axes = range(len(self.graph.input.size))
        return tuple(
            lcm(*(rate.numerator for index in self._spread_out(axis) for rate in self._rates(index, axis) if rate))
            for axis in axes
        )

    @cached_property
    def uneven(self) -> list[int]:
        """The windows that read the places of their stride unequally often."""
        return [at for at, _, windows, _ in self.windows() if at in self.live and not all(map(is_even, windows))]

    @cached_property
    def grid(self) -> tuple[int, ...]:
        """The stride period where it is far narrower than the input, else a part of it; per axis.

        What is wider than a quarter of the input would show the fall towards the border. The part repeats within the
        period, so that no contrast in it is larger than that of the period.
        """
        return tuple(
            max((part for part in range(1, side // 4 + 1) if period % part == 0), default=1)
            for period, side in zip(self.period, self.graph.input.size, strict=True)
        )

    def windows(self) -> Iterator[tuple[int, Node, tuple[Window, ...], tuple[int, ...]]]:
        """Every node that slides a window: its index, itself, its window and its input's size, per axis."""
        for index, node in enumerate(self.graph.nodes):
            found = tuple(axis_map for axis_map in node.maps if isinstance(axis_map, Window))
            if found and len(found) == len(node.maps):
                yield index, node, found, self.graph.nodes[node.inputs[0]].size

    def after(self, remedy: str) -> "DesignAnalysis | None":
        """The design after a remedy; None where it does not apply. Asked twice, it is the same one."""
        return self._kept(remedy, lambda: self.design.remedied(remedy))

    def at_input(self, size: tuple[int, ...]) -> "DesignAnalysis | None":
        """The design at another input size; None where that is impossible."""
        return self._kept(size, lambda: self.design.at_input(size))

    def _kept(self, key: str | tuple[int, ...], make: Callable[[], Design]) -> "DesignAnalysis | None":
        if key not in self._changed:
            try:
                self._changed[key] = DesignAnalysis(make(), self.object_size)
            except UserError:
                self._changed[key] = None
        return self._changed[key]

    def _spread_out(self, axis: int) -> list[int]:
        return [index for index in sorted(self.live) if self.ungated.nodes[index].size[axis] > 1]

    def _rates(self, index: int, axis: int) -> list[Fraction]:
        return [family.rate for family in self.fields[index][axis].families]


def _nearest_unit(axis_field: AxisField) -> int:
    """The unit whose field is centred nearest the middle; of two, the first."""
    middle = Fraction(axis_field.input_side - 1, 2)
    away = {unit: abs(at - middle) for unit in range(axis_field.units) if (at := axis_field.centre(unit)) is not None}
    return min(away, key=away.__getitem__, default=axis_field.units // 2)
