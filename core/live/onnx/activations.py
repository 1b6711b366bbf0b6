"""Activations and layer norms that a file writes out in several nodes, found again.

``x · sigmoid(x)``, ``x · (1 + erf(x / √2)) / 2`` and their like are functions of one position of one map: one path
leads through them, as through the operator that they were exported from. A product is read so where both factors are
functions, position by position, of one tensor, and one of them is no polynomial.
"""

from collections.abc import Mapping
from dataclasses import replace

from .file import OnnxFile, OnnxNode

_CURVES = ("Sigmoid", "Tanh", "Erf", "Softplus", "HardSigmoid", "Clip", "Relu", "Exp", "Log")
_STRAIGHT = ("Neg", "Identity", "Cast", "Add", "Sub", "Mul", "Div", "Pow", "Reciprocal", "Sqrt", "Min", "Max")
_FARTHEST = 12  # tensors that are followed back
_OPSET_OF_LAYER_NORM = 17

Origins = Mapping[str, bool]  # tensors that one is a function of, nearest first; whether no polynomial


def with_activations(file: OnnxFile) -> OnnxFile:
    """The same network; products that are activations are one node, ``Activation``, and so are written-out norms."""
    single = {name for name, numbers in file.numbers.items() if _is_single(numbers.shape)}
    made = {name: node for node in file.nodes for name in node.outputs}
    origins: dict[str, Origins] = {}
    nodes = []
    for node in file.nodes:
        node = _activation(node, origins) or _layer_norm(node, made, file) or _safe(node, made) or node
        if len(node.outputs) == 1:
            origins[node.outputs[0]] = _origins(node, origins, single)
        nodes.append(node)
    return replace(file, nodes=tuple(nodes))


def _is_single(shape: tuple[int, ...]) -> bool:
    return len(shape) < 2 and all(side == 1 for side in shape)


def _origins(node: OnnxNode, origins: Mapping[str, Origins], single: set[str]) -> Origins:
    """What the result is a function of, itself among them."""
    result: dict[str, bool] = {node.outputs[0]: False}
    curved = node.operator in _CURVES
    given = [name for name in node.inputs if name and name not in single]
    if not given or not (curved or node.operator in (*_STRAIGHT, "Activation")):
        return result
    found = [origins.get(name, {name: False}) for name in given]
    for name in found[0]:
        if all(name in other for other in found) and len(result) < _FARTHEST:
            result[name] = curved or node.operator == "Activation" or any(other[name] for other in found)
    return result


def _activation(node: OnnxNode, origins: Mapping[str, Origins]) -> OnnxNode | None:
    if node.operator not in ("Mul", "Div") or len(node.inputs) != 2:
        return None
    one, other = (origins.get(name, {name: False}) for name in node.inputs)
    shared = next((name for name in one if name in other and (one[name] or other[name])), None)
    return None if shared is None else replace(node, operator="Activation", inputs=(shared,), attributes={})


def _layer_norm(node: OnnxNode, made: Mapping[str, OnnxNode], file: OnnxFile) -> OnnxNode | None:
    """``(x - mean) / sqrt(mean((x - mean)²) + ε)`` over the last dimension, as files before opset 17 write it."""
    if node.operator != "Div" or file.opset >= _OPSET_OF_LAYER_NORM or len(node.inputs) != 2:
        return None
    centred, root = (made.get(name) for name in node.inputs)
    if centred is None or root is None or centred.operator != "Sub" or root.operator != "Sqrt":
        return None
    x = centred.inputs[0]
    added = made.get(root.inputs[0])
    variance = next((v for name in added.inputs if (v := made.get(name)) and _is_mean(v)), None) if added else None
    squared = made.get(variance.inputs[0]) if variance else None
    if added is None or added.operator != "Add" or squared is None or squared.operator not in ("Pow", "Mul"):
        return None
    again = made.get(squared.inputs[0])
    for one in (centred, again):
        mean = made.get(one.inputs[1]) if one is not None and one.operator == "Sub" and one.inputs[0] == x else None
        if mean is None or not _is_mean(mean) or mean.inputs[0] != x:
            return None
    if squared.operator == "Mul" and squared.inputs[0] != squared.inputs[1]:
        return None
    return replace(node, operator="LayerNormalization", inputs=(x,), attributes={"axis": -1})


def _is_mean(node: OnnxNode) -> bool:
    return (
        node.operator == "ReduceMean"
        and node.attributes.get("axes") == [-1]
        and node.attributes.get("keepdims", 1) == 1
    )


def _safe(node: OnnxNode, made: Mapping[str, OnnxNode]) -> OnnxNode | None:
    """``where(isnan(x), 0, x)``, as attention whose rows may be masked as a whole."""
    if node.operator != "Where" or len(node.inputs) != 3:
        return None
    asked = made.get(node.inputs[0])
    if asked is None or asked.operator != "IsNaN" or asked.inputs[0] != node.inputs[2]:
        return None
    return replace(node, operator="Identity", inputs=(node.inputs[2],), attributes={})
