"""More positions by a whole factor: the nearest sample again, or linear interpolation."""

from ..layers import Layer, LayerKind, Need, Site
from ..maps import AxisMap, Linear, Transposed
from ..pytorch_words import number
from ..window import Window


def _maps(layer: Layer, size: tuple[int, ...]) -> tuple[AxisMap, ...]:
    if layer.bilinear:
        return tuple(Linear(factor) for factor in layer.stride)
    return tuple(Transposed(Window(kernel=factor, stride=factor)) for factor in layer.stride)


def _code(layer: Layer, site: Site) -> list[str]:
    mode = ("linear", "bilinear", "trilinear")[site.axes - 1] if layer.bilinear else "nearest-exact"
    return [f'nn.Upsample(scale_factor={number(layer.stride)}, mode="{mode}")']


UPSAMPLE = LayerKind("upsample", moves=True, needs=Need("s", "factor", "s2"), takes=("mode",), maps=_maps, code=_code)
