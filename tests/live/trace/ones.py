"""Channel counts of any module: its recorded operators run in float64 with every weight one, and one gradient.

Convolution and dense layers have weights of one; normalisation and activations pass on what they get; pools, means
and other reductions are sums; products and quotients are sums of their operands; in a softmax every entry reads all.
Exact below 2^53.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import fx

from tests.live.trace import kinds, recording
from tests.live.trace.recording import Bound, Twin, result


class Ones(Twin):
    """The linear twin of what was recorded; ``statistics``: which of its norms take them over positions."""

    def __init__(self, module: Any, statistics: Sequence[bool]) -> None:
        super().__init__(module)
        self.statistics = statistics

    def depends(self, value: Any) -> bool:
        return isinstance(value, torch.Tensor) and value.requires_grad and value.dtype is torch.float64

    def apply(self, name: str, target: Any, call: Bound) -> Any:
        first = next(iter(call.named.values()))
        if name in kinds.MOVES:
            return recording.free_of_memory(target)(*call.args, **call.kwargs)
        if name in kinds.BUFFERS:
            return torch.zeros(call.named.get("size") or first.shape, dtype=torch.float64)
        if name in kinds.REDUCTIONS:
            dims = call.get("dim")
            whole = [*range(first.dim())] if dims is None or dims == [] else dims
            return call.answer(first.sum(dim=whole, keepdim=bool(call.get("keepdim"))))
        if name in kinds.POOLS | kinds.ADAPTIVE | kinds.PADS | kinds.RESIZES:
            return call.answer(along_axes(name, call, first, target(*call.args, **call.kwargs)))
        return getattr(self, name)(call)

    def operands(self, operands: list[torch.Tensor], call: Bound) -> torch.Tensor:
        shape = torch.broadcast_shapes(*call.shapes)
        return sum(value.expand(shape) for value in operands)

    def normalised(self, value: torch.Tensor, shape: list[int], dims: list[int]) -> torch.Tensor:
        if not self.statistics[self.norms - 1]:
            return value
        deep = value.reshape(shape)
        return (deep + deep.sum(dims, keepdim=True)).reshape(value.shape)

    def convolution(self, call: Bound) -> torch.Tensor:
        ones = torch.ones_like(call["weight"], dtype=torch.float64)
        rest = (call[word] for word in ("stride", "padding", "dilation", "transposed", "output_padding", "groups"))
        return torch.ops.aten.convolution(call["input"], ones, None, *rest)

    def mm(self, call: Bound) -> torch.Tensor:
        return call["self"].sum(-1, keepdim=True).expand(-1, call["mat2"].shape[-1])

    def bmm(self, call: Bound) -> torch.Tensor:
        return call["self"].sum(-1, keepdim=True).expand(-1, -1, call["mat2"].shape[-1])

    def addmm(self, call: Bound) -> torch.Tensor:
        return call["mat1"].sum(-1, keepdim=True).expand(-1, call["mat2"].shape[-1])

    def _softmax(self, call: Bound) -> torch.Tensor:
        return call["self"].sum(call["dim"], keepdim=True).expand(call["self"].shape)

    _log_softmax = _safe_softmax = _softmax

    def glu(self, call: Bound) -> torch.Tensor:
        one, other = call["self"].chunk(2, call["dim"])
        return one + other

    def cat(self, call: Bound) -> torch.Tensor:
        return torch.cat([self.zeroed(tensor) for tensor in call["tensors"] if tensor.numel()], call.get("dim") or 0)

    def stack(self, call: Bound) -> torch.Tensor:
        return torch.stack([self.zeroed(tensor) for tensor in call["tensors"]], call.get("dim") or 0)

    def slice_scatter(self, call: Bound) -> torch.Tensor:
        rest = (call[word] for word in ("dim", "start", "end", "step"))
        return torch.slice_scatter(self.zeroed(call["self"]), self.zeroed(call["src"]), *rest)

    def select_scatter(self, call: Bound) -> torch.Tensor:
        return torch.select_scatter(self.zeroed(call["self"]), self.zeroed(call["src"]), call["dim"], call["index"])

    def copy(self, call: Bound) -> torch.Tensor:
        return self.zeroed(call["src"]).expand(call["self"].shape)

    def fill(self, call: Bound) -> torch.Tensor:
        return torch.zeros(call["self"].shape, dtype=torch.float64)

    zero = fill

    def zeroed(self, tensor: torch.Tensor) -> torch.Tensor:
        """A constant counts for nothing."""
        return tensor if self.depends(tensor) else torch.zeros(tensor.shape, dtype=torch.float64)


def along_axes(name: str, call: Bound, values: torch.Tensor, real: Any) -> torch.Tensor:
    """Sums along each of the last dimensions, as its edges say."""
    shape = (real if isinstance(real, torch.Tensor) else real[0]).shape
    for at in recording.window_dims(name, len(shape)):
        edges = recording.window_edges(name, call, at, values.shape[at], shape[at])
        values = (values.movedim(at, -1) @ edges.T).movedim(-1, at)
    return values


class ChannelCounts:
    """Of every input pixel: the gradient of all outputs, or of all channels at one output unit."""

    def __init__(self, graph: fx.GraphModule, size: tuple[int, ...], statistics: Sequence[bool]) -> None:
        self.input = torch.zeros(1, *size, dtype=torch.float64, requires_grad=True)
        self.result = result(Ones(graph, statistics).run(self.input.clone()))

    @property
    def shape(self) -> torch.Size:
        """Of the module's result."""
        return self.result.shape

    def to(self, unit: tuple[int, ...] | None = None) -> torch.Tensor:
        ends = self.result if unit is None else self.result[(..., *unit)]
        (found,) = torch.autograd.grad(ends.sum(), self.input, retain_graph=True)
        return found.sum(dim=(0, 1))
