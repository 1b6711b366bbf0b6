"""Normalisation, gates, reductions and elementwise arithmetic."""

from functools import partial

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from tests.live.trace.building import after_conv, alone, conv, net

aten = torch.ops.aten


def gate(x, m):
    return m.up(F.silu(m.down(x.mean((2, 3), keepdim=True)))).sigmoid()


def rolled_out(x):
    """Windows within windows: where in the smallest first, where among all last, as Hiera orders its tokens."""
    split = x.view(*x.shape[:2], x.shape[2] // 4, 2, 2, x.shape[3] // 4, 2, 2)
    return split.permute(0, 4, 7, 3, 6, 2, 5, 1)


GATE = {"down": partial(conv, 4, 2, 1), "up": partial(conv, 2, 4, 1)}


def made(parts):
    return {name: make() for name, make in parts.items()}


NORMS = {
    "batch norm": alone(nn.Sequential(conv(), nn.BatchNorm2d(4), conv())),
    "batch norm without its own statistics": alone(
        nn.Sequential(conv(), nn.BatchNorm2d(4, track_running_stats=False), conv())
    ),
    "instance norm": alone(nn.Sequential(conv(), nn.InstanceNorm2d(4), conv())),
    "instance norm by name": after_conv(
        lambda m, x: aten._native_batch_norm_legit.no_stats(x, None, None, True, 0, 1e-5)[0]
    ),
    "batch norm by its own statistics": after_conv(lambda m, x: F.batch_norm(x, None, None, training=True)),
    "group norm of a row": after_conv(lambda m, x: F.group_norm(x.mean(2), 2)[:, :, None] + x),
    "group norm of one position": after_conv(lambda m, x: F.group_norm(x.mean((2, 3), keepdim=True), 2) + x),
    "layer norm along a row": after_conv(lambda m, x: F.layer_norm(x, (8,))),
    "layer norm of tokens": after_conv(lambda m, x: F.layer_norm(x.flatten(2).mT, (56, 4)).mT.reshape(x.shape)),
    "group norm of channels in another order": after_conv(lambda m, x: F.group_norm(x.flip(1), 2)),
    "squashed": after_conv(
        lambda m, x: (
            x.sigmoid() + aten.hardsigmoid(x) * aten.tanh(x) + x.clone().sigmoid_().tanh_() * F.hardsigmoid(x, True)
        )
    ),
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
    "in place by operands": after_conv(
        lambda m, x: x.clone().lerp_(m.c(x), 0.3).lerp_(x, m.p).addcdiv_(m.p, x),
        c=conv(),
        p=nn.Parameter(torch.rand(8)),
    ),
    "one or the other": after_conv(
        lambda m, x: torch.fmax(x, m.c(x)) + torch.fmin(x, m.c(x)) + torch.logaddexp(x, x) + torch.remainder(m.p, x),
        c=conv(),
        p=nn.Parameter(torch.rand(8)),
    ),
    "masked": after_conv(
        lambda m, x: x.masked_fill(m.p > 0.5, 0.0) + x.clone().masked_fill_(m.p > 0.5, 1.0),
        p=nn.Parameter(torch.rand(8)),
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
    "both moments": after_conv(
        lambda m, x: (x - torch.var_mean(x, 1, keepdim=True)[1]) / torch.std_mean(x, (2, 3), keepdim=True)[0]
    ),
    "a number's softmax, sum and maximum": after_conv(
        lambda m, x: x * x.mean().softmax(0) * x.mean().sum(0) * x.mean().max(0)[0]
    ),
    "norms": after_conv(
        lambda m, x: x + torch.linalg.vector_norm(x, dim=1, keepdim=True) + aten.norm.ScalarOpt_dim(x, 2, [2, 3], True)
    ),
    "pairs of neighbours, reduced": after_conv(lambda m, x: x.unflatten(3, (4, 2)).amax(4)),
    "blocks, reduced": after_conv(
        lambda m, x: x.view(1, 4, 3, 2, 2, 4).mean((3, 5)) + x.view(1, 4, 3, 2, 2, 4).amax(5).sum(3), (4, 6, 8)
    ),
    "blocks of tokens in an order of their own, reduced in turn": after_conv(
        lambda m, x: rolled_out(x).amax((1, 2)).amax((1, 2)).permute(0, 3, 1, 2), (4, 8, 12)
    ),
    "reduction without the dimension": after_conv(lambda m, x: x.max(2)[0].unsqueeze(2) + x),
}
