"""ONNX files made for tests, and what their outputs read by brute force: ONNX's own reference, pixel by pixel."""

import io
import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from torch import nn

from core.design.opening import design_of
from core.design.traced import TracedDesign
from core.exact.paths import path_counts
from core.live.onnx.model import named_file


def file_of(
    nodes: Sequence[NodeProto],
    size: Sequence[int | str | None] = (1, 1, 7, 7),
    constants: Mapping[str, np.ndarray] | None = None,
    opset: int = 18,
    outputs: Sequence[str] = ("y",),
) -> bytes:
    """The bytes of a network from ``x``, of ``size`` with its batch, to ``outputs``."""
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(size))],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(array, name) for name, array in (constants or {}).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    data: bytes = model.SerializeToString()
    return data


def two_scales() -> bytes:
    """A network that goes down to half the sides, which are left open, and up again beside what it had."""
    pads, three = [1, 1, 1, 1], np.ones((4, 3, 3, 3), np.float32)
    nodes = [
        helper.make_node("Conv", ["x", "first"], ["a"], name="/down/conv/Conv", pads=pads),
        helper.make_node("Relu", ["a"], ["b"], name="/down/relu/Relu"),
        helper.make_node("MaxPool", ["b"], ["c"], name="/pool/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("ConvTranspose", ["c", "up"], ["d"], name="/up/ConvTranspose", strides=[2, 2]),
        helper.make_node("Concat", ["b", "d"], ["e"], name="/join/Concat", axis=1),
        helper.make_node("Conv", ["e", "last"], ["y"], name="/head/Conv"),
    ]
    constants = {"first": three, "up": np.ones((4, 2, 3, 3), np.float32)[..., :2, :2],
                 "last": np.ones((1, 6, 1, 1), np.float32)}  # fmt: skip
    return file_of(nodes, ("batch", 3, "height", "width"), constants)


def opened(data: bytes, text: str = "net.onnx", exact: bool = True) -> TracedDesign:
    """The design of a file."""
    design = design_of(text, exact, files={"net.onnx": named_file("net.onnx", data)})
    assert isinstance(design, TracedDesign)
    return design


def counted(data: bytes, stage: str = "output") -> np.ndarray:
    """Paths from every pixel to all outputs."""
    return path_counts(opened(data).up_to(stage).graph).array()


def outputs_changed(data: bytes, size: Sequence[int]) -> np.ndarray:
    """For every pixel, how many output positions change with it: what a single operator reads, by brute force.

    ``size``: channels, then the axes. The pixel is raised far above all others, in all channels at once.
    """
    network = ReferenceEvaluator(data)
    plain = np.random.default_rng(0).uniform(0.5, 1.0, (1, *size)).astype(np.float32)
    before = network.run(None, {"x": plain})[0]
    counts = np.zeros(size[1:], dtype=object)
    for pixel in np.ndindex(*size[1:]):
        raised = plain.copy()
        raised[(slice(None), slice(None), *pixel)] += 1000
        changed = network.run(None, {"x": raised})[0] != before
        counts[pixel] = int(changed.any(axis=(0, 1)).sum())
    return counts


def exported(module: nn.Module, size: Sequence[int], newer: bool = False, opset: int = 17) -> bytes:
    """What PyTorch's exporters make of a module, the older or the newer one."""
    example = torch.randn(1, *size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if newer:
            program = torch.onnx.export(module.eval(), (example,), dynamo=True, verbose=False)
            assert program is not None
            data: bytes = program.model_proto.SerializeToString()
            return data
        file = io.BytesIO()
        torch.onnx.export(module.eval(), (example,), file, dynamo=False, opset_version=opset)
    return file.getvalue()
