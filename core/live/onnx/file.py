"""An ONNX file as data: its nodes in order, what they are given, and the numbers that it holds.

Nothing of the file is run and no path in it is followed: weights that lie in another file have a shape and no numbers.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, ValueInfoProto, numpy_helper

from ...errors import LimitError, UserError
from .names import paths_of
from .tensors import Numbers
from .wire import refuse_oversized

MAX_NODES = 20_000
MAX_KEPT = 64 * 2**20  # bytes of constants that are no weights, together
OPSETS = range(11, 24)
_WEIGHTS = {  # operands whose numbers nothing asks for
    "Conv": (1, 2), "ConvTranspose": (1, 2), "Gemm": (1, 2), "MatMul": (0, 1), "BatchNormalization": (1, 2, 3, 4),
    "InstanceNormalization": (1, 2), "GroupNormalization": (1, 2), "LayerNormalization": (1, 2),
    "RMSNormalization": (1,), "PRelu": (1,), "DequantizeLinear": (0, 1, 2), "QuantizeLinear": (0, 1, 2),
}  # fmt: skip
_OWN_DOMAINS = ("", "ai.onnx")


@dataclass(frozen=True, slots=True, eq=False)
class OnnxNode:
    """One operator of the file.

    ``path``: under which the node is found among the stages. ``attributes``: whole numbers, numbers, texts, tensors
    and lists of these; None for what is none of them, as a graph.
    """

    operator: str  # with its domain before it where that is not ONNX's own
    path: str
    inputs: tuple[str, ...]  # empty for one that is left out
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    @property
    def has_graphs(self) -> bool:
        """Whether it runs other graphs, as loops do."""
        return any(value is None for value in self.attributes.values())


@dataclass(frozen=True, slots=True, eq=False)
class OnnxInput:
    """What the network is given: ``sides`` are its dimensions, None for those that the file leaves open."""

    name: str
    sides: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class OnnxFile:
    """A network that was read and found to be whole: every node reads what stands before it."""

    opset: int
    input: OnnxInput
    outputs: tuple[str, ...]
    nodes: tuple[OnnxNode, ...]
    numbers: Mapping[str, Numbers]  # weights and constants, by name


def read(data: bytes) -> OnnxFile:
    """The network in the bytes of a file.

    Raises :class:`~.errors.UserError` in one line for what is no ONNX file, is cut short, cyclic or beyond a limit.
    """
    refuse_oversized(data)
    try:
        return _network(ModelProto.FromString(data))
    except (DecodeError, UnicodeDecodeError) as error:
        raise UserError("the file is no ONNX file, or was cut short; export it again") from error


def _network(model: ModelProto) -> OnnxFile:
    graph = model.graph
    if not graph.node:
        raise UserError("the file holds no network; it may be cut short, or no ONNX file")
    for what, count in (("nodes", len(graph.node)), ("weights", len(graph.initializer))):
        if count > MAX_NODES:
            raise LimitError(f"the file has {count:,} {what}, more than {MAX_NODES:,}; simplify it, or export a part")
    _refuse_no_text(graph)
    opset = _opset(model)
    if graph.sparse_initializer:
        raise UserError("the file holds sparse weights, which are not read; export it with dense ones")
    numbers = {tensor.name: Numbers(tensor) for tensor in graph.initializer}
    given = _input(graph, numbers)
    paths = paths_of([(node.name, node.op_type, _scopes(node)) for node in graph.node])
    nodes = tuple(_node(node, path) for node, path in zip(graph.node, paths, strict=True))
    outputs = tuple(output.name for output in graph.output)
    _refuse_unordered(given.name, numbers, nodes, outputs)
    constants = {node.outputs[0]: constant for node in nodes if (constant := _constant(node)) is not None}
    rest = tuple(node for node in nodes if _constant(node) is None)
    read = {name for node in rest for name, is_weight in uses_of(node) if not is_weight}
    return OnnxFile(opset, given, outputs, rest, _kept({**numbers, **constants}, read))


def _kept(numbers: Mapping[str, Numbers], read: Set[str]) -> dict[str, Numbers]:
    """Shapes of all, and the numbers of those that are read, the smallest first, up to a limit of them together."""
    left, whole = MAX_KEPT, set()
    for name in sorted(read & numbers.keys(), key=lambda name: numbers[name].held):
        left -= numbers[name].held
        if left >= 0:
            whole.add(name)
    return {name: one.copied(name in whole) for name, one in numbers.items()}


def _constant(node: OnnxNode) -> Numbers | None:
    """What a node is that gives a constant."""
    if node.operator != "Constant" or len(node.outputs) != 1 or len(node.attributes) != 1:
        return None
    ((name, value),) = node.attributes.items()
    if name == "value" and isinstance(value, Numbers):
        return value
    if name in ("value_int", "value_ints"):
        return Numbers(numpy_helper.from_array(np.array(value, dtype=np.int64)))
    if name in ("value_float", "value_floats"):
        return Numbers(numpy_helper.from_array(np.array(value, dtype=np.float32)))
    return None


def _refuse_no_text(graph: GraphProto) -> None:
    """Raises for names that are no UTF-8, which come as bytes."""
    named = [*graph.node, *graph.initializer, *graph.input, *graph.output]
    others = (text for node in graph.node for text in (node.op_type, node.domain, *node.input, *node.output))
    if any(isinstance(text, bytes) for text in (*(one.name for one in named), *others)):
        raise UserError("a name in the file is no text; export it again")


def _opset(model: ModelProto) -> int:
    """The version of ONNX's own operators."""
    versions = [entry.version for entry in model.opset_import if entry.domain in _OWN_DOMAINS]
    if len(versions) != 1 or versions[0] not in OPSETS:
        said = " and ".join(map(str, versions[:3])) or "none"
        raise UserError(
            f"the file's operators are those of opset {said}; {OPSETS[0]} to {OPSETS[-1]} are known: export it with "
            "another opset_version, or convert it with onnx.version_converter"
        )
    return int(versions[0])


