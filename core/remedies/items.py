"""Typed networks with some of their layers replaced, inside branches too; and what a plan makes of one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from ..network.kinds import BLUR, GLOBAL
from ..network.layers import Item, Join, Layer, Pad, layer_count
from ..network.network import Network
from .rewrite import Rewrite, Windows, nothing

Items = tuple[Item, ...]


def rewritten(network: Network, rewrite: Rewrite) -> Network:
    """``network`` as a plan of its graph says; partial padding has no text.

    >>> from ..network.window import Window
    >>> str(rewritten(parse("9; conv k3 p1; global"), Rewrite({1: (Window(4, pad=(1, 1)),)}, end=1, pooled=True)))
    '9; conv k4 p1; global'
    """
    layers = network.layers
    if rewrite.end is not None:
        layers = next(layers[:kept] for kept in range(len(layers) + 1) if layer_count(layers[:kept]) == rewrite.end)
    layers = _rewritten(layers, rewrite, iter(range(1, layer_count(layers) + 1)), cache(_layer))
    if rewrite.pooled:
        layers = (*layers, Layer(GLOBAL))
    return replace(network, size=rewrite.size or network.size, layers=layers)


def _rewritten(items: Items, rewrite: Rewrite, indices: Iterator[int], made: Callable[..., Layer]) -> Items:
    """``indices``: the items' nodes, in the order in which the graph lists them, a join's after its branches'.

    ``made``: a layer with other windows; of repeated layers the same one, as the graph looks for it.
    """
    result: list[Item] = []
    for item in items:
        if isinstance(item, Join):
            branches = tuple(_rewritten(branch, rewrite, indices, made) for branch in item.branches)
            result.append(replace(item, branches=branches))
            next(indices)
            continue
        index = next(indices)
        windows = rewrite.windows.get(index)
        result.append(item if windows is None else made(item, windows, rewrite.full))
        result += [_blur(blur) for blur in rewrite.blurs.get(index, ())]
    return tuple(result)


def _layer(layer: Layer, windows: Windows, full: bool) -> Layer:
    """The layer with other windows; a word for its padding stays where it still means the same numbers."""
    kernel, stride, dilation = _sides(windows)
    pads = tuple(window.pad for window in windows)
    changed = replace(layer, kernel=kernel, stride=stride, dilation=dilation, border=windows[0].border, pad=pads)
    word: Pad = "full" if full else layer.pad
    if isinstance(word, str):
        worded = replace(changed, pad=word)
        return worded if worded.pads() == pads else changed
    return changed


def _blur(windows: Windows) -> Layer:
    kernel, stride, dilation = _sides(windows)
    return Layer(BLUR, kernel, stride, dilation, tuple(window.pad for window in windows), windows[0].border)


def _sides(windows: Windows) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    return (
        tuple(window.kernel for window in windows),
        tuple(window.stride for window in windows),
        tuple(window.dilation for window in windows),
    )


def with_layers(network: Network, change: Callable[[Layer], Items], without: str) -> Network:
    """Every layer replaced by what ``change`` gives for it.

    Raises :class:`~.errors.NetworkError` if that changes nothing: ``without`` says what the network has none of.

    >>> str(with_layers(parse("9; add(skip | conv k3 p1)"), lambda layer: (layer, layer), "layer"))
    '9; add(skip | conv k3 p1 x2)'
    """
    return with_sequences(network, lambda items: _each(items, change), without)


def with_sequences(network: Network, change: Callable[[Items], Items], without: str) -> Network:
    """Every unbroken sequence of items replaced by what ``change`` gives for it, the innermost first."""
    layers = _inside(network.layers, change)
    if layers == network.layers:
        raise nothing(without)
    return replace(network, layers=layers)


def _inside(items: Items, change: Callable[[Items], Items]) -> Items:
    return change(
        tuple(
            replace(item, branches=tuple(_inside(branch, change) for branch in item.branches))
            if isinstance(item, Join)
            else item
            for item in items
        )
    )


def _each(items: Items, change: Callable[[Layer], Items]) -> Items:
    return tuple(new for item in items for new in ((item,) if isinstance(item, Join) else change(item)))
