"""What is wrong with a design: checks over its graph, fields and counts, with fixes that were tried and measured.

A finding states geometry: which layer, how many, how far. None says that a network will be more accurate.
"""

from . import (
    border,
    checkerboard,
    collapse,
    erf_small,
    field_small,
    gridding,
    misaligned,
    parity,
    tiling,
    uneven_padding,
    unproductive,
    unread,
)
from .as_json import as_json
from .finding import SEVERITIES, Finding, Fix, Severity
from .registry import CHECKS, CODES, Check, check, findings_at_size, findings_of

__all__ = [
    "CHECKS",
    "CODES",
    "SEVERITIES",
    "Check",
    "Finding",
    "Fix",
    "Severity",
    "as_json",
    "border",
    "check",
    "checkerboard",
    "collapse",
    "erf_small",
    "field_small",
    "findings_at_size",
    "findings_of",
    "gridding",
    "misaligned",
    "parity",
    "tiling",
    "uneven_padding",
    "unproductive",
    "unread",
]
