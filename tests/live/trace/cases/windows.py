"""Convolutions, pools, resizing and padding."""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from tests.live.trace.building import after_conv, alone, conv, net

aten = torch.ops.aten


def conv2d(**options):
    return alone(nn.Sequential(conv(), nn.Conv2d(4, 4, **options)))


def tconv2d(**options):
    return alone(nn.Sequential(conv(), nn.ConvTranspose2d(4, 4, **options), conv()))


def resized(**options):
    return after_conv(lambda m, x: F.interpolate(x, **options))


def padded(pads, mode="constant"):
    return after_conv(lambda m, x: F.pad(x, pads, mode=mode))


WINDOWS = {
    "conv 1-D": alone(nn.Sequential(nn.Conv1d(2, 4, 3, padding=1), nn.Conv1d(4, 2, 4, stride=2, padding=2)), (2, 13)),
    "conv valid": conv2d(kernel_size=3),
    "conv of another width and height": conv2d(kernel_size=(3, 2), stride=(2, 1), padding=(0, 1), dilation=(1, 2)),
    "conv same, even kernel": conv2d(kernel_size=4, padding="same"),
    "conv same, dilated": conv2d(kernel_size=(3, 4), padding="same", dilation=2),
    "conv 1-D same, even kernel": alone(nn.Conv1d(2, 2, 4, padding="same"), (2, 9)),
    "conv circular": conv2d(kernel_size=3, padding=1, padding_mode="circular"),
    "conv circular, wide and uneven": conv2d(kernel_size=(5, 4), padding=(2, 3), padding_mode="circular", stride=2),
    "conv circular, same": conv2d(kernel_size=4, padding="same", padding_mode="circular"),
    "conv 1-D circular": alone(nn.Conv1d(2, 2, 5, padding=2, padding_mode="circular"), (2, 9)),
    "conv reflect": conv2d(kernel_size=5, padding=2, padding_mode="reflect"),
    "conv replicate": conv2d(kernel_size=5, padding=2, padding_mode="replicate"),
    "conv groups": alone(nn.Sequential(conv(4, 6, groups=2), conv(6, 3, groups=3))),
    "conv depthwise, twice as many": alone(nn.Sequential(conv(4, 8, groups=4), conv(8, 2, 1))),
    "conv transposed": tconv2d(kernel_size=3, stride=2),
    "conv transposed, output padding": tconv2d(kernel_size=3, stride=2, padding=1, output_padding=1),
    "conv transposed, output padding beyond the padding": tconv2d(kernel_size=2, stride=3, output_padding=(2, 1)),
    "conv transposed, dilated, grouped": tconv2d(kernel_size=4, stride=3, padding=2, dilation=2, groups=2),
    "conv transposed 1-D": alone(nn.ConvTranspose1d(2, 2, 4, stride=3, padding=1, output_padding=2), (2, 5)),
    "conv without a batch": alone(net(lambda m, x: m.c(x[0])[None], c=conv())),
    "max pool, default stride": after_conv(lambda m, x: F.max_pool2d(x, 2)),
    "max pool, stride []": after_conv(lambda m, x: aten.max_pool2d_with_indices(x, [2, 3])[0]),
    "max pool, one number": after_conv(lambda m, x: aten.max_pool2d_with_indices(x, [3], [2], [1])[0]),
    "max pool, ceil": after_conv(lambda m, x: F.max_pool2d(x, 3, 2, ceil_mode=True)),
    "max pool, ceil and padding": after_conv(lambda m, x: F.max_pool2d(x, 2, 3, 1, ceil_mode=True)),
    "max pool, dilated": after_conv(lambda m, x: F.max_pool2d(x, (2, 3), 1, (0, 1), dilation=2)),
    "max pool 1-D": alone(nn.Sequential(nn.Conv1d(2, 2, 3), nn.MaxPool1d(3, 2, 1, ceil_mode=True)), (2, 12)),
    "max pool with indices that are left": after_conv(lambda m, x: F.max_pool2d(x, 2, return_indices=True)[0]),
    "average pool": after_conv(lambda m, x: F.avg_pool2d(x, 3, 1, 1)),
    "average pool, ceil": after_conv(lambda m, x: F.avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False)),
    "average pool, ceil, gap in front": after_conv(lambda m, x: F.avg_pool2d(x, (2, 3), 4, (1, 0), ceil_mode=True)),
    "average pool 1-D": alone(nn.Sequential(nn.Conv1d(2, 2, 3), nn.AvgPool1d(3, padding=1)), (2, 12)),
    "pool without a batch": after_conv(lambda m, x: F.max_pool2d(x[0], 3, 1, 1)[None] + F.avg_pool2d(x[0], 3, 1, 1)),
    "norm pool": after_conv(lambda m, x: F.lp_pool2d(x, 2, 2)),
    "adaptive pools": after_conv(lambda m, x: F.adaptive_avg_pool2d(x, (3, 5)) + F.adaptive_max_pool2d(x, (3, 5))),
    "adaptive pool that divides": after_conv(lambda m, x: F.adaptive_avg_pool2d(x, (7, 4))),
    "adaptive pool that grows": after_conv(lambda m, x: F.adaptive_avg_pool2d(x, (9, None))),
    "adaptive pools 1-D": alone(
        net(lambda m, x: F.adaptive_max_pool1d(m.c(x), 4) * F.adaptive_avg_pool1d(x, 4), c=nn.Conv1d(2, 2, 3)), (2, 11)
    ),
    "adaptive pool to one": after_conv(lambda m, x: x + F.adaptive_avg_pool2d(x, 1)),
    "nearest": resized(scale_factor=2),
    "nearest, another size": resized(size=(10, 5)),
    "nearest by 41, where single precision is off": alone(nn.Upsample(scale_factor=41), (1, 2, 1)),
    "nearest, fraction": resized(scale_factor=(1.7, 0.6)),
    "nearest exact": resized(size=(5, 17), mode="nearest-exact"),
    "nearest 1-D": alone(nn.Sequential(nn.Upsample(scale_factor=3), nn.Upsample(14, mode="nearest-exact")), (2, 5)),
    "linear 1-D": alone(nn.Sequential(nn.Upsample(scale_factor=2, mode="linear"), nn.Conv1d(2, 2, 2)), (2, 5)),
    "bilinear": resized(scale_factor=2, mode="bilinear"),
    "bilinear by three": resized(scale_factor=3, mode="bilinear"),
    "bilinear, another size": resized(size=(10, 5), mode="bilinear"),
    "bilinear, corners": resized(size=(13, 15), mode="bilinear", align_corners=True),
    "bilinear, corners, to one": resized(size=(1, 4), mode="bilinear", align_corners=True),
    "bilinear, a factor that the size does not show": alone(nn.Upsample(scale_factor=2.4, mode="bilinear"), (1, 2, 2)),
    "bilinear, recomputed": resized(scale_factor=1.6, mode="bilinear", recompute_scale_factor=True),
    "bilinear, fraction": resized(scale_factor=1.6, mode="bilinear"),
    "bicubic": resized(scale_factor=2, mode="bicubic"),
    "bicubic, corners": resized(size=(9, 15), mode="bicubic", align_corners=True),
    "pad": padded((1, 2, 3, 0)),
    "pad and crop": padded((1, -2, -3, 2)),
    "crop": padded((-1, -2, -1, 0)),
    "pad channels": after_conv(lambda m, x: F.pad(x, (0, 0, 0, 0, 1, 2)), out=7),
    "pad channels and positions": after_conv(lambda m, x: F.pad(x, (1, 0, 0, 2, 1, 0)), out=5),
    "pad one channel": alone(net(lambda m, x: m.c(F.pad(m.a(x), (0, 0, 0, 0, 1, 1))), a=conv(4, 1), c=conv(3))),
    "pad reflect": padded((3, 1, 2, 0), "reflect"),
    "pad replicate": padded((3, 1, 2, 0), "replicate"),
    "pad circular": padded((3, 1, 2, 0), "circular"),
    "pad circular, all of it": padded((8, 8, 7, 0), "circular"),
    "pad and crop circular": padded((3, -1, -2, 1), "circular"),
    "pad 1-D": alone(
        net(lambda m, x: m.c(F.pad(F.pad(x, (2, 1), "reflect"), (2, 1), "replicate")), c=nn.Conv1d(2, 2, 3)), (2, 6)
    ),
    "pad a map of one position": alone(
        net(lambda m, x: m.c(F.pad(F.adaptive_avg_pool2d(x, 1), (1, 1, 2, 2))), c=conv())
    ),
    "replicate a map of one position": alone(
        net(lambda m, x: m.c(F.pad(F.adaptive_avg_pool2d(x, 1), (1, 1, 2, 2), "replicate")), c=conv())
    ),
}
