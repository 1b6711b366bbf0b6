"""Whether gradients and path counts agree to the last digit: PyTorch against the counting arithmetic.

A linear network whose weights are all one has its path counts as gradients: the chain rule adds a one for every path.
Here PyTorch computes them in float64 and every digit is compared. Why the largest count alone decides whether float64
can tell: all terms are whole numbers from 0 up and every edge weighs at least 1, so whatever is summed on the way to a
pixel is no larger than that pixel's count; below 2^53 nothing rounds.
"""

from dataclasses import dataclass, replace

import numpy as np

from ...errors import LimitError
from ...exact.field import central_unit, fields
from ...exact.paths import path_counts
from ...formatting import format_count
from ...network.graph import graph_of
from ...network.layers import Item, Join
from ...network.network import Network
from ...network.operations import ADD
from ..erf.sampling import ErfRecipe, Unit, measure, unit_of
from .model import ModelRecipe

MAX_EXACT = 2**53  # whole numbers below it are float64 numbers, all of them


@dataclass(frozen=True, slots=True)
class Proof:
    """What the comparison of every input pixel found."""

    pixels: int
    largest_count: int
    differing: int
    first: tuple[int, ...] | None = None  # the first pixel that differs, row by row
    counted: int | None = None  # there, by arithmetic
    gradient: float | None = None  # there, by PyTorch

    @property
    def equal(self) -> bool:
        return self.differing == 0


def prove(network: Network, unit: Unit = "centre", channels: bool = False) -> Proof:
    """Compares the gradient of an all-ones copy of ``network`` with its path counts, pixel by pixel.

    Spatial paths, or with ``channels`` those through every channel that the text states (one where it states none).
    Raises :class:`~.errors.LimitError` where counts reach 2^53, as float64 cannot confirm them; other errors as
    :func:`~.live.erf.sampling.measure`.

    >>> prove(parse("32x32; conv k3 p1 x8")).equal
    True
    """
    copy = network if channels else spatial(network)
    graph = graph_of(replace(copy, channels=copy.channels or 1))
    index = unit_of(unit, graph.output.size, lambda: central_unit(fields(graph)[-1]))
    counts = path_counts(graph, index, channels=channels).array()
    largest = max(map(int, counts.flat))
    if largest >= MAX_EXACT:
        raise LimitError(
            f"counts up to {format_count(largest)} reach 2^53 = {MAX_EXACT}, from where float64 gradients round and "
            "cannot confirm them; use fewer layers, smaller kernels or one unit"
        )
    recipe = ErfRecipe(unit="all" if index is None else index, model=ModelRecipe(weights="ones", width=1))
    *_, last = measure(copy, recipe)
    gradient = last.measurement.mean
    wrong = [position for position in np.ndindex(counts.shape) if int(counts[position]) != gradient[position]]
    if not wrong:
        return Proof(counts.size, largest, 0)
    return Proof(counts.size, largest, len(wrong), wrong[0], int(counts[wrong[0]]), float(gradient[wrong[0]]))


def spatial(network: Network) -> Network:
    """The network whose channel counts are the spatial counts: one channel, and branches added where they were joined.

    >>> str(spatial(parse("8 c3; concat(conv k3 p1 c4 g1 | skip)")))
    '8 c1; add(conv k3 p1 | skip)'
    """
    return Network(network.size, tuple(map(_alone, network.layers)), 1)


def _alone(item: Item) -> Item:
    if isinstance(item, Join):
        return Join(ADD, tuple(tuple(map(_alone, branch)) for branch in item.branches))
    return replace(item, channels=None, groups=1)
