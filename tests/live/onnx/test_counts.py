"""What is exported and read again has the counts of the module itself, traced: both of PyTorch's exporters."""

import io
import warnings
from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # the name all PyTorch code uses
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper
from torch import nn

from core.design.traced import module_design
from core.exact.gates import with_gates
from core.exact.paths import path_counts
from core.live.sources.zoo import zoo_model
from tests.live.onnx.files import counted, exported, file_of, opened


def assert_alike(
    module: nn.Module, size: tuple[int, ...], newer: bool = False, opset: int = 17, gates: bool = True
) -> None:
    """Spatial counts, counts through channels, and both with gates."""
    torch.manual_seed(0)
    one = opened(exported(module, size, newer, opset), "net.onnx").up_to("output").graph
    other = module_design(module, size).graph
    assert (one.output.size, one.output.channels) == (other.output.size, other.output.channels)
    for channels in (False, True):
        assert path_counts(one, None, channels).array().tolist() == path_counts(other, None, channels).array().tolist()
    if gates:
        first, second = (path_counts(with_gates(graph)).array() for graph in (one, other))
        assert first.tolist() == second.tolist()


class Attending(nn.Module):
    """A small transformer of images: patches, a class token, places, heads, a dense layer, an image."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.token = nn.Parameter(torch.zeros(1, 1, 8))
        self.place = nn.Parameter(torch.randn(1, 10, 8))
        self.norm = nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24)
        self.dense = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place
        batch, length, channels = x.shape
        query, key, value = self.qkv(self.norm(x)).reshape(batch, length, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
        x = x + F.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(batch, length, channels)
        x = x + self.dense(self.norm(x))
        return x[:, 1:].transpose(1, 2).reshape(batch, channels, 3, 3)


class Causal(nn.Module):
    """Attention along time with a mask, written out."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Conv1d(4, 12, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        query, key, value = self.qkv(x).transpose(1, 2).chunk(3, -1)
        hidden = torch.ones(x.shape[2], x.shape[2], dtype=torch.bool, device=x.device).triu(1)
        weights = (query @ key.transpose(1, 2) / 2).masked_fill(hidden, float("-inf")).softmax(-1)
        return (weights @ value).transpose(1, 2)


