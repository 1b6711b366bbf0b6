"""Networks drawn at random for tiles and streams, typed and as modules, whose sizes follow the input at any multiple.

Every block works on maps of one axis or two, and on any size that earlier blocks give at a multiple of their strides.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from tests.live.trace.drawing import Do, Draw

CHANNELS = 2
Function = Callable[..., torch.Tensor]


def _kernel(draw: Draw, axes: int, low: int, high: int) -> tuple[int, ...]:
    return tuple(draw.randint(low, high) for _ in range(axes))


def conv(draw: Draw, axes: int, strided: bool = True, out: int = CHANNELS) -> nn.Module:
    make = nn.Conv1d if axes == 1 else nn.Conv2d
    kernel, dilation = _kernel(draw, axes, 1, 4), _kernel(draw, axes, 1, 2)
    stride = _kernel(draw, axes, 1, 2) if strided and draw.random() < 0.5 else (1,) * axes
    padding = tuple(draw.randint(0, 2) for _ in range(axes))
    return make(CHANNELS, out, kernel, stride, padding, dilation)


def transposed(draw: Draw, axes: int) -> nn.Module:
    make = nn.ConvTranspose1d if axes == 1 else nn.ConvTranspose2d
    stride = _kernel(draw, axes, 1, 2)
    kernel = tuple(step + draw.randint(0, 3) for step in stride)
    return make(CHANNELS, CHANNELS, kernel, stride, tuple(draw.randint(0, 1) for _ in range(axes)))


def pooled(draw: Draw, axes: int) -> nn.Module:
    kinds = (nn.MaxPool1d, nn.AvgPool1d) if axes == 1 else (nn.MaxPool2d, nn.AvgPool2d)
    return draw.choice(kinds)(*draw.choice([(2, 2), (3, 2, 1), (3, 1, 1), (2, 1)]))


def upsampled(draw: Draw, axes: int) -> nn.Module:
    linear = "linear" if axes == 1 else "bilinear"
    return nn.Upsample(scale_factor=2, mode=draw.choice(["nearest", linear]))


def repeated(draw: Draw, axes: int) -> nn.Module:
    dim = 1 + draw.randint(1, axes)
    return Do(f"repeat along {dim}", lambda x: x.repeat_interleave(2, dim))


def shuffled(draw: Draw, axes: int) -> nn.Module:
    """A convolution to more channels, which become positions."""
    wide = conv(draw, axes, strided=False, out=CHANNELS * 2**axes)
    if axes == 2:
        return nn.Sequential(wide, nn.PixelShuffle(2))
    return Do("shuffle", lambda x, w: w(x).unflatten(1, (CHANNELS, 2)).transpose(2, 3).flatten(2), wide)


def padded(draw: Draw, axes: int) -> nn.Module:
    sides = [draw.randint(0, 2) for _ in range(2 * axes)]
    mode = draw.choice(["constant", "constant", "replicate", "reflect"])
    return Do(f"pad {sides} {mode}", lambda x: F.pad(x, sides, mode=mode))


def cropped(draw: Draw, axes: int) -> nn.Module:
    first, last = draw.randint(0, 2), draw.randint(0, 2)
    return Do(f"crop {first} {last}", lambda x: x[..., first : x.shape[-1] - last])


def thinned(draw: Draw, axes: int) -> nn.Module:
    first = draw.randint(0, 1)
    return Do(f"every other from {first}", lambda x: x[..., first::2])


def activated(draw: Draw, axes: int) -> nn.Module:
    norm = (nn.BatchNorm1d if axes == 1 else nn.BatchNorm2d)(CHANNELS)
    return draw.choice([nn.LeakyReLU(0.3, inplace=True), nn.Tanh(), nn.GELU(), norm])


def same(draw: Draw, axes: int) -> nn.Module:
    """A convolution that keeps the size, padded as it comes."""
    kernel, dilation = draw.randint(1, 4), draw.randint(1, 2)
    span = dilation * (kernel - 1)
    sides = [draw.randint(0, span) for _ in range(axes)]
    both = [side for first in reversed(sides) for side in (first, span - first)]
    window = (nn.Conv1d if axes == 1 else nn.Conv2d)(CHANNELS, CHANNELS, kernel, dilation=dilation)
    return Do(f"pad {both}", lambda x, w: w(F.pad(x, both)), window)


def residual(draw: Draw, axes: int) -> nn.Module:
    if draw.random() < 0.5:
        return Do("x + f(x)", lambda x, f: x + f(x), same(draw, axes))
    return Do("f(x) * sigmoid(g(x))", lambda x, f, g: f(x) * torch.sigmoid(g(x)), same(draw, axes), same(draw, axes))


def forked(draw: Draw, axes: int) -> nn.Module:
    """An encoder and decoder of one level with its shortcut, cropped to what both have."""

    def join(x: torch.Tensor, low: nn.Module, mix: nn.Module) -> torch.Tensor:
        deep = F.interpolate(low((F.max_pool1d if axes == 1 else F.max_pool2d)(x, 2)), scale_factor=2)
        return mix(torch.cat([x, deep], dim=1))

    make = nn.Conv1d if axes == 1 else nn.Conv2d
    return Do("fork", join, same(draw, axes), make(2 * CHANNELS, CHANNELS, 1))


BLOCKS = [conv, conv, conv, transposed, pooled, upsampled, repeated, shuffled, padded, cropped, thinned, activated,
          residual, residual, forked]  # fmt: skip


def module(seed: int, axes: int) -> nn.Module:
    """One to five blocks, in evaluation; what does not fit an input shows when it is traced."""
    draw = Draw(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        made = nn.Sequential(*(draw.choice(BLOCKS)(draw, axes) for _ in range(draw.randint(1, 5))))
    return made.eval()


_TYPED = [
    "conv k3 p1", "conv k4 s2 p1", "conv k3x2 s2x1 p1x0", "conv k3 s2 p0:1", "conv k2 d2 p2:0", "conv k1x4 p0x2",
    "maxpool k2", "maxpool k3 s2 p1", "avgpool k3 s1 p1", "blur k3 s2 p1", "tconv k4 s2 p1", "tconv k3 s2",
    "tconv k2x3 s1x2", "upsample s2", "upsample s2x1", "upsample s2 bilinear", "conv k3 p1 reflect",
    "conv k3 p2 replicate", "add(skip | conv k3 p1)", "add(conv k3 p1 | conv k5 p2)",
    "concat(skip | maxpool k2; conv k3 p1; tconv k2 s2)",
]  # fmt: skip


def text(seed: int) -> str:
    """Layers of a typed network of two axes."""
    draw = Draw(seed)
    return "; ".join(draw.choice(_TYPED) for _ in range(draw.randint(1, 5)))
