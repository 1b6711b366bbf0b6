"""Memory that is written in place, under one name or another."""

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from tests.live.trace.building import MAP, alone, conv, net

aten = torch.ops.aten


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
        lambda m, y, x: (v := y.view(1, 2, 2, 7, 8), y.add_(x), (v + 1).view(y.shape))[-1]
    ),
    "a turned reshape read after its map is written": in_place(
        lambda m, y, x: (v := y.view(1, 2, 2, 7, 8).mT, y.add_(x), y[:, :2].add_(x[:, 2:]), v.mT.flatten(1, 2))[-1]
    ),
    "a turned reshape read between two writes": in_place(
        lambda m, y, x: (
            y.add_(x),
            v := y.view(1, 2, 2, 7, 8).transpose(1, 2),
            z := v.flatten(1, 2),
            y.mul_(x),
            z + v.flatten(1, 2),
        )[-1]
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
    "patches laid out": in_place(
        lambda m, y, x: filled(
            m,
            x,
            (1, 4, 14, 16),
            [
                ((slice(None), slice(None), slice(0, 7), slice(0, 8)), y),
                ((slice(None), slice(None), slice(7, 14), slice(8, 16)), x),
            ],
        )
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
