"""A kind of layer that there is not, entered for a test: a ramp, each tap of which has one edge more than the last."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.network import parse
from core.network.kinds import KINDS
from core.network.layers import Layer, LayerKind, Need, Site
from core.network.maps import AxisMap


def _edges(taps: int) -> tuple[int, ...]:
    return tuple(range(1, taps + 1))


def _maps(layer: Layer, size: tuple[int, ...]) -> tuple[AxisMap, ...]:
    return layer.windows()


def _code(layer: Layer, site: Site) -> list[str]:
    return [f"Ramp({site.channels_in}, {layer.kernel})"]


RAMP = LayerKind(
    "ramp",
    slides=True,
    edges=_edges,
    needs=Need("k", "length", "k5"),
    takes=("s", "p", "border"),
    maps=_maps,
    code=_code,
)


@contextmanager
def entered(kind: LayerKind) -> Iterator[None]:
    """The kind is one of those there are; afterwards it is none, and no text is remembered that names it."""
    KINDS[kind.name] = kind
    try:
        yield
    finally:
        del KINDS[kind.name]
        parse.cache_clear()
