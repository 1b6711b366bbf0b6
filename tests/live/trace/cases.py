"""One small module or more for every operator that is ruled, and for the ways in which modules use them."""

from functools import partial

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from core.live.trace.registry import POINTWISE
from tests.live.trace.comparing import conv, net

aten = torch.ops.aten
MAP = (4, 7, 8)  # channels, height, width of most inputs


def after_conv(function, size=MAP, out=4, **parts):
    """A convolution, ``function``, a convolution of what has ``out`` channels."""
    return net(lambda m, x: m.last(function(m, m.first(x))), first=conv(size[0]), last=conv(out), **parts), size


def alone(module, size=MAP):
    return module, size


def conv2d(**options):
    return alone(nn.Sequential(conv(), nn.Conv2d(4, 4, **options)))


def tconv2d(**options):
    return alone(nn.Sequential(conv(), nn.ConvTranspose2d(4, 4, **options), conv()))


def resized(**options):
    return after_conv(lambda m, x: F.interpolate(x, **options))


def padded(pads, mode="constant"):
    return after_conv(lambda m, x: F.pad(x, pads, mode=mode))


def gate(x, m):
    return m.up(F.silu(m.down(x.mean((2, 3), keepdim=True)))).sigmoid()


GATE = {"down": partial(conv, 4, 2, 1), "up": partial(conv, 2, 4, 1)}


def made(parts):
    return {name: make() for name, make in parts.items()}


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
    "nearest by 49, where single precision is off": alone(nn.Upsample(scale_factor=49), (1, 2, 1)),
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

NORMS = {
    "batch norm": alone(nn.Sequential(conv(), nn.BatchNorm2d(4), conv())),
    "batch norm without its own statistics": alone(
        nn.Sequential(conv(), nn.BatchNorm2d(4, track_running_stats=False), conv())
    ),
    "instance norm": alone(nn.Sequential(conv(), nn.InstanceNorm2d(4), conv())),
    "group norm": alone(nn.Sequential(conv(), nn.GroupNorm(2, 4), conv())),
    "layer norm": alone(nn.Sequential(conv(), nn.LayerNorm([4, 7, 8]), conv())),
    "layer norm, channels last": after_conv(
        lambda m, x: m.n(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), n=nn.LayerNorm(4)
    ),
    "rms norm": after_conv(lambda m, x: m.n(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), n=nn.RMSNorm(4)),
    "local response norm": after_conv(lambda m, x: F.normalize(x, dim=1)),
    "dropout": alone(nn.Sequential(conv(), nn.Dropout(0.5), nn.Dropout2d(0.5), nn.Identity(), conv())),
    "prelu, selu, relu6": alone(
        nn.Sequential(conv(), nn.PReLU(), nn.SELU(), nn.ReLU6(), nn.RReLU(), nn.Softsign(), conv())
    ),
    "global response norm": after_conv(
        lambda m, x: x + m.b * (x * (n := x.norm(p=2, dim=(2, 3), keepdim=True)) / (n.mean(1, keepdim=True) + 1e-6)),
        b=nn.Parameter(torch.zeros(1, 4, 1, 1)),
    ),
    "grouped deviation (EvoNorm)": after_conv(
        lambda m, x: (
            x * x.sigmoid() / x.view(1, 2, 2, 7, 8).std((2, 3, 4), keepdim=True).expand(1, 2, 2, 7, 8).reshape(x.shape)
        )
    ),
    "weights standardised": alone(
        net(lambda m, x: F.conv2d(x, (m.w - m.w.mean()) / m.w.std(), padding=1), w=nn.Parameter(torch.rand(4, 4, 3, 3)))
    ),
}

