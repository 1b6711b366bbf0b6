"""What would make an impossible network possible: small changes, each tried before it is offered."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isqrt, prod

from ..errors import TextError, UserError
from ..exact.work import refuse_absurd
from ..network.graph import graph_of, size_text
from ..network.layers import Item, Join, Layer, layer_count
from ..network.limits import MAX_MAP_POSITIONS, MAX_SIDE, MAX_TEXT
from ..network.network import Network
from ..network.text import parse

_OFFERED = 3
_FAR = 1024  # the longest side that is tried
_QUOTED = 32  # characters of a text that a repair names


@dataclass(frozen=True, slots=True)
class Repair:
    """One change, in words, and the network it gives."""

    words: str
    network: Network


def repairs(text: str) -> list[Repair]:
    """Up to three networks near ``text`` that can be counted; none if ``text`` can be, or nothing near is found.

    >>> [repair.words for repair in repairs("9; conv k3 x3; conv k7")]
    ['enlarge the input to 13', 'pad every window to keep its size (same)', 'keep the first 3 layers']
    """
    if possible(text):
        return []
    offers: dict[str, Repair] = {}
    for words, candidate in _candidates(text[:MAX_TEXT]):
        if (network := possible(candidate)) and str(network) not in offers:
            offers[str(network)] = Repair(words, network)
        if len(offers) == _OFFERED:
            break
    return list(offers.values())


def possible(text: str) -> Network | None:
    """The network, if it can be read, built and counted."""
    try:
        network = parse(text)
        refuse_absurd(graph_of(network))
    except UserError:
        return None
    return network


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    try:
        network = parse(text)
    except UserError as error:
        if isinstance(error, TextError):
            yield from _readable(text, str(error))
        yield from _bounded(text)
        return
    yield from _fitting(network)


def _readable(text: str, message: str) -> Iterator[tuple[str, str]]:
    """Texts without what could not be read."""
    place = re.match(r"character (\d+):", message)
    start = int(place.group(1)) - 1 if place else 0
    if near := re.search(r"did you mean (\w+)\?", message):
        word = re.match(r"[^\s();|]*", text[start:])
        end = start + (word.end() if word else 0)
        yield f"read {text[start:end]!r} as {near.group(1)}", text[:start] + near.group(1) + text[end:]
    if missing := re.search(r"needs its \w+, as in \w+ (\w+)$", message):
        yield f"add {missing.group(1)}", f"{text[:start]} {missing.group(1)}{text[start:]}"
    cut = text[:start].rfind(";")
    while cut > 0:
        yield f"leave out {_shortened(text[cut + 1 :].strip())!r}", text[:cut]
        cut = text[:cut].rfind(";")


def _shortened(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


def _bounded(text: str) -> Iterator[tuple[str, str]]:
    """Texts whose numbers respect the limits; none of a text that begins with no size, as a model's name does."""
    if not re.match(r"\s*\d", text):
        return
    head, _, rest = text.partition(";")
    sides = [min(int(side), MAX_SIDE) for side in re.findall(r"\d{1,9}", head)[:2]]
    if prod(sides) > MAX_MAP_POSITIONS:
        sides = [min(side, isqrt(MAX_MAP_POSITIONS)) for side in sides]
    yield f"use an input of {size_text(tuple(sides))}", f"{size_text(tuple(sides))};{rest}"
    yield "use 16 repeats at most", re.sub(r"x(\d+)", lambda match: f"x{min(16, int(match.group(1)))}", text)
    yield "keep the first layer", f"{size_text(tuple(sides))};{rest.split(';')[0]}"


def _fitting(network: Network) -> Iterator[tuple[str, str]]:
    """Larger or smaller inputs, kept sizes, fewer layers."""
    if (side := _smallest(network)) is not None:
        sizes = tuple(max(side, own) for own in network.size)
        yield f"enlarge the input to {size_text(sizes)}", str(replace(network, size=sizes))
    same = replace(network, layers=_mapped(network.layers, _same))
    yield "pad every window to keep its size (same)", str(same)
    alone = replace(network, layers=_mapped(network.layers, _alone))
    yield "let every layer keep its channels", str(alone)
    kept = _longest(network)
    if kept:
        yield f"keep the first {layer_count(network.layers[:kept])} layers", str(network.prefix(kept))
    for side in (256, 128, 64, 32):
        sizes = tuple(min(side, own) for own in network.size)
        yield f"shrink the input to {size_text(sizes)}", str(replace(network, size=sizes))


def _smallest(network: Network) -> int | None:
    """The smallest side, no smaller than the shorter one, at which the network can be counted."""
    low, high = min(network.size), max(_FAR, *network.size)

    def fits(side: int) -> bool:
        sizes = tuple(max(side, own) for own in network.size)
        return prod(sizes) <= MAX_MAP_POSITIONS and possible(str(replace(network, size=sizes))) is not None

    if not fits(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle + 1, high)
    return low


def _longest(network: Network) -> int:
    """How many of the first layers can be counted."""
    low, high = 0, len(network.layers)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if possible(str(network.prefix(middle))) else (low, middle - 1)
    return low


def _mapped(items: tuple[Item, ...], change: Callable[[Layer], Layer]) -> tuple[Item, ...]:
    return tuple(
        replace(item, branches=tuple(_mapped(branch, change) for branch in item.branches))
        if isinstance(item, Join)
        else change(item)
        for item in items
    )


def _same(layer: Layer) -> Layer:
    return replace(layer, pad="same") if layer.op.slides and not layer.op.pools else layer


def _alone(layer: Layer) -> Layer:
    return replace(layer, channels=None, groups=1)
