"""Padding that a window reads belongs to the window, and means of two neighbours in a row are a binomial blur.

A model pads in a module of its own, in a function, or in a hook; a text has it in the window. Both are the same graph
after this: a window reads what is padded directly, and what it no longer reads is left to other readers.
"""

from collections.abc import Sequence
from dataclasses import replace

from ...network.graph import Node
from ...network.kinds import AVGPOOL, BLUR
from ...network.maps import AxisMap, Slice
from ...network.operations import PAD
from ...network.window import Window, binomial
from ..operators.window_words import window_words


def fused(nodes: Sequence[Node]) -> tuple[list[Node], list[int]]:
    """The nodes, as many as before, and for each the one that shows the same: itself, or what it pads by nothing."""
    result: list[Node] = []
    place: list[int] = []
    for index, node in enumerate(nodes):
        inputs, gates = (tuple(place[source] for source in sources) for sources in (node.inputs, node.gates))
        node = replace(node, inputs=inputs, gates=gates)
        if inputs and node.maps and node.channel_reads is None:
            node = _with_padding(node, result[node.inputs[0]]) or node
            node = _blur(node, result[node.inputs[0]]) or node
        result.append(node)
        nothing = node.op == PAD and node.maps and all(axis_map == Window(1) for axis_map in node.maps)
        place.append(node.inputs[0] if nothing else index)
    return result, place


def _with_padding(node: Node, below: Node) -> Node | None:
    """A window, or a crop, of what ``below`` pads, as one of what that reads; None where it is none."""
    if below.op != PAD or below.channel_reads is not None or not (node.op.slides or node.op == PAD):
        return None
    maps = [_joined(*parts) for parts in zip(below.maps, node.maps, below.size, strict=True)]
    windows = tuple(axis_map for axis_map in maps if axis_map is not None)
    borders = {part.border for part in windows if any(part.pad)}
    if len(windows) < len(maps) or len(borders) > 1:
        return None
    text = node.text if node.op == PAD else window_words(node.op, windows, node.groups or 1)
    return replace(node, inputs=below.inputs, maps=windows, text=text)


def _joined(padding: AxisMap, then: AxisMap, padded: int) -> Window | None:
    """One window that reads what ``then`` does of the ``padded`` positions that ``padding`` gives."""
    if not isinstance(padding, Window) or (padding.kernel, padding.stride) != (1, 1):
        return None
    before, after = padding.pad
    if isinstance(then, Slice) and then.step == 1:
        left = before - then.start, after - (padded - then.start - then.length)
        return replace(padding, pad=left) if min(left) >= 0 else None
    if not isinstance(then, Window):
        return None
    if any(then.pad) and any(padding.pad) and (then.border, padding.border) != ("zeros", "zeros"):
        return None
    border = then.border if any(then.pad) else padding.border
    return replace(then, pad=(before + then.pad[0], after + then.pad[1]), border=border)


def _blur(node: Node, below: Node) -> Node | None:
    """The blur that a mean of two neighbours makes of a mean, or a blur, before it in the same module."""
    siblings = node.path.rpartition(".")[0] == below.path.rpartition(".")[0]
    if node.op != AVGPOOL or below.op not in (AVGPOOL, BLUR) or not siblings:
        return None
    last = [part for part in node.maps if isinstance(part, Window)]
    first = [part for part in below.maps if isinstance(part, Window)]
    if len(last) < len(node.maps) or len(first) < len(node.maps) or any(any(part.pad) for part in last):
        return None
    if any(part.kernel > 2 or part.dilation > 1 for part in last) or any(part.stride > 1 for part in first):
        return None
    if below.op == AVGPOOL and any(part.kernel > 2 or part.dilation > 1 for part in first):
        return None
    maps = tuple(
        replace(
            one, kernel=one.kernel + two.kernel - 1, stride=two.stride, weights=binomial(one.kernel + two.kernel - 1)
        )
        for one, two in zip(first, last, strict=True)
    )
    return replace(node, op=BLUR, text=window_words(BLUR, maps), inputs=below.inputs, maps=maps)
