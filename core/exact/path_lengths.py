"""How long paths are: counts by the number of windows on the path, in networks whose shortcuts differ in length.

A window here is a layer that slides one (convolution, pooling) or is dense, of however many taps; joins, upsampling,
norms and what reads a whole map are none. Veit, Wilber, Belongie, "Residual Networks Behave Like Ensembles of
Relatively Shallow Networks", NeurIPS 2016 (arXiv 1605.06431), find that most gradient comes from short paths: weighed
by alpha^length with an alpha below 1, the counts say the same.

All lengths are counted at once: every window multiplies by 2^bits, so that a count is a number whose digits to that
base are the counts by length, and no digit overflows, as no count of paths has more bits than their total.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..errors import LimitError
from ..network.graph import Graph, Node
from ..network.maps import AxisMap
from ..network.operations import ADAPTIVE_POOL, Operation
from ..network.window import Window
from .counts import PathCounts
from .paths import path_counts

MAX_NUMBERS = 8_000_000  # counts by length of a map, together
_WEIGHT = Operation("length")


@dataclass(frozen=True, eq=False)
class PathLengths:
    """Counts of which each holds, in digits of ``bits``, the paths of 0, 1, 2 … windows."""

    packed: PathCounts
    bits: int
    total: int  # paths from all pixels

    def spectrum(self, pixel: tuple[int, ...] | None = None) -> dict[int, int]:
        """Paths from a pixel, or from all, by how many windows are on them; lengths that none has are left out.

        >>> path_lengths(graph_of(parse("9; add(skip | conv k3 p1) x2"))).spectrum((4,))
        {0: 1, 1: 6, 2: 9}
        """
        packed = self.packed.total() if pixel is None else self.packed.at(pixel)
        return {length: count for length, count in enumerate(self._digits(packed)) if count}

    @property
    def longest(self) -> int:
        """Windows on the longest path; 0 if there is none."""
        return max(self.spectrum(), default=0)

    @cached_property
    def shares(self) -> np.ndarray:
        """Of all paths, those of each length from each pixel: float64, (longest + 1, *size)."""
        positions = self.packed.array().ravel().tolist()
        result = np.zeros((self.longest + 1, len(positions)))
        for place, packed in enumerate(positions):
            for length, count in enumerate(self._digits(packed)):
                result[length, place] = count / self.total
        return result.reshape(-1, *self.packed.size)

    def weighed(self, alpha: float) -> np.ndarray:
        """Every pixel's paths, each weighed by alpha^length: float64 of the input's size, in shares of all paths."""
        powers = float(alpha) ** np.arange(len(self.shares))
        return np.asarray(np.tensordot(powers, self.shares, axes=1))

    def _digits(self, packed: int) -> list[int]:
        """The counts by length in one packed number."""
        width = self.bits // 8
        raw = packed.to_bytes(-(-packed.bit_length() // self.bits) * width, "little")
        return [int.from_bytes(raw[at : at + width], "little") for at in range(0, len(raw), width)]


def path_lengths(graph: Graph, unit: tuple[int, ...] | None = None) -> PathLengths:
    """The lengths of the paths from each pixel to all outputs, or to one ``unit``.

    Raises :class:`~.errors.LimitError` for a map of too many pixels and lengths, and as :func:`path_counts` does.
    """
    windows = sum(map(_is_window, (graph.nodes[index] for index in graph.ancestors)))
    if graph.input.positions * (windows + 1) > MAX_NUMBERS:
        raise LimitError(
            f"{graph.input.positions} pixels and up to {windows} windows on a path are more than {MAX_NUMBERS} counts "
            "by length; use a smaller input"
        )
    total = path_counts(graph, unit).total()
    bits = 8 * (total.bit_length() // 8 + 1)
    return PathLengths(path_counts(_weighing(graph, bits), unit), bits, total)


def _weighing(graph: Graph, bits: int) -> Graph:
    """The graph with a weight of 2^bits after every window."""
    nodes: list[Node] = []
    place: list[int] = []  # of each node of ``graph``
    axes = len(graph.input.size)
    maps: tuple[AxisMap, ...] = (Window(1, weights=(1 << bits,)), *[Window(1)] * (axes - 1))
    for node in graph.nodes:
        inputs = tuple(place[source] for source in node.inputs)
        nodes.append(replace(node, inputs=inputs, gates=tuple(place[source] for source in node.gates)))
        if _is_window(node):
            last = len(nodes) - 1
            nodes.append(Node(_WEIGHT, "length", (last,), node.size, node.channels, maps))
        place.append(len(nodes) - 1)
    return Graph(tuple(nodes))


def _is_window(node: Node) -> bool:
    op = node.op
    return op.learned or op.slides or op.pools or op == ADAPTIVE_POOL
