"""Networks with some of their layers replaced, inside branches too."""

from collections.abc import Callable
from dataclasses import replace

from ..network.layers import Item, Join, Layer
from ..network.network import Network
from .registry import nothing

Items = tuple[Item, ...]


def with_layers(network: Network, change: Callable[[Layer], Items], without: str) -> Network:
    """Every layer replaced by what ``change`` gives for it.

    Raises :class:`~core.errors.NetworkError` if that changes nothing: ``without`` says what the network has none of.

    >>> from core.network import parse
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
