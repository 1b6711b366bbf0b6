"""Counts whose channels differ, one array for each kind of channel that occurs.

Channels with the same history hold the same counts; only the kinds are carried, and which channel is of which kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np

from ..network.graph import Graph, Node
from ..network.operations import CONCAT

Move = Callable[[Node, Node, np.ndarray], np.ndarray]  # counts through a node, back to the node that it reads


@dataclass(frozen=True, slots=True, eq=False)
class ChannelCounts:
    """``kinds``: (channels,) of int, the place in ``counts`` of each channel's array."""

    kinds: np.ndarray
    counts: tuple[np.ndarray, ...]

    @classmethod
    def alike(cls, channels: int, counts: np.ndarray) -> Self:
        """All channels hold the same counts."""
        return cls(np.zeros(channels, dtype=int), (counts,))

    def total(self) -> np.ndarray:
        """The counts of all channels together."""
        times = np.bincount(self.kinds, minlength=len(self.counts)).tolist()
        weighed = [
            counts if often == 1 else counts * often for often, counts in zip(times, self.counts, strict=True) if often
        ]
        return sum(weighed[1:], start=weighed[0])

    def moved(self, move: Callable[[np.ndarray], np.ndarray]) -> "ChannelCounts":
        """Each kind's counts, moved along the axes."""
        return ChannelCounts(self.kinds, tuple(map(move, self.counts)))

    def __add__(self, other: "ChannelCounts") -> "ChannelCounts":
        """Channel by channel."""
        pairs, kinds = np.unique(np.stack([self.kinds, other.kinds]), axis=1, return_inverse=True)
        sums = tuple(self.counts[one] + other.counts[two] for one, two in pairs.T.tolist())
        return ChannelCounts(kinds.ravel(), sums)

    def piece(self, first: int, channels: int) -> "ChannelCounts":
        """``channels`` of them, from ``first`` on."""
        used, kinds = np.unique(self.kinds[first : first + channels], return_inverse=True)
        return ChannelCounts(kinds, tuple(self.counts[kind] for kind in used.tolist()))

    def joined(self, other: "ChannelCounts") -> "ChannelCounts":
        """The channels of both, one after the other."""
        kinds = np.concatenate([self.kinds, other.kinds + len(self.counts)])
        return ChannelCounts(kinds, self.counts + other.counts)

    def mixed(self, node: Node, channels: int, back: bool) -> "ChannelCounts":
        """Through the channels of a layer: on to its own, or ``back`` from its own to the ``channels`` that it reads.

        >>> one, two = np.array([1], dtype=object), np.array([2], dtype=object)
        >>> from ..network.kinds import CONV
        >>> layer = Node(CONV, "conv", (0,), (1,), 4, groups=2)
        >>> ChannelCounts(np.array([0, 0, 1, 1]), (one, two)).mixed(layer, 4, back=False).total()
        array([12], dtype=object)
        """
        shares = np.eye(len(self.counts), dtype=np.int64)[self.kinds]  # (channels here, kinds)
        if node.groups is not None:
            there = channels if back else node.channels
            summed = shares.reshape(node.groups, -1, len(self.counts)).sum(axis=1)
            weights = np.repeat(summed, there // node.groups, axis=0)
        elif node.channel_reads is None:
            return self
        elif back:
            weights = np.zeros((channels + 1, len(self.counts)), dtype=np.int64)  # the last row takes what reads none
            np.add.at(weights, node.channel_reads, shares[:, None])
            weights = weights[:-1]
        else:
            weights = np.concatenate([shares, 0 * shares[:1]])[node.channel_reads].sum(axis=1)
        rows, kinds = np.unique(weights, axis=0, return_inverse=True)
        counts = tuple(
            sum(part * times for part, times in zip(self.counts, row, strict=True) if times) + 0 * self.counts[0]
            for row in rows.tolist()
        )
        return ChannelCounts(kinds.ravel(), counts)


def pulled_channels(graph: Graph, end: int, start: np.ndarray, move: Move) -> list[ChannelCounts | None]:
    """The counts of every node's channels, back from node ``end``, where each holds ``start``; None: no path leads.

    ``move`` carries counts along the axes; channels are mixed here.
    """
    counts: list[ChannelCounts | None] = [None] * len(graph.nodes)
    counts[end] = ChannelCounts.alike(graph.nodes[end].channels, start)
    for index in range(end, 0, -1):
        here, node = counts[index], graph.nodes[index]
        if here is None:
            continue
        first = 0
        for source in node.inputs:
            below, mine = graph.nodes[source], here
            if node.op == CONCAT:
                mine, first = here.piece(first, below.channels), first + below.channels
            moved = mine.mixed(node, below.channels, back=True).moved(partial(move, node, below))
            before = counts[source]
            counts[source] = moved if before is None else before + moved
    return counts


def channel_kinds(graph: Graph) -> list[int]:
    """How many different counts the channels of every node hold; 1 where no path leads.

    >>> channel_kinds(graph_of(parse("8 c4; concat(conv k1 c2 | skip); conv k1 g2")))
    [1, 1, 1, 1]
    """
    counts = pulled_channels(graph, len(graph.nodes) - 1, np.array(1, dtype=object), lambda node, below, one: one)
    return [1 if known is None else len(known.counts) for known in counts]
