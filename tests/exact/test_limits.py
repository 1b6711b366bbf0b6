"""What is refused, and how: units outside a map, and counts that would take minutes, before anything is allocated."""

import re
from itertools import permutations, product
from math import inf
from time import process_time

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core.errors import LimitError, UserError
from core.exact import fields, imbalance, path_counts, reach_counts, stride_period, tower_from, tower_to
from core.exact.work import refuse_absurd, work, work_bound
from core.network import PRESETS, Graph, Network, graph_of, limits, parse
from tests.network.strategies import networks


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("9; conv k3", (7,), "there is no output unit 7 in a map of 7; "),
        ("9; conv k3", (-1,), "there is no output unit -1 in a map of 7; "),
        ("9; conv k3", (1, 1), "there is no output unit 1,1 in a map of 7; "),
        ("9x8; conv k3", (3,), "there is no output unit 3 in a map of 7x6; "),
        ("9x8; conv k3", (3, 6), "there is no output unit 3,6 in a map of 7x6; "),
        ("9x8; conv k3", (), "there is no output unit  in a map of 7x6; "),
    ],
)
def test_a_unit_outside_the_output_is_refused_with_the_size_of_the_output(
    text: str, unit: tuple[int, ...], message: str
) -> None:
    graph = graph_of(parse(text))
    for count in (path_counts, tower_to):
        with pytest.raises(UserError, match=re.escape(message) + ".* from 0"):
            count(graph, unit)


@pytest.mark.parametrize(("text", "pixel"), [("9; conv k3", (9,)), ("9x8; conv k3", (8, 8)), ("9x8; conv k3", (1,))])
def test_a_pixel_outside_the_input_is_refused_with_the_size_of_the_input(text: str, pixel: tuple[int, ...]) -> None:
    graph = graph_of(parse(text))
    for count in (reach_counts, tower_from):
        with pytest.raises(UserError, match=r"there is no input pixel .* in a map of 9(x8)?; .* from 0"):
            count(graph, pixel)


