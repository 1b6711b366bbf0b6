"""Views, splits, concats, shuffles, dense layers, and what a module may return."""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from tests.live.trace.building import after_conv, alone, conv, net

aten = torch.ops.aten


def differing(m, x):
    """Channels of two kinds."""
    return torch.cat([x[:, :2], m.a(x)], 1)


def shuffled(x):
    return paired(x).transpose(1, 2).reshape(x.shape)


def paired(x):
    return x.view(1, 2, 2, *x.shape[2:])


LAYOUTS = {
    "concat": alone(net(lambda m, x: m.c(torch.cat([x, m.a(x), m.b(x)], 1)), a=conv(4, 2), b=conv(4, 3), c=conv(9, 2))),
    "named indices": after_conv(lambda m, x: x.index_select(2, torch.arange(0, 7, 2)).index_select(1, torch.arange(4))),
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
    "pixel shuffle of one position": after_conv(
        lambda m, x: F.pixel_shuffle(m.a(x.mean((2, 3), True)), 2), a=conv(4, 16)
    ),
    "pixel shuffle of channels that differ": after_conv(
        lambda m, x: F.pixel_shuffle(torch.cat([x[:, :1], m.a(x)], 1), 2), out=1, a=conv(4, 3)
    ),
    "concat of shuffled channels that differ, some of them": alone(
        net(lambda m, x: m.c(torch.cat([shuffled(differing(m, x)), x], 1)[:, :2]), a=conv(4, 2), c=conv(2))
    ),
    "concat of turned channels that differ, some of them": alone(
        net(
            lambda m, x: m.c(torch.cat([paired(differing(m, x)).transpose(1, 2), paired(x)], 1).flatten(1, 2)[:, :2]),
            a=conv(4, 2),
            c=conv(2),
        )
    ),
    "shuffled channels that differ, some of them": alone(
        net(lambda m, x: m.c(F.channel_shuffle(differing(m, x), 2)[:, :2]), a=conv(4, 2), c=conv(2))
    ),
    "flipped and rolled channels that differ, some of them": alone(
        net(lambda m, x: m.c((differing(m, x).flip(1) + differing(m, x).roll(1, 1))[:, :2]), a=conv(4, 2), c=conv(2))
    ),
    "sums with shuffled channels that differ, some of them": alone(
        net(
            lambda m, x: m.c((shuffled(differing(m, x)) * differing(m, x) + m.b(x))[:, 1:2]),
            a=conv(4, 2),
            b=conv(),
            c=conv(1),
        )
    ),
    "a copy of each channel": alone(net(lambda m, x: m.c(x).repeat_interleave(2, 1), c=conv())),
    "a copy of each channel, read": after_conv(lambda m, x: x.repeat_interleave(2, 1), out=8),
    "one channel copied, read": after_conv(lambda m, x: x.mean(1, True).expand(-1, 4, -1, -1)),
    "one position copied, read": after_conv(lambda m, x: x.mean((2, 3), True).expand(1, 4, 5, 6)),
    "one position copied": alone(net(lambda m, x: x.mean((2, 3), True).expand(1, 4, 5, 6))),
    "one row copied": alone(net(lambda m, x: x.mean(2, True).expand(1, 4, 5, 8))),
    "pieces of nothing": after_conv(lambda m, x: torch.cat([x[:, :, :0], x], 2) + torch.cat(x.split([0, 4], 1), 1)),
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
    "turned": alone(net(lambda m, x: m.c(x.transpose(2, 3)).mT, c=nn.Conv2d(4, 2, (3, 2), (2, 1)))),
    "turned and back": after_conv(lambda m, x: m.a(x.mT).mT + x, a=conv(kernel=5)),
    "swapped channels and rows, back": after_conv(lambda m, x: x.permute(2, 1, 0, 3).relu().permute(2, 1, 0, 3)),
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
    "global pool of a map that lies channels last": after_conv(
        lambda m, x: x * F.adaptive_avg_pool2d(m.d(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), 1), d=nn.Linear(4, 4)
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
    "flip of nothing": after_conv(lambda m, x: x.flip([])),
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
