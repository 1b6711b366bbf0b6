"""Modules over three axes: every operator for volumes, and the ways in which video models use others."""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from tests.live.trace.building import alone, net

VOLUME = (2, 3, 4, 3)  # channels, depth, height, width


def conv3d(inputs: int = 2, outputs: int = 2, kernel=3, **options) -> nn.Module:
    return nn.Conv3d(inputs, outputs, kernel, **{"padding": 1, **options})


def between(function, size=VOLUME, out=2, **parts):
    """A convolution, ``function``, a convolution of what has ``out`` channels."""
    return net(lambda m, x: m.last(function(m, m.first(x))), first=conv3d(size[0]), last=conv3d(out), **parts), size


def resized(**options):
    return between(lambda m, x: F.interpolate(x, **options))


def basic(stride: int) -> nn.Module:
    """A residual block of R(2+1)D: space and time apart."""
    space, time = (1, stride, stride), (stride, 1, 1)
    return net(
        lambda m, x: m.s(x) + m.b(m.n(m.a(x)).relu()),
        a=nn.Conv3d(2, 3, (1, 3, 3), space, (0, 1, 1)),
        n=nn.BatchNorm3d(3),
        b=nn.Conv3d(3, 2, (3, 1, 1), time, (1, 0, 0)),
        s=nn.Conv3d(2, 2, 1, stride),
    )


VOLUMES = {
    "conv 3-D": alone(nn.Sequential(conv3d(), conv3d(kernel=(1, 3, 2), padding=0, stride=(1, 2, 1))), VOLUME),
    "conv 3-D, grouped and dilated": alone(conv3d(groups=2, dilation=(1, 2, 1), padding=(0, 2, 1)), VOLUME),
    "conv 3-D same": alone(nn.Conv3d(2, 2, (2, 3, 1), padding="same"), VOLUME),
    "conv 3-D circular": alone(conv3d(padding_mode="circular"), VOLUME),
    "conv 3-D reflect": alone(conv3d(padding_mode="reflect"), VOLUME),
    "conv 3-D replicate": alone(conv3d(padding=(1, 2, 0), padding_mode="replicate"), VOLUME),
    "conv transposed 3-D": alone(
        nn.Sequential(nn.ConvTranspose3d(2, 2, (2, 3, 2), (2, 1, 2), (0, 1, 1), (1, 0, 0)), conv3d()), (2, 2, 3, 2)
    ),
    "max pool 3-D": between(lambda m, x: F.max_pool3d(x, (1, 2, 3), (1, 2, 1), (0, 1, 1), ceil_mode=True)),
    "max pool 3-D, dilated": between(lambda m, x: F.max_pool3d(x, 2, 1, dilation=(1, 2, 1))),
    "average pool 3-D": between(lambda m, x: F.avg_pool3d(x, 2, (1, 2, 2), 1)),
    "adaptive pools 3-D": between(
        lambda m, x: F.adaptive_avg_pool3d(x, (2, 3, 1)) + F.adaptive_max_pool3d(x, (2, 3, 1))
    ),
    "adaptive pool 3-D to one": between(lambda m, x: x + F.adaptive_avg_pool3d(x, 1)),
    "nearest 3-D": resized(scale_factor=(1, 2, 1.5)),
    "nearest exact 3-D": resized(size=(2, 5, 3), mode="nearest-exact"),
    "trilinear": resized(size=(5, 4, 2), mode="trilinear"),
    "trilinear, corners aligned": resized(size=(4, 6, 3), mode="trilinear", align_corners=True),
    "reflection pad 3-D": between(lambda m, x: F.pad(x, (1, 0, 2, 1, 1, 1), mode="reflect")),
    "replication pad 3-D": between(lambda m, x: F.pad(x, (0, 2, 1, 0, 1, 0), mode="replicate")),
    "zero pad 3-D": between(lambda m, x: F.pad(x, (1, 0, -1, 2, 0, 1))),
    "batch norm 3-D": between(lambda m, x: m.n(x), n=nn.BatchNorm3d(2)),
    "instance norm 3-D": between(lambda m, x: m.n(x), n=nn.InstanceNorm3d(2)),
    "group norm 3-D": between(lambda m, x: m.n(x), n=nn.GroupNorm(1, 2)),
    "a residual block of (2+1)-D": alone(nn.Sequential(basic(1), basic(2)), VOLUME),
    "a gate over space and time": between(
        lambda m, x: x * m.c(x.mean((2, 3, 4), True)).sigmoid(), c=nn.Conv3d(2, 2, 1)
    ),
    "frames as a mean of time": between(lambda m, x: x + x.mean(2, keepdim=True)),
    "a slow pathway": between(lambda m, x: torch.cat([x[:, :, ::2], m.c(x)], 1), out=4, c=conv3d(stride=(2, 1, 1))),
    "tokens of a volume": between(lambda m, x: m.n(x.flatten(2).mT).mT.reshape(x.shape), n=nn.LayerNorm(2)),
    "planes as channels": alone(net(lambda m, x: m.c(x.flatten(1, 2)), c=nn.Conv2d(6, 2, 3, padding=1)), VOLUME),
    "a mean of depth, then an image": alone(
        net(lambda m, x: m.d(m.c(x).mean(2)), c=conv3d(), d=nn.Conv2d(2, 2, 3, padding=1)), VOLUME
    ),
}