ARITHMETIC = {
    "residual": after_conv(lambda m, x: x + m.c(x), c=conv()),
    "residual in place": after_conv(lambda m, x: m.c(x).add_(x), c=conv()),
    "times itself": after_conv(lambda m, x: x * x),
    "swish by hand": after_conv(lambda m, x: x * x.sigmoid()),
    "sums, differences, products, quotients": after_conv(
        lambda m, x: (x + m.c(x)) * (x - m.c(x)) / (2 - x) + aten.rsub(x, m.c(x)), c=conv()
    ),
    "in place": after_conv(lambda m, x: m.c(x).mul_(x).sub_(m.c(x)).div_(x), c=conv()),
    "with a row, a column, a channel": after_conv(
        lambda m, x: x * x.mean(2, keepdim=True) + x.amax(3, keepdim=True) - x.mean(1, keepdim=True)
    ),
    "with constants": after_conv(lambda m, x: m.p * x + m.p - 3, p=nn.Parameter(torch.rand(4, 7, 8))),
    "fewer dimensions": after_conv(lambda m, x: x + x.mean((0, 1))),
    "grows by broadcasting": after_conv(lambda m, x: x.mean(2, keepdim=True) + x.mean(3, keepdim=True)),
    "squeeze and excitation": after_conv(lambda m, x: x * gate(x, m), **made(GATE)),
    "squeeze and excitation, dense": after_conv(
        lambda m, x: x * m.b(F.relu(m.a(x.mean((2, 3))))).sigmoid()[:, :, None, None],
        a=nn.Linear(4, 3),
        b=nn.Linear(3, 4),
    ),
    "spatial attention": after_conv(
        lambda m, x: (
            x * m.a(torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True), x.max(1, True)[0]], 1)).sigmoid()
        ),
        a=conv(3, 1, 5),
    ),
    "channel attention by convolution (ECA)": after_conv(
        lambda m, x: x * m.a(x.mean((2, 3)).view(1, 1, -1)).view(1, -1, 1, 1).sigmoid(), a=nn.Conv1d(1, 1, 3, padding=1)
    ),
    "split attention (SK)": after_conv(
        lambda m, x: (
            (y := torch.stack([m.a(x), m.b(x)], 1))
            * m.d(y.sum(1).mean((2, 3), keepdim=True)).view(1, 2, 4, 1, 1).softmax(1)
        ).sum(1),
        a=conv(),
        b=conv(4, 4, 5),
        d=conv(4, 8, 1),
    ),
    "split attention (ResNeSt)": after_conv(
        lambda m, x: (
            (y := m.a(x).reshape(1, 2, 4, 7, 8))
            * m.d(y.sum(1).mean((2, 3), keepdim=True))
            .view(1, 2, 2, -1)
            .transpose(1, 2)
            .softmax(1)
            .reshape(1, -1)
            .view(1, 2, 4, 1, 1)
        ).sum(1),
        a=conv(4, 8, groups=2),
        d=conv(4, 8, 1, groups=2),
    ),
    "softmax over channels": after_conv(lambda m, x: x.softmax(1)),
    "softmax over a row": after_conv(lambda m, x: x.softmax(3)),
    "softmax over all positions": after_conv(lambda m, x: x * x.flatten(2).softmax(-1).view_as(x)),
    "softmax over one channel": after_conv(lambda m, x: x.mean(1, keepdim=True).softmax(1) * x),
    "log softmax": after_conv(lambda m, x: F.log_softmax(x, 1) + aten._safe_softmax(x, 2)),
    "gated linear unit": after_conv(lambda m, x: F.glu(m.c(x), 1), c=conv(4, 8)),
    "gated linear unit along a row": after_conv(lambda m, x: F.glu(x, -1)),
    "where a constant says": after_conv(
        lambda m, x: torch.where(m.w > 0.5, x, m.c(x)), c=conv(), w=nn.Parameter(torch.rand(8))
    ),
    "larger, smaller": after_conv(lambda m, x: torch.maximum(x, m.c(x)) + torch.minimum(x, x.mean(1, True)), c=conv()),
    "powers": after_conv(lambda m, x: aten.pow(x, m.c(x)) + aten.pow(x, 2) + aten.pow(2, x), c=conv()),
    "angles": after_conv(lambda m, x: torch.atan2(x, m.c(x)) + torch.hypot(x, m.c(x)), c=conv()),
    "products added": after_conv(
        lambda m, x: torch.addcmul(x, x, m.c(x)).addcmul_(m.p, x) + torch.addcdiv(m.p, x, x),
        c=conv(),
        p=nn.Parameter(torch.rand(4, 1, 1)),
    ),
    "between two": after_conv(lambda m, x: torch.lerp(x, m.c(x), 0.3) + torch.lerp(m.c(x), x, x), c=conv()),
    "rounded quotient": after_conv(lambda m, x: torch.div(x, m.c(x), rounding_mode="floor"), c=conv()),
    "held between constants": after_conv(lambda m, x: torch.clamp(x, m.p - 1, m.p), p=nn.Parameter(torch.rand(8))),
    "held by a map": after_conv(lambda m, x: torch.clamp(x, m.c(x)), c=conv()),
    "kwarg tensors": after_conv(lambda m, x: torch.add(input=x, other=m.c(x), alpha=2), c=conv()),
    "reductions": after_conv(
        lambda m, x: (
            x
            * (
                x.sum((2, 3), True)
                + x.mean((1, 2), True)
                + x.amin((1, 3), True)
                + x.var((2, 3), keepdim=True)
                + x.std(1, keepdim=True)
                + x.logsumexp(2, True)
                + x.prod(3, True)
                + x.min(2, True)[0]
            )
        )
    ),
    "reduction of everything": after_conv(lambda m, x: x + x.mean() * x.sum() + x.sum((), True) + torch.std(x)),
    "norms": after_conv(
        lambda m, x: x + torch.linalg.vector_norm(x, dim=1, keepdim=True) + aten.norm.ScalarOpt_dim(x, 2, [2, 3], True)
    ),
    "reduction without the dimension": after_conv(lambda m, x: x.max(2)[0].unsqueeze(2) + x),
}

