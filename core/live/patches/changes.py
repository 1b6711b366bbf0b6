"""The calls that give the nodes of a traced graph other windows, and what shows afterwards that they did.

A node is changed through the module that made it, which must be one of PyTorch's own windows. What a module's own code
computes cannot be changed from outside, and is refused with its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from torch import nn

from ...errors import UserError
from ...network.graph import Graph, Node
from ...network.kinds import AVGPOOL, BLUR, CONV, MAXPOOL, TCONV
from ...network.maps import Transposed
from ...network.operations import Operation
from ...network.window import Window
from .calls import Call, call

Windows = tuple[Window, ...]
Pads = tuple[tuple[int, int], ...]

_MODULES: dict[Operation, tuple[type[nn.Module], ...]] = {
    CONV: (nn.Conv1d, nn.Conv2d, nn.Conv3d),
    TCONV: (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d),
    MAXPOOL: (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d),
    AVGPOOL: (nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What one node slides before and after, and the blurs that follow it then."""

    index: int
    before: Windows
    after: Windows
    blurs: tuple[Windows, ...]


def window_calls(
    module: nn.Module, graph: Graph, windows: Mapping[int, Windows], blurs: Mapping[int, tuple[Windows, ...]]
) -> tuple[Call, ...]:
    """The calls that let nodes slide ``windows``, and ``blurs`` follow some.

    Raises :class:`~.errors.UserError` naming the first node whose window is not a module's to change.
    """
    calls: list[Call] = []
    for path, changes in _by_path(graph, windows, blurs).items():
        sliding = [change for change in changes if graph.nodes[change.index].op != BLUR]
        if all(change.before == change.after and not change.blurs for change in changes):
            continue
        if len({(change.after, change.blurs) for change in sliding}) != 1:
            first = graph.name(next(change.index for change in changes if change.before != change.after))
            raise UserError(f"{first} is one module used at several places, which would have to change differently")
        layer = _layer(module, path, graph, sliding[0])
        if sliding[0].before != sliding[0].after:
            calls.append(_set_window(layer, path, graph, sliding[0]))
        following = [change.after for change in changes if graph.nodes[change.index].op == BLUR]
        if sliding[0].blurs or any(change.before != change.after for change in changes if change not in sliding):
            calls.append(call("set_blurs", path=path, blurs=tuple(map(_blur, (*sliding[0].blurs, *following)))))
    return tuple(calls)


def partial_calls(module: nn.Module, graph: Graph) -> tuple[Call, ...]:
    """The calls that let every zero-padded convolution divide by the share of its window on samples."""
    calls: dict[Call, None] = {}
    for index in sorted(graph.ancestors):
        node = graph.nodes[index]
        padded = [part for part in node.maps if isinstance(part, Window) and part.border == "zeros" and any(part.pad)]
        if node.op == CONV and padded:
            windows = tuple(part for part in node.maps if isinstance(part, Window))
            same = Change(index, windows, windows, ())
            layer = _layer(module, node.path, graph, same)
            if any(map(any, _outside(layer, graph, index, windows))):  # zeros that are to be told from samples
                calls[_set_window(layer, node.path, graph, same)] = None
            calls[call("set_partial", path=node.path)] = None
    return tuple(calls)


def refuse_other_windows(
    before: Graph, windows: Mapping[int, Windows], blurs: Mapping[int, tuple[Windows, ...]], after: Graph
) -> None:
    """Raises :class:`~.errors.UserError` where the changed model does not slide what it is to slide."""
    wanted = {
        path: [
            tuple(map(Window.plain, part))
            for change in changes
            for part in (_own_window(before.nodes[change.index], change.after), *change.blurs)
        ]
        for path, changes in _by_path(before, windows, blurs).items()
    }
    slid = {
        path: [tuple(map(Window.plain, change.after)) for change in changes]
        for path, changes in _by_path(after, {}, {}).items()
    }
    for path, parts in wanted.items():
        if slid.get(path) != parts:
            raise UserError(f"{path} works out its window itself, and keeps another than it is to have")


def _own_window(node: Node, windows: Windows) -> Windows:
    """What the layer itself slides: a transposed one that crops more after than before leaves that to a slice."""
    if node.op != TCONV or all(0 <= w.pad[0] - w.pad[1] < max(w.stride, w.dilation) for w in windows):
        return windows
    return tuple(replace(window, pad=(0, 0)) for window in windows)


