"""Changes that take one imbalance out of a network: each a function from network to network, by name."""

from core.exact.remedies import borders, dilation, kernels, sequence, transposed
from core.exact.remedies.registry import REMEDIES, Remedy, remedied

__all__ = ["REMEDIES", "Remedy", "borders", "dilation", "kernels", "remedied", "sequence", "transposed"]
