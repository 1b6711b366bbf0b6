"""Broadcasting: layouts repeated so that many positions or channels read the same one."""

from collections.abc import Sequence
from dataclasses import replace

from ...network.maps import AxisMap, Transposed
from ...network.operations import BROADCAST
from ...network.window import Window
from .builder import GraphBuilder
from .layout import CHANNEL, COPY, Dims, NotRuledError, Part, TensorLayout, cut, merged, numbers


def spread(builder: GraphBuilder, layout: TensorLayout, wanted: Dims) -> TensorLayout:
    """Repeats a layout along the axes and channels of ``wanted`` that it lacks."""
    filled = [_filled(dim, want) for dim, want in zip(layout.dims, wanted, strict=True)]
    gained = [part for dim in filled for part, is_new in dim if is_new]
    if all(part.role == COPY for part in gained):
        dims = tuple(merged([part for part, _ in dim]) for dim in filled)
        return TensorLayout(layout.node, dims)
    axes: dict[int, int] = {}
    for part in gained:
        if part.role >= 0:
            axes[part.role] = axes.get(part.role, 1) * part.size
    if any(builder.node(layout).size[axis] > 1 for axis in axes):
        raise NotRuledError("an operand that lacks a part of an axis")
    node = layout.node
    if axes:
        maps: dict[int, AxisMap] = {axis: Transposed(Window(n, stride=n)) for axis, n in axes.items()}
        node = builder.through(layout, BROADCAST, "broadcast", maps)
    steps = [replace(part, step=0) if new else part for dim in filled for part, new in dim if part.role == CHANNEL]
    whole = TensorLayout(node, tuple(tuple(part for part, _ in dim) for dim in filled))
    if any(part.role == CHANNEL for part in gained):
        return builder.rewired(whole, "broadcast", numbers(steps).reshape(-1, 1))
    return TensorLayout(node, tuple(merged(parts) for parts in whole.dims))


def _filled(dim: Sequence[Part], want: Sequence[Part]) -> list[tuple[Part, bool]]:
    """The parts of a dimension once its copies run over what is wanted there; and which of them are new."""
    if not want or (dim and all(part.role != COPY for part in dim)):
        return [(part, False) for part in dim]
    if all(part.role == COPY for part in dim):
        return [(part, True) for part in want]
    left = list(want)[::-1]
    pairs = []
    for part in dim:
        there = cut(left, part.size)
        pairs += [(one, True) for one in there] if part.role == COPY else [(part, False)]
    return pairs
