"""Which input sizes are possible, and at which every window ends with the last sample: as remainders of a division.

Both repeat with the stride product, once maps are as long as windows need. They are planned
(:mod:`.exact.input_sizes`) for two turns of it and stated only where both turns agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..network.graph import Graph
from ..network.window import Window
from .field import unit_stride
from .input_sizes import is_global, left_over_at, sizes_at

MAX_TURN = 1024  # a longer stride product is not followed through two turns
_SMALLEST = 8192  # the least possible size is looked for up to here


@dataclass(frozen=True, slots=True)
class Pattern:
    """The sizes n for which n mod ``modulus`` is one of ``residues``; none: there are no such sizes."""

    modulus: int
    residues: tuple[int, ...]

    def __str__(self) -> str:
        """As it is said.

        >>> str(Pattern(32, (1,))), str(Pattern(1, (0,))), str(Pattern(4, (0, 2, 3))), str(Pattern(1, ()))
        ('n mod 32 = 1', 'every n', 'n mod 4 = 0, 2 or 3', 'no n')
        """
        if not self.residues:
            return "no n"
        if self.modulus == 1:
            return "every n"
        words = [str(residue) for residue in self.residues]
        return f"n mod {self.modulus} = {' or '.join([', '.join(words[:-1]), words[-1]] if words[1:] else words)}"


@dataclass(frozen=True, slots=True)
class Demand:
    """What the sizes must be so that node ``node``, and all before it, leave nothing over."""

    node: int
    sizes: Pattern


@dataclass(frozen=True, slots=True)
class SizePatterns:
    """Along one axis. ``possible`` and ``even`` are None where they do not repeat within ``MAX_TURN`` positions.

    ``even``: no window leaves samples or padding over. ``demands``: which layers ask for that, from the input on.
    ``smallest``: the least size that is possible; None if none is up to the one asked about, or to 8,192.
    """

    possible: Pattern | None
    even: Pattern | None
    demands: tuple[Demand, ...]
    smallest: int | None


def size_patterns(graph: Graph, axis: int, near: int) -> SizePatterns:
    """The patterns of the sizes from about ``near`` on.

    >>> found = size_patterns(graph_of(parse("224; conv k7 s2 p3; maxpool k3 s2 p1")), 0, 224)
    >>> str(found.possible), str(found.even), [str(demand.sizes) for demand in found.demands]
    ('every n', 'n mod 4 = 1', ['n mod 2 = 1', 'n mod 4 = 1'])
    """
    turn = unit_stride(graph, axis)
    first = range(1, min(near, _SMALLEST) + 1)
    smallest = next((side for side in first if sizes_at(graph, axis, side) is not None), None)
    if turn > MAX_TURN:
        return SizePatterns(None, None, (), smallest)
    sides = range(near, near + 2 * turn)
    plans = [sizes_at(graph, axis, side) for side in sides]
    possible = _pattern([plan is not None for plan in plans], near)
    even = _pattern([plan is not None and left_over_at(graph, axis, plan) == 0 for plan in plans], near)
    return SizePatterns(possible, even, tuple(_demands(graph, axis, plans, near)), smallest)


def nearest(graph: Graph, axis: int, side: int, step: int, evenly: bool = True) -> int | None:
    """The next size from ``side`` on, itself left out, by ``step`` of 1 or -1; within two stride products.

    ``evenly``: at which no window leaves anything over; else, that is possible at all.
    """
    reach = 2 * min(unit_stride(graph, axis), MAX_TURN)
    for other in range(side + step, max(side + step * (reach + 1), 0), step):
        plan = sizes_at(graph, axis, other)
        if plan is not None and (not evenly or left_over_at(graph, axis, plan) == 0):
            return other
    return None


def _demands(graph: Graph, axis: int, plans: Sequence[list[int] | None], first: int) -> list[Demand]:
    result = []
    kept = [plan is not None for plan in plans]
    for index in sorted(graph.ancestors - {0}):
        node = graph.nodes[index]
        window = node.maps[axis] if node.maps else None
        below = graph.nodes[index].inputs[0]
        if not isinstance(window, Window) or is_global(node, axis, graph.nodes[below].size[axis]):
            continue
        now = [
            known and plan is not None and (not plan[below] or window.left_over(plan[below]) == 0)
            for known, plan in zip(kept, plans, strict=True)
        ]
        if now != kept and (pattern := _pattern(now, first)) is not None:
            result.append(Demand(index, pattern))
        kept = now
    return result


def _pattern(flags: list[bool], first: int) -> Pattern | None:
    """The shortest pattern of flags of the sizes from ``first`` on, if they repeat within half of them."""
    turn = len(flags) // 2
    for modulus in range(1, turn + 1):
        if turn % modulus == 0 and flags[modulus:] == flags[:-modulus]:
            held = {(first + place) % modulus for place in range(modulus) if flags[place]}
            return Pattern(modulus, tuple(sorted(held))) if held else Pattern(1, ())
    return None
