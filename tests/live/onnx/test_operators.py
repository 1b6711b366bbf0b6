"""Every operator by itself against ONNX's reference implementation, which is asked pixel by pixel."""

import numpy as np
import pytest
import torch
from onnx import NodeProto, helper
from onnx.reference import ReferenceEvaluator

from core.exact.paths import path_counts
from core.live.onnx.file import OnnxNode
from core.live.onnx.module import SPELLINGS
from core.live.onnx.spelling import OnnxCall, Value
from tests.live.onnx.files import counted, file_of, opened, outputs_changed

ONE = {"w": np.ones((1, 1, 3, 3), np.float32)}


def node(operator: str, *inputs: str, **attributes: object) -> NodeProto:
    return helper.make_node(operator, ["x", *inputs], ["y"], name=operator, **attributes)


def whole(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def some(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


Case = tuple[NodeProto, dict[str, np.ndarray], tuple[int, ...], int]


def case(
    made: NodeProto, constants: dict[str, np.ndarray] | None = None, size: tuple[int, ...] = (1, 7, 8), opset: int = 18
) -> Case:
    return made, constants or {}, size, opset


CASES = {
    "convolution": case(node("Conv", "w", pads=[1, 1, 1, 1], strides=[2, 2]), ONE),
    "dilated, padded on one side": case(node("Conv", "w", pads=[0, 2, 1, 0], dilations=[2, 1]), ONE),
    "same, an odd sample after": case(node("Conv", "w", auto_pad="SAME_UPPER", strides=[2, 2]), ONE),
    "same, an odd sample before": case(node("Conv", "w", auto_pad="SAME_LOWER", strides=[2, 2]), ONE),
    "valid": case(node("Conv", "w", auto_pad="VALID", strides=[2, 3]), ONE),
    "in 1-D": case(node("Conv", "w", pads=[2, 0]), {"w": np.ones((2, 3, 3), np.float32)}, (3, 9)),
    "transposed": case(node("ConvTranspose", "w", strides=[2, 2], pads=[1, 1, 1, 1]), ONE),
    "transposed, cropped on one side": case(node("ConvTranspose", "w", strides=[2, 2], pads=[0, 1, 1, 0]), ONE),
    "transposed, more after": case(node("ConvTranspose", "w", strides=[2, 2], output_padding=[1, 1]), ONE),
    "transposed, dilated": case(node("ConvTranspose", "w", strides=[3, 3], dilations=[2, 2]), ONE),
    "largest": case(node("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])),
    "largest, ceil": case(node("MaxPool", kernel_shape=[2, 3], strides=[2, 3], ceil_mode=1)),
    "largest, padded on one side": case(node("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[0, 0, 1, 1])),
    "largest, same": case(node("MaxPool", kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")),
    "largest, stride 1 unless stated": case(node("MaxPool", kernel_shape=[2, 2])),
    "largest, dilated": case(node("MaxPool", kernel_shape=[2, 2], dilations=[2, 3])),
    "average": case(node("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])),
    "average, padding counted": case(node("AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)),
    "average, padded on one side": case(node("AveragePool", kernel_shape=[2, 2], pads=[1, 0, 0, 1])),
    "average of all": case(node("GlobalAveragePool")),
    "largest of all": case(node("GlobalMaxPool")),
    "mean along an axis": case(node("ReduceMean", "a"), {"a": whole(3)}),
    "sum along both": case(node("ReduceSum", "a", keepdims=1), {"a": whole(2, 3)}),
    "largest along an axis": case(node("ReduceMax", "a"), {"a": whole(-2)}),
    "length along an axis": case(node("ReduceL2", "a"), {"a": whole(-2)}),
    "sum of sizes": case(node("ReduceL1", "a"), {"a": whole(-2)}),
    "sum of squares": case(node("ReduceSumSquare", "a"), {"a": whole(-2)}),
    "log of a sum": case(node("ReduceLogSum", "a"), {"a": whole(-2)}),
    "product along an axis": case(node("ReduceProd", "a"), {"a": whole(-1)}),
    "zeros around": case(node("Pad", "p"), {"p": whole(0, 0, 1, 2, 0, 0, 3, 0)}),
    "zeros along named axes": case(node("Pad", "p", "", "a"), {"p": whole(2, 1), "a": whole(-1)}),
    "mirrored": case(node("Pad", "p", mode="reflect"), {"p": whole(0, 0, 2, 1, 0, 0, 3, 2)}),
    "the last sample": case(node("Pad", "p", mode="edge"), {"p": whole(0, 0, 2, 1, 0, 0, 0, 2)}),
    "around": case(node("Pad", "p", mode="wrap"), {"p": whole(0, 0, 2, 1, 0, 0, 3, 2)}, opset=19),
    "every second, backwards": case(
        node("Slice", "s", "e", "a", "t"), {"s": whole(-1), "e": whole(-(2**31)), "a": whole(2), "t": whole(-2)}
    ),
    "a part of both axes": case(
        node("Slice", "s", "e", "a"), {"s": whole(1, 2), "e": whole(2**62, -1), "a": whole(2, 3)}
    ),
    "one row": case(node("Gather", "i", axis=2), {"i": whole(3)}),
    "rows in another order": case(node("Gather", "i", axis=2), {"i": whole(3, 0, -1, 1)}),
    "blocks to channels": case(node("SpaceToDepth", blocksize=2), size=(3, 4, 6)),
    "channels to blocks": case(node("DepthToSpace", blocksize=2), size=(8, 3, 2)),
    "channels to blocks, channels first": case(node("DepthToSpace", blocksize=2, mode="CRD"), size=(8, 3, 2)),
    "twice as large": case(
        node("Resize", "", "s", mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
        {"s": some(1, 1, 2, 3)},
    ),
    "nearest of halves": case(node("Resize", "", "s", mode="nearest"), {"s": some(1, 1, 2, 2)}),
    "nearest of thirds": case(node("Resize", "", "s", mode="nearest", nearest_mode="ceil"), {"s": some(1, 1, 1.5, 3)}),
    "nearest to a size": case(node("Resize", "", "", "s", mode="nearest"), {"s": whole(1, 1, 5, 11)}),
    "nearest, corners aligned": case(
        node("Resize", "", "", "s", mode="nearest", coordinate_transformation_mode="align_corners"),
        {"s": whole(1, 1, 5, 11)},
    ),
    "softmax": case(node("Softmax", axis=3)),
    "sizes told once": case(node("Identity")),
}  # fmt: skip

RESIZED = {  # at the border one sample may be read twice, as it stands for those outside
    "linear": (node("Resize", "", "s", mode="linear"), {"s": some(1, 1, 2, 2)}),
    "linear to a size": (node("Resize", "", "", "s", mode="linear"), {"s": whole(1, 1, 20, 5)}),
    "linear, corners aligned": (
        node("Resize", "", "", "s", mode="linear", coordinate_transformation_mode="align_corners"),
        {"s": whole(1, 1, 19, 21)},
    ),
    "cubic": (node("Resize", "", "", "s", mode="cubic"), {"s": whole(1, 1, 20, 22)}),
}

POINTWISE = {
    **dict.fromkeys(
        (
            *(
                "Abs",
                "Ceil",
                "Erf",
                "Exp",
                "Floor",
                "Neg",
                "Reciprocal",
                "Relu",
                "Round",
                "Sigmoid",
                "Sin",
                "Cos",
                "Sqrt",
            ),
            *(
                "Tan",
                "Tanh",
                "Log",
                "Softsign",
                "HardSwish",
                "LeakyRelu",
                "Elu",
                "Selu",
                "Celu",
                "Gelu",
                "Atan",
                "Mish",
            ),
            *("HardSigmoid", "Dropout", "Asinh", "Acosh", "Sinh", "Cosh", "Asin", "Acos", "Atanh", "Softplus"),
        ),
        (),
    ),
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean", "PRelu", "Mod"), ("one",)),
}


@pytest.mark.parametrize("name", CASES)
def test_an_operator_reads_what_the_reference_reads(name: str) -> None:
    made, constants, size, opset = CASES[name]
    data = file_of([made], (1, *size), constants, opset)
    assert counted(data).tolist() == outputs_changed(data, size).tolist()


@pytest.mark.parametrize("name", RESIZED)
def test_an_interpolation_reads_what_the_reference_reads_away_from_the_border(name: str) -> None:
    made, constants = RESIZED[name]
    data = file_of([made], (1, 1, 10, 11), constants)
    inside = np.s_[3:-3, 3:-3]
    assert counted(data)[inside].tolist() == outputs_changed(data, (1, 10, 11))[inside].tolist()


def test_a_least_value_reads_every_entry() -> None:
    data = file_of([node("ReduceMin", "a")], (1, 1, 3, 4), {"a": whole(-1)})
    assert opened(data).graph.output.size == (3, 1)
    assert set(counted(data).flat) == {1}


def test_less_than_no_padding_cuts_off() -> None:
    data = file_of([node("Pad", "p")], (1, 1, 3, 4), {"p": whole(0, 0, -1, 0, 0, 0, 1, -2)})
    assert counted(data).tolist() == [[0, 0, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0]]


def test_a_softmax_of_opset_12_runs_over_all_dimensions_from_its_axis_on() -> None:
    """2x3 positions make one line of six, each of which reads all; of opset 13, the three of a row."""
    line, row = (file_of([node("Softmax", axis=2)], (1, 1, 2, 3), opset=opset) for opset in (12, 13))
    assert set(counted(line).flat) == {6}
    assert set(counted(row).flat) == {2}


def test_channels_may_come_last_in_between() -> None:
    nodes = [
        helper.make_node("Transpose", ["x"], ["a"], perm=[0, 2, 3, 1]),
        helper.make_node("Transpose", ["a"], ["b"], perm=[0, 3, 1, 2]),
        helper.make_node("Slice", ["b", "one", "all", "two"], ["y"]),
    ]
    data = file_of(nodes, (1, 2, 3, 4), {"one": whole(1), "all": whole(9), "two": whole(2)})
    assert counted(data).tolist() == outputs_changed(data, (2, 3, 4)).tolist() == [[0] * 4, [1] * 4, [1] * 4]


def test_a_transposed_convolution_to_a_shape_is_cut_on_both_sides() -> None:
    """16 of (7 - 1) · 2 + 4 = 16 samples, and 14 of them, without the first and the last."""
    weights = {"w": np.ones((1, 1, 4), np.float32)}
    one = file_of([node("ConvTranspose", "w", strides=[2], output_shape=[14])], (1, 1, 7), weights)
    other = file_of([node("ConvTranspose", "w", strides=[2], pads=[1, 1])], (1, 1, 7), weights)
    assert counted(one).tolist() == counted(other).tolist() == [3, 4, 4, 4, 4, 4, 3]


@pytest.mark.parametrize("operator", POINTWISE)
def test_a_pointwise_operator_leaves_every_position_one_path(operator: str) -> None:
    attributes = {"fmod": 1} if operator == "Mod" else {}
    data = file_of([node(operator, *POINTWISE[operator], **attributes)], constants={"one": some(1)}, opset=20)
    design = opened(data, exact=False)
    if operator in ("Asinh", "Acosh", "Sinh", "Cosh", "Asin", "Acos", "Atanh", "Softsign", "Mod"):
        return  # whatever the tracer says of them, which has its own tests
    assert design.graph.output.size == (7, 7)
    assert set(counted(data).flat) == {1}


def test_channels_of_groups_and_of_a_concat_are_counted_apart() -> None:
    weights = {"w": np.ones((4, 1, 3, 3), np.float32)}
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1], group=2),
        helper.make_node("Concat", ["a", "x"], ["y"], axis=1),
    ]
    graph = opened(file_of(nodes, (1, 2, 5, 5), weights)).graph
    assert (graph.output.channels, graph.nodes[1].groups) == (6, 2)


def test_pieces_of_a_split_read_their_own_rows() -> None:
    nodes = [
        helper.make_node("Split", ["x", "sizes"], ["first", "rest"], axis=2),
        helper.make_node("Concat", ["rest", "first", "rest"], ["y"], axis=2),
    ]
    data = file_of(nodes, (1, 1, 5, 3), {"sizes": whole(2, 3)})
    assert counted(data).tolist() == [[1] * 3] * 2 + [[2] * 3] * 3
    assert counted(data).tolist() == outputs_changed(data, (1, 5, 3)).tolist()


def test_equal_pieces_of_a_split_leave_less_for_the_last() -> None:
    nodes = [
        helper.make_node("Split", ["x"], ["a", "b", "y"], axis=2, num_outputs=3),
    ]
    data = file_of(nodes, (1, 1, 5, 3))
    assert counted(data).tolist() == outputs_changed(data, (1, 5, 3)).tolist() == [[0] * 3] * 4 + [[1] * 3]


def test_shapes_are_worked_out_from_shapes() -> None:
    """Half the height and width by Shape, Slice, Mul, Cast and Concat, as exporters write sizes that are open."""
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Slice", ["shape", "two", "four"], ["sides"]),
        helper.make_node("Cast", ["sides"], ["real"], to=1),
        helper.make_node("Div", ["real", "half"], ["twice"]),
        helper.make_node("Floor", ["twice"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["wanted"], to=7),
        helper.make_node("Slice", ["shape", "nought", "two"], ["before"]),
        helper.make_node("Concat", ["before", "wanted"], ["size"], axis=0),
        helper.make_node("Resize", ["x", "", "", "size"], ["y"], mode="linear"),
    ]
    constants = {"two": whole(2), "four": whole(4), "nought": whole(0), "half": some(0.5)}
    data = file_of(nodes, (1, 3, "height", "width"), constants)
    assert opened(data, "net.onnx@6x9").graph.output.size == (12, 18)


GRID = np.arange(12, dtype=np.int64).reshape(3, 4) - 5
TRUE = GRID % 2 == 0
WORKED_OUT: dict[str, tuple[list[np.ndarray], dict[str, object]]] = {
    "And": ([TRUE, GRID > 0], {}),
    "ArgMax": ([GRID], {"axis": 1}),
    "ArgMin": ([GRID], {"axis": 0, "keepdims": 0}),
    "Cast": ([GRID / np.float32(2)], {"to": 7}),
    "CastLike": ([GRID, some(1)], {}),
    "Clip": ([GRID.astype(np.float32), np.float32(-2), np.float32(3)], {}),
    "Concat": ([GRID, GRID], {"axis": -1}),
    "ConstantOfShape": ([whole(2, 3)], {}),
    "CumSum": ([GRID, np.int64(1)], {}),
    "Div": ([GRID, whole(3)], {}),
    "Equal": ([GRID, whole(2)], {}),
    "Expand": ([GRID, whole(2, 1, 4)], {}),
    "Flatten": ([GRID.reshape(1, 3, 2, 2)], {"axis": 2}),
    "Gather": ([GRID, np.array([[0, -1], [2, 1]])], {"axis": 1}),
    "GatherElements": ([GRID, GRID % 3], {"axis": 0}),
    "GatherND": ([GRID, np.array([[0, 1], [2, 3]])], {}),
    "Greater": ([GRID, whole(2)], {}),
    "GreaterOrEqual": ([GRID, whole(2)], {}),
    "IsNaN": ([some(1, np.nan)], {}),
    "Less": ([GRID, whole(2)], {}),
    "LessOrEqual": ([GRID, whole(2)], {}),
    "LogSoftmax": ([GRID.astype(np.float32)], {"axis": 1}),
    "Mod": ([GRID, whole(3)], {}),
    "Not": ([TRUE], {}),
    "Or": ([TRUE, GRID > 0], {}),
    "Pow": ([GRID.astype(np.float32), some(2)], {}),
    "Range": ([np.int64(7), np.int64(-2), np.int64(-3)], {}),
    "ReduceLogSumExp": ([GRID.astype(np.float32), whole(0)], {}),
    "ReduceMin": ([GRID, whole(1)], {"keepdims": 0}),
    "Reshape": ([GRID, whole(0, -1, 2)], {}),
    "ScatterND": ([GRID, np.array([[0, 1], [2, 3]]), whole(70, 80)], {}),
    "Shape": ([GRID], {"start": 1}),
    "Sign": ([GRID.astype(np.float32)], {}),
    "Size": ([GRID], {}),
    "Squeeze": ([GRID.reshape(1, 3, 1, 4), whole(-2)], {}),
    "Tile": ([GRID, whole(2, 1)], {}),
    "Transpose": ([GRID], {"perm": [1, 0]}),
    "Trilu": ([GRID, np.int64(1)], {"upper": 0}),
    "Unsqueeze": ([GRID, whole(-1, 0)], {}),
    "Where": ([TRUE, GRID, whole(9)], {}),
    "Xor": ([TRUE, GRID > 0], {}),
}  # fmt: skip


@pytest.mark.parametrize("operator", WORKED_OUT)
def test_constants_are_worked_out_as_the_reference_does(operator: str) -> None:
    operands, attributes = WORKED_OUT[operator]
    names = [f"c{index}" for index in range(len(operands))]
    made = helper.make_node(operator, names, ["y"], **attributes)
    graph = helper.make_graph(
        [made],
        "constant",
        [
            helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(o.dtype), None)
            for n, o in zip(names, operands, strict=True)
        ],
        [helper.make_tensor_value_info("y", 1, None)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    (expected,) = ReferenceEvaluator(model).run(None, dict(zip(names, operands, strict=True)))
    read = OnnxNode(operator, operator, tuple(names), ("y",), attributes)
    values = [
        Value(torch.from_numpy(np.asarray(o)).to("meta"), True, torch.from_numpy(np.asarray(o))) for o in operands
    ]
    found = SPELLINGS[operator](OnnxCall(read, values, 18, real=True))
    assert isinstance(found, torch.Tensor)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)
    assert found.numpy().dtype == expected.dtype


NETWORKS = {  # in networks that PyTorch exports, or of several nodes (test_counts.py)
    "Activation", "Attention", "BatchNormalization", "DequantizeLinear", "Einsum", "Gemm", "GroupNormalization",
    "InstanceNormalization", "LayerNormalization", "LpNormalization", "MatMul", "QuantizeLinear", "RMSNormalization",
    "Shrink", "Split", "ThresholdedRelu",
}  # fmt: skip


@pytest.mark.parametrize(("mode", "read"), [("DCR", 1), ("CRD", 0)])
def test_blocks_first_or_channels_first_is_told_apart(mode: str, read: int) -> None:
    """Of eight channels the second is the input: of block (0, 0) if blocks come first, else of block (0, 1)."""
    nodes = [
        helper.make_node("Concat", ["one", "x", "six"], ["a"], axis=1),
        helper.make_node("DepthToSpace", ["a"], ["b"], blocksize=2, mode=mode),
        helper.make_node("MaxPool", ["b"], ["y"], kernel_shape=[1, 1], strides=[1, 2]),
    ]
    constants = {"one": np.zeros((1, 1, 3, 2), np.float32), "six": np.zeros((1, 6, 3, 2), np.float32)}
    data = file_of(nodes, (1, 1, 3, 2), constants)
    through = path_counts(opened(data).graph, None, channels=True).array()
    assert through.tolist() == outputs_changed(data, (1, 3, 2)).tolist() == [[read] * 2] * 3


def test_every_operator_has_a_case() -> None:
    tried = {made.op_type for made, *_ in (*CASES.values(), *RESIZED.values())} | set(POINTWISE) | set(WORKED_OUT)
    assert set(SPELLINGS) == tried | NETWORKS
