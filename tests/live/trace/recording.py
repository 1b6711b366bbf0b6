"""What a module does to its input, as PyTorch itself records it: a graph of ATen operators, run again by the oracles.

Nothing here knows ``core.live.trace``. The module runs on real numbers; ``functionalize`` is PyTorch's own account of
what an in-place operator does to a view, so that the oracles need not know about memory.
"""

import operator
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import fx, nn
from torch.func import functionalize
from torch.fx.experimental.proxy_tensor import make_fx

from tests.live.trace.kinds import ADAPTIVE, NORMS, ONE_EDGE, OPERANDS, PADS, POOLS


def recorded(module: Callable[..., Any], size: tuple[int, ...]) -> fx.GraphModule:
    """The operators of one forward pass on an input of ``size``, in evaluation mode."""
    if isinstance(module, nn.Module):
        module.eval()
    with torch.no_grad():
        graph = make_fx(functionalize(lambda x: module(x)))(torch.rand(1, *size))
    for node in graph.graph.find_nodes(op="call_function", target=torch.ops.aten.copy_.default):
        if node.args[0].op == "placeholder":  # what happens to the caller's tensor afterwards
            graph.graph.erase_node(node)
    graph.recompile()
    return graph


def result(value: Any) -> Any:
    """The last tensor of what a module returns."""
    while isinstance(value, (tuple, list, dict)):
        value = list(value.values() if isinstance(value, dict) else value)[-1]
    return value


def free_of_memory(target: Any) -> Any:
    """A view as the reshape that it is: a twin's tensors may lie in memory in another order than the module's."""
    return torch.reshape if target in (torch.ops.aten.view.default, torch.ops.aten._unsafe_view.default) else target


class Twin(fx.Interpreter):
    """Runs the recorded operators with another meaning: :meth:`apply` for those that depend on the input."""

    norms = 0  # seen so far

    def call_function(self, target: Any, args: Any, kwargs: Any) -> Any:
        if target is operator.getitem:
            return args[0][args[1]]
        if None in args[:1]:  # made of a result that says nothing of the input, as a pool's indices
            return None
        if not any(self.depends(value) for value in leaves((*args, *kwargs.values()))):
            return target(*args, **kwargs)
        name, call = target._schema.name.removeprefix("aten::"), Bound(target, args, kwargs)
        if name in NORMS:
            self.norms += 1
            return call.answer(self.normalised(call["input"], *normalised(name, call, call["input"].shape)))
        operands = [value for value in call.named.values() if self.depends(value)]
        if name == "as_strided_":  # of a line of elements: the same line
            assert max(call["size"]) == torch.Size(call["size"]).numel()
            return operands[0]
        if name in OPERANDS or (name == "clamp" and len(operands) > 1):
            return self.operands(operands, call)
        if name.removesuffix("_") in ONE_EDGE or (name.endswith("_") and name[:-1] in OPERANDS and len(operands) == 1):
            return call.answer(operands[0])
        return self.apply(name, target, call)

    def operands(self, operands: list[Any], call: "Bound") -> Any:
        raise NotImplementedError

    def normalised(self, value: Any, shape: list[int], dims: list[int]) -> Any:
        raise NotImplementedError

    def depends(self, value: Any) -> bool:
        raise NotImplementedError

    def apply(self, name: str, target: Any, call: "Bound") -> Any:
        raise NotImplementedError


class Bound:
    """The arguments of an operator by name, defaults included."""

    def __init__(self, target: Any, args: Any, kwargs: Any) -> None:
        self.args, self.kwargs = args, kwargs
        self.named = {}
        for at, argument in enumerate(target._schema.arguments):
            given = args[at] if at < len(args) else kwargs.get(argument.name, argument.default_value)
            self.named[argument.name] = given
        self.shapes = [value.shape for value in self.named.values() if isinstance(value, torch.Tensor)]
        self.both = target._schema.name in ("aten::var_mean", "aten::std_mean")
        self.results = len(target._schema.returns)

    def __getitem__(self, name: str) -> Any:
        return self.named[name]

    def get(self, *names: str) -> Any:
        """The first of several names that the operator has."""
        return next((self.named[name] for name in names if name in self.named), None)

    def answer(self, first: Any) -> Any:
        """``first`` as the operator's result, or as the first of several; of two moments, as both."""
        if self.both:
            return first, first
        return first if self.results == 1 else (first, *[None] * (self.results - 1))


