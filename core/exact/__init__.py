"""What follows from a network by arithmetic alone: path counts, imbalance, receptive fields (numpy, never torch)."""

from .counts import PathCounts
from .field import AxisField, axis_fields, fields, unit_stride, unproductive
from .imbalance import imbalance, stride_period
from .paths import path_counts, reach_counts, tower_from, tower_to

__all__ = [
    "AxisField",
    "PathCounts",
    "axis_fields",
    "fields",
    "imbalance",
    "path_counts",
    "reach_counts",
    "stride_period",
    "tower_from",
    "tower_to",
    "unit_stride",
    "unproductive",
]
