"""The PyTorch module of every kind of layer, by one rule for each, reading exactly the edges that its axis maps state.

Two versions of each: as trained networks compute it, and, ``counting``, with every edge worth one (a blur's worth its
binomial multiplicity), so that gradients are path counts. Convolutions have no bias in either, and unset weights.
Fixed weights are made in float64; the model takes its type as a whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from ...network.graph import Node
from ...network.kinds import ATTN, AVGPOOL, BLUR, CONV, GLOBAL, MAXPOOL, RANDOM, TCONV, UPSAMPLE
from ...network.layers import Layer, LayerKind
from ...network.maps import Linear, Lookup, Spans, Transposed
from ...network.window import Window

_CONV: dict[int, Callable[..., nn.Module]] = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
_TCONV: dict[int, Callable[..., nn.Module]] = {
    1: nn.ConvTranspose1d,
    2: nn.ConvTranspose2d,
    3: nn.ConvTranspose3d,
}
_conv = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_maxpool = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}


def layer_module(node: Node, source: Node, counting: bool) -> nn.Module:
    """The module of one layer's node, read from ``source``; joins are the model's own."""
    if node.layer is None:
        raise AssertionError(node.text)
    return MODULES[node.layer.op](node.layer, node, source, counting)


def _straight(layer: Layer, node: Node, source: Node, counting: bool) -> nn.Module:
    return _padded(node, source, _convolution(_CONV[len(node.size)], layer, node, source))


def _transposed(layer: Layer, node: Node, source: Node, counting: bool) -> nn.Module:
    crops = [axis_map.window.pad for axis_map in node.maps if isinstance(axis_map, Transposed)]
    spread = _convolution(_TCONV[len(node.size)], layer, node, source)
    return nn.Sequential(spread, Zeros([(-before, -after) for before, after in crops]))


def _largest(layer: Layer, node: Node, source: Node, counting: bool) -> nn.Module:
    if counting:
        return _weighted(layer, node, source, counting)
    return _padded(node, source, MaxPool(_windows(node)), fill=-torch.inf)


def _weighted(layer: Layer, node: Node, source: Node, counting: bool) -> nn.Module:
    return _padded(node, source, Weighted(_windows(node), counting))


def _drawn(layer: Layer, node: Node, source: Node, counting: bool) -> nn.Module:
    if node.lookup is None:
        raise AssertionError(node.text)
    return Random(node.lookup, counting)


def _attending(layer: Layer, node: Node, source: Node, counting: bool) -> nn.Module:
    spans = [axis_map for axis_map in node.maps if isinstance(axis_map, Spans)]
    ones = (1,) * len(node.size)
    pointwise = replace(layer, kernel=ones, stride=ones, dilation=ones, pad=((0, 0),) * len(ones))
    value = _convolution(_CONV[len(node.size)], pointwise, node, source)
    return nn.Sequential(value, *(Patterned(axis, along, counting) for axis, along in enumerate(spans)))


def _upsampled(layer: Layer, node: Node, source: Node, counting: bool) -> nn.Module:
    if not layer.bilinear:
        return Repeat(layer.stride)
    linear = [axis_map for axis_map in node.maps if isinstance(axis_map, Linear)]
    return nn.Sequential(*(_bilinear(at, *of, counting) for at, of in enumerate(zip(linear, source.size, strict=True))))


MODULES: dict[LayerKind, Callable[[Layer, Node, Node, bool], nn.Module]] = {
    CONV: _straight,
    MAXPOOL: _largest,
    AVGPOOL: _weighted,
    BLUR: _weighted,
    TCONV: _transposed,
    UPSAMPLE: _upsampled,
    GLOBAL: _weighted,
    RANDOM: _drawn,
    ATTN: _attending,
}


def _convolution(kind: Callable[..., nn.Module], layer: Layer, node: Node, source: Node) -> nn.Module:
    """A convolution, straight or transposed, without padding; its weights are not yet drawn."""
    module = kind(
        source.channels, node.channels, layer.kernel, layer.stride,
        dilation=layer.dilation, groups=layer.groups, bias=False,
        device="meta",  # where PyTorch's own initialisation leaves the global random state alone
    )  # fmt: skip
    # Not to_empty: it loads seconds of PyTorch that nothing else here needs.
    shape = module.get_parameter("weight").shape
    module.weight = nn.Parameter(torch.empty(shape))
    return module


class Zeros(nn.Module):
    """Pads with one value, (before, after) per axis; negative padding crops."""

    def __init__(self, pads: Sequence[tuple[int, int]], fill: float = 0.0) -> None:
        super().__init__()
        self.pads = [side for sides in reversed(pads) for side in sides]  # PyTorch lists the last axis first
        self.fill = fill

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.pad(x, self.pads, value=self.fill)


class Border(nn.Module):
    """Pads by showing other samples: one mechanism for reflect, symmetric, replicate and circular."""

    def __init__(self, windows: Sequence[Window], size: Sequence[int]) -> None:
        super().__init__()
        self.axes = [axis for axis, window in enumerate(windows) if any(window.pad)]
        for axis in self.axes:
            sources = torch.from_numpy(windows[axis].sources(size[axis]))
            self.register_buffer(f"sources{axis}", sources, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for axis in self.axes:
            x = x.index_select(axis + 2, self.get_buffer(f"sources{axis}"))
        return x


class MaxPool(nn.Module):
    """The largest sample under each window, over input that is padded already."""

    def __init__(self, windows: Sequence[Window]) -> None:
        super().__init__()
        kernel, stride, dilation = zip(*((w.kernel, w.stride, w.dilation) for w in windows), strict=True)
        self.pool = partial(_maxpool[len(windows)], kernel_size=kernel, stride=stride, dilation=dilation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.pool(x)


class Weighted(nn.Module):
    """The same fixed weighted sum in every channel, one axis after the other: average pool, blur, global pool.

    Padding counts in an average, as in PyTorch (``count_include_pad``). When counting, a tap weighs its edges.
    """

    def __init__(self, windows: Sequence[Window], counting: bool) -> None:
        super().__init__()
        self.windows = tuple(windows)
        for axis, window in enumerate(windows):
            edges = window.weights or (1,) * window.kernel
            taps = [float(edge) if counting else edge / sum(edges) for edge in edges]
            shape = (1, 1, *(len(taps) if other == axis else 1 for other in range(len(windows))))
            taps64 = torch.tensor(taps, dtype=torch.float64).view(shape)
            self.register_buffer(f"taps{axis}", taps64, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        axes = len(self.windows)
        batch, channels = x.shape[:2]
        x = x.flatten(0, 1).unsqueeze(1)  # channels side by side are quicker than as many groups
        for axis, window in enumerate(self.windows):
            stride = tuple(window.stride if other == axis else 1 for other in range(axes))
            dilation = tuple(window.dilation if other == axis else 1 for other in range(axes))
            x = _conv[axes](x, self.get_buffer(f"taps{axis}"), stride=stride, dilation=dilation)
        return x.view(batch, channels, *x.shape[2:])


class Reads(nn.Module):
    """Along one axis, every output is the weighted sum of the inputs that a lookup lists."""

    def __init__(self, axis: int, lookup: Lookup, weights: np.ndarray) -> None:
        super().__init__()
        self.axis = axis
        self.register_buffer("sources", torch.from_numpy(np.maximum(lookup.sources, 0)), persistent=False)
        self.register_buffer("weights", torch.from_numpy(weights), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sources, weights = self.get_buffer("sources"), self.get_buffer("weights")
        shape = (-1, *(1,) * (x.ndim - self.axis - 3))
        parts = (
            x.index_select(self.axis + 2, column) * weight.view(shape)
            for column, weight in zip(sources.unbind(1), weights.unbind(1), strict=True)
        )
        return sum(parts, start=torch.zeros((), dtype=x.dtype, device=x.device))


class Patterned(nn.Module):
    """Attention with its pattern frozen, along one axis: the mean (when counting: the sum) of what each query reads."""

    def __init__(self, axis: int, spans: Spans, counting: bool) -> None:
        super().__init__()
        self.axis = axis
        pattern = torch.zeros(len(spans.first), spans.inputs, dtype=torch.float64)
        for row, (first, last) in zip(pattern, zip(spans.first, spans.last, strict=True), strict=True):
            row[first : last + 1 : spans.step] = 1
        self.register_buffer("pattern", pattern if counting else pattern / pattern.sum(1, keepdim=True), False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x.transpose(self.axis + 2, -1) @ self.get_buffer("pattern").mT).transpose(self.axis + 2, -1)


class Repeat(nn.Module):
    """Nearest-neighbour upsampling; ``nn.Upsample`` rounds to wrong neighbours from factor 41 up (PyTorch 2.13)."""

    def __init__(self, factors: Sequence[int]) -> None:
        super().__init__()
        self.factors = tuple(factors)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for axis, factor in enumerate(self.factors):
            x = x.repeat_interleave(factor, dim=axis + 2)
        return x


class Random(nn.Module):
    """Every position is the mean (when counting: the sum) of itself and its random connections."""

    def __init__(self, lookup: Lookup, counting: bool) -> None:
        super().__init__()
        reads = lookup.sources.shape[1]
        weights = np.full(lookup.sources.shape, 1.0 if counting else 1 / reads)
        self.reads = Reads(0, lookup, weights)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mixed: torch.Tensor = self.reads(x.flatten(2))
        return mixed.view(x.shape)


def _bilinear(axis: int, linear: Linear, n: int, counting: bool) -> Reads:
    """Linear interpolation along one axis (``align_corners=False``), or its edges."""
    lookup = linear.lookup(n)
    weights = (lookup.sources >= 0).astype(np.float64)
    if not counting:
        rest = np.mod(2 * np.arange(linear.out_size(n)) + 1 - linear.factor, 2 * linear.factor) / (2 * linear.factor)
        weights *= np.stack([1 - rest, rest], axis=1)
    return Reads(axis, lookup, weights)


def _windows(node: Node) -> list[Window]:
    return [axis_map for axis_map in node.maps if isinstance(axis_map, Window)]


def _padded(node: Node, source: Node, module: nn.Module, fill: float = 0.0) -> nn.Module:
    """``module`` after the padding that the node's windows ask for."""
    windows = _windows(node)
    if not any(side for window in windows for side in window.pad):
        return module
    zeros = windows[0].border == "zeros"
    border = Zeros([window.pad for window in windows], fill) if zeros else Border(windows, source.size)
    return nn.Sequential(border, module)
