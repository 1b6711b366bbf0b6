"""The weights of attention: a product of two maps, kept as what it is and never as a map.

They hold the queries, the keys, how the dimensions of the tensor run over both, and which keys a mask leaves to which
query.
"""

from dataclasses import dataclass, replace

import numpy as np

from ...network.operations import CHANNELS, NORM, SCALE
from .builder import GraphBuilder
from .layout import CHANNEL, COPY, Dims, NotRuledError, Part, TensorLayout, merged
from .tokens import Tokens

ROW, COLUMN, BATCH = 10, 11, 100  # what the parts of weights run over; BATCH + i: over part i of the batch
HIDDEN = -100.0  # a constant that is so far below the largest of its row leaves no weight: e^-100

Side = TensorLayout | Tokens  # dimensions: batch, positions (or channels), what is multiplied and added up


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """One number for each query and key, in a tensor whose dimensions are ``dims``.

    ``queries``: None where they do not depend on the input. ``allowed``: (sizes of the batch's parts …, queries, keys),
    False where a mask hides a key; None: nowhere. ``soft``: whether a softmax made them weights already. ``mixed``:
    whether heads were mixed.
    """

    queries: Side | None
    keys: Side
    rows: int  # queries
    dims: Dims = ()
    allowed: np.ndarray | None = None
    soft: bool = False
    mixed: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return self.template.shape

    @property
    def template(self) -> TensorLayout:
        """The dimensions, which views rearrange."""
        return TensorLayout(-1, self.dims)

    def rearranged(self, template: TensorLayout) -> "Weights":
        """The same weights with other dimensions."""
        if any(part.role == COPY for dim in template.dims for part in dim):
            raise NotRuledError("copies of attention weights")
        return replace(self, dims=template.dims)

    def canonical(self) -> Dims:
        """The dimensions as the product made them: batch, queries, keys."""
        batch = merged([Part(BATCH + index, part.size) for index, part in enumerate(self.batch)])
        return batch, merged([Part(ROW, self.rows)]), merged([Part(COLUMN, self.keys.shape[1])])

    @property
    def batch(self) -> tuple[Part, ...]:
        """The parts of the first dimension, as queries or else keys have them."""
        return known_of(self.keys if self.queries is None else self.queries).dims[0]

    def talking(self, dim: int) -> "Weights":
        """With heads mixed by a constant matrix, along dimension ``dim``."""
        heads = {BATCH + index for index, part in enumerate(self.batch) if part.role < 0}
        if not heads.issuperset(part.role for part in self.dims[dim]) or self.allowed is not None:
            raise NotRuledError("attention weights mixed along positions, or with a mask")
        return replace(self, mixed=True)

    def asked(self, builder: GraphBuilder, bias: Side) -> "Weights":
        """With a bias that is computed from every query by itself, which brings no dependence but the query's.

        Raises :class:`NotRuledError` for any other.
        """
        refusal = NotRuledError("a mask or bias of attention computed from the input, and not from the query alone")
        query = self.queries
        if isinstance(bias, Tokens) or isinstance(query, Tokens) or query is None or not isinstance(bias, TensorLayout):
            raise refusal
        shown = [part for dim in bias.dims for part in dim if part.role >= 0]
        wanted = [part for dim in query.dims[:2] for part in dim if part.role >= 0]
        columns = [any(part.role == COLUMN for part in dim) for dim in self.dims]
        along = any(part.role >= 0 for dim, key in zip(bias.dims, columns, strict=True) if key for part in dim)
        if shown != wanted or along or not _made_of(builder, bias.node, query.node):
            raise refusal
        return self

    def pieces(self) -> list[tuple[TensorLayout | None, int, int]]:
        """The pieces of the queries, each with its first and how many."""
        return [(None, row, 1) for row in range(self.rows)] if self.queries is None else pieces_of(self.queries)

    def masked(self, shown: np.ndarray) -> "Weights":
        """With keys hidden where ``shown``, of the weights' shape or broadcast to it, is False."""
        parts = [part for dim in self.dims for part in dim]
        array = np.broadcast_to(shown, self.shape).reshape([part.size for part in parts])
        order = sorted(range(len(parts)), key=lambda index: (_rank(parts[index].role), -parts[index].step))
        batch = [part.size for part in self.batch]
        array = array.transpose(order).reshape(*batch, self.rows, self.keys.shape[1])
        return replace(self, allowed=array if self.allowed is None else self.allowed & array)


def weights_of(left: Side | None, right: Side, rows: int) -> Weights:
    """The product of two maps: ``left`` (batch, queries, summed), of ``rows``, and ``right`` (batch, summed, keys)."""
    keys = right.permuted((0, 2, 1))
    for side in (left, keys):
        if isinstance(side, Tokens) and side.dim != 1:
            raise NotRuledError("a product of tokens along other dimensions than attention's")
    known = [known_of(side) for side in (left, keys) if side is not None]
    summed, shown = ({part.role for layout in known for part in layout.dims[index]} for index in (2, 1))
    summed = summed or {CHANNEL}  # of heads of one channel nothing is left to sum
    if COPY in summed | shown or (CHANNEL in summed) == (CHANNEL in shown):
        raise NotRuledError("a product of two maps that is no attention: positions and channels are mixed in it")
    if len({tuple(heads_of(layout)) for layout in known}) > 1 or (left is None and CHANNEL in shown):
        raise NotRuledError("queries and keys whose batches run over different positions")
    weights = Weights(left, keys, rows)
    return replace(weights, dims=weights.canonical())


def _made_of(builder: GraphBuilder, node: int, query: int) -> bool:
    """Whether a node is made of the channels of a query alone, position by position."""
    own = {query}
    while (below := builder.nodes[query]).op in (CHANNELS, SCALE, NORM) and not below.gates:
        (query,) = below.inputs
        own.add(query)
    left = [node]
    while left:
        here = left.pop()
        if here in own:
            continue
        made = builder.nodes[here]
        if not made.inputs or made.maps or made.lookup is not None or made.gates or here < query:
            return False
        left += made.inputs
    return True


def heads_of(layout: TensorLayout) -> list[tuple[int, int]]:
    """What the batch runs over: axes and their sizes, and heads."""
    result: list[tuple[int, int]] = []
    for part in layout.dims[0]:
        role = max(part.role, CHANNEL)  # heads may be copies of one
        if role == CHANNEL and result and result[-1][0] == CHANNEL:
            result[-1] = CHANNEL, result[-1][1] * part.size
        else:
            result.append((role, part.size))
    return result


def pieces_of(side: Side) -> list[tuple[TensorLayout | None, int, int]]:
    return list(side.ranges()) if isinstance(side, Tokens) else [(side, 0, side.shape[1])]


def known_of(side: Side) -> TensorLayout:
    """A layout of ``side`` that depends on the input."""
    return next(piece for piece, _, _ in pieces_of(side) if piece is not None)


def _rank(role: int) -> int:
    """Batch, queries, keys."""
    return role - BATCH if role >= BATCH else role * BATCH
