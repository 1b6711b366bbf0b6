"""Changes that take an imbalance out of a design, or reshape it: each a plan made from its graph, by name."""

from . import borders, dilation, kernels, mixing, partial, reshaping, sequence, transposed
from .registry import IMBALANCES, REMEDIES, Imbalance, Remedy, chosen, planned, remedied
from .rewrite import Rewrite

__all__ = [
    "IMBALANCES",
    "REMEDIES",
    "Imbalance",
    "Remedy",
    "Rewrite",
    "borders",
    "chosen",
    "dilation",
    "kernels",
    "mixing",
    "partial",
    "planned",
    "remedied",
    "reshaping",
    "sequence",
    "transposed",
]