LAYOUTS = {
    "concat": alone(net(lambda m, x: m.c(torch.cat([x, m.a(x), m.b(x)], 1)), a=conv(4, 2), b=conv(4, 3), c=conv(9, 2))),
    "concat of one": after_conv(lambda m, x: torch.cat([x], 1)),
    "nested concats": alone(
        net(
            lambda m, x: m.c(torch.cat([torch.cat([x, m.a(x)], 1), torch.cat([m.a(x), x], 1)], 1)),
            a=conv(4, 2),
            c=conv(12, 2, groups=2),
        )
    ),
    "concat, channels last": after_conv(
        lambda m, x: torch.cat([x.permute(0, 2, 3, 1), m.a(x).permute(0, 2, 3, 1)], -1).permute(0, 3, 1, 2),
        out=6,
        a=conv(4, 2),
    ),
    "concat of tokens": after_conv(
        lambda m, x: torch.cat([x.flatten(2), m.a(x).flatten(2)], 1).unflatten(2, (7, 8)), out=6, a=conv(4, 2)
    ),
    "concat along the height": after_conv(lambda m, x: torch.cat([x, m.a(x), x], 2), a=conv()),
    "gates of rows and columns": after_conv(
        lambda m, x: x * m.a(x.mean(3, True)) * m.a(x.mean(2, True)), a=conv(4, 4, 1)
    ),
    "concat with a constant": after_conv(
        lambda m, x: torch.cat([m.p, x, m.p], 1), out=8, p=nn.Parameter(torch.rand(1, 2, 7, 8))
    ),
    "concat with one constant channel": alone(
        net(
            lambda m, x: m.c(torch.cat([m.a(x), m.p], 1)),
            a=conv(4, 1),
            c=conv(2),
            p=nn.Parameter(torch.rand(1, 1, 7, 8)),
        )
    ),
    "concat with a constant row": after_conv(
        lambda m, x: torch.cat([m.p, x], 2), p=nn.Parameter(torch.rand(1, 4, 1, 8))
    ),
    "concat with an expanded gate": after_conv(
        lambda m, x: torch.cat([x, x.mean((2, 3), keepdim=True).expand_as(x)], 1), out=8
    ),
    "concat with an empty piece": after_conv(lambda m, x: torch.cat([x[:, :0], x], 1)),
    "concat of one position's channels": alone(
        net(lambda m, x: m.d(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)), d=nn.Linear(8, 3))
    ),
    "stack and sum": after_conv(lambda m, x: torch.stack([x, m.a(x), x], 0).sum(0), a=conv()),
    "stack as channels": after_conv(lambda m, x: torch.stack([x, m.a(x)], 2).flatten(1, 2), out=8, a=conv()),
    "stack with a constant": after_conv(
        lambda m, x: torch.stack([x, m.p], 1).flatten(1, 2), out=8, p=nn.Parameter(torch.rand(1, 4, 7, 8))
    ),
    "split": after_conv(lambda m, x: m.a(x.split(1, 1)[2]) + torch.cat(x.split([1, 3], 1), 1), a=conv(1, 4)),
    "split unsafe": after_conv(
        lambda m, x: (
            torch.cat(torch.unsafe_split(x, 3, 1)[::-1], 1) * torch.cat(torch.unsafe_split_with_sizes(x, [2, 2], 1), 1)
        )
    ),
    "chunk": after_conv(lambda m, x: torch.cat([(p := x.chunk(2, 1))[1], m.a(p[0])], 1), a=conv(2, 2)),
    "unbind channels": after_conv(lambda m, x: torch.stack(x.unbind(1)[::-1], 1)),
    "unbind a split": after_conv(lambda m, x: (p := m.a(x).view(1, 2, 4, 7, 8).unbind(1))[0] * p[1], a=conv(4, 8)),
    "pieces one after the other (Res2Net)": after_conv(
        lambda m, x: torch.cat(
            [(p := x.split(1, 1))[0], (a := m.a(p[1])), (b := m.a(a + p[2])), F.avg_pool2d(p[3], 3, 1, 1) + b], 1
        ),
        a=conv(1, 1),
    ),
    "slice channels": after_conv(lambda m, x: torch.cat([x[:, 1:3], x[:, ::2]], 1)),
    "slice from the end": after_conv(lambda m, x: m.a(x)[:, -2:, :-1, -5:], out=2, a=conv()),
    "slice with steps": after_conv(lambda m, x: x[:, :, 1::2, ::3]),
    "select": after_conv(lambda m, x: x[:, 1, None] + x[:, :, 3, None] + x[..., -1:]),
    "narrow": after_conv(lambda m, x: x.narrow(2, 1, 4)),
    "focus": alone(
        net(
            lambda m, x: m.c(torch.cat([x[..., at::2, on::2] for at in (0, 1) for on in (0, 1)], 1)),
            c=conv(8),
        ),
        (2, 8, 6),
    ),
    "channel shuffle": after_conv(
        lambda m, x: m.a(x.view(1, 2, 2, 7, 8).transpose(1, 2).reshape(x.shape)), a=conv(groups=2)
    ),
    "channel shuffle, as a layer": alone(
        nn.Sequential(conv(4, 8, groups=4), nn.ChannelShuffle(4), conv(8, 4, groups=4))
    ),
    "channel shuffle unit": after_conv(
        lambda m, x: F.channel_shuffle(torch.cat([(p := x.chunk(2, 1))[0], m.a(p[1])], 1), 2), a=conv(2, 2)
    ),
    "pixel shuffle": after_conv(lambda m, x: F.pixel_shuffle(m.a(x), 2), a=conv(4, 16)),
    "pixel shuffle at the end": alone(nn.Sequential(conv(4, 8), nn.PixelShuffle(2))),
    "pixel shuffle and a skip": after_conv(
        lambda m, x: F.pixel_shuffle(m.a(x), 2) + F.interpolate(x, scale_factor=2), a=conv(4, 16)
    ),
    "pixel shuffle, concat": after_conv(
        lambda m, x: torch.cat([F.pixel_shuffle(m.a(x), 2), F.interpolate(x, scale_factor=2)], 1), out=8, a=conv(4, 16)
    ),
    "pixel shuffle by view and permute": after_conv(
        lambda m, x: m.a(x).view(1, 4, 2, 3, 7, 8).permute(0, 1, 4, 2, 5, 3).reshape(1, 4, 14, 24), a=conv(4, 24)
    ),
    "pixel shuffle, channels last": after_conv(
        lambda m, x: (
            m.a(x).permute(0, 2, 3, 1).view(1, 7, 8, 2, 2, 4).transpose(2, 3).reshape(1, 14, 16, 4).permute(0, 3, 1, 2)
        ),
        a=conv(4, 16),
    ),
    "pixel shuffle, padded": after_conv(lambda m, x: F.pad(F.pixel_shuffle(m.a(x), 2), (1, 0, 0, 1)), a=conv(4, 16)),
    "pixel unshuffle": after_conv(lambda m, x: F.pixel_unshuffle(x, 2), (4, 8, 6), 16),
    "pixel unshuffle at the end": alone(nn.Sequential(conv(2, 1), nn.PixelUnshuffle(2)), (2, 8, 6)),
    "pixel unshuffle and back": after_conv(
        lambda m, x: F.pixel_shuffle(m.a(F.pixel_unshuffle(x, 2)), 2), (4, 8, 6), a=conv(16, 16)
    ),
    "space to depth by view and permute": after_conv(
        lambda m, x: x.view(1, 4, 4, 2, 2, 3).permute(0, 3, 5, 1, 2, 4).reshape(1, 24, 4, 2), (4, 8, 6), 24
    ),
    "patches merged (Swin)": after_conv(
        lambda m, x: m.d(x.permute(0, 2, 3, 1).reshape(1, 4, 2, 3, 2, 4).permute(0, 1, 3, 4, 2, 5).flatten(3)).permute(
            0, 3, 1, 2
        ),
        (4, 8, 6),
        5,
        d=nn.Linear(16, 5),
    ),
    "permute, dense, permute": after_conv(
        lambda m, x: m.b(F.gelu(m.a(x.permute(0, 2, 3, 1)))).permute(0, 3, 1, 2),
        a=nn.Linear(4, 6),
        b=nn.Linear(6, 4, bias=False),
    ),
    "tokens and back": after_conv(
        lambda m, x: m.a(x.flatten(2).transpose(1, 2)).transpose(1, 2).view(1, 4, 7, 8), a=nn.Linear(4, 4)
    ),
    "tokens normed": after_conv(lambda m, x: m.n(x.view(1, 4, -1).mT).mT.reshape(x.shape) + x, n=nn.LayerNorm(4)),
    "turned": alone(net(lambda m, x: m.c(x.transpose(2, 3)), c=nn.Conv2d(4, 2, (3, 2), (2, 1)))),
    "turned and back": after_conv(lambda m, x: m.a(x.mT).mT + x, a=conv(kernel=5)),
    "swapped channels and rows, back": after_conv(lambda m, x: x.permute(2, 1, 0, 3).relu().permute(2, 1, 0, 3)),
    "output permuted": alone(net(lambda m, x: m.c(x).permute(0, 2, 3, 1), c=conv())),
    "rows as a batch": after_conv(
        lambda m, x: m.a(x.permute(0, 2, 1, 3).reshape(7, 4, 8)).view(1, 7, 4, 8).permute(0, 2, 1, 3),
        a=nn.Conv1d(4, 4, 3, padding=1),
    ),
    "flatten and dense": alone(nn.Sequential(conv(4, 3), nn.Flatten(), nn.Linear(168, 5), nn.ReLU(), nn.Linear(5, 2))),
    "flatten into a map of one position": alone(net(lambda m, x: m.c(x.view(1, -1, 1, 1)), c=nn.Conv2d(224, 3, 1))),
    "dense along a row": alone(net(lambda m, x: m.d(m.c(x).squeeze(1)), c=conv(4, 1), d=nn.Linear(8, 3))),
    "global pool, squeeze, dense": alone(
        net(lambda m, x: m.d(F.adaptive_avg_pool2d(m.c(x), 1).squeeze()), c=conv(), d=nn.Linear(4, 2))
    ),
    "squeeze and unsqueeze": after_conv(
        lambda m, x: x.unsqueeze(2).squeeze(2) * x.mean(3, True).squeeze((0, 3))[None, ..., None]
    ),
    "expand": after_conv(lambda m, x: x + x.mean(1, keepdim=True).expand(-1, 4, -1, -1)),
    "repeat": after_conv(lambda m, x: x + x.mean(1, keepdim=True).repeat(1, 4, 1, 1)),
    "dense of a batch of one": after_conv(
        lambda m, x: torch.bmm(x.flatten(2).mT, m.w).mT.view(1, 4, 7, 8), w=nn.Parameter(torch.rand(1, 4, 4))
    ),
    "a plane turned": after_conv(lambda m, x: x + x[0, 1].t().t()),
    "turned, squeezed and unsqueezed in place": after_conv(
        lambda m, x: (
            x.view(x.shape).squeeze_(0).unsqueeze_(0).transpose_(2, 3).transpose_(3, 2) + x[0, 0].squeeze_().t_().t_()
        )
    ),
    "roll": after_conv(lambda m, x: x.roll((2, -1), (2, 3))),
    "roll twice along one axis": after_conv(lambda m, x: x.roll((2, 3), (2, 2))),
    "roll channels": after_conv(lambda m, x: m.a(x.roll(1, 1)), a=conv(groups=4)),
    "flip": after_conv(lambda m, x: x.flip(3) + x.flip((1, 2))),
    "copies": after_conv(
        lambda m, x: x.clone().contiguous().detach().double().float() + aten.alias(x) + aten.lift_fresh(x)
    ),
    "memory format": after_conv(lambda m, x: m.a(x.contiguous(memory_format=torch.channels_last)), a=conv()),
    "no edge at all": alone(nn.Identity()),
    "a tuple": alone(net(lambda m, x: (x, m.c(x)), c=conv())),
    "a dict in a list": alone(net(lambda m, x: [x, {"a": m.c(x), "b": m.c(m.c(x))}], c=conv())),
    "the same layer twice": alone(net(lambda m, x: m.c(m.c(x)), c=conv())),
    "one layer under two names": alone((lambda c: net(lambda m, x: m.b(m.a(x)), a=c, b=c))(conv())),
    "drop path": after_conv(
        lambda m, x: (
            x + m.c(x) * x.new_empty((1, 1, 1, 1)).bernoulli_(0.5) * torch.bernoulli(torch.ones_like(x[:1]), 0.5)
        ),
        c=conv(),
    ),
    "noise": after_conv(
        lambda m, x: (
            x
            + torch.bernoulli(x, 0.5)
            + torch.rand_like(x) * torch.randn_like(x)
            + torch.full_like(x, 2.0)
            + x.new_ones(7, 8)
            + x.new_full((8,), 2.0)
        )
    ),
}


