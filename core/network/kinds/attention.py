"""Attention with its pattern frozen: every query reads each key that it may, once, through the value."""

from ..keys import Keys
from ..layers import Layer, LayerKind, Site
from ..maps import AxisMap
from ..pytorch_words import number


def _maps(layer: Layer, size: tuple[int, ...]) -> tuple[AxisMap, ...]:
    return _keys(layer).maps(size)


def _code(layer: Layer, site: Site) -> list[str]:
    keys = _keys(layer)
    settings = ", causal=True" if keys.causal else ""
    for name, values, default in (
        ("window", keys.window, 0),
        ("shift", keys.shift, 0),
        ("near", keys.near, 0),
        ("dilation", keys.dilation, 1),
    ):
        if set(values) - {default}:
            settings += f", {name}={number(values)}"
    bias = "" if site.bias else ", bias=False"
    value = f"nn.Conv{site.axes}d({site.channels_in}, {site.channels_out}, 1{bias})"
    return [f"Attention({value}{settings})"]


def _keys(layer: Layer) -> Keys:
    if layer.keys is None:
        raise AssertionError(layer.op)
    return layer.keys


ATTN = LayerKind(
    "attn",
    learned=True,
    attends=True,
    takes=("causal", "w", "shift", "near", "d", "c"),
    maps=_maps,
    code=_code,
)
