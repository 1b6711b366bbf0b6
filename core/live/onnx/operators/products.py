"""Matrix products."""

import re

import torch

from ...layouts.layout import NotRuledError
from ..spelling import OnnxCall, spelled


@spelled("MatMul", worked_out=False)
def matmul(call: OnnxCall) -> torch.Tensor:
    """As NumPy multiplies; with a constant matrix, a dense layer of every row."""
    left, right = call[0], call[1]
    if right.ndim == 2 and left.ndim > 2 and call.is_fixed(1) and left.shape[-1] == right.shape[0]:
        return torch.mm(left.reshape(-1, left.shape[-1]), right).reshape(*left.shape[:-1], right.shape[1])
    return torch.matmul(left, right)


@spelled("Gemm", worked_out=False)
def gemm(call: OnnxCall) -> torch.Tensor:
    """A dense layer; its factors scale, and read nothing."""
    left = call[0].t() if call.attribute("transA", 0) else call[0]
    right = call[1].t() if call.attribute("transB", 0) else call[1]
    added = call.optional(2)
    if added is None:
        return torch.mm(left, right)
    if call.is_fixed(2):
        return torch.addmm(added, left, right)
    return torch.mm(left, right) + added


@spelled("Einsum", worked_out=False)
def einsum(call: OnnxCall) -> torch.Tensor:
    """Letters for dimensions; those that are not in the result are summed over."""
    equation = str(call.attribute("equation", ""))
    if not re.fullmatch(r"[A-Za-z., >-]{1,120}", equation):
        raise NotRuledError(f"an equation of {equation[:40]!r}")
    return torch.einsum(equation, *call.tensors())
