"""Convolutions, straight and transposed: the layers whose weights are learned."""

from ..layers import Layer, LayerKind, Site
from ..maps import AxisMap, Transposed
from ..pytorch_words import is_padded, number, own_padding, padding_first, setting
from .windows import KERNEL, WINDOW, window_maps


def _convolution(layer: Layer, site: Site) -> list[str]:
    if site.partial_padding and layer.border == "zeros" and is_padded(layer):
        pads = ", ".join(map(str, layer.pads()))
        return [f"PartialPadding({_module(layer, site, '')}, {pads})"]
    own = "" if layer.border == "symmetric" else own_padding(layer)
    mode = f', padding_mode="{layer.border}"' if own and layer.border != "zeros" else ""
    return padding_first(layer, own, _module(layer, site, own + mode))


def _module(layer: Layer, site: Site, padding: str) -> str:
    options = f"{setting('stride', layer.stride, 1)}{padding}{setting('dilation', layer.dilation, 1)}{_groups(layer)}"
    return f"nn.Conv{site.axes}d({_channels(layer, site)}{options}{_bias(site)})"


def _transposed_maps(layer: Layer, size: tuple[int, ...]) -> tuple[AxisMap, ...]:
    return tuple(Transposed(window) for window in layer.windows())


def _transposed(layer: Layer, site: Site) -> list[str]:
    """PyTorch pads both sides alike and adds output after the end; what it cannot express is cropped afterwards."""
    pads = layer.pads()
    extra = tuple(before - after for before, after in pads)
    limits = [max(stride, dilation) for stride, dilation in zip(layer.stride, layer.dilation, strict=True)]
    own = all(0 <= more < limit for more, limit in zip(extra, limits, strict=True))
    padding = output = ""
    if own:
        padding = setting("padding", tuple(before for before, _ in pads), 0)
        output = setting("output_padding", extra, 0)
    dilation = setting("dilation", layer.dilation, 1)
    options = f"{setting('stride', layer.stride, 1)}{padding}{output}{_groups(layer)}{dilation}"
    module = f"nn.ConvTranspose{site.axes}d({_channels(layer, site)}{options}{_bias(site)})"
    crop = tuple(-side for before_after in reversed(pads) for side in before_after)
    return [module] if own else [module, f"nn.ZeroPad{site.axes}d({crop})"]


def _channels(layer: Layer, site: Site) -> str:
    return f"{site.channels_in}, {site.channels_out}, {number(layer.kernel)}"


def _groups(layer: Layer) -> str:
    return f", groups={layer.groups}" if layer.groups != 1 else ""


def _bias(site: Site) -> str:
    return "" if site.bias else ", bias=False"


CONV = LayerKind(
    "conv",
    learned=True,
    slides=True,
    needs=KERNEL,
    takes=(*WINDOW, "c", "g"),
    maps=window_maps,
    code=_convolution,
)

TCONV = LayerKind(
    "tconv",
    learned=True,
    needs=KERNEL,
    takes=("s", "d", "p", "c", "g"),
    maps=_transposed_maps,
    code=_transposed,
)
