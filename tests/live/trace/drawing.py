"""Modules drawn at random out of tensor operators: views, moves, joins, windows, sums, gates, norms; odd sizes.

Unlike the blocks of the property tests, nothing keeps channels and positions where they were.
"""

import random
from collections.abc import Callable
from math import prod

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

MOST_ELEMENTS = 400
Draw = random.Random
Step = Callable[[Draw, torch.Tensor], nn.Module | None]  # for a tensor of this shape; None where it does not fit


class Do(nn.Module):
    """One step: a function of the tensor, and of the parts that it uses."""

    def __init__(self, words: str, function: Callable, *parts: nn.Module) -> None:
        super().__init__()
        self.words, self.function, self.parts = words, function, nn.ModuleList(parts)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x, *self.parts)

    def extra_repr(self) -> str:
        return self.words


def factors(draw: Draw, number: int, count: int) -> list[int]:
    """``count`` numbers whose product is ``number``."""
    result = []
    for _ in range(count - 1):
        part = draw.choice([part for part in range(1, number + 1) if number % part == 0])
        result.append(part)
        number //= part
    return [*result, number]


def reshape(draw: Draw, x: torch.Tensor) -> nn.Module:
    shape = [1, *factors(draw, x.numel(), draw.randint(1, 4))]
    return Do(f"reshape{shape}", lambda x: x.reshape(shape))


def split_dim(draw: Draw, x: torch.Tensor) -> nn.Module:
    dim = draw.randrange(x.dim())
    shape = factors(draw, x.shape[dim], 2)
    return Do(f"unflatten({dim}, {shape})", lambda x: x.unflatten(dim, shape))


def flatten(draw: Draw, x: torch.Tensor) -> nn.Module:
    first = draw.randrange(x.dim())
    last = draw.randrange(first, x.dim())
    return Do(f"flatten({first}, {last})", lambda x: x.flatten(first, last))


def permute(draw: Draw, x: torch.Tensor) -> nn.Module:
    order = draw.sample(range(x.dim()), x.dim())
    if draw.random() < 0.6:
        order = [0, *draw.sample(range(1, x.dim()), x.dim() - 1)]
    return Do(f"permute{order}", lambda x: x.permute(order))


def squeeze(draw: Draw, x: torch.Tensor) -> nn.Module | None:
    dims = [dim for dim in range(x.dim()) if x.shape[dim] == 1]
    if not dims or x.dim() < 3:
        return None
    dim = draw.choice(dims)
    return Do(f"squeeze({dim})", lambda x: x.squeeze(dim))


def unsqueeze(draw: Draw, x: torch.Tensor) -> nn.Module:
    dim = draw.randrange(x.dim() + 1)
    return Do(f"unsqueeze({dim})", lambda x: x.unsqueeze(dim))


def select(draw: Draw, x: torch.Tensor) -> nn.Module | None:
    if x.dim() < 3:
        return None
    dim = draw.randrange(1, x.dim())
    index = draw.randrange(x.shape[dim])
    return Do(f"select({dim}, {index})", lambda x: x.select(dim, index))


def slice_(draw: Draw, x: torch.Tensor) -> nn.Module:
    dim = draw.randrange(x.dim())
    start = draw.randrange(x.shape[dim])
    stop, step = draw.randint(start + 1, x.shape[dim]), draw.choice([1, 1, 2])
    index = (*[slice(None)] * dim, slice(start, stop, step))
    return Do(f"slice({dim}, {start}:{stop}:{step})", lambda x: x[index])


def expand(draw: Draw, x: torch.Tensor) -> nn.Module:
    dim = draw.randrange(1, x.dim()) if x.dim() > 1 else 0
    times = draw.randint(1, 3)
    shape = [times if at == dim and side == 1 else side for at, side in enumerate(x.shape)]
    return Do(f"expand{shape}", lambda x: x.expand(shape))


def pieces(draw: Draw, x: torch.Tensor) -> nn.Module:
    """Cut along one dimension and joined along one, in another order perhaps."""
    dim = draw.randrange(x.dim())
    size = draw.choice([part for part in range(1, x.shape[dim] + 1) if x.shape[dim] % part == 0])
    count = x.shape[dim] // size
    order = draw.sample(range(count), count) if draw.random() < 0.5 else [*range(count)]
    other = dim if draw.random() < 0.5 else draw.randrange(x.dim())
    kind = draw.choice(["cat", "stack", "sum"])
    if kind == "sum":
        return Do(f"sum(split({size}, {dim}))", lambda x: sum(x.split(size, dim)))
    join = torch.cat if kind == "cat" else torch.stack
    return Do(
        f"{kind}(split({size}, {dim})[{order}], {other})",
        lambda x: join([x.split(size, dim)[at] for at in order], other),
    )


def pad(draw: Draw, x: torch.Tensor) -> nn.Module:
    dims = draw.randint(1, min(2, x.dim()))
    pads = [draw.randint(0, 1) for _ in range(2 * dims)]
    return Do(f"pad{pads}", lambda x: F.pad(x, pads))


def flip(draw: Draw, x: torch.Tensor) -> nn.Module:
    dim, by = draw.randrange(x.dim()), draw.randint(0, 2)
    if draw.random() < 0.5:
        return Do(f"flip({dim})", lambda x: x.flip(dim))
    return Do(f"roll({by}, {dim})", lambda x: x.roll(by, dim))


