"""Every operator with a squared twin, applied to small tensors: each ``Map`` among its arguments takes a turn.

Positionwise operators are given one dimension, where nothing is averaged and the twin is exact.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812


@dataclass(frozen=True)
class Map:
    """A tensor that depends on the input, its values drawn between two bounds."""

    shape: tuple[int, ...]
    low: float = -1.0
    high: float = 1.0

    def drawn(self, seed: int) -> torch.Tensor:
        generator = torch.Generator().manual_seed(seed)
        unit = torch.rand(self.shape, generator=generator, dtype=torch.float64)
        return self.low + (self.high - self.low) * unit


@dataclass(frozen=True)
class Case:
    """``average``: the operator whose Jacobian holds the shares, where the twin takes an expectation over data."""

    operator: str
    args: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)
    average: Any = None


def constant(*shape: int) -> torch.Tensor:
    return Map(shape).drawn(99)


X = Map((1, 4, 5, 6))
LINE = Map((1, 3, 7))
VOLUME = Map((1, 2, 4, 5, 3))
ROW = Map((6,))
POSITIVE = Map((6,), 0.5, 2.0)


def _case(operator: str, *args: Any, average: Any = None, **options: Any) -> Case:
    return Case(operator, args, options, average)


def _plain_average(**options: Any) -> Any:
    return lambda x: F.avg_pool2d(x, count_include_pad=False, **options)


def _dilated(x: torch.Tensor) -> torch.Tensor:
    """The average of the samples that a 2 by 3 window with dilation 2 by 1 and stride 1 by 2 sees."""
    ones = torch.ones(4, 1, 2, 3, dtype=torch.float64)
    windows = {"stride": (1, 2), "padding": (1, 1), "dilation": (2, 1), "groups": 4}
    return F.conv2d(x, ones, **windows) / F.conv2d(torch.ones_like(x), ones, **windows)


REARRANGING = (
    _case("view.default", X, [1, 2, 60]),
    _case("_unsafe_view.default", X, [4, 30]),
    _case("_reshape_alias.default", ROW, [2, 3], [3, 1]),
    _case("squeeze.default", X),
    _case("squeeze.dim", X, 0),
    _case("squeeze.dims", X, [0]),
    _case("unsqueeze.default", ROW, 1),
    _case("permute.default", X, [0, 2, 3, 1]),
    _case("transpose.int", X, 1, 3),
    _case("t.default", Map((2, 3))),
    _case("expand.default", Map((2, 1, 3)), [2, 4, 3]),
    _case("repeat.default", Map((2, 3)), [2, 2]),
    _case("slice.Tensor", X, 3, 1, 6, 2),
    _case("select.int", X, 1, 2),
    _case("unbind.int", Map((2, 3)), 1),
    _case("split.Tensor", Map((2, 7)), 3, 1),
    _case("split_with_sizes.default", Map((2, 7)), [2, 5], 1),
    _case("index_select.default", Map((2, 4)), 1, torch.tensor([3, 0, 3])),
    _case("index.Tensor", Map((4, 3)), [torch.tensor([0, 2, 2])]),
    _case("gather.default", Map((2, 4)), 1, torch.tensor([[0, 0], [3, 1]])),
    _case("roll.default", Map((2, 5)), [2], [1]),
    _case("flip.default", Map((2, 5)), [0, 1]),
    _case("clone.default", ROW),
    _case("alias.default", ROW),
    _case("_to_copy.default", ROW, dtype=torch.float64),
    _case("constant_pad_nd.default", X, [1, 0, -1, 2], 3.0),
    _case("reflection_pad1d.default", LINE, [2, 1]),
    _case("reflection_pad2d.default", X, [2, 1, 0, 3]),
    _case("replication_pad1d.default", LINE, [2, 1]),
    _case("replication_pad2d.default", X, [2, 1, 0, 3]),
    _case("reflection_pad3d.default", VOLUME, [2, 1, 0, 3, 1, 2]),
    _case("replication_pad3d.default", VOLUME, [2, 1, 0, 3, 1, 2]),
    _case("pixel_shuffle.default", X, 2),
    _case("pixel_unshuffle.default", Map((1, 2, 4, 6)), 2),
    _case("channel_shuffle.default", X, 2),
    _case("upsample_nearest1d.default", LINE, [14]),
    _case("upsample_nearest2d.default", X, [10, 9]),
    _case("_upsample_nearest_exact2d.default", X, [8, 9]),
    _case("_upsample_nearest_exact1d.default", LINE, [12]),
    _case("upsample_nearest3d.default", VOLUME, [7, 5, 6]),
    _case("_upsample_nearest_exact3d.default", VOLUME, [7, 5, 6]),
    _case("sum.default", X),
    _case("sum.dim_IntList", X, [2, 3], True),
    _case("unfold.default", Map((2, 7)), 1, 3, 2),
    _case("im2col.default", X, [3, 2], [1, 1], [1, 0], [2, 1]),
    _case("tril.default", Map((3, 4))),
    _case("triu.default", Map((3, 4)), 1),
    _case("cat.default", [Map((1, 2, 3)), constant(1, 1, 3), Map((1, 4, 3))], 1),
    _case("cat.default", [Map((2, 3)), Map((2, 1))], -1),
    _case("stack.default", [Map((2, 3)), Map((2, 3))], 1),
    _case("stack.default", [Map((2, 3)), constant(2, 3)], -1),
    _case("copy_.default", constant(2, 4, 3), Map((4, 1))),
)
SUMS = (
    _case("add.Tensor", X, Map((4, 1, 6)), alpha=-3),
    _case("add_.Tensor", X, Map((1, 4, 1, 1))),
    _case("sub.Tensor", Map((5, 1)), Map((4,)), alpha=2),
    _case("sub_.Tensor", Map((2, 3)), 2.0),
    _case("rsub.Tensor", Map((2, 3)), Map((3,)), alpha=2),
    _case("mean.default", X),
    _case("mean.dim", X, [-1, 2], True),
    _case("mean.dim", X, [1]),
    _case("mean.dim", LINE, None),
    _case("avg_pool1d.default", LINE, [3], [2], [1], True, True),
    _case("avg_pool2d.default", X, [3, 2], [2, 1], [1, 1]),
    _case("avg_pool2d.default", X, [3, 3], [2, 2], [1, 1], True, False),
    _case("avg_pool2d.default", X, [2, 2], [], [0, 0], True, True),
    _case("avg_pool2d.default", X, [2, 2], [], [0, 0], False, True, 3),
    _case("_adaptive_avg_pool2d.default", X, [3, 4]),
    _case("avg_pool3d.default", VOLUME, [3, 2, 2], [2, 1, 1], [1, 1, 0]),
    _case("_adaptive_avg_pool3d.default", VOLUME, [3, 4, 2]),
    _case("upsample_linear1d.default", LINE, [12], False),
    _case("upsample_linear1d.default", LINE, [14], False, 2.0),
    _case("upsample_bilinear2d.default", X, [10, 9], False),
    _case("upsample_bilinear2d.default", X, [7, 13], True),
    _case("upsample_bilinear2d.default", X, [10, 12], False, 2.0, 2.0),
    _case("upsample_bicubic2d.default", X, [8, 9], False),
    _case("upsample_trilinear3d.default", VOLUME, [7, 5, 6], False),
    _case("_upsample_bilinear2d_aa.default", X, [3, 4], False),
    _case("_upsample_bicubic2d_aa.default", X, [3, 9], False),
)
WINDOWS = (
    _case("convolution.default", X, Map((6, 2, 3, 2)), Map((6,)), [2, 1], [1, 0], [1, 2], False, [0, 0], 2),
    _case("convolution.default", Map((1, 4, 3, 2)), Map((4, 3, 2, 3)), None, [2, 1], [1, 0], [1, 1], True, [1, 0], 1),
    _case("convolution.default", LINE, Map((2, 3, 3)), None, [1], [1], [2], False, [0], 1),
    _case("max_pool2d_with_indices.default", X, [3, 3], [2, 2], [1, 1],
          average=_plain_average(kernel_size=3, stride=2, padding=1)),
    _case("max_pool2d_with_indices.default", X, [2, 2], [], [0, 0], [1, 1], True,
          average=_plain_average(kernel_size=2, ceil_mode=True)),
    _case("max_pool2d_with_indices.default", X, [2, 3], [1, 2], [1, 1], [2, 1], average=_dilated),
    _case("max_pool3d_with_indices.default", VOLUME, [2, 3, 2], [2, 1, 1], [1, 1, 0],
          average=lambda x: F.avg_pool3d(x, (2, 3, 2), (2, 1, 1), (1, 1, 0), count_include_pad=False)),
    _case("adaptive_max_pool3d.default", VOLUME, [3, 4, 2], average=lambda x: F.adaptive_avg_pool3d(x, (3, 4, 2))),
    _case("adaptive_max_pool2d.default", X, [3, 4], average=lambda x: F.adaptive_avg_pool2d(x, (3, 4))),
    _case("amax.default", X, [2, 3], average=lambda x: x.mean((2, 3))),
    _case("amin.default", ROW, average=lambda x: x.mean()),
    _case("max.dim", X, 1, True, average=lambda x: x.mean(1, keepdim=True)),
    _case("min.dim", X, -1, average=lambda x: x.mean(-1)),
)  # fmt: skip
MIXING = (
    _case("mm.default", Map((2, 3)), Map((3, 4))),
    _case("mm.default", Map((2, 3)), constant(3, 4)),
    _case("bmm.default", Map((2, 2, 3)), Map((2, 3, 4))),
    _case("addmm.default", Map((4,)), Map((2, 3)), Map((3, 4)), beta=2, alpha=3),
    _case("baddbmm.default", Map((2, 2, 4)), Map((2, 2, 3)), Map((2, 3, 4))),
    _case("native_batch_norm.default", X, constant(4), constant(4), constant(4), constant(4).abs(), False, 0.1, 1e-3),
    _case("native_batch_norm.default", Map((2, 3, 4)), constant(3), None, None, None, True, 0.1, 1e-3),
    _case("_native_batch_norm_legit_no_training.default", X, None, None, constant(4), constant(4).abs(), 0.1, 1e-3),
    _case("_native_batch_norm_legit.no_stats", X, constant(4), None, True, 0.1, 1e-3),
    _case("native_layer_norm.default", Map((1, 2, 3, 4)), [3, 4], constant(3, 4), constant(3, 4), 1e-3),
    _case("native_layer_norm.default", Map((3, 4)), [4], None, None, 1e-3),
    _case("native_group_norm.default", Map((2, 4, 3)), constant(4), constant(4), 2, 4, 3, 2, 1e-3),
    _case("native_group_norm.default", Map((2, 4, 3)), None, None, 2, 4, 3, 1, 1e-3),
    _case("_softmax.default", Map((2, 3, 4)), 1, False),
    _case("_safe_softmax.default", Map((2, 3, 4)), -1),
)
POSITIONWISE = (
    *(_case(f"{name}.{kind}", ROW) for name in (
        "relu", "gelu", "silu", "sigmoid", "tanh", "hardswish", "hardsigmoid", "hardtanh", "leaky_relu", "elu", "celu",
        "softplus", "mish", "softshrink", "hardshrink", "neg", "abs", "square", "exp", "sin", "cos", "erf",
    ) for kind in ("default",)),
    *(_case(f"{name}_.default", ROW) for name in (
        "relu", "silu", "sigmoid", "tanh", "hardswish", "hardsigmoid", "hardtanh", "leaky_relu", "elu", "mish", "neg",
    )),
    *(_case(f"{name}.default", POSITIVE) for name in ("log", "log1p", "sqrt", "rsqrt", "reciprocal")),
    *(_case(f"{name}{place}.Scalar", ROW, 3.0) for name in ("add", "sub", "mul", "div") for place in ("", "_")),
    _case("log_sigmoid_forward.default", ROW),
    _case("rsub.Scalar", ROW, 2.0),
    _case("pow.Tensor_Scalar", POSITIVE, 1.5),
    _case("pow_.Scalar", POSITIVE, 1.5),
    _case("clamp.default", ROW, -0.5, 0.3),
    _case("clamp_.default", ROW, -0.5, 0.3),
    _case("clamp_min.default", ROW, 0.1),
    _case("clamp_min_.default", ROW, 0.1),
    _case("clamp_max.default", ROW, 0.1),
    _case("threshold.default", ROW, 0.1, 0.0),
    _case("_prelu_kernel.default", ROW, constant(6)),
    _case("mul.Tensor", ROW, Map((6,))),
    _case("mul.Tensor", X, constant(4, 1, 6)),
    _case("mul.Tensor", constant(3, 1), Map((1, 4))),
    _case("mul_.Tensor", ROW, 3.0),
    _case("div.Tensor", ROW, POSITIVE),
    _case("div.Tensor", X, torch.tensor(2.0)),
    _case("div_.Tensor", ROW, POSITIVE),
    _case("maximum.default", ROW, constant(6)),
    _case("minimum.default", ROW, Map((6,))),
    _case("where.self", torch.tensor([True, False] * 3), ROW, Map((1,))),
    _case("addcmul.default", ROW, Map((6,)), Map((6,)), value=2),
    _case("lerp.Scalar", ROW, Map((6,)), 0.3),
    _case("lerp.Tensor", ROW, Map((6,)), Map((6,))),
    _case("glu.default", Map((2, 6)), 1),
    _case("var.correction", X, [2, 3], correction=1, keepdim=True),
    _case("std.correction", X, [1], correction=0),
    _case("linalg_vector_norm.default", X, 2, [1], True),
    _case("logsumexp.default", X, [1]),
    _case("prod.dim_int", X, 1),
)  # fmt: skip
CASES = (*REARRANGING, *SUMS, *WINDOWS, *MIXING, *POSITIONWISE)