def _by_path(
    graph: Graph, windows: Mapping[int, Windows], blurs: Mapping[int, tuple[Windows, ...]]
) -> dict[str, list[Change]]:
    """What every module slides, in the order of the nodes; those that no module makes alone stand under ""."""
    result: dict[str, list[Change]] = {}
    for index in sorted(graph.ancestors):
        node = graph.nodes[index]
        inner = tuple(part.window if isinstance(part, Transposed) else part for part in node.maps)
        before = tuple(part for part in inner if isinstance(part, Window))
        if before and len(before) == len(inner) and (node.op in _MODULES or node.op == BLUR):
            change = Change(index, before, windows.get(index, before), blurs.get(index, ()))
            result.setdefault(node.path, []).append(change)
    return result


def _layer(module: nn.Module, path: str, graph: Graph, change: Change) -> Any:
    """The module that makes a node, if it is one whose window can be set."""
    node, name = graph.nodes[change.index], graph.name(change.index)
    layer = module.get_submodule(path) if path else module
    if node.op not in _MODULES or not isinstance(layer, _MODULES[node.op]):
        raise UserError(f"{name} is computed by the code of {type(layer).__name__}, which no setting changes")
    if len(_each(layer.kernel_size, len(change.before))) != len(change.before):
        raise UserError(f"{name} slides along one of {len(change.before)} axes, and may not along the others")
    wider = any(new.kernel > old.kernel for new, old in zip(change.after, change.before, strict=True))
    if wider and hasattr(layer, "weight"):
        plain = next(kind for kind in _MODULES[node.op] if isinstance(layer, kind))
        if type(layer).forward is not plain.forward or "weight" not in layer._parameters:
            raise UserError(f"{name} computes its weights from others, so that taps of zero would not stay zero")
    return layer


def _set_window(layer: Any, path: str, graph: Graph, change: Change) -> Call:
    """The call for one node; what is as usual is left out."""
    windows = change.after
    options: dict[str, Any] = {}
    borders = {window.border for window in windows if any(window.pad)} - {"zeros"}
    if borders:
        options["border"] = borders.pop()
    if any(new.kernel > old.kernel for new, old in zip(windows, change.before, strict=True)) and hasattr(
        layer, "weight"
    ):
        options["grown"] = tuple(map(_grown, change.before, windows))
    outside = _outside(layer, graph, change.index, change.before)
    if any(map(any, outside)):
        options["cropped"] = outside
    return call(
        "set_window",
        path=path,
        kernel=tuple(window.kernel for window in windows),
        stride=tuple(window.stride for window in windows),
        dilation=tuple(window.dilation for window in windows),
        padding=tuple(window.pad for window in windows),
        **options,
    )


def _outside(layer: Any, graph: Graph, index: int, windows: Windows) -> Pads:
    """What the model pads before the layer: the padding that a node shows beyond the layer's own."""
    count = len(windows)
    nothing = ((0, 0),) * count
    if getattr(layer, "transposed", False):
        return nothing
    own = _own_padding(layer, windows)
    cropped = getattr(layer, "padding_cropped", ()) or nothing
    outside = tuple(
        (window.pad[0] - sides[0] + less[0], window.pad[1] - sides[1] + less[1])
        for window, sides, less in zip(windows, own, cropped, strict=True)
    )
    if any(side < 0 for sides in outside for side in sides):
        raise UserError(f"what {graph.name(index)} pads is cropped by the model again")
    return outside


def _own_padding(layer: Any, windows: Windows) -> Pads:
    count = len(windows)
    if layer.padding == "same":
        return tuple(((w.span - 1) // 2, w.span // 2) for w in windows)
    sides = (0,) * count if layer.padding == "valid" else _each(layer.padding, count)
    around = getattr(layer, "padding_around", ((0, 0),) * count)
    if getattr(layer, "ceil_mode", False):  # its last window may look further
        return tuple((side, window.pad[1]) for side, window in zip(sides, windows, strict=True))
    return tuple((side + before, side + after) for side, (before, after) in zip(sides, around, strict=True))


def _grown(old: Window, new: Window) -> tuple[int, int]:
    """Taps of zero before and after a kernel: as many before as keep the others on what they read, where some do.

    >>> _grown(Window(3, 2, pad=(1, 1)), Window(4, 2, pad=(1, 2))), _grown(Window(5, 4), Window(8, 4, pad=(1, 2)))
    ((0, 1), (1, 2))
    """
    more = new.kernel - old.kernel
    before = min(max((new.pad[0] - old.pad[0]) // old.dilation, 0), more)
    return before, more - before


def _blur(windows: Windows) -> tuple[tuple[int, ...], tuple[int, ...], Pads, str]:
    pads = tuple(window.pad for window in windows)
    border = next((window.border for window in windows if any(window.pad)), "zeros")
    return tuple(window.kernel for window in windows), tuple(window.stride for window in windows), pads, border


def _each(value: Any, count: int) -> tuple[int, ...]:
    """Pools hold one number for all axes, or one for each."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * count
