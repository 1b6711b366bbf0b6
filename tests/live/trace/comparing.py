"""A traced module against both oracles: all outputs and one unit, spatial counts and channel counts."""

from copy import deepcopy

import torch
from torch import nn

from core.exact import path_counts
from core.exact.gates import with_gates
from core.live.trace import Traced, trace
from core.network.graph import Graph
from tests.live.trace.ones import ChannelCounts
from tests.live.trace.positions import SpatialCounts
from tests.live.trace.recording import recorded

EXACT = 2**53  # below this, float64 counts


def traced(module: nn.Module, size: tuple[int, ...]) -> Traced:
    return trace(deepcopy(module).eval().to("meta"), size)


def assert_exact(module: nn.Module, size: tuple[int, ...], graph: Graph | None = None, gates: bool = True) -> None:
    """The counts of the traced module are those of the oracles, which know no gates: every factor is an edge.

    ``gates``: whether ``graph`` is asked for what passes through its gates too.
    """
    graph = graph or traced(module, size).graph()
    graph = with_gates(graph) if gates else graph
    run = recorded(module, size)
    output = graph.output.size
    spatial = SpatialCounts(run, size, output)
    channels = ChannelCounts(run, size, spatial.statistics)
    is_map = channels.shape[2:] == output
    for unit in (None, tuple(side // 2 for side in output)) if is_map else (None,):
        assert wrapped(path_counts(graph, unit).array()).tolist() == spatial.to(unit).tolist(), f"spatial, unit {unit}"
        assert_close(path_counts(graph, unit, channels=True).array(), channels.to(unit), f"channels, unit {unit}")


def assert_close(counts, gradient: torch.Tensor, what: str) -> None:
    """Equal integers where float64 holds them, else within its rounding."""
    if gradient.max() < EXACT:
        assert counts.tolist() == gradient.tolist(), what
    else:
        found = torch.tensor(counts.astype(float))
        torch.testing.assert_close(found, gradient, rtol=1e-11, atol=0, msg=what)


def wrapped(counts) -> torch.Tensor:
    """Python integers as int64 holds them, modulo 2^64."""
    flat = [(count + 2**63) % 2**64 - 2**63 for count in counts.ravel().tolist()]
    return torch.tensor(flat, dtype=torch.int64).reshape(counts.shape)