def _input(graph: GraphProto, numbers: Mapping[str, Numbers]) -> OnnxInput:
    """The one input that has no numbers of its own."""
    given = [value for value in graph.input if value.name not in numbers]
    if len(given) != 1:
        names = ", ".join(_plain(value.name, 40) for value in given[:4]) or "none"
        raise UserError(f"the network has {len(given)} inputs ({names}); one image or signal can be looked at")
    return OnnxInput(given[0].name, tuple(_sides(given[0])))


def _sides(value: ValueInfoProto) -> Iterator[int | None]:
    if not value.type.HasField("tensor_type") or not value.type.tensor_type.HasField("shape"):
        raise UserError(f"the file does not say how many dimensions its input {value.name[:40]!r} has")
    for dim in value.type.tensor_type.shape.dim:
        side = dim.dim_value if dim.HasField("dim_value") else None
        yield side if side is not None and side > 0 else None


def _node(node: NodeProto, path: str) -> OnnxNode:
    domain = "" if node.domain in _OWN_DOMAINS else f"{_plain(node.domain, 60)}."
    attributes = {attribute.name: _attribute(attribute) for attribute in node.attribute}
    return OnnxNode(f"{domain}{_plain(node.op_type, 60)}", path, tuple(node.input), tuple(node.output), attributes)


def _attribute(attribute: AttributeProto) -> Any:
    kind = attribute.type
    if kind == AttributeProto.INT:
        return attribute.i
    if kind == AttributeProto.FLOAT:
        return attribute.f
    if kind == AttributeProto.STRING:
        return _plain(attribute.s.decode("utf-8", "replace"), 200)
    if kind == AttributeProto.TENSOR:
        return Numbers(attribute.t).copied(True)
    if kind == AttributeProto.INTS:
        return list(attribute.ints)
    if kind == AttributeProto.FLOATS:
        return list(attribute.floats)
    return None


def _plain(text: str, most: int) -> str:
    """What may be shown of a text that anyone may have written."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:most])


def _scopes(node: NodeProto) -> str:
    """In which modules the node was, as PyTorch's exporter tells."""
    return next((entry.value for entry in node.metadata_props if entry.key == "pkg.torch.onnx.name_scopes"), "")


def uses_of(node: OnnxNode) -> Iterator[tuple[str, bool]]:
    """The names that a node reads, and whether as weights."""
    weights = _WEIGHTS.get(node.operator, ())
    for place, name in enumerate(node.inputs):
        yield name, place in weights


def _refuse_unordered(
    given: str, numbers: Mapping[str, Numbers], nodes: tuple[OnnxNode, ...], outputs: tuple[str, ...]
) -> None:
    """Raises for a node that reads what nothing before it gives: of a cycle, one always does."""
    known = {"", given, *numbers}
    for node in nodes:
        if missing := next((name for name in node.inputs if name not in known), None):
            raise UserError(
                f"{node.path} ({node.operator}) reads {missing[:60]!r}, which nothing before it gives; a file "
                "lists its nodes in order, without a cycle"
            )
        own = [name for name in node.outputs if name]
        if twice := next((name for name in own if name in known or own.count(name) > 1), None):
            raise UserError(f"{node.path} ({node.operator}) gives {twice[:60]!r}, which is given already")
        known.update(own)
    if missing := next((name for name in outputs if name not in known), None):
        raise UserError(f"nothing gives the output {missing[:60]!r}; the file may be cut short")
    if not outputs:
        raise UserError("the network has no output; the file may be cut short")
