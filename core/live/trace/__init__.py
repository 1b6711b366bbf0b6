"""Any PyTorch module as a graph."""

from core.live.trace.recorder import Gap
from core.live.trace.tracer import OUTPUT, Traced, trace

__all__ = ["OUTPUT", "Gap", "Traced", "trace"]
