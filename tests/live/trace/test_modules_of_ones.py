"""The definition word for word: channel counts are one gradient of the very same module, its weights all one.

Batch norm is left out, max pools become sums; nothing is recorded, no operator replaced.
"""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from torch import nn

from core.exact import path_counts
from core.live.sources.libraries import torchvision
from tests.live.trace.building import conv
from tests.live.trace.comparing import assert_close, traced


class SumPool(nn.Module):
    """A max pool, as counted: every tap that lands is read."""

    def __init__(self, pool: nn.MaxPool2d) -> None:
        super().__init__()
        assert not pool.ceil_mode
        self.kernel, self.stride, self.padding = pool.kernel_size, pool.stride, pool.padding

    def forward(self, x):
        ones = torch.ones(x.shape[1], 1, self.kernel, self.kernel, dtype=x.dtype)
        return F.conv2d(x, ones, stride=self.stride, padding=self.padding, groups=x.shape[1])


class Sum(nn.Module):
    """A mean over all positions, as counted."""

    def forward(self, x):
        return x.sum((2, 3), keepdim=True)


class MeanPool(nn.Module):
    """An average pool, as counted: ``count`` times its mean."""

    def __init__(self, pool: nn.AvgPool2d) -> None:
        super().__init__()
        self.pool, self.count = pool, pool.kernel_size**2

    def forward(self, x):
        return self.pool(x) * self.count


NEUTRAL = (nn.BatchNorm2d, nn.ReLU, nn.ReLU6, nn.Hardswish, nn.Dropout)


def of_ones(module: nn.Module) -> nn.Module:
    """The module made linear, with weights of one, in float64; it is changed."""
    for name, part in module.named_children():
        if isinstance(part, NEUTRAL):
            setattr(module, name, nn.Identity())
        elif isinstance(part, nn.MaxPool2d):
            setattr(module, name, SumPool(part))
        elif isinstance(part, nn.AvgPool2d):
            setattr(module, name, MeanPool(part))
        elif isinstance(part, nn.AdaptiveAvgPool2d):
            setattr(module, name, Sum())
        else:
            of_ones(part)
    for name, parameter in module.named_parameters(recurse=False):
        (nn.init.zeros_ if name == "bias" else nn.init.ones_)(parameter)
    return module.double().eval()


def resnet(**options) -> nn.Module:
    """torchvision's own blocks, but few of them."""
    models = torchvision().models.resnet
    return models.ResNet(options.pop("block", models.BasicBlock), options.pop("layers", [1, 1, 1, 1]), **options)


def features(model: nn.Module, last: int = -2) -> nn.Module:
    return nn.Sequential(*list(model.children())[:last])


def densenet() -> nn.Module:
    model = torchvision().models.DenseNet(growth_rate=2, block_config=(2, 3), num_init_features=4, bn_size=2)
    return model.features


def inverted() -> nn.Module:
    block = torchvision().models.mobilenetv2.InvertedResidual
    return nn.Sequential(conv(3, 4, stride=2), block(4, 4, 1, 3), block(4, 6, 2, 2), block(6, 6, 1, 2))


def vgg(widths: list) -> nn.Module:
    return torchvision().models.vgg.make_layers(widths, batch_norm=True)


def fire(*widths: int) -> nn.Module:
    return torchvision().models.squeezenet.Fire(*widths)


MODELS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "ResNet, basic blocks": (lambda: features(resnet()), (3, 45, 38)),
    "ResNet-18, its first stages": (lambda: features(torchvision().models.resnet18(), -5), (3, 40, 33)),
    "ResNet-18 to its last number": (lambda: torchvision().models.resnet18(), (3, 32, 32)),
    "ResNet, bottlenecks, dilated": (
        lambda: features(
            resnet(
                block=torchvision().models.resnet.Bottleneck,
                replace_stride_with_dilation=[False, True, True],
                groups=2,
                width_per_group=8,
            )
        ),
        (3, 33, 32),
    ),
    "VGG with batch norm": (lambda: vgg([3, "M", 5, 4, "M", 6, "M"]), (3, 37, 32)),
    "VGG with batch norm, widths as published": (lambda: vgg([64, "M", 128, "M", 256, 256, "M"]), (3, 17, 24)),
    "DenseNet, two blocks": (densenet, (3, 40, 37)),
    "MobileNetV2's blocks": (inverted, (3, 21, 20)),
    "SqueezeNet's fires": (lambda: nn.Sequential(conv(3, 4), fire(4, 2, 3, 2), fire(5, 3, 2, 2)), (3, 20, 21)),
}


@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
@pytest.mark.parametrize("name", MODELS)
def test_channel_counts_are_the_gradient_of_the_module_with_weights_of_one(name: str) -> None:
    build, size = MODELS[name]
    graph = traced(build(), size).graph()
    x = torch.zeros(1, *size, dtype=torch.float64, requires_grad=True)
    y = of_ones(build())(x)
    unit = tuple(side // 2 for side in graph.output.size)
    for at in (None, unit):
        ends = y if at is None else y[(..., *at)] if y.dim() == 4 else y
        (found,) = torch.autograd.grad(ends.sum(), x, retain_graph=True)
        assert_close(path_counts(graph, at, channels=True).array(), found.sum((0, 1)), f"unit {at}")
