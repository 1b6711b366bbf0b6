"""Any PyTorch module as a graph."""

from core.live.trace.tracer import OUTPUT, Gap, Traced, trace

__all__ = ["OUTPUT", "Gap", "Traced", "trace"]
