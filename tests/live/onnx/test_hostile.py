"""Files that are broken or made to do harm: one line, little time and memory, and nothing opened or run."""

import time
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pytest
from onnx import ModelProto, NodeProto, TensorProto, helper

from core.errors import UserError
from core.live.onnx import wire
from tests.live.onnx.files import counted, file_of, opened


def relu(source: str = "x", result: str = "y", name: str = "") -> NodeProto:
    return helper.make_node("Relu", [source], [result], name=name)


def refused(data: bytes) -> str:
    """The one line that a file is refused with; quickly."""
    begun = time.process_time()
    with pytest.raises(UserError) as error:
        opened(data)
    assert time.process_time() - begun < 4
    message = str(error.value)
    assert "net.onnx" in message
    assert "\n" not in message
    assert len(message) < 400
    return message


def test_a_file_that_is_cut_short_anywhere_is_refused() -> None:
    whole = file_of([relu("x", "a"), relu("a", "y")], constants={"w": np.ones(50, np.float32)})
    for length in range(len(whole)):
        refused(whole[:length])


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"not a network", b"\xff" * 1000, b"<html></html>" * 50, b"PK\x03\x04" * 9]
)
def test_what_is_no_onnx_file_is_refused(data: bytes) -> None:
    assert "no ONNX file" in refused(data)


def test_a_byte_that_is_changed_leaves_a_network_or_a_refusal() -> None:
    whole = bytearray(file_of([relu("x", "a"), relu("a", "y")]))
    for place in range(0, len(whole), 3):
        changed = bytes([*whole[:place], whole[place] ^ 0x15, *whole[place + 1 :]])
        with suppress(UserError):
            opened(changed)


def test_a_cycle_is_refused() -> None:
    nodes = [helper.make_node("Add", ["x", "b"], ["a"], name="first"), relu("a", "b"), relu("b", "y")]
    assert "first (Add) reads 'b', which nothing before it gives" in refused(file_of(nodes))


def test_a_name_that_is_given_twice_is_refused() -> None:
    assert "gives 'y', which is given already" in refused(file_of([relu(), relu()]))


def _nested(depth: int) -> NodeProto:
    node = relu()
    for _ in range(depth):
        node = helper.make_node("If", ["x"], ["y"], then_branch=helper.make_graph([node], "g", [], []))
    return node


def test_graphs_inside_graphs_are_refused_with_their_depth_or_as_a_gap() -> None:
    assert "nests messages more than 40 deep" in refused(file_of([_nested(30)]))
    assert "If in If: loops and branches are not followed" in refused(file_of([_nested(1)]))


@pytest.mark.parametrize("count", [30_000, 300_000])
def test_a_file_of_too_many_nodes_is_refused(count: int) -> None:
    one = relu().SerializeToString()
    head = file_of([relu()])
    node = b"\x0a" + bytes([len(one)]) + one
    graph = node * count
    model = ModelProto.FromString(head)
    model.ClearField("graph")
    length = len(graph)
    size = b""
    while length > 127:
        size, length = size + bytes([length & 127 | 128]), length >> 7
    message = refused(model.SerializeToString() + b"\x3a" + size + bytes([length]) + graph)
    assert "30,000 nodes, more than 20,000" in message or "more than 600,000 entries" in message


def test_entries_without_a_content_are_counted_before_they_are_made() -> None:
    graph = b"\x0a\x00" * 2_000_000
    with pytest.raises(UserError, match="more than 600,000 entries"):
        wire.refuse_oversized(b"\x3a" + b"\x80\x92\xf4\x01" + graph)


def tensor(shape: Sequence[int], **fields: object) -> TensorProto:
    return TensorProto(name="w", data_type=TensorProto.FLOAT, dims=shape, **fields)  # type: ignore[arg-type]


def with_tensor(held: TensorProto, node: NodeProto | None = None, opset: int = 18) -> bytes:
    model = ModelProto.FromString(
        file_of([node or helper.make_node("Add", ["x", "w"], ["y"], name="sum")], opset=opset)
    )
    model.graph.initializer.append(held)
    data: bytes = model.SerializeToString()
    return data


def test_a_weight_that_claims_to_be_huge_is_refused() -> None:
    assert "would have" in refused(with_tensor(tensor([2**31, 2**31])))
    assert "impossible shape" in refused(with_tensor(tensor([-5])))
    assert "is to be 7 and holds 8 bytes" in refused(with_tensor(tensor([7], raw_data=b"\x00" * 8)))


