"""What the nodes of a graph do: one value for each operation, which holds what follows from it.

A text says joins, which are here, and layers, whose kinds are in :mod:`.network.kinds`. The others here are met in
traced models only.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Operation:
    """Told from others by its name alone, so that a copy made in another process is the same."""

    name: str
    learned: bool = False  # has weights to be learned
    whole: bool = False  # reads all positions, whatever their number
    moves: bool = False  # puts values elsewhere and leaves them what they are
    slides: bool = False  # slides a window along each axis, which may have any border mode
    pools: bool = False  # moves its window by the kernel unless told otherwise, and never reads padding alone
    attends: bool = False  # reads by weights that are gates, and stands at no place of its own but the query's
    edges: Callable[[int], tuple[int, ...]] | None = None  # per tap of a kernel; None: one each

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Operation) and self.name == other.name)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"<{self.name}>"


INPUT = Operation("input")
ADD = Operation("add")
CONCAT = Operation("concat", moves=True)
DENSE = Operation("dense", learned=True)
MIX = Operation("mix of positions", learned=True, attends=True)
FLATTEN = Operation("flatten", whole=True)
REDUCE = Operation("reduce", whole=True)
STATISTICS = Operation("statistics", whole=True)
ADAPTIVE_POOL = Operation("adaptive pool")
PAD = Operation("pad", moves=True)
SLICE = Operation("slice", moves=True)
PLACE = Operation("place", moves=True)
CHANNELS = Operation("channels", moves=True)
BROADCAST = Operation("broadcast", moves=True)
SCALE = Operation("scale")
SQUASH = Operation("squash")
NORM = Operation("norm")
ATTENTION = Operation("attention", attends=True)

JOINS = (ADD, CONCAT)
