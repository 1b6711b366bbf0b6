"""Numbers that a model keeps where all else of it is made without: ranges, masks."""

from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

_FILLED = (torch.arange, torch.tensor, torch.zeros, torch.ones, torch.full, torch.eye, torch.linspace)
_FAILURES = (RuntimeError, ValueError, TypeError, AttributeError, NotImplementedError)


class NumbersOnCpu(TorchFunctionMode):
    """Ranges, lists and filled tensors keep their numbers where all else is made on ``meta``.

    RegNets work out their widths in them, and windows that are shifted their masks.
    """

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        options = kwargs or {}
        if func in _FILLED and torch.device(options.get("device") or "meta").type == "meta":
            options = {**options, "device": "cpu"}
        return func(*args, **options)


def fixed_numbers(module: nn.Module) -> dict[str, torch.Tensor]:
    """The buffers of ``module`` that have numbers, and its parameters that are not learned, by name."""
    for part in module.modules():
        if hasattr(part, "init_non_persistent_buffers"):
            _fill(part)
    fixed = [(name, parameter) for name, parameter in module.named_parameters() if not parameter.requires_grad]
    return {name: tensor for name, tensor in (*module.named_buffers(), *fixed) if not tensor.is_meta}


def _fill(part: nn.Module) -> None:
    """Works out the buffers of a part of one of timm's models by its own method; where that fails they stay unknown."""
    fill: Any = part.init_non_persistent_buffers
    before = dict(part._buffers)
    for name in part._non_persistent_buffers_set:
        buffer = before.get(name)
        if buffer is not None and buffer.is_meta:
            part._buffers[name] = torch.empty_like(buffer, device="cpu")
    try:
        with torch.device("cpu"), torch.no_grad(), NumbersOnCpu():
            fill()
    except _FAILURES:
        part._buffers.clear()
        part._buffers.update(before)