HOSTILE = [
    "64; blur k1024 same x400",
    "1024; conv k1024 same x2000",
    "1024x1024; add(conv k3 same | skip) x300",
    "64x64; add(blur k900 same | skip) x40",
    "256x256; conv k3 p1 x100; random r8; conv k3 p1 x1800",
    "900; conv k3 p1 reflect x1000; conv k700 reflect p350 x900",
    "1024x1024; add(skip | skip | skip | skip) x2000",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_count_beyond_the_limit_is_refused_before_anything_is_allocated(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(parse(text))
    for name in ("zeros", "arange", "concatenate"):
        monkeypatch.setattr(np, name, None)
    message = (
        rf"would take about [\d,]+ seconds, more than {limits.MAX_SECONDS}; use a smaller input, fewer layers or "
        "smaller kernels"
    )
    for count in (path_counts, tower_to, tower_from, lambda graph: reach_counts(graph, (0,) * len(graph.input.size))):
        with pytest.raises(LimitError, match=message):
            count(graph)


def test_counts_that_fill_the_memory_are_refused_before_anything_is_allocated(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graph_of(parse("1024; conv k3 same x1990"))
    monkeypatch.setattr(limits, "MAX_BYTES", 2**28)
    monkeypatch.setattr(np, "zeros", None)
    message = r"would take about [\d.]+ GiB of memory, more than 0.25; use a smaller input, fewer layers or"
    for tower in (tower_to, tower_from):
        with pytest.raises(LimitError, match=message):
            tower(graph)


CLOCKED = [  # quick and slow, of every kind of step
    "224x224; conv k3 p1 x50",
    "224x224; conv k3 p1 x1000",
    "512; blur k9 same x400",
    "64; blur k1024 same x8",
    "64; add(blur k600 same | skip) x12",
    "1024; conv k1024 same x60",
    "96x96; add(conv k3 p1 | skip) x20",
    "96x96; conv k15 reflect p7 x6; random r4",
    "300; conv k5 p2 replicate x600",
    "64x64; random r30 x10",
    "128x128; add(skip | skip | skip) x40",
    "ResNet-18",
    "VGG-16",
]


def test_what_is_estimated_to_take_far_longer_does() -> None:
    """The estimate is of the clock of one computer: in one run, only which of two takes longer can be compared."""
    clocked = []
    for text in CLOCKED:
        graph = graph_of(PRESETS[text] if text in PRESETS else parse(text))
        period = stride_period(graph)
        clocked.append((work(graph).seconds, min(clock(graph, period) for _ in range(2)), text))
    for (estimate, seconds, text), (other_estimate, other_seconds, other) in permutations(clocked, 2):
        if estimate > 8 * other_estimate:
            assert seconds > other_seconds, f"{text} takes longer than {other}"


def clock(graph: Graph, period: tuple[int, ...]) -> float:
    """Seconds of this process for a count, its map and its measures."""
    begin = process_time()
    counts = path_counts(graph)
    counts.array()
    imbalance(counts, period)
    return process_time() - begin


CHAINED = [  # short and long, packed and not, of every kind of map
    *("conv k3 p1", "conv k9 full", "conv k600 same", "blur k9 same", "blur k700 same", "maxpool k3 s1 p1", "global"),
    *("conv k4 s2 p1", "conv k5 p2 reflect", "conv k3 d9 same circular", "tconv k4 s2 p1", "upsample s2 bilinear"),
    *("random r3", "conv k1"),
]
SIDES = st.integers(1, 300)


@example([7], [("conv k3 p1", 300), ("conv k600 same", 2)])
@example([300, 3], [("conv k9 full", 60)])
@example([300], [("conv k1", 2)])
@given(
    st.lists(SIDES, min_size=1, max_size=2) | SIDES.map(lambda side: [side, side]),
    st.lists(st.tuples(st.sampled_from(CHAINED), st.integers(1, 2) | st.integers(3, 300)), min_size=1, max_size=4),
)
def test_the_quick_bound_accepts_nothing_that_the_estimate_refuses(
    size: list[int], layers: list[tuple[str, int]]
) -> None:
    size_text = "x".join(map(str, size))
    try:
        graph = graph_of(parse("; ".join([size_text, *(f"{layer} x{times}" for layer, times in layers)])))
    except UserError:
        assume(False)
    assume(graph.separable)
    for every, channels, back in product((False, True), repeat=3):
        estimate, most = work(graph, every, channels, back), work_bound(graph, every)
        assert most.seconds > estimate.seconds
        assert most.bytes > estimate.bytes * (1 - 1e-9)
        estimates = {"MAX_SECONDS": estimate.seconds, "MAX_BYTES": estimate.bytes}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in estimates.items():
                patch.setattr(limits, name, value * (1 + 1e-9))
            refuse_absurd(graph, every, channels, back)
            for name, other in permutations(estimates):
                patch.setattr(limits, other, inf)
                patch.setattr(limits, name, estimates[name] * (1 - 1e-9))
                with pytest.raises(LimitError, match="counting this network would take"):
                    refuse_absurd(graph, every, channels, back)


@given(networks())
def test_a_longer_network_is_estimated_to_take_longer_where_no_run_is_packed(network: Network) -> None:
    longer = parse(f"{network}; conv k3 same")
    before, after = (work(graph_of(each), every=True) for each in (network, longer))
    assert after.seconds > before.seconds
    assert after.bytes >= before.bytes


@pytest.mark.parametrize(
    "text", ["1024x1024; conv k7 p3 x16", "1024x1024; conv k3 s2 p1 x8", "224x224; add(conv k3 p1 | skip) x16"]
)
def test_ordinary_networks_are_counted(text: str) -> None:
    assert path_counts(graph_of(parse(text))).total() > 0


@pytest.mark.parametrize("text", [*PRESETS, "224x224; conv k3 p1 x1000", "256x256; conv k3 p1 x100; global"])
def test_ordinary_networks_are_answered_at_once(text: str) -> None:
    graph = graph_of(PRESETS[text] if text in PRESETS else parse(text))
    assert work(graph).seconds < limits.SECONDS_AT_ONCE


@pytest.mark.parametrize("text", ["64; tconv k4 s2 p1 x6; conv k1024 same x1990", "256x256; random r29 x2000"])
def test_fields_that_take_long_to_follow_are_refused(text: str) -> None:
    with pytest.raises(LimitError, match=f"need more than {limits.MAX_FIELD_READS} reads to be followed; use fewer"):
        fields(graph_of(parse(text)))


def test_random_layers_share_their_connections_or_are_refused() -> None:
    nodes = graph_of(parse("256x256; random r29 x2000")).nodes
    assert len({id(node.lookup) for node in nodes[1:]}) == 1
    different = "; ".join(f"random r29 seed{seed}" for seed in range(2))
    with pytest.raises(LimitError, match=re.escape("layer 2 (random r29 seed1): 3932160 random connections are more")):
        graph_of(parse(f"256x256; {different}"))


def test_a_thousand_layers_are_counted() -> None:
    for layers, total in (("conv k2 same circular x1000", 2**1000), ("add(skip | skip) x1000", 2**1000)):
        assert path_counts(graph_of(parse(f"3x3; {layers}"))).at((1, 1)) == total ** (2 if "conv" in layers else 1)