def linear(draw: Draw, x: torch.Tensor) -> nn.Module:
    return Do("linear", lambda x, part: part(x), nn.Linear(x.shape[-1], draw.randint(1, 4)))


def conv(draw: Draw, x: torch.Tensor) -> nn.Module | None:
    if x.dim() not in (3, 4, 5):
        return None
    kind = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[x.dim() - 3]
    groups = draw.choice([1, 1, x.shape[1]])
    kernel, stride, padding = draw.randint(1, 3), draw.randint(1, 2), draw.randint(0, 1)
    part = kind(x.shape[1], groups * draw.randint(1, 2), kernel, stride, padding, groups=groups)
    return Do("conv", lambda x, part: part(x), part)


def pool(draw: Draw, x: torch.Tensor) -> nn.Module | None:
    if x.dim() not in (3, 4, 5):
        return None
    kinds = ((nn.MaxPool1d, nn.AvgPool1d), (nn.MaxPool2d, nn.AvgPool2d), (nn.MaxPool3d, nn.AvgPool3d))[x.dim() - 3]
    part = draw.choice(kinds)(draw.randint(1, 2), draw.randint(1, 2))
    return Do("pool", lambda x, part: part(x), part)


def resize(draw: Draw, x: torch.Tensor) -> nn.Module | None:
    if x.dim() not in (3, 4, 5):
        return None
    size = [draw.randint(1, 5) for _ in range(x.dim() - 2)]
    if draw.random() < 0.5:
        return Do(f"interpolate({size})", lambda x: F.interpolate(x, size))
    adaptive = (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d, F.adaptive_avg_pool3d)[x.dim() - 3]
    return Do(f"adaptive_avg_pool({size})", lambda x: adaptive(x, size))


def shuffle(draw: Draw, x: torch.Tensor) -> nn.Module | None:
    if x.dim() != 4:
        return None
    part = draw.choice([nn.PixelShuffle(2), nn.PixelUnshuffle(2), nn.ChannelShuffle(2)])
    return Do("shuffle", lambda x, part: part(x), part)


def reduce(draw: Draw, x: torch.Tensor) -> nn.Module:
    dims = draw.sample(range(x.dim()), draw.randint(1, min(2, x.dim())))
    keep = draw.random() < 0.7 or x.dim() < 4
    kind = draw.choice(["mean", "sum", "amax"])
    return Do(f"{kind}({dims}, {keep})", lambda x: getattr(x, kind)(dims, keep))


def joined(draw: Draw, x: torch.Tensor) -> nn.Module:
    """The tensor with what became of it: added, multiplied, side by side."""
    branch = drawn_steps(draw, x, draw.randint(1, 3))
    y = branch(x)
    kind = draw.choice(["add", "mul", "gate", "cat"])
    if kind == "cat":
        dim = draw.randrange(x.dim())
        return Do(f"cat(x, branch, {dim})", lambda x, part: torch.cat([x, part(x)], dim), branch)
    torch.broadcast_shapes(x.shape, y.shape)
    if kind == "add":
        return Do("add(x, branch)", lambda x, part: x + part(x), branch)
    if kind == "mul":
        return Do("mul(x, branch)", lambda x, part: x * part(x), branch)
    return Do("mul(x, branch.sigmoid())", lambda x, part: x * part(x).sigmoid(), branch)


def norm(draw: Draw, x: torch.Tensor) -> nn.Module | None:
    if x.dim() < 3:
        return None
    count = draw.randint(1, x.dim() - 1)
    groups = draw.choice([part for part in range(1, x.shape[1] + 1) if x.shape[1] % part == 0])
    kinds = [nn.LayerNorm(x.shape[-count:]), nn.GroupNorm(groups, x.shape[1])]
    part = draw.choice(kinds)
    return Do(str(part), lambda x, part: part(x), part)


def softmax(draw: Draw, x: torch.Tensor) -> nn.Module:
    dim = draw.randrange(x.dim())
    return Do(f"softmax({dim})", lambda x: x.softmax(dim))


VIEWS: list[Step] = [reshape, split_dim, flatten, permute, permute, squeeze, unsqueeze]
MOVES: list[Step] = [select, slice_, expand, pieces, pieces, pad, flip, shuffle]
LAYERS: list[Step] = [linear, conv, conv, conv, pool, resize, reduce, joined, norm, softmax]


def drawn_steps(draw: Draw, x: torch.Tensor, count: int) -> nn.Sequential:
    """Up to ``count`` steps that fit ``x``."""
    steps: list[nn.Module] = []
    for _ in range(count):
        step = draw.choice(draw.choice([VIEWS, MOVES, LAYERS]))
        try:
            if (module := step(draw, x)) is None:
                continue
            y = module.eval()(x)
        except (RuntimeError, ValueError):  # it does not fit
            continue
        if 0 < y.numel() <= MOST_ELEMENTS and y.dim() < 7:
            x = y.detach()
            steps.append(module)
    return nn.Sequential(*steps)


def drawn_module(seed: int) -> tuple[nn.Module, tuple[int, ...]]:
    """A module and the size of its input: 1-D to 3-D, often of one channel or with an axis of one position."""
    draw = random.Random(seed)
    size = (draw.choice([1, 1, 2, 4]), *(draw.choice([1, 2, 3, 4, 4, 6]) for _ in range(draw.choice([1, 2, 2, 2, 3]))))
    assert prod(size)
    return drawn_steps(draw, torch.rand(1, *size), draw.randint(1, 6)), size
