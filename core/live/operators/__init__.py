"""The rules of operators: which inputs their results read, and how squared gradients go back through them.

Importing the package registers every rule.
"""

from . import (
    activations,
    arithmetic,
    attention,
    buffers,
    convolution,
    joining,
    norms,
    padding,
    pooling,
    products,
    rearranging,
    reductions,
    resizing,
    tokens,
)

__all__ = [
    "activations",
    "arithmetic",
    "attention",
    "buffers",
    "convolution",
    "joining",
    "norms",
    "padding",
    "pooling",
    "products",
    "rearranging",
    "reductions",
    "resizing",
    "tokens",
]
