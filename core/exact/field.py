"""How far each unit sees: the theoretical receptive field of every layer, along one axis, exactly.

The field of unit ``u`` runs from ``first`` to ``last`` input position, as if the input went on for ever. Along one
axis the fields of a node are periodic: moving on by ``units`` moves both ends by ``shift``. Size r, stride S,
padding P and centre follow Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks",
Distill 2019 (doi 10.23915/distill.00021): the field of unit u begins at -P + u S. Where branches with different
strides meet, a field is the union of several such patterns.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd, inf, lcm
from typing import TypeVar

import numpy as np

from ..errors import LimitError
from ..network import limits
from ..network.graph import Graph, Node
from ..network.maps import AxisMap, Lookup, Spans
from ..network.window import Window

T = TypeVar("T")

Span = tuple[int, int] | None  # first and last position, both included; None: nothing is read
_NOTHING = (2**62, -(2**62))  # a span that begins after its end


@dataclass(frozen=True, slots=True)
class PeriodicSpans:
    """Fields that repeat: unit ``u + len(spans)`` sees what unit ``u`` sees, moved by ``shift``."""

    spans: tuple[Span, ...]
    shift: int

    @property
    def rate(self) -> Fraction:
        """Input positions per unit."""
        return Fraction(self.shift, len(self.spans))

    def span(self, unit: int) -> Span:
        """First and last input position of ``unit``, which may lie outside the map."""
        turns, index = divmod(unit, len(self.spans))
        span = self.spans[index]
        return span and (span[0] + turns * self.shift, span[1] + turns * self.shift)


@dataclass(frozen=True, slots=True)
class AxisField:
    """The fields of one feature map along one axis; lengths in input positions."""

    periodic_spans: tuple[PeriodicSpans, ...]
    units: int  # positions of the map
    input_side: int
    left_over: int = 0  # positions after the last window of this layer, read by nothing
    left_over_input: int = 0  # how many of them are samples, not padding
    misaligned: tuple[Fraction, Fraction] | None = None  # a join: least and most offset of its branches' centres
    rates: tuple[Fraction, ...] = ()  # a join: the strides of its branches, where they differ

    def span(self, unit: int) -> Span:
        """First and last input position that ``unit`` sees, the padding's included; None if it sees nothing."""
        if len(self.periodic_spans) == 1:
            return self.periodic_spans[0].span(unit)
        return _hull(pattern.span(unit) for pattern in self.periodic_spans)

    def clipped(self, unit: int) -> Span:
        """The part of ``span`` inside the input; None if there is none."""
        span = self.span(unit)
        if span is None or span[1] < 0 or span[0] >= self.input_side:
            return None
        return max(span[0], 0), min(span[1], self.input_side - 1)

    @property
    def sizes(self) -> tuple[int, int]:
        """Least and most field size over the units of the map; equal unless units differ."""
        units = range(self.units)
        if len(self.periodic_spans) == 1:
            units = range(min(self.units, len(self.periodic_spans[0].spans)))
        lengths = [span[1] - span[0] + 1 if (span := self.span(unit)) else 0 for unit in units]
        return min(lengths), max(lengths)

    @property
    def size(self) -> int:
        """The largest field size."""
        return self.sizes[1]

    @property
    def stride(self) -> Fraction:
        """Input positions between the fields of neighbouring units."""
        return self.periodic_spans[0].rate

    @property
    def padding(self) -> int | None:
        """P: positions before the input that unit 0 sees; None if unit 0 sees nothing."""
        span = self.span(0)
        return None if span is None else -span[0]

    def centre(self, unit: int) -> Fraction | None:
        """The middle of ``span``; None if the unit sees nothing."""
        span = self.span(unit)
        return None if span is None else Fraction(span[0] + span[1], 2)


def fields(graph: Graph) -> list[tuple[AxisField, ...]]:
    """The field of every node, one :class:`AxisField` per axis; the input's own comes first.

    >>> field = fields(graph_of(parse("224; conv k7 s2 p3; maxpool k3 s2 p1")))[-1][0]
    >>> field.size, field.stride, field.padding, field.centre(0)
    (11, Fraction(4, 1), 5, Fraction(0, 1))
    """
    return list(zip(*per_axis(graph, axis_fields), strict=True))


