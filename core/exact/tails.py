"""Tails of chains that were counted already: networks of a family differ in their first layers, and share the others.

The paths from each position behind the first layer to all outputs depend on the layers after it and on how many
positions there are, along each axis. While tails are shared they are kept by these; else every count is made alone.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import numpy as np

from ..network.graph import Graph
from ..network.maps import AxisMap, Transposed
from ..network.window import Window

_KEPT = 64  # tails of networks that were counted last
_LONGEST = 4096  # positions of a tail that is kept

Key = tuple[int, tuple[AxisMap, ...]]


@dataclass(frozen=True, slots=True)
class Tails:
    """The counts of tails, by their positions and axis maps."""

    _counts: OrderedDict[Key, np.ndarray] = field(default_factory=OrderedDict)

    def counts(self, key: Key) -> np.ndarray | None:
        return self._counts.get(key)

    def keep(self, key: Key, counts: np.ndarray) -> None:
        """Keeps the counts of a tail, and lets go of those that were kept first."""
        self._counts[key] = counts
        if len(self._counts) > _KEPT:
            self._counts.popitem(last=False)


_shared: ContextVar[Tails | None] = ContextVar("tails", default=None)


@contextmanager
def shared_tails() -> Iterator[None]:
    """Inside, networks that are counted one after the other share the tails that they have in common."""
    token = _shared.set(Tails())
    try:
        yield
    finally:
        _shared.reset(token)


def tails() -> Tails | None:
    """Those that are shared now; None where nothing is shared."""
    return _shared.get()


def tail_of(graph: Graph, axis: int) -> tuple[int, Key] | None:
    """The node behind the first layer of a chain, and what the tail after it is kept by; None where none can be.

    >>> tail_of(graph_of(parse("9; conv k3; conv k5; conv k3 p1")), 0)[0]
    1
    """
    order = sorted(graph.ancestors)
    if len(order) < 3 or graph.nodes[order[1]].size[axis] > _LONGEST:
        return None
    maps = tuple(graph.nodes[index].maps[axis] for index in order[2:] if graph.nodes[index].maps)
    if len(maps) < len(order) - 2 or not all(isinstance(one, Window | Transposed) for one in maps):
        return None
    return order[1], (graph.nodes[order[1]].size[axis], maps)