class Gated(nn.Module):
    """Squeeze and excitation, a shuffle of pixels, a gated unit, and groups that are normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.GroupNorm(2, 8), nn.SiLU())
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 8, 1), nn.Sigmoid())
        self.end = nn.Sequential(
            nn.Conv2d(8, 8, 3, padding=1), nn.GLU(1), nn.PixelShuffle(2), nn.InstanceNorm2d(1, affine=True)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.body(x)
        result: torch.Tensor = self.end(F.pad(x * self.gate(x), (1, 0, 1, 2), "reflect"))
        return result


MODULES: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "attention beside a token": (Attending, (3, 12, 12)),
    "causal attention": (Causal, (4, 7)),
    "gates": (Gated, (3, 12, 12)),
    "activations": (
        lambda: nn.Sequential(nn.Conv2d(1, 4, 3), *(a() for a in (nn.SiLU, nn.GELU, nn.Mish, nn.Hardswish, nn.PReLU))),
        (1, 8, 8),
    ),
    "another GELU": (lambda: nn.Sequential(nn.Conv2d(1, 4, 3), nn.GELU(approximate="tanh")), (1, 8, 8)),
    "along time": (
        lambda: nn.Sequential(nn.Conv1d(2, 4, 3, dilation=2), nn.MaxPool1d(3, 2, 1), nn.ConvTranspose1d(4, 2, 4, 2, 1)),
        (2, 24),
    ),
    "resized": (
        lambda: nn.Sequential(
            nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, 3), nn.Upsample(scale_factor=1.5, mode="bilinear"),
            nn.Upsample((7, 9), mode="bicubic", align_corners=True),
        ),
        (1, 6, 5),
    ),
    "pools": (
        lambda: nn.Sequential(
            nn.MaxPool2d(3, 2, ceil_mode=True), nn.AvgPool2d(3, 1, 1),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 5),
        ),
        (3, 14, 14),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_counted_alike(name: str) -> None:
    make, size = MODULES[name]
    assert_alike(make(), size)


@pytest.mark.parametrize("name", ["attention beside a token", "gates"])
def test_the_newer_exporter_writes_the_same(name: str) -> None:
    make, size = MODULES[name]
    assert_alike(make(), size, newer=True)


@pytest.mark.parametrize("opset", [11, 13, 16])
def test_layer_norms_that_are_written_out_are_found(opset: int) -> None:
    class Rows(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm = nn.Sequential(nn.LayerNorm(3), nn.Linear(3, 4), nn.GELU())

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            result: torch.Tensor = self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
            return result

    assert_alike(Rows(), (3, 5, 4), opset=opset)


@st.composite
def sequences(draw: st.DrawFn) -> tuple[nn.Module, tuple[int, ...]]:
    """Layers in a row that fit an input of 2x17x18."""
    layers: list[nn.Module] = []
    channels, sides = 2, (17, 18)
    for _ in range(draw(st.integers(1, 5))):
        kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 2))
        pad, dilation = draw(st.integers(0, kernel // 2)), draw(st.integers(1, 2))
        groups, mode = draw(st.sampled_from([1, channels])), draw(st.sampled_from(["zeros", "reflect", "replicate"]))
        layer = draw(
            st.sampled_from(
                [
                    nn.Conv2d(channels, 2 * channels, kernel, stride, pad, dilation, groups, padding_mode=mode),
                    nn.ConvTranspose2d(channels, channels, kernel, stride, pad, stride - 1, groups),
                    nn.MaxPool2d(kernel, stride, pad, ceil_mode=kernel >= stride and not pad and draw(st.booleans())),
                    nn.AvgPool2d(kernel, stride, pad),
                    nn.Sequential(nn.BatchNorm2d(channels), nn.Hardswish()),
                    nn.Upsample(scale_factor=2, mode=draw(st.sampled_from(["nearest", "bilinear"]))),
                    nn.ZeroPad2d(draw(st.tuples(*[st.integers(0, 2)] * 4))),
                ]
            )
        )
        try:
            result = nn.Sequential(*layers, layer).eval()(torch.zeros(1, 2, *sides))
        except (RuntimeError, ValueError):
            continue
        if not 1 < result[0, 0].numel() < 5000 or result.shape[1] > 16:
            continue
        layers.append(layer)
        channels = result.shape[1]
    return nn.Sequential(*(layers or [nn.Identity(), nn.ReLU()])), (2, *sides)


@given(sequences())
@settings(max_examples=12, deadline=None)
def test_layers_in_a_row_are_counted_alike(drawn: tuple[nn.Module, tuple[int, ...]]) -> None:
    assert_alike(*drawn, gates=False)


@pytest.mark.parametrize("name", ["torchvision:squeezenet1_1", "timm:mobilenetv3_small_050"])
def test_models_of_the_zoo_are_counted_alike(name: str) -> None:
    assert_alike(zoo_model(name).real(), (3, 64, 64))


def test_open_sides_are_bound_by_the_input() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.Upsample(scale_factor=2), nn.Conv2d(4, 1, 3))
    file = io.BytesIO()
    sides = {"x": {0: "n", 2: "height", 3: "width"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, (torch.zeros(1, 3, 32, 32),), file, dynamo=False, input_names=["x"], dynamic_axes=sides
        )
    graph = opened(file.getvalue(), "net.onnx@20x26").graph
    assert path_counts(graph).array().tolist() == path_counts(module_design(module, (3, 20, 26)).graph).array().tolist()


def test_channels_that_come_last_are_moved_as_the_file_does() -> None:
    nodes = [
        helper.make_node("Transpose", ["x"], ["a"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["a", "w"], ["y"], strides=[2, 2]),
    ]
    weights = {"w": np.ones((4, 3, 3, 3), np.float32)}
    design = opened(file_of(nodes, (1, 9, 7, 3), weights))
    assert (design.graph.input.channels, design.graph.input.size) == (3, (9, 7))
    assert design.graph.output.size == (4, 3)


def test_a_sound_without_channels_is_one_of_one_channel() -> None:
    nodes = [
        helper.make_node("Unsqueeze", ["x", "one"], ["a"]),
        helper.make_node("Conv", ["a", "w"], ["y"], strides=[2]),
    ]
    data = file_of(nodes, (1, "time"), {"w": np.ones((4, 1, 4), np.float32), "one": np.array([1])})
    assert opened(data, "net.onnx@10").graph.input.size == (10,)
    assert path_counts(opened(data, "net.onnx@10").graph).array().tolist() == [1, 1, 2, 2, 2, 2, 2, 2, 1, 1]


def test_several_outputs_are_stages_by_their_names() -> None:
    window = {"kernel_shape": [2, 2], "strides": [2, 2]}
    nodes = [
        helper.make_node("MaxPool", ["x"], ["fine"], name="pool", **window),
        helper.make_node("MaxPool", ["fine"], ["coarse"], name="again", **window),
    ]
    data = file_of(nodes, (1, 1, 8, 8), outputs=("coarse", "fine"))
    assert opened(data, "net.onnx#coarse").graph.output.size == (2, 2)
    assert opened(data, "net.onnx#fine").graph.output.size == (4, 4)


@pytest.mark.parametrize(
    ("operator", "inputs", "attributes"),
    [
        ("Einsum", ["x"], {"equation": "bchw->bchw"}),
        ("GroupNormalization", ["x", "s", "s"], {"num_groups": 2}),
        ("LpNormalization", ["x"], {"axis": 2}),
        ("QuantizeLinear", ["x", "q", "z"], {}),
        ("DequantizeLinear", ["x", "q"], {}),
        ("ThresholdedRelu", ["x"], {}),
        ("Shrink", ["x"], {}),
        ("RMSNormalization", ["x", "r"], {"axis": -1}),
    ],
)
def test_what_no_exporter_above_writes_is_read(operator: str, inputs: list[str], attributes: dict[str, object]) -> None:
    constants = {
        "w": np.ones((2, 2), np.float32), "s": np.ones(2, np.float32), "q": np.float32(0.1), "z": np.uint8(3),
        "r": np.ones(4, np.float32),
    }  # fmt: skip
    made = helper.make_node(operator, inputs, ["y"], name="it", **attributes)
    design = opened(file_of([made], (1, 2, 4, 4), constants, 23 if operator == "RMSNormalization" else 21))
    assert design.graph.output.size == (4, 4)
    assert set(counted(file_of([made], (1, 2, 4, 4), constants, 23 if operator[0] == "R" else 21)).flat) == {1}


def test_attention_of_opset_23_reads_every_key_through_its_value() -> None:
    nodes = [
        helper.make_node("Transpose", ["x"], ["rows"], perm=[0, 2, 1]),
        helper.make_node("Attention", ["rows", "rows", "rows"], ["read"], q_num_heads=2, kv_num_heads=2, is_causal=1),
        helper.make_node("Transpose", ["read"], ["y"], perm=[0, 2, 1]),
    ]
    data = file_of(nodes, (1, 4, 5), opset=23)
    assert counted(data).tolist() == [5, 4, 3, 2, 1]