def per_axis(graph: Graph, of: Callable[[Graph, int], T]) -> tuple[T, ...]:
    """What is had along each axis of all nodes; asked once where axes are alike."""
    axes = range(len(graph.input.size))
    mixes_axes = any(node.lookup is not None for node in graph.nodes)
    if graph.axes_alike and len(graph.ancestors) == len(graph.nodes) and not mixes_axes:
        return (of(graph, 0),) * len(axes)
    return tuple(of(graph, axis) for axis in axes)


def axis_fields(graph: Graph, axis: int) -> list[AxisField]:
    """The field of every node along one axis."""
    side = graph.input.size[axis]
    reads = 0
    result = [AxisField((PeriodicSpans(((0, 0),), 1),), side, side)]
    for node in graph.nodes[1:]:
        sources = [result[source] for source in node.inputs]
        units = node.size[axis]
        if node.maps and (found := _through_window(node.maps[axis], units, sources[0])) is not None:
            result.append(found)
            continue
        reads += sum(_listed(node, axis, pattern) for source in sources for pattern in source.periodic_spans)
        if reads > limits.MAX_FIELD_READS:
            raise LimitError(
                f"the receptive fields need more than {limits.MAX_FIELD_READS} reads to be followed; use fewer "
                "transposed, upsampling or random layers, a smaller stride in them, or smaller kernels"
            )
        if node.lookup is not None:
            result.append(AxisField((_looked_up(node.lookup, node, axis, sources[0]),), units, side))
        elif node.maps:
            over, over_input = _left_over(node, axis, sources[0].units)
            periodic_spans = tuple(_read_through(node, axis, pattern) for pattern in sources[0].periodic_spans)
            result.append(AxisField(_merged(periodic_spans), units, side, over, over_input))
        else:
            periodic_spans = _merged(tuple(pattern for source in sources for pattern in source.periodic_spans))
            result.append(AxisField(periodic_spans, units, side, 0, 0, *_alignment(sources)))
    return result


def central_unit(along: Iterable[AxisField]) -> tuple[int, ...]:
    """The unit whose field is centred nearest the middle of the input, of the fields ``along`` the axes of one map.

    Of two that are equally near it is the second: where all is symmetric, the unit at side // 2.

    >>> central_unit(fields(graph_of(parse("8; conv k3 s2 p1:0")))[-1])
    (2,)
    """
    return tuple(map(_central, along))


