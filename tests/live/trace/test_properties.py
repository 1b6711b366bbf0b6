"""Modules drawn at random, of blocks in any order: both counts against the oracles, and pull against push."""

from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.exact import path_counts, reach_counts
from tests.live.trace.building import conv, net
from tests.live.trace.comparing import assert_exact, traced

Block = Callable[[st.DrawFn, int], tuple[nn.Module, int]]  # channels in; the module, and channels out

MOST_POSITIONS = 150


def convolution(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    groups = draw(st.sampled_from([g for g in (1, 2, channels) if channels % g == 0]))
    out = groups * draw(st.integers(1, max(6 // groups, 1)))
    kernel, stride, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    mode = draw(st.sampled_from(["zeros", "zeros", "reflect", "replicate", "circular"]))
    options = {"stride": stride, "dilation": dilation, "padding": draw(st.integers(0, 2)), "padding_mode": mode}
    return nn.Conv2d(channels, out, kernel, groups=groups, **options), out


def transposed(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    more = draw(st.integers(0, stride - 1))
    return nn.ConvTranspose2d(channels, 2, kernel, stride, draw(st.integers(0, 1)), output_padding=more), 2


def pool(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    kind = draw(st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]))
    kernel = draw(st.integers(1, 3))
    stride, padding = draw(st.integers(1, 3)), draw(st.integers(0, kernel // 2))
    return kind(kernel, stride, padding, ceil_mode=draw(st.booleans())), channels


def adaptive(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    size = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    return draw(st.sampled_from([nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d]))(size), channels


def resize(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    mode = draw(st.sampled_from(["nearest", "nearest-exact", "bilinear", "bicubic"]))
    if draw(st.booleans()):
        return nn.Upsample(draw(st.tuples(st.integers(1, 9), st.integers(1, 9))), mode=mode), channels
    factor = draw(st.sampled_from([0.5, 1.5, 2, 3, 1.75]))
    return nn.Upsample(scale_factor=factor, mode=mode), channels


def plain(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    kinds = [nn.ReLU(inplace=True), nn.GELU(), nn.BatchNorm2d(channels), nn.GroupNorm(1, channels), nn.Hardswish(True)]
    return draw(st.sampled_from(kinds)), channels


def shuffled(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    kinds = [net(lambda m, x: x.flip(1)), net(lambda m, x: x.roll((1, 2), (1, 3)))]
    if channels % 2 == 0:
        kinds += [nn.ChannelShuffle(2), net(lambda m, x: torch.cat(x.chunk(2, 1)[::-1], 1))]
    return draw(st.sampled_from(kinds)), channels


def pixels(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    if channels % 4 == 0 and draw(st.booleans()):
        return nn.PixelShuffle(2), channels // 4
    return nn.Sequential(nn.PixelUnshuffle(2), conv(channels * 4, 2, 1)), 2


def residual(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    inner = conv(channels, channels, draw(st.sampled_from([1, 3])))
    kinds = [lambda m, x: x + m.a(x), lambda m, x: m.a(x).add_(x), lambda m, x: x * m.a(x), lambda m, x: m.a(x) - x * x]
    return net(draw(st.sampled_from(kinds)), a=inner), channels


def concat(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    inner, out = conv(channels, 2), channels + 2
    kinds = [
        lambda m, x: torch.cat([x, m.a(x)], 1),
        lambda m, x: torch.cat([m.a(x), F.avg_pool2d(x, 3, 1, 1)], 1),
        lambda m, x: torch.cat([m.a(x).permute(0, 2, 3, 1), x.permute(0, 2, 3, 1)], -1).permute(0, 3, 1, 2),
    ]
    return net(draw(st.sampled_from(kinds)), a=inner), out


def gated(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    kinds = [
        lambda m, x: x * m.a(x.mean((2, 3), keepdim=True)).sigmoid(),
        lambda m, x: x * torch.cat([x.mean(1, True), x.amax(1, True)], 1).sum(1, True).sigmoid(),
        lambda m, x: x * x.softmax(1),
        lambda m, x: x + x.mean(2, keepdim=True) * x.amax(3, keepdim=True),
        lambda m, x: x * m.b(x.mean((2, 3))[:, None]).sigmoid().view(1, -1, 1, 1),
    ]
    return net(draw(st.sampled_from(kinds)), a=conv(channels, channels, 1), b=nn.Conv1d(1, 1, 3, padding=1)), channels


def written(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    """What is written in place is read by a convolution, as a whole."""

    def channel(m, x):
        y = x.clone()
        y[:, 0] = m.a(x)[:, -1]
        return m.b(y)

    def row(m, x):
        y = m.a(x)
        y[:, :, 0].add_(x[:, :, -1])
        return m.b(y)

    def columns(m, x):
        y = x.new_zeros(x.shape)
        y[..., ::2] = x[..., ::2]
        return m.b(y.add_(m.a(x)))

    layers = {"a": conv(channels, channels), "b": conv(channels, 3)}
    return net(draw(st.sampled_from([channel, row, columns])), **layers), 3


def tokens(draw: st.DrawFn, channels: int) -> tuple[nn.Module, int]:
    layer, norm = nn.Linear(channels, 3), nn.LayerNorm(3)
    kinds = [
        lambda m, x: m.n(m.a(x.permute(0, 2, 3, 1))).permute(0, 3, 1, 2),
        lambda m, x: m.n(m.a(x.flatten(2).mT)).mT.reshape(1, 3, *x.shape[2:]),
    ]
    return net(draw(st.sampled_from(kinds)), a=layer, n=norm), 3


BLOCKS: list[Block] = [convolution, convolution, transposed, pool, adaptive, resize, plain, shuffled, pixels]
BLOCKS += [residual, concat, gated, written, tokens]


@st.composite
def modules(draw: st.DrawFn) -> tuple[nn.Module, tuple[int, ...]]:
    """Up to six blocks that fit the input; the last is a convolution, so that the result is a map."""
    channels = draw(st.integers(1, 4))
    size = (channels, draw(st.integers(3, 9)), draw(st.integers(3, 9)))
    blocks: list[nn.Module] = []
    x = torch.zeros(1, *size)
    for _ in range(draw(st.integers(1, 6))):
        block, out = draw(st.sampled_from(BLOCKS))(draw, channels)
        try:
            y = block.eval()(x.clone())
        except RuntimeError:  # it does not fit the map
            continue
        if y.shape[2:].numel() <= MOST_POSITIONS:
            x, channels = y.detach(), out
            blocks.append(block)
    return nn.Sequential(*blocks, nn.Conv2d(channels, 2, 1)), size


@settings(max_examples=60)
@given(modules())
def test_counts_of_random_modules_are_those_of_the_modules_themselves(drawn: tuple[nn.Module, tuple[int, ...]]) -> None:
    assert_exact(*drawn)


@settings(max_examples=20)
@given(modules(), st.data())
def test_paths_back_from_a_unit_are_as_many_as_those_on_from_a_pixel(
    drawn: tuple[nn.Module, tuple[int, ...]], data: st.DataObject
) -> None:
    graph = traced(*drawn).graph()
    unit = tuple(data.draw(st.integers(0, side - 1)) for side in graph.output.size)
    pixel = tuple(data.draw(st.integers(0, side - 1)) for side in graph.input.size)
    for channels in (False, True):
        back, on = path_counts(graph, unit, channels).array(), reach_counts(graph, pixel, channels).array()
        assert back[pixel] == on[unit]