def filled(m, x, size, pieces):
    """Pieces written one by one into a buffer of zeros."""
    out = torch.zeros(size)
    for at, piece in pieces:
        out[at] = piece
    return out


def in_place(function, **options):
    """``function`` changes what it is given, which is read again."""

    def run(m, x):
        y = m.first(x)
        return m.last(function(m, y, x))

    return net(run, first=conv(), last=conv(), **options), MAP


def then(*steps):
    """Runs functions of (module, map, input) for what they change; the map is the result."""

    def run(m, y, x):
        for step in steps:
            step(m, y, x)
        return y

    return run


MEMORY = {
    "activation on a view": in_place(then(lambda m, y, x: y[:, :2].relu_())),
    "a view is added to": in_place(then(lambda m, y, x: y[:, :2].add_(x[:, 2:]))),
    "a view of rows is added to": in_place(then(lambda m, y, x: y[:, :, 2:5].add_(x[:, :, :3]))),
    "every second column is multiplied": in_place(then(lambda m, y, x: y[..., ::2].mul_(m.c(x)[..., 1::2])), c=conv()),
    "one channel is added to": in_place(then(lambda m, y, x: y[:, 1].add_(x[:, 0]))),
    "one row is written": in_place(then(lambda m, y, x: y[:, :, 3].copy_(x[:, :, 0]))),
    "a turned view is added to": in_place(then(lambda m, y, x: y.permute(0, 2, 3, 1).add_(x.permute(0, 2, 3, 1)))),
    "a reshaped view is added to": in_place(then(lambda m, y, x: y.view(1, 4, 56).add_(x.flatten(2)))),
    "a view read after its map is written": in_place(
        lambda m, y, x: (v := y[:, :2], y.add_(x), torch.cat([v, v], 1))[-1]
    ),
    "a reshape read after its map is written": in_place(
        lambda m, y, x: (v := y.view(1, 2, 2, 7, 8), y.add_(x), v.transpose(1, 2).reshape(y.shape))[-1]
    ),
    "halves of a chunk": in_place(
        lambda m, y, x: (p := y.chunk(2, 1), torch.cat([F.relu(p[0]), m.c(p[1])], 1))[-1], c=conv(2, 2)
    ),
    "channels assigned": in_place(
        then(lambda m, y, x: y.__setitem__((slice(None), slice(1, 3)), m.c(x)[:, :2])), c=conv()
    ),
    "channels assigned twice": in_place(
        then(
            lambda m, y, x: y.__setitem__((slice(None), slice(0, 2)), x[:, 2:]),
            lambda m, y, x: y.__setitem__((slice(None), slice(2, 4)), x[:, :2]),
        )
    ),
    "zeros assigned": in_place(then(lambda m, y, x: y.__setitem__((slice(None), 1), 0.0))),
    "a number filled": in_place(then(lambda m, y, x: y[:, 2:].fill_(3.0))),
    "zeros filled": in_place(
        then(lambda m, y, x: y[:, 2:].zero_(), lambda m, y, x: y[:, :, :, 0].fill_(torch.tensor(0.0)))
    ),
    "a constant assigned": in_place(
        then(lambda m, y, x: y.__setitem__((slice(None), slice(0, 2)), m.p)), p=nn.Parameter(torch.rand(2, 7, 8))
    ),
    "all assigned": in_place(then(lambda m, y, x: y.__setitem__(slice(None), m.c(x))), c=conv()),
    "a clone is changed": in_place(lambda m, y, x: y.clone().add_(x) + y),
    "a buffer is filled": in_place(
        lambda m, y, x: filled(
            m, x, (1, 4, 7, 8), [((slice(None), slice(0, 2)), y[:, 2:]), ((slice(None), slice(2, 4)), y[:, :2])]
        )
    ),
    "a buffer is filled in part": in_place(
        lambda m, y, x: filled(m, x, (1, 4, 7, 8), [((slice(None), slice(1, 3)), y[:, 2:])])
    ),
    "a buffer is filled channel by channel": in_place(
        lambda m, y, x: filled(m, x, (1, 4, 7, 8), [((slice(None), at), y[:, 3 - at]) for at in range(4)])
    ),
    "a buffer is filled in the middle": in_place(
        lambda m, y, x: filled(m, x, (1, 4, 9, 10), [((slice(None), slice(None), slice(1, 8), slice(1, 9)), y)])
    ),
    "checkerboard (unpooling by hand)": in_place(
        lambda m, y, x: filled(
            m, x, (1, 4, 14, 16), [((slice(None), slice(None), slice(0, None, 2), slice(0, None, 2)), y)]
        )
    ),
    "interleaved": in_place(
        lambda m, y, x: filled(
            m,
            x,
            (1, 4, 14, 8),
            [((slice(None), slice(None), slice(0, None, 2)), y), ((slice(None), slice(None), slice(1, None, 2)), x)],
        )
    ),
    "zeros_like is filled": in_place(
        lambda m, y, x: (
            z := torch.zeros_like(y),
            w := x.new_zeros(x.shape),
            u := torch.empty_like(x),
            z.add_(y),
            w.copy_(x),
            u.copy_(y),
            z + w + u,
        )[-1]
    ),
    "a constant is added to": in_place(lambda m, y, x: torch.zeros(1, 4, 7, 8).add_(y)),
    "a copy broadcast": in_place(then(lambda m, y, x: y[:, 1:].copy_(x.mean(1, keepdim=True)))),
    "shifted (TSM)": in_place(
        lambda m, y, x: (z := torch.zeros_like(y), z[:, :1, 1:].copy_(y[:, :1, :-1]), z[:, 1:].copy_(y[:, 1:]), z)[-1]
    ),
    "the input is changed": alone(net(lambda m, x: m.c(x.add_(m.c(x)).relu_()), c=conv())),
}