def test_a_path_in_a_file_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights of a convolution lie elsewhere: it is counted without them. A mask is not."""
    held = tensor([1, 1, 3, 3], data_location=TensorProto.EXTERNAL)
    held.external_data.add(key="location", value="../../../../etc/passwd")
    data = with_tensor(held, helper.make_node("Conv", ["x", "w"], ["y"]))

    def no_file(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("builtins.open", no_file)
    monkeypatch.setattr("os.open", no_file)
    assert counted(data)[3, 3] == 9
    shape = TensorProto(name="w", data_type=TensorProto.INT64, dims=[2], data_location=TensorProto.EXTERNAL)
    shape.external_data.add(key="location", value="/etc/passwd")
    message = refused(with_tensor(shape, helper.make_node("Reshape", ["x", "w"], ["y"], name="flat")))
    assert "Reshape in flat: shape whose numbers are not in the file" in message


def test_an_operator_of_another_domain_is_a_gap_and_what_comes_before_stays_exact() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], name="conv"),
        helper.make_node("Magic", ["a"], ["b"], name="magic", domain="evil.example"),
        relu("b", "y", "last"),
    ]
    data = file_of(nodes, constants={"w": np.ones((1, 1, 3, 3), np.float32)})
    assert "evil.example.Magic in magic: no rule covers it; #conv ends before it" in refused(data)
    assert opened(data, "net.onnx#conv").graph.output.size == (5, 5)


def test_names_that_are_no_text_or_attack_the_module_are_harmless() -> None:
    whole = file_of([relu("x", "aaaa", "forward"), relu("aaaa", "y", "../../etc/passwd")])
    assert opened(whole).graph.output.size == (7, 7)
    assert "a name in the file is no text" in refused(whole.replace(b"aaaa", b"\xff\xfe\xff\xfe"))
    assert "R??u in forward_: no rule covers it" in refused(whole.replace(b"Relu", b"R\n\x07u"))


@pytest.mark.parametrize("opset", [1, 10, 24, 10_000])
def test_another_opset_is_refused_with_the_way_on(opset: int) -> None:
    assert f"opset {opset}; 11 to 23 are known" in refused(file_of([relu()], opset=opset))


@pytest.mark.parametrize(
    ("nodes", "size", "words"),
    [
        ([relu()], (8, 1, 7, 7), "its batch is fixed at 8"),
        ([relu()], (1,), "its input has 1 dimensions"),
        ([relu()], (1, 3, "h", "w"), "the file leaves height and width open; give them, as in @3x224x224"),
        ([relu()], (1, 3, 0, -4), "height and width open"),
        ([helper.make_node("Add", ["x", "z"], ["y"])], (1, 1, 7, 7), "reads 'z', which nothing before it gives"),
        ([helper.make_node("Gather", ["x", "x"], ["y"], name="g")], (1, 1, 7, 7), "indices computed from the input"),
        ([helper.make_node("TopK", ["x", "x"], ["y"], name="t")], (1, 1, 7, 7), "TopK in t: no rule covers it"),
        ([helper.make_node("NonZero", ["x"], ["y"], name="n")], (1, 1, 7, 7), "NonZero in n: no rule covers it"),
        ([helper.make_node("Expand", ["x", "s"], ["y"], name="e")], (1, 1, 7, 7), "a tensor of"),
        ([helper.make_node("LSTM", ["x", "s", "s"], ["y"], name="l")], (1, 1, 7, 7), "LSTM in l: no rule covers it"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_said_in_one_line(nodes: list[NodeProto], size: tuple[int, ...], words: str) -> None:
    assert words in refused(file_of(nodes, size, {"s": np.array([2**40, 1, 1, 1])}))


def test_constants_that_would_fill_the_memory_are_not_worked_out() -> None:
    """Each doubles the one before: after forty, 10^12 elements."""
    nodes = [helper.make_node("Concat", [f"c{i}", f"c{i}"], [f"c{i + 1}"], axis=0, name=f"n{i}") for i in range(40)]
    nodes.append(helper.make_node("Reshape", ["x", "c40"], ["y"], name="end"))
    refused(file_of(nodes, constants={"c0": np.ones(4, np.int64)}))


def test_a_size_that_the_file_fixes_cannot_be_another() -> None:
    data = file_of([relu()], (1, 1, 9, 9))
    with pytest.raises(UserError, match="fixes its input at 1x9x9, and cannot be asked about 12; export it with"):
        opened(data, "net.onnx@12")