def leaves(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        found.extend(leaves(value) if isinstance(value, (tuple, list)) else [value])
    return found


def normalised(name: str, call: Bound, shape: torch.Size) -> tuple[list[int], list[int]]:
    """The shape under which a norm sees a tensor, and the dimensions of its statistics; none if constants."""
    if name == "native_layer_norm":
        return [*shape], [*range(-len(call["normalized_shape"]), 0)]
    if name == "native_group_norm":
        return [shape[0], call["group"], -1], [-1]
    return [*shape], [at for at in range(len(shape)) if at != 1] if call.get("training") is not False else []


# along one axis, as PyTorch's operators themselves answer for each single input position ------------------------------


def window_edges(name: str, call: Bound, axis: int, n: int, out: int) -> torch.Tensor:
    """Edges from each of ``n`` positions to each of ``out``, for a pool, padding or resizing: (out, n) of float64.

    ``axis``: counted from the last, -1 the last.
    """
    one = torch.eye(n, dtype=torch.float64)[:, None]  # a batch of inputs, each with a single one
    if name in ADAPTIVE:
        found = torch.nn.functional.adaptive_max_pool1d(one, out)
    elif name in POOLS:
        kernel, stride, pad, dilation = (
            each(call.get(word), axis) for word in ("kernel_size", "stride", "padding", "dilation")
        )
        pool = torch.nn.functional.max_pool2d
        found = pool(
            one[..., None],
            (kernel, 1),
            (kernel if stride is None else stride, 1),
            (pad or 0, 0),
            (dilation or 1, 1),
            ceil_mode=call["ceil_mode"],
        )[..., 0]
    elif name in PADS:
        pads = [*call.get("pad", "padding")]
        before, after = (pads + [0, 0] * 8)[2 * (-axis - 1) :][:2]
        mode = {"cons": "constant", "refl": "reflect", "repl": "replicate"}[name[:4]]
        found = torch.nn.functional.pad(one, (before, after), mode=mode)
    elif "nearest" in name:
        scale = scale_given(call, axis)
        exact = "exact" in name
        operator_ = torch.ops.aten._upsample_nearest_exact1d if exact else torch.ops.aten.upsample_nearest1d
        found = operator_(one.float(), [out], scale).double()
    else:
        found = interpolation_edges(name, call, axis, n, out).T[:, None]
    assert found.shape[-1] == out
    return found[:, 0].clamp(min=0).T  # a window of a pool that lies in the padding answers -inf


def window_dims(name: str, rank: int) -> range:
    """The dimensions along which a pool, padding or resizing works, the last first."""
    axes = next((axes for axes in (2, 3) if f"{axes}d" in name), 1)
    return range(-1, -1 - (rank if name == "constant_pad_nd" else axes), -1)


def interpolation_edges(name: str, call: Bound, axis: int, n: int, out: int) -> torch.Tensor:
    """Two neighbours (bilinear) or four (bicubic); past the border each shows the border sample; a hit stands alone."""
    scale, reach = scale_given(call, axis), 2 if "cubic" in name else 1
    step = 1 / scale if scale else n / out
    found = torch.zeros(out, n, dtype=torch.float64)
    for at in range(out):
        place = at * (n - 1) / max(out - 1, 1) if call["align_corners"] else (at + 0.5) * step - 0.5
        if abs(place - round(place)) < 1e-9:
            found[at, min(max(round(place), 0), n - 1)] += 1
            continue
        low = int(place // 1)
        for tap in range(low - reach + 1, low + reach + 1):
            found[at, min(max(tap, 0), n - 1)] += 1
    return found


def scale_given(call: Bound, axis: int) -> float | None:
    return call.get("scales_w", "scales") if axis == -1 else call["scales_h" if axis == -2 else "scales_d"]


def each(values: Any, axis: int) -> int | None:
    """One axis' share of an argument that may be one number for all; None where it is absent or empty."""
    if values is None or isinstance(values, int):
        return values
    return values[axis if len(values) > 1 else 0] if values else None
