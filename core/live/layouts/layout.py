"""How a tensor shows a feature map: which axis, or the channels, each dimension of the tensor runs over.

A dimension is a sequence of parts, the slowest first, each running over one axis of the map or over its channels.
Views, permutations and reshapes only rearrange parts; nothing is read and no node is made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

CHANNEL = -1  # the roles of parts; axes are 0, 1, …
COPY = -2  # along such a part the tensor repeats itself


class NotRuledError(Exception):
    """A use of an operator that its rule does not cover; becomes a gap."""


@dataclass(frozen=True, slots=True)
class Part:
    """``size`` steps of ``step`` along an axis or the channels of a map."""

    role: int
    size: int
    step: int = 1


Dims = tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class TensorLayout:
    """A tensor that shows the map of node ``node``.

    ``dims``: the parts of each dimension, the slowest first; a dimension of size 1 has none.
    """

    node: int
    dims: Dims

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(prod(part.size for part in dim) for dim in self.dims)

    def parts(self, role: int) -> list[Part]:
        """The parts of one role, in the order of the dimensions."""
        return [part for dim in self.dims for part in dim if part.role == role]

    def reshaped(self, shape: Sequence[int]) -> "TensorLayout":
        """The same elements in row-major order under another shape.

        >>> flat = TensorLayout(0, ((), (Part(CHANNEL, 6),), (Part(0, 4),)))
        >>> flat.reshaped((1, 2, 12)).dims[2]
        (Part(role=-1, size=3, step=1), Part(role=0, size=4, step=1))
        """
        left = [part for dim in self.dims for part in dim][::-1]
        return TensorLayout(self.node, tuple(merged(cut(left, size)) for size in shape))

    def permuted(self, order: Sequence[int]) -> "TensorLayout":
        return replace(self, dims=tuple(self.dims[index] for index in order))

    def aligned(self, rank: int) -> "TensorLayout":
        """With dimensions of size 1 in front, up to ``rank`` of them."""
        return replace(self, dims=((),) * (rank - len(self.dims)) + self.dims)

    def with_dim(self, index: int, dim: Iterable[Part]) -> "TensorLayout":
        """Another sequence of parts in one dimension."""
        return replace(self, dims=(*self.dims[:index], tuple(dim), *self.dims[index + 1 :]))


def repeated(layout: TensorLayout, shape: Sequence[int]) -> TensorLayout:
    """Copies along dimensions of size 1, as by ``expand``."""
    layout = layout.aligned(len(shape))
    dims = []
    for dim, before, after in zip(layout.dims, layout.shape, shape, strict=True):
        if before not in (1, after):
            raise NotRuledError("a dimension repeated as a whole")
        dims.append(dim if before == after else merged([Part(COPY, after)]))
    return TensorLayout(layout.node, tuple(dims))


def cut(left: list[Part], size: int) -> list[Part]:
    """Takes from the end of ``left``, parts with the slowest last, those that make up ``size`` steps."""
    taken = []
    while size > 1:
        part = left.pop() if left else Part(COPY, 0)
        if part.size and size % part.size == 0:
            taken.append(part)
            size //= part.size
        elif part.size and part.size % size == 0:
            rest = part.size // size
            taken.append(Part(part.role, size, part.step * rest))
            left.append(Part(part.role, rest, part.step))
            size = 1
        else:
            raise NotRuledError("a reshape that cuts across axes")
    return taken


def merged(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Neighbours that continue each other become one; parts of size 1 go."""
    result: list[Part] = []
    for part in parts:
        if part.size == 1:
            continue
        last = result[-1] if result else None
        if last and last.role == part.role and (part.role == COPY or last.step == part.step * part.size):
            result[-1] = Part(part.role, last.size * part.size, part.step)
        else:
            result.append(part)
    return tuple(result)


def numbers(parts: Sequence[Part]) -> np.ndarray:
    """The channel (or position) at every combination of the parts' coordinates: shape (size, size, …)."""
    total = np.zeros((1,) * len(parts), dtype=np.int64)
    for index, part in enumerate(parts):
        total = total + (np.arange(part.size) * part.step).reshape(
            [-1 if index == other else 1 for other in range(len(parts))]
        )
    return np.broadcast_to(total, [part.size for part in parts])


def row_major(parts: Sequence[Part]) -> list[Part]:
    """The same parts, numbered anew in their order."""
    result: list[Part] = []
    step = 1
    for part in reversed(parts):
        result.insert(0, Part(part.role, part.size, step))
        step *= part.size
    return result
