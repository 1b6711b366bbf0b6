"""What a node's values are known to be: the same along an axis, or squashed; by this gates are told from paths."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...network.graph import Node
from ...network.maps import AxisMap, Linear, Lookup, Slice, Transposed
from ...network.operations import SQUASH
from ...network.window import Window


@dataclass(frozen=True, slots=True)
class Traits:
    """``flat``: the axes along which all positions hold the same value, axes of one position included.

    ``squashed``: whether a sigmoid, softmax or hyperbolic tangent made the values, which were only moved since.
    """

    flat: frozenset[int]
    squashed: bool = False

    @classmethod
    def of(cls, node: Node, sources: Sequence["Traits"]) -> "Traits":
        """Those of a node, from those of all that it reads."""
        flat = frozenset(axis for axis in range(len(node.size)) if _is_flat(node, axis, sources))
        moved = node.op.moves and (node.channel_reads is None or node.channel_reads.shape[1] == 1)
        return cls(flat, node.op == SQUASH or (moved and all(source.squashed for source in sources)))


def _is_flat(node: Node, axis: int, sources: Sequence[Traits]) -> bool:
    if node.size[axis] == 1:
        return True
    below = bool(sources) and all(axis in source.flat for source in sources)
    return below and node.lookup is None and (not node.maps or _repeats(node.maps[axis]))


def _repeats(axis_map: AxisMap) -> bool:
    """Whether every position reads as much as any other, so that from equal values come equal values."""
    match axis_map:
        case Window(pad=pad, border=border):
            return not any(pad) or border != "zeros"
        case Transposed(window):
            return window == Window(window.kernel, stride=window.kernel)
        case Lookup(sources):
            return bool((sources >= 0).all())
        case Slice() | Linear():
            return True
    return False
