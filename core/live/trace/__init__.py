"""Any PyTorch module as a graph."""

from ..operators.recorder import Gap
from .tracer import OUTPUT, Traced, trace

__all__ = ["OUTPUT", "Gap", "Traced", "trace"]
