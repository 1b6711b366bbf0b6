"""Other windows for the layers of a PyTorch model, by module path: plain functions that need nothing but PyTorch.

Each changes the model in place. Names in its ``state_dict`` stay as they are, and what was trained is kept: kernels
grow by zeros. Sizes are per axis, in the order of the axes: (length,), (height, width) or
(depth, height, width).
"""

from functools import partial
from typing import Any

import torch
from torch import nn
from torch.nn import functional

Pads = tuple[tuple[int, int], ...]  # before and after, per axis


def set_window(
    model: nn.Module,
    path: str,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    padding: Pads,
    border: str = "zeros",
    grown: Pads = (),
    cropped: Pads = (),
) -> None:
    """Lets the convolution or pool at ``path`` slide another window.

    ``padding``: what is shown before and after its input, of a transposed convolution what is cropped of its output.
    ``grown``: taps of zeros put before and after the kernel. ``cropped``: what the model pads before the layer, and is
    taken away again.
    """
    layer: Any = model.get_submodule(path)
    if grown:
        weight = layer.weight
        widened = functional.pad(weight.detach(), _last_first(grown))
        layer.weight = nn.Parameter(widened, requires_grad=weight.requires_grad)
    layer.kernel_size, layer.stride = kernel, stride
    if hasattr(layer, "dilation"):
        layer.dilation = dilation
    if getattr(layer, "transposed", False):
        _set_cropping(layer, padding)
        return
    if hasattr(layer, "ceil_mode"):
        layer.ceil_mode = False
    if hasattr(layer, "padding_mode"):
        layer.padding_mode = "zeros"
    pool = not hasattr(layer, "weight")
    sides = tuple(before for before, _ in padding)
    even = all(before == after for before, after in padding)
    narrow = all(side <= size // 2 for side, size in zip(sides, kernel, strict=True))  # as PyTorch asks of pools
    inside = border == "zeros" and even and not any(map(any, cropped)) and (narrow or not pool)
    layer.padding = sides if inside else (0,) * len(kernel)
    if not hasattr(layer, "padding_around"):
        layer.register_forward_pre_hook(_pad_input)
    layer.padding_around = ((0, 0),) * len(kernel) if inside else padding
    layer.padding_border, layer.padding_cropped = border, cropped
    layer.padding_value = -torch.inf if isinstance(layer, (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)) else 0.0


def set_blurs(model: nn.Module, path: str, blurs: tuple[tuple[Any, ...], ...]) -> None:
    """Lets binomial blurs follow the layer at ``path``, each a (kernel, stride, padding, border), all per axis."""
    layer: Any = model.get_submodule(path)
    if not hasattr(layer, "blurs"):
        layer.register_forward_hook(_blur_result)
    layer.blurs = blurs


def set_partial(model: nn.Module, path: str) -> None:
    """Lets the zero-padded convolution at ``path`` divide by the share of its window that lies on samples."""
    model.get_submodule(path).register_forward_hook(_divide_by_share, prepend=True)


def cut(model: Any, path: str = "", pooled: bool = False, method: str = "forward") -> None:
    """Lets the model end with the layer at ``path``; ``pooled``: and with the mean over all positions after it."""
    if path:
        model.get_submodule(path).register_forward_hook(_stop)
    setattr(model, method, partial(_until, getattr(model, method), pooled))


def padded(x: torch.Tensor, padding: Pads, border: str = "zeros", value: float = 0.0) -> torch.Tensor:
    """``x`` of (batch, channels, axes), with other samples, or one value, before and after each axis."""
    if not any(map(any, padding)):
        return x
    if border == "symmetric" and max(map(max, padding)) == 1:
        border = "replicate"  # the same samples, in one operator
    if border == "symmetric":
        for axis, (before, after) in enumerate(padding, start=2):
            first, last = x.narrow(axis, 0, before), x.narrow(axis, x.shape[axis] - after, after)
            parts = ([first.flip(axis)] if before else []) + [x] + ([last.flip(axis)] if after else [])
            x = torch.cat(parts, dim=axis) if len(parts) > 1 else x
        return x
    if border == "zeros":
        return functional.pad(x, _last_first(padding), value=value)
    return functional.pad(x, _last_first(padding), mode=border)


def blurred(x: torch.Tensor, kernel: tuple[int, ...], stride: tuple[int, ...]) -> torch.Tensor:
    """A binomial blur: means of two neighbours, one after the other; the last of them strides."""
    pool = (functional.avg_pool1d, functional.avg_pool2d, functional.avg_pool3d)[len(kernel) - 1]
    times = max(max(kernel) - 1, 1)
    for left in range(times, 0, -1):
        pairs = tuple(2 if size > left else 1 for size in kernel)
        x = pool(x, pairs, stride if left == 1 else (1,) * len(kernel))
    return x


def _pad_input(layer: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    x = inputs[0]
    if any(map(any, layer.padding_cropped)):
        x = functional.pad(x, [-side for side in _last_first(layer.padding_cropped)])
    return (padded(x, layer.padding_around, layer.padding_border, layer.padding_value), *inputs[1:])


def _blur_result(layer: Any, _: Any, result: torch.Tensor) -> torch.Tensor:
    for kernel, stride, padding, border in layer.blurs:
        result = blurred(padded(result, padding, border), kernel, stride)
    return result


def _divide_by_share(layer: Any, inputs: tuple[Any, ...], result: torch.Tensor) -> torch.Tensor:
    around = getattr(layer, "padding_around", ((0, 0),) * len(layer.kernel_size))
    if layer.padding_mode != "zeros" or getattr(layer, "padding_border", "zeros") != "zeros":
        return result
    sides = [side - sum(pads) for side, pads in zip(inputs[0].shape[2:], around, strict=True)]
    samples = padded(result.new_ones((1, 1, *sides)), around)
    taps = result.new_ones((1, 1, *layer.kernel_size))
    conv = (functional.conv1d, functional.conv2d, functional.conv3d)[len(sides) - 1]
    share = conv(samples, taps / taps.numel(), None, layer.stride, layer.padding, layer.dilation)
    share = share.clamp(min=1 / (2 * taps.numel()))  # without any sample the result is 0 already
    if layer.bias is None:
        return result / share
    bias: torch.Tensor = layer.bias.view(-1, *(1,) * len(sides))
    return (result - bias) / share + bias


def _set_cropping(layer: Any, crops: Pads) -> None:
    """PyTorch crops both sides alike and adds output after the end; what it cannot express is cropped afterwards."""
    more = tuple(before - after for before, after in crops)
    most = [max(sizes) for sizes in zip(layer.stride, layer.dilation, strict=True)]
    inside = all(0 <= extra < limit for extra, limit in zip(more, most, strict=True))
    nothing = (0,) * len(crops)
    layer.padding = tuple(before for before, _ in crops) if inside else nothing
    layer.output_padding = more if inside else nothing
    if not hasattr(layer, "output_cropped"):
        layer.register_forward_hook(_crop_result, prepend=True)
    layer.output_cropped = () if inside else crops


def _crop_result(layer: Any, _: Any, result: torch.Tensor) -> torch.Tensor:
    crops = [-side for side in _last_first(layer.output_cropped)]
    return functional.pad(result, crops) if any(crops) else result


class _Reached(Exception):  # noqa: N818 (it is no error)
    """The layer with which a model ends has its result."""


def _stop(_layer: Any, _inputs: Any, result: Any) -> None:
    raise _Reached(result)


def _until(forward: Any, pooled: bool, *inputs: Any) -> Any:
    try:
        result = forward(*inputs)
    except _Reached as reached:
        result = reached.args[0]
    if not pooled:
        return result
    pools = functional.adaptive_avg_pool1d, functional.adaptive_avg_pool2d, functional.adaptive_avg_pool3d
    return pools[result.ndim - 3](result, 1)


def _last_first(pads: Pads) -> list[int]:
    """The sides in PyTorch's order: the last axis first."""
    return [side for sides in reversed(pads) for side in sides]