def _central(axis_field: AxisField) -> int:
    ends = axis_field.input_side - 1  # of the input, added up; those of a span make twice its centre
    spans = ((unit, axis_field.span(unit)) for unit in sorted(_near_middle(axis_field), reverse=True))
    away = {unit: abs(span[0] + span[1] - ends) for unit, span in spans if span is not None}
    return min(away, key=away.__getitem__, default=axis_field.units // 2)


def _near_middle(axis_field: AxisField) -> Iterable[int]:
    """Units among which the central one is: of one pattern, for each unit of it the turns around the middle."""
    if len(axis_field.periodic_spans) > 1:
        return range(axis_field.units)
    (pattern,) = axis_field.periodic_spans
    units: set[int] = set()
    for index, span in enumerate(pattern.spans[: axis_field.units]):
        if span is not None:
            last = (axis_field.units - 1 - index) // len(pattern.spans)
            ends = axis_field.input_side - 1 - span[0] - span[1]
            turn = ends // (2 * pattern.shift) if pattern.shift else last
            units |= {index + len(pattern.spans) * min(max(near, 0), last) for near in (turn, turn + 1)}
    return units


def unit_stride(graph: Graph, axis: int) -> int:
    """Input positions after which the pattern of all strides along ``axis`` repeats: the stride product.

    >>> unit_stride(graph_of(parse("64; conv k3 s2 p1; tconv k2 s2")), 0)
    2
    """
    rates = [pattern.rate for field in axis_fields(graph, axis) for pattern in field.periodic_spans]
    return lcm(*(rate.numerator for rate in rates if rate))


def unproductive(graph: Graph, node_fields: list[tuple[AxisField, ...]] | None = None) -> list[int]:
    """Windows that can bring nothing new: the input is no larger than the field of every map they read, on each axis.

    The "border layer" of Richter et al., "Should You Go Deeper?", ICMLA 2021: not larger than the field of every
    predecessor, and smaller than the layer's own. Windows of one tap enlarge no field and are not named.
    ``found``: the fields of the graph, where they are known already.
    """
    node_fields = fields(graph) if node_fields is None else node_fields
    result = []
    for index, node in enumerate(graph.nodes):
        if not node.maps:
            continue
        axes = [
            side <= node_fields[node.inputs[0]][axis].size < node_fields[index][axis].size
            for axis, side in enumerate(graph.input.size)
        ]
        if all(axes):
            result.append(index)
    return result


def _through_window(axis_map: AxisMap, units: int, source: AxisField) -> AxisField | None:
    """The fields of a window's units where the map it reads has one field, moved along: as nearly all, at once."""
    if not isinstance(axis_map, Window) or len(source.periodic_spans) > 1:
        return None
    (pattern,) = source.periodic_spans
    if len(pattern.spans) > 1 or pattern.spans[0] is None:
        return None
    taps = axis_map.taps(0)
    first, last = pattern.spans[0]
    ends = first + taps[0] * pattern.shift, last + taps[-1] * pattern.shift
    left = axis_map.left_over(source.units)
    read = PeriodicSpans((ends,), axis_map.stride * pattern.shift)
    return AxisField((read,), units, source.input_side, left, max(0, left - axis_map.pad[1]))


def _read_through(node: Node, axis: int, pattern: PeriodicSpans) -> PeriodicSpans:
    """The fields of a layer's units, through the fields of the map it reads."""
    axis_map = node.maps[axis]
    outputs, inputs = axis_map.period()
    turns = len(pattern.spans) // gcd(len(pattern.spans), inputs)  # until both patterns repeat
    units = _bounded(outputs * turns)
    shift = turns * inputs * pattern.shift // len(pattern.spans)
    if isinstance(axis_map, Spans):
        return PeriodicSpans(_read_in_spans(axis_map, pattern, turns), shift)
    if isinstance(axis_map, Window) and axis_map.stride <= axis_map.span <= units:  # neighbours read the same positions
        return PeriodicSpans(_read_by_window(axis_map, pattern, units), shift)
    spans = tuple(_hull(map(pattern.span, _outer(axis_map.taps(unit), pattern))) for unit in range(units))
    return PeriodicSpans(spans, shift)


def _read_by_window(window: Window, pattern: PeriodicSpans, units: int) -> tuple[Span, ...]:
    """The fields of a window's units, each position that they read looked up once."""
    begin, reach = window.taps(0)[0], (units - 1) * window.stride + window.span
    first, last = zip(*(pattern.span(begin + place) or _NOTHING for place in range(reach)), strict=True)
    parts = (slice(unit * window.stride, unit * window.stride + window.span, window.dilation) for unit in range(units))
    ends = ((min(first[part]), max(last[part])) for part in parts)
    return tuple((low, high) if low <= high else None for low, high in ends)


def _read_in_spans(axis_map: Spans, pattern: PeriodicSpans, turns: int) -> tuple[Span, ...]:
    """The fields of outputs that read spans, of so many maps side by side."""
    seen = [pattern.span(unit) or _NOTHING for unit in range(axis_map.inputs * turns)]
    first, last = (np.array(ends) for ends in zip(*seen, strict=True))
    ordered = bool((np.diff(first) >= 0).all() and (np.diff(last) >= 0).all())  # as mostly: the ends of a span say it
    spans: list[Span] = []
    for turn in range(turns):
        for begin, end in zip(axis_map.first, axis_map.last, strict=True):
            begin, end = begin + turn * axis_map.inputs, end + turn * axis_map.inputs
            end -= (end - begin) % axis_map.step
            part = slice(begin, end + 1, axis_map.step)
            hull = (first[begin], last[end]) if ordered or begin > end else (first[part].min(), last[part].max())
            spans.append(None if begin > end or hull[0] > hull[1] else (int(hull[0]), int(hull[1])))
    return tuple(spans)


def _listed(node: Node, axis: int, pattern: PeriodicSpans) -> int:
    """About how many reads are looked at one by one for the fields of a node."""
    if node.lookup is not None:
        return node.lookup.sources.size // 6  # looked at all together
    if not node.maps:
        return len(pattern.spans)
    outputs, inputs = node.maps[axis].period()
    turns = len(pattern.spans) // gcd(len(pattern.spans), inputs)
    if isinstance(node.maps[axis], Spans):
        return 2 * outputs * turns
    return outputs * turns * len(_outer(node.maps[axis].taps(0), pattern))


def _outer(taps: Sequence[int], pattern: PeriodicSpans) -> Sequence[int]:
    """The taps that the ends of a field can come from: those between see no further, as the fields repeat."""
    period = len(pattern.spans)
    if not isinstance(taps, range) or len(taps) <= 2 * period:
        return taps
    return (*taps[:period], *taps[-period:])


def _bounded(units: int) -> int:
    """A period, refused where listing its fields would take for ever."""
    if units > limits.MAX_PERIOD:
        raise LimitError(
            f"the receptive fields repeat only after {units} units, more than {limits.MAX_PERIOD}; "
            "use fewer transposed, upsampling or random layers, a smaller stride in them, or attention over less"
        )
    return units


def _looked_up(lookup: Lookup, node: Node, axis: int, field: AxisField) -> PeriodicSpans:
    """The fields of random connections: a row's field spans all that the units of this row read."""
    place = np.indices(node.size)[axis].ravel()
    reads = np.moveaxis(place[lookup.sources].reshape(*node.size, -1), axis, 0).reshape(node.size[axis], -1)
    seen = [field.span(unit) or (inf, -inf) for unit in range(node.size[axis])]
    first, last = zip(*seen, strict=True)
    hulls = zip(_picked(first, reads, np.min), _picked(last, reads, np.max), strict=True)
    spans: list[Span] = [None if low == inf else (int(low), int(high)) for low, high in hulls]
    turn = field.stride * field.units  # units outside the map have no random connections; they only fill padding
    turns = range(_bounded(turn.denominator * len(spans)) // len(spans))  # until the shift is a whole number
    shifts = [floor(repeat * turn) for repeat in turns]
    moved = [span and (span[0] + shift, span[1] + shift) for shift in shifts for span in spans]
    return PeriodicSpans(tuple(moved), turn.numerator)


def _picked(ends: Sequence[float], reads: np.ndarray, pick: Callable[..., np.ndarray]) -> list[float]:
    """Of the ends that each row ``reads`` (rows, reads) the least or the most, by their ranks: ends may be long."""
    levels = sorted(set(ends))
    rank = {end: place for place, end in enumerate(levels)}
    return [levels[place] for place in pick(np.array([rank[end] for end in ends])[reads], axis=1).tolist()]


def _left_over(node: Node, axis: int, side: int) -> tuple[int, int]:
    """Positions after the last window, and how many of them are samples."""
    window = node.maps[axis]
    if not isinstance(window, Window):
        return 0, 0
    left = window.left_over(side)
    return left, max(0, left - window.pad[1])


def _merged(periodic_spans: tuple[PeriodicSpans, ...]) -> tuple[PeriodicSpans, ...]:
    """Patterns of one stride become one, whose fields are the unions."""
    if len(periodic_spans) == 1:
        return periodic_spans
    by_rate: dict[Fraction, PeriodicSpans] = {}
    for pattern in periodic_spans:
        if (other := by_rate.get(pattern.rate)) is not None:
            units = _bounded(lcm(len(pattern.spans), len(other.spans)))
            spans = tuple(_hull((pattern.span(unit), other.span(unit))) for unit in range(units))
            pattern = PeriodicSpans(spans, int(units * pattern.rate))
        by_rate[pattern.rate] = pattern
    return tuple(by_rate.values())


def _alignment(sources: list[AxisField]) -> tuple[tuple[Fraction, Fraction] | None, tuple[Fraction, ...]]:
    """Least and most distance between the centres of the joined branches, and their strides where these differ."""
    rates = tuple(dict.fromkeys(pattern.rate for source in sources for pattern in source.periodic_spans))
    if len(rates) > 1:
        return None, rates
    units = range(_bounded(lcm(*(len(source.periodic_spans[0].spans) for source in sources))))
    offsets = []
    for unit in units:
        centres = [centre for source in sources if (centre := source.centre(unit)) is not None]
        offsets.append(max(centres) - min(centres) if centres else Fraction(0))
    return (min(offsets), max(offsets)) if max(offsets) else None, ()


def _hull(spans: Iterable[Span]) -> Span:
    """The smallest span that holds all; None if there is none."""
    ends = tuple(zip(*(span for span in spans if span is not None), strict=True))
    return (min(ends[0]), max(ends[1])) if ends else None
