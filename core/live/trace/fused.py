"""Padding that a window reads belongs to the window, and means of two neighbours in a row are a binomial blur.

A model pads in a module of its own, in a function, or in a hook; a text has it in the window. Both are the same graph
after this: a window reads what is padded directly, and what it no longer reads is left to other readers.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...network.graph import Node
from ...network.layers import binomial
from ...network.maps import AxisMap, Lookup, Slice
from ...network.window import Border, Window
from .canvas import axis_map

_PADDABLE = ("conv", "maxpool", "avgpool")


def fused(nodes: Sequence[Node]) -> tuple[list[Node], list[int]]:
    """The nodes, as many as before, and for each the one that shows the same: itself, or what it pads by nothing."""
    result: list[Node] = []
    place: list[int] = []
    for index, node in enumerate(nodes):
        inputs, gates = (tuple(place[source] for source in sources) for sources in (node.inputs, node.gates))
        node = replace(node, inputs=inputs, gates=gates)
        node = _put_together(node, result) or node
        if inputs and node.maps and node.channel_reads is None:
            node = _with_padding(node, result[node.inputs[0]]) or node
            node = _blur(node, result[node.inputs[0]]) or node
        result.append(node)
        nothing = node.op == "pad" and node.maps and all(axis_map == Window(1) for axis_map in node.maps)
        place.append(node.inputs[0] if nothing else index)
    return result, place


def _with_padding(node: Node, below: Node) -> Node | None:
    """A window, or a crop, of what ``below`` pads, as one of what that reads; None where it is none."""
    if below.op != "pad" or below.channel_reads is not None or (node.op not in _PADDABLE and node.op != "pad"):
        return None
    maps = [_joined(*parts) for parts in zip(below.maps, node.maps, below.size, strict=True)]
    found = tuple(axis_map for axis_map in maps if axis_map is not None)
    borders = {part.border for part in found if any(part.pad)}
    if len(found) < len(maps) or len(borders) > 1:
        return None
    text = node.text if node.op == "pad" else _with_words(node.text, found, borders)
    return replace(node, inputs=below.inputs, maps=found, text=text)


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


def _put_together(node: Node, nodes: Sequence[Node]) -> Node | None:
    """Padding that is put together of parts of a map, side by side along one axis, as one node."""
    if node.op != "add" or not 2 <= len(node.inputs) <= 3 or any(nodes[source].op != "place" for source in node.inputs):
        return None
    origins = [nodes[source].inputs[0] for source in node.inputs]
    whole = next((at for at in origins if nodes[at].op not in ("slice", "place")), None)
    if whole is None:
        return None
    maps: list[AxisMap] = []
    for axis, side in enumerate(nodes[whole].size):
        tables = [_table(nodes, source, whole, axis) for source in node.inputs]
        if any(table is None for table in tables):
            return None
        shown = np.stack([table for table in tables if table is not None])
        if node.size[axis] != side and ((shown >= 0).sum(axis=0) > 1).any():
            return None
        if node.size[axis] == side and (shown != np.arange(side)).any():
            return None
        maps.append(axis_map(shown.max(axis=0), side) if node.size[axis] != side else Window(1))
    return replace(node, op="pad", text="pad", inputs=(whole,), maps=tuple(maps))


def _table(nodes: Sequence[Node], index: int, whole: int, axis: int) -> np.ndarray | None:
    """What each position of node ``index`` shows of node ``whole``, -1 for nothing; None where it shows another."""
    node = nodes[index]
    if index == whole:
        return np.arange(node.size[axis])
    if node.op not in ("slice", "place") or node.channel_reads is not None or len(node.inputs) != 1:
        return None
    below = _table(nodes, node.inputs[0], whole, axis)
    if below is None:
        return None
    read = node.maps[axis]
    match read:
        case Window(kernel=1, stride=1):
            taken = read.sources(len(below))
        case Slice(start, step, length):
            taken = start + step * np.arange(length)
        case Lookup(sources) if sources.shape[1] == 1:
            taken = sources[:, 0]
        case _:
            return None
    return np.where(taken >= 0, below[taken], -1)


def _blur(node: Node, below: Node) -> Node | None:
    """The blur that a mean of two neighbours makes of a mean, or a blur, before it."""
    if node.op != "avgpool" or below.op not in ("avgpool", "blur"):
        return None
    last = [part for part in node.maps if isinstance(part, Window)]
    first = [part for part in below.maps if isinstance(part, Window)]
    if len(last) < len(node.maps) or len(first) < len(node.maps) or any(any(part.pad) for part in last):
        return None
    if any(part.kernel > 2 or part.dilation > 1 for part in last) or any(part.stride > 1 for part in first):
        return None
    if below.op == "avgpool" and any(part.kernel > 2 or part.dilation > 1 for part in first):
        return None
    maps = tuple(
        replace(
            one, kernel=one.kernel + two.kernel - 1, stride=two.stride, weights=binomial(one.kernel + two.kernel - 1)
        )
        for one, two in zip(first, last, strict=True)
    )
    return replace(node, op="blur", text=_words(maps), inputs=below.inputs, maps=maps)


def _words(windows: Sequence[Window]) -> str:
    """The blur in the words of a network's text."""
    parts = ["blur", f"k{_each([window.kernel for window in windows])}"]
    if any(window.stride > 1 for window in windows):
        parts.append(f"s{_each([window.stride for window in windows])}")
    borders = {window.border for window in windows if any(window.pad)}
    return _with_words(" ".join(parts), windows, borders)


def _with_words(text: str, windows: Sequence[Window], borders: set[Border]) -> str:
    """A window's text with its padding and border, in place of another padding."""
    pads = [str(before) if before == after else f"{before}:{after}" for before, after in (w.pad for w in windows)]
    words = [word for word in text.split() if not re.fullmatch(r"p[\d:x]+", word)]
    padded = [f"p{_each(pads)}"] if set(pads) != {"0"} else []
    return " ".join([*words, *padded, *(borders - {"zeros"})])


def _each(values: Sequence[object]) -> str:
    return str(values[0]) if len(set(values)) == 1 else "x".join(map(str, values))
