"""Changes that take an imbalance out of a network, or reshape it: each a function from network to network, by name."""

from . import borders, dilation, kernels, mixing, partial, reshaping, sequence, transposed
from .registry import IMBALANCES, REMEDIES, Imbalance, Remedy, chosen, remedied

__all__ = [
    "IMBALANCES",
    "REMEDIES",
    "Imbalance",
    "Remedy",
    "borders",
    "chosen",
    "dilation",
    "kernels",
    "mixing",
    "partial",
    "remedied",
    "reshaping",
    "sequence",
    "transposed",
]