def pointwise_case(operator):
    """An operator that leaves positions and channels where they are, between two convolutions."""
    name = operator._schema.name.removeprefix("aten::")
    more = {
        "_prelu_kernel": (torch.rand(4, 1, 1),),
        "threshold": (0.1, 2.0),
        "threshold_": (0.1, 2.0),
        "hardtanh": (-1.0, 1.0),
        "clamp": (-1.0, 1.0),
        "clamp_": (-1.0, 1.0),
        "native_batch_norm": (torch.ones(4), torch.ones(4), torch.ones(4), torch.ones(4), False, 0.1, 1e-5),
        "_native_batch_norm_legit_no_training": (torch.ones(4), torch.ones(4), torch.ones(4), torch.ones(4), 0.1, 1e-5),
        "_native_batch_norm_legit": (torch.ones(4), torch.ones(4), True, 0.1, 1e-5),
        "native_layer_norm": ([4, 7, 8], None, None, 1e-5),
        "native_group_norm": (torch.ones(4), torch.ones(4), 1, 4, 56, 2, 1e-5),
        "native_dropout": (0.5, False),
    }.get(name)
    if more is None:
        needed = [a for a in operator._schema.arguments[1:] if a.default_value is None and not a.kwarg_only]
        more = tuple(2.0 for argument in needed if "Optional" not in str(argument.type))
    first = operator._schema.arguments[0]

    def run(m, x):
        constants = [value.to(x.device) if isinstance(value, torch.Tensor) else value for value in more]
        found = operator(*((2.0, x) if str(first.type) != "Tensor" else (x, *constants)))
        return found if isinstance(found, torch.Tensor) else found[0]

    return after_conv(run)


CASES = {**WINDOWS, **NORMS, **ARITHMETIC, **LAYOUTS, **MEMORY}
CASES |= {
    f"{reason.split(':')[0]}: {operator}": pointwise_case(operator)
    for operator, reason in POINTWISE.items()
    if operator is not aten.rrelu_with_noise.default
}
