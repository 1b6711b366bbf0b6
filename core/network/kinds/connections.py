"""Connections between positions drawn at random, beside every position's own."""

from ..layers import Layer, LayerKind, Need, Site
from ..maps import Lookup, random_connections


def _lookup(layer: Layer, positions: int) -> Lookup:
    return random_connections(positions, layer.connections, layer.seed)


def _code(layer: Layer, site: Site) -> list[str]:
    return [f"RandomConnections({site.positions}, {layer.connections}, seed={layer.seed})"]


RANDOM = LayerKind("random", needs=Need("r", "connections", "r8"), takes=("seed",), lookup=_lookup, code=_code)
