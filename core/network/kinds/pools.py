"""Windows without weights to be learned: pools, blurs, and the mean of a whole map."""

from ..layers import Layer, LayerKind, Site
from ..maps import AxisMap
from ..pytorch_words import number, own_padding, padding_first, setting
from ..window import Window, binomial
from .windows import KERNEL, WINDOW, window_maps


def _maxpool(layer: Layer, site: Site) -> list[str]:
    own = _own_padding(layer)
    moves = f"stride={number(layer.stride)}{own}{setting('dilation', layer.dilation, 1)}"
    return padding_first(layer, own, f"nn.MaxPool{site.axes}d({number(layer.kernel)}, {moves})", fill='float("-inf")')


def _avgpool(layer: Layer, site: Site) -> list[str]:
    if set(layer.dilation) != {1}:
        return padding_first(layer, "", _weighted(layer, [f"[1] * {k}" for k in layer.kernel]))
    own = _own_padding(layer)
    module = f"nn.AvgPool{site.axes}d({number(layer.kernel)}, stride={number(layer.stride)}{own})"
    return padding_first(layer, own, module)


def _own_padding(layer: Layer) -> str:
    """PyTorch's pools show zeros alone, and refuse to pad by more than half a kernel."""
    pads = zip(layer.pads(), layer.kernel, strict=True)
    narrow = all(before <= kernel // 2 for (before, _), kernel in pads)
    return own_padding(layer) if narrow and layer.border == "zeros" else ""


def _blur(layer: Layer, site: Site) -> list[str]:
    """Means of two neighbours, one after the other, of which the last strides; dilated ones a weighted sum."""
    if set(layer.dilation) != {1}:
        return padding_first(layer, "", _weighted(layer, [_binomial(k) for k in layer.kernel]))
    modules = []
    for left in range(max(max(layer.kernel) - 1, 1), 0, -1):
        pairs = number(tuple(2 if taps > left else 1 for taps in layer.kernel))
        modules.append(f"nn.AvgPool{site.axes}d({pairs}, stride={number(layer.stride) if left == 1 else 1})")
    return padding_first(layer, "", *modules)


def _weighted(layer: Layer, weights: list[str]) -> str:
    return f"WeightedPool({', '.join(weights)}, stride={number(layer.stride)}, dilation={number(layer.dilation)})"


def _binomial(taps: int) -> str:
    return str(list(binomial(taps))) if taps <= 9 else f"[math.comb({taps - 1}, tap) for tap in range({taps})]"


def _whole(layer: Layer, size: tuple[int, ...]) -> tuple[AxisMap, ...]:
    return tuple(Window(kernel=n, stride=n) for n in size)


def _mean(layer: Layer, site: Site) -> list[str]:
    return [f"nn.AdaptiveAvgPool{site.axes}d(1)"]


MAXPOOL = LayerKind("maxpool", slides=True, pools=True, needs=KERNEL, takes=WINDOW, maps=window_maps, code=_maxpool)

AVGPOOL = LayerKind("avgpool", slides=True, pools=True, needs=KERNEL, takes=WINDOW, maps=window_maps, code=_avgpool)

BLUR = LayerKind("blur", slides=True, edges=binomial, needs=KERNEL, takes=WINDOW, maps=window_maps, code=_blur)

GLOBAL = LayerKind("global", whole=True, maps=_whole, code=_mean)
