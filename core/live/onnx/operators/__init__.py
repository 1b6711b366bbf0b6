"""How the operators of ONNX are spelled in PyTorch; importing the package registers every spelling."""

from . import attending, elementwise, joining, norms, pads, products, rearranging, reductions, resizing, shapes, windows

__all__ = [
    "attending", "elementwise", "joining", "norms", "pads", "products", "rearranging", "reductions", "resizing",
    "shapes", "windows",
]  # fmt: skip
