"""What exact counting costs: against an autograd pass, by depth, and with branches."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import torch

from core.exact import imbalance, path_counts
from core.exact.halo import halo
from core.live import ModelRecipe, build
from core.network import PRESETS, Network, graph_of, parse
from tests.benchmarks.row import Row, digits, fastest_ms


def rows() -> Iterator[Row]:
    """Every promise about counting, at the size it was made for."""
    yield from chain(parse("224x224; conv k3 p1 x50"), turns=20)
    yield from depths(224, (125, 250, 500, 1000), turns=5)
    yield from branched("ResNet-50", PRESETS["ResNet-50"], turns=5)
    yield from halos(("ResNet-50", "U-Net 572"), turns=5)
    yield from minute("WaveNet", 960_000)
    yield from volume("64x64x64; conv k3 p1 x10", parse("64x64x64; conv k3 p1 x10"), turns=20)
    yield from volume("the same with ten shortcuts", parse("64x64x64; add(skip | conv k3 p1) x10"), turns=3)


def chain(network: Network, turns: int) -> Iterator[Row]:
    """The exact map of all pixels against the gradient of the all-ones model, which is the same map, rounded."""
    graph = graph_of(network)
    model = build(network, ModelRecipe(weights="ones", width=1))
    image = torch.zeros(1, 1, *network.size, dtype=torch.float64, requires_grad=True)

    def gradient() -> torch.Tensor:
        return torch.autograd.grad(model(image).sum(), image)[0]

    exact = path_counts(graph).array().astype(np.float64)
    if not np.allclose(gradient()[0, 0].numpy(), exact, rtol=1e-9, atol=0):
        raise AssertionError("the two maps differ: there is nothing to compare")
    counted, written, differentiated = fastest_ms(
        [lambda: path_counts(graph), lambda: path_counts(graph).array(), gradient], turns
    )
    against = f"float64 autograd through the all-ones model, {digits(differentiated)} ms"
    ratio = differentiated / counted
    yield Row(
        f"exact map of {network}",
        against,
        f"{digits(ratio)} times faster, {digits(counted)} ms",
        "≥ 100 times",
        ratio >= 100,
    )
    yield Row(
        f"the same, its {exact.size:,} integers written out",
        against,
        f"{digits(differentiated / written)} times faster, {digits(written)} ms",
        "none",
        None,
    )


def depths(side: int, layers: Sequence[int], turns: int) -> Iterator[Row]:
    """Time per layer as a chain deepens, against the length of its largest number."""
    graphs = [graph_of(parse(f"{side}x{side}; conv k3 p1 x{depth}")) for depth in layers]
    times = fastest_ms([lambda graph=graph: path_counts(graph) for graph in graphs], turns)
    bits = [max(path_counts(graph).factors[0]).bit_length() for graph in graphs]
    per_layer = [1000 * time / depth for time, depth in zip(times, layers, strict=True)]
    for (less, more), (fast, slow), (short, long) in zip(
        pairwise(layers), pairwise(per_layer), pairwise(bits), strict=True
    ):
        yield Row(
            f"each layer of {more:,}, {side}x{side}",
            f"each of {less:,}: {digits(fast)} µs, numbers of {short:,} bits",
            f"{slow / fast:.1f} times the time, {digits(slow)} µs; numbers {long / short:.1f} times as long",
            "time grows as the numbers, within a quarter",
            slow / fast <= 1.25 * long / short,
        )


def minute(name: str, samples: int) -> Iterator[Row]:
    """A minute of sound through a network along time, in a process of its own, with all that is said of it."""
    question = f"""
import resource
from time import process_time
begin = process_time()
from core import DesignAnalysis, design_of
analysis = DesignAnalysis(design_of("{name}@{samples}"))
analysis.fields, analysis.counts, analysis.measures(), analysis.unit_counts, analysis.halo.axes
found = analysis.stream()
found.latency, found.kept, found.delays
print(process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True).stdout
    seconds, megabytes = map(float, answer.split())
    yield Row(
        f"fields, halo, latency, state, counts and measures of {samples:,} samples through {name}",
        "processor time, Python's start aside; peak memory",
        f"{digits(seconds)} s, {digits(megabytes)} MB",
        "≤ 2 s, ≤ 500 MB",
        seconds <= 2 and megabytes <= 500,
    )


def branched(name: str, network: Network, turns: int) -> Iterator[Row]:
    """A branched network, counted in two dimensions, against one forward pass of its model."""
    graph = graph_of(network)
    model = build(network, ModelRecipe())
    image = torch.zeros(1, graph.input.channels, *network.size)

    def forward() -> torch.Tensor:
        with torch.inference_mode():
            return model(image)

    counted, passed = fastest_ms([lambda: path_counts(graph), forward], turns)
    size = "x".join(map(str, network.size))
    yield Row(f"exact map of {name} at {size}", "the clock", f"{digits(counted)} ms", "< 100 ms", counted < 100)
    yield Row(
        "the same",
        f"one forward pass of its model, {digits(passed)} ms",
        f"{digits(passed / counted)} times faster",
        "faster",
        counted < passed,
    )


def volume(name: str, network: Network, turns: int) -> Iterator[Row]:
    """The map of a volume from its text on, with its measures."""
    (found,) = fastest_ms([lambda: imbalance(path_counts(graph_of(network)), (1, 1, 1))], turns)
    yield Row(f"exact map and measures of {name}", "the clock", f"{digits(found)} ms", "≤ 1 s", found <= 1000)


def halos(names: Sequence[str], turns: int) -> Iterator[Row]:
    """How much tiles must overlap, from the graph on."""
    for name in names:
        graph = graph_of(PRESETS[name])
        (found,) = fastest_ms([lambda graph=graph: halo(graph).axes], turns)
        yield Row(f"halo of {name}, once traced", "the clock", f"{digits(found)} ms", "≤ 10 ms", found <= 10)
