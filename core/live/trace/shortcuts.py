"""What an operator returns on the meta device, without asking torch.

There much of torch is Python code that works out shapes: batch normalisation and activations, whose results have the
shape of their argument, take most of a forward pass.
"""

from typing import Any

import torch

from ..operators.registry import operator

_ALIKE = {
    operator(f"{name}.default")
    for name in ("relu", "gelu", "silu", "sigmoid", "tanh", "hardswish", "hardsigmoid", "hardtanh", "leaky_relu")
}
_IN_PLACE = {
    operator(f"{name}_.default")
    for name in ("relu", "gelu", "silu", "sigmoid", "tanh", "hardswish", "hardsigmoid", "hardtanh", "leaky_relu")
}
_BATCH_NORMS = {operator("native_batch_norm.default"), operator("_native_batch_norm_legit_no_training.default")}
_SUMS = {operator("add.Tensor"), operator("mul.Tensor")}
_SUMS_IN_PLACE = {operator("add_.Tensor"), operator("mul_.Tensor")}


def shortcut(func: Any, args: tuple[Any, ...]) -> Any:
    """The result of ``func``, or None where torch must be asked, as for numbers that a model works out on its way."""
    if not (args and isinstance(args[0], torch.Tensor) and args[0].is_meta):
        return None
    if func in _IN_PLACE:
        return args[0]
    if func in _ALIKE:
        return torch.empty_like(args[0])
    if func in _BATCH_NORMS:
        return torch.empty_like(args[0]), args[0].new_empty(0), args[0].new_empty(0)
    if func in _SUMS or func in _SUMS_IN_PLACE:
        one, other = args[:2]
        if isinstance(other, torch.Tensor) and one.shape == other.shape and one.dtype == other.dtype:
            return args[0] if func in _SUMS_IN_PLACE else torch.empty_like(one)
    return None
