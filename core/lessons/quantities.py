"""The numbers of a view that a lesson may name: ``corner``, ``centre``, ``paths(0, 7)``, ``field``, ``parameters``, …

Each is one entry of ``QUANTITIES``, exact, and computed when it is first asked for. Counts are those of paths to what
the view shows: all outputs, or the output unit that it names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ..expressions import Value
from .lesson import LessonError
from .view_analysis import ViewAnalysis


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a view: what it is, what it takes in brackets, and how it is had; None where it has no value."""

    meaning: str
    of: Callable[..., Value | None]
    takes: tuple[str, ...] = ()


QUANTITIES: dict[str, Quantity] = {}


def _quantity(meaning: str, *takes: str) -> Callable[[Callable[..., Value | None]], Callable[..., Value | None]]:
    def enter(of: Callable[..., Value | None]) -> Callable[..., Value | None]:
        QUANTITIES[of.__name__.strip("_")] = Quantity(meaning, of, takes)
        return of

    return enter


@_quantity("paths from the centre pixel, the one at side // 2")
def centre(of: ViewAnalysis) -> Value:
    return of.counts.at(tuple(side // 2 for side in of.counts.size))


@_quantity("paths from the corner pixel at the top left; in 1-D, from the first pixel")
def corner(of: ViewAnalysis) -> Value:
    return of.counts.at((0,) * len(of.counts.size))


@_quantity("paths from the middle of the upper side; in 1-D, from the first pixel")
def edge(of: ViewAnalysis) -> Value:
    return of.counts.at((0, *(side // 2 for side in of.counts.size[1:])))


@_quantity("paths from any pixel; numbers below 0 count from the end", "row", "column")
def paths(of: ViewAnalysis, *place: Value) -> Value:
    return of.counts.at(of.position(place, of.counts.size))


@_quantity("share of any pixel in what is shown, if every unit is the mean of what it reads", "row", "column")
def share(of: ViewAnalysis, *place: Value) -> Value:
    return of.shares.at(of.position(place, of.shares.numerators.size))


@_quantity("the number in a cell of the tower, row 0 being the input", "row", "position")
def cell(of: ViewAnalysis, *place: Value) -> Value:
    if len(place) != 2:
        raise LessonError("cell is written cell(row, position)")
    rows = of.tower_counts
    (row,) = of.position(place[:1], (len(rows),))
    (position,) = of.position(place[1:], (len(rows[row]),))
    return rows[row][position]


@_quantity("the sum of a row of the tower, row 0 being the input", "row")
def row_total(of: ViewAnalysis, *place: Value) -> Value:
    (row,) = of.position(place, (len(of.tower_counts),))
    return sum(of.tower_counts[row])


@_quantity("outputs that a pixel has a path to", "row", "column")
def reached(of: ViewAnalysis, *place: Value) -> Value:
    reach = of.analysis.reach_counts(of.position(place, of.counts.size)).multiplicities()
    return sum(reach.values()) - reach[0]


@_quantity("all paths")
def total(of: ViewAnalysis) -> Value:
    return of.counts.total()


@_quantity("the fewest paths that any pixel has")
def least(of: ViewAnalysis) -> Value:
    return min(of.multiplicities)


@_quantity("the most paths that any pixel has")
def most(of: ViewAnalysis) -> Value:
    return max(of.multiplicities)


@_quantity("how many pixels have exactly so many paths", "paths")
def having(of: ViewAnalysis, *count: Value) -> Value:
    return of.multiplicities.get(int(count[0]), 0) if len(count) == 1 and isinstance(count[0], int) else 0


@_quantity("how many different counts there are")
def different(of: ViewAnalysis) -> Value:
    return len(of.multiplicities)


@_quantity("variance, along the last axis, of the place of a pixel drawn by its paths")
def variance(of: ViewAnalysis) -> Value | None:
    counts = of.counts
    row = counts.factors[-1] if counts.separable else counts.factors[0].sum(axis=0)
    weights = row.tolist()
    if not (all_paths := sum(weights)):
        return None
    mean = Fraction(sum(place * count for place, count in enumerate(weights)), all_paths)
    return Fraction(sum(place * place * count for place, count in enumerate(weights)), all_paths) - mean**2


@_quantity("the mean of the outermost pixels' paths over the mean of all pixels'")
def rim(of: ViewAnalysis) -> Value | None:
    whole = of.counts.array()
    inner = whole[tuple(slice(1, -1) for _ in whole.shape)]
    all_paths, ring = of.counts.total(), whole.size - inner.size
    return Fraction((all_paths - int(inner.sum())) * whole.size, all_paths * ring) if all_paths and ring else None


def _measure(name: str, meaning: str) -> None:
    QUANTITIES[name] = Quantity(meaning, lambda of: of.analysis.measures(of.unit)[name])


for _name, _meaning in {
    "corner_centre": "the fewest paths of a corner over those of the centre",
    "edge_centre": "the fewest paths in the middle of a side over those of the centre",
    "max_min": "the most paths over the fewest, among pixels that are read",
    "parity": "the most over the fewest within one stride period at the centre",
    "unread": "share of the pixels without any path",
    "gini": "Gini coefficient of the counts: 0 where all are equal",
    "effective_share": "share of the pixels that, read equally, would count as much",
}.items():
    _measure(_name, _meaning)


@_quantity("share of the paths by which the right half exceeds the left, or in 2-D the lower the upper if that is more")
def asymmetry(of: ViewAnalysis) -> Value | None:
    found = [value for name, value in of.analysis.measures(of.unit).items() if name.startswith("asymmetry")]
    return max((value for value in found if value is not None), key=abs, default=None)


@_quantity("pixels of the input")
def pixels(of: ViewAnalysis) -> Value:
    return of.analysis.graph.input.positions


@_quantity("pixels of the input along the last axis")
def side(of: ViewAnalysis) -> Value:
    return of.analysis.graph.input.size[-1]


@_quantity("positions of the output")
def outputs(of: ViewAnalysis) -> Value:
    return of.analysis.graph.output.positions


@_quantity("positions of the output along the last axis")
def output_side(of: ViewAnalysis) -> Value:
    return of.analysis.graph.output.size[-1]


@_quantity("layers and joins between input and output")
def layers(of: ViewAnalysis) -> Value:
    return len(of.analysis.graph.nodes) - 1


@_quantity("pixels, along the last axis, that a unit of the output sees")
def field(of: ViewAnalysis) -> Value:
    unit = of.unit or of.analysis.unit
    span = of.analysis.fields[-1][-1].span(unit[-1])
    return span[1] - span[0] + 1 if span else 0


@_quantity("the pixel, along the last axis, on which the field of the unit is centred")
def field_centre(of: ViewAnalysis) -> Value | None:
    return of.analysis.fields[-1][-1].centre((of.unit or of.analysis.unit)[-1])


@_quantity("pixels, along the last axis, that hold 95 % of the paths to the centre unit")
def width_95(of: ViewAnalysis) -> Value | None:
    effective = of.analysis.effective_size
    return None if effective is None else effective[-1]


@_quantity("pixels, along the last axis, after which the strides repeat")
def stride(of: ViewAnalysis) -> Value:
    return of.analysis.period[-1]


@_quantity("layers that can bring nothing new, as what they read sees the whole input already")
def unproductive(of: ViewAnalysis) -> Value:
    return len(of.analysis.unproductive)


@_quantity("padding and pixels that lie behind the last window, of all layers and axes together")
def left_over(of: ViewAnalysis) -> Value:
    return of.analysis.left_over


@_quantity("weights, shared between places")
def parameters(of: ViewAnalysis) -> Value:
    return of.analysis.cost.parameters


@_quantity("multiply-adds: as many weights as there would be if no two places shared them")
def multiply_adds(of: ViewAnalysis) -> Value:
    return of.analysis.cost.multiply_adds
