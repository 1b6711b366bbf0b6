"""Every fix on offer does what it says: applied to any network, measured again another way, better than before."""

from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checks import Finding, as_json, check
from core.design.analysis import DesignAnalysis
from core.design.partial import PartialDesign
from core.design.text import at_input
from core.design.typed import TypedDesign
from core.errors import LimitError
from core.exact import fields, path_counts, unproductive
from core.exact.cost import cost
from core.network import PRESETS, Network, graph_of, parse
from core.network.layers import Layer
from tests.network.cases import CASES
from tests.network.strategies import networks

DISTORTED = [
    "40x40; conv k1 s2; conv k3 p1",
    "40x36; conv k3 s2 p1 x2; add(conv k3 s2 p1; conv k3 p1 | conv k1 s2)",
    "33x33; conv k5 d3 p6 x3",
    "24; tconv k3 s2; tconv k5 s3 p1",
    "40; add(conv k5 p4:0; conv k3 p1 | skip)",
    "16x12; conv k3 p1 x2; maxpool k2 x3; conv k3 p1 x2; global",
    "64x64; conv k4 s3; conv k7 s4 p3",
    "24x24; conv k5 x3",
]


def small(network: Network) -> bool:
    """Whether brute force can look at every pixel in no time."""
    return max(graph_of(network).input.size) <= 64


def measured(network: Network, measure: str) -> Fraction:
    """Each measure by its definition, from whole maps and single fields."""
    graph = graph_of(network)
    counts = path_counts(graph).array()
    size = graph.input.size
    analysis = DesignAnalysis(TypedDesign(network))
    match measure:
        case "share of unread pixels":
            return Fraction(int((counts == 0).sum()), counts.size)
        case "positions after the last window, all layers and axes":
            return Fraction(sum(axis.left_over for axes in fields(graph) for axis in axes))
        case "contrast within the stride period":
            at = [side // 2 - step // 2 for side, step in zip(size, analysis.grid, strict=True)]
            near = counts[tuple(slice(a, a + step) for a, step in zip(at, analysis.grid, strict=True))]
            return Fraction(int(near.max()), int(near.min()))
        case "paths of a corner over those of the centre":
            return min(
                Fraction(int(counts[corner]), int(counts[like]))
                for corner in product(*((0, side - 1) for side in size))
                if counts[like := alike(analysis, corner)]
            )
        case "share of the field without a path to its unit":
            inside = path_counts(graph, analysis.unit).array()
            inside = inside[tuple(slice(axis.clipped(u)[0], axis.clipped(u)[1] + 1) for axis, u in axes_of(analysis))]
            return Fraction(int((inside == 0).sum()), inside.size)
        case "pixels that a unit of the output sees, on its shorter side":
            return Fraction(min(axis.span(u)[1] - axis.span(u)[0] + 1 for axis, u in axes_of(analysis)))
        case "unproductive windows":
            idle = [graph.nodes[at].layer for at in unproductive(graph)]
            return Fraction(sum(layer is not None and layer.op.name != "global" for layer in idle))
        case "windows of several taps that read one position":
            return Fraction(sum(reads_one(graph, at) for at in range(1, len(graph.nodes))))
        case "pixels between the places that joined branches look at, on average":
            return max((shift(network, at) for at in range(len(graph.nodes))), default=Fraction(0))
        case "fewest over most taps that write to a position":
            layers = [node.layer for node in graph.nodes if node.layer]
            return min((evenness(layer) for layer in layers if layer.op.name == "tconv"), default=Fraction(1))
    raise AssertionError(measure)


def axes_of(analysis: DesignAnalysis) -> list:
    return list(zip(fields(analysis.graph)[-1], analysis.unit, strict=True))


def alike(analysis: DesignAnalysis, corner: tuple[int, ...]) -> tuple[int, ...]:
    """The nearest to the centre among all pixels that are whole grid steps away."""
    steps = analysis.grid if analysis.uneven else (1,) * len(corner)
    return tuple(
        min(range(at % step, side, step), key=lambda place: abs(place - side // 2))
        for at, step, side in zip(corner, steps, analysis.graph.input.size, strict=True)
    )


def reads_one(graph, at: int) -> bool:
    node = graph.nodes[at]
    below = graph.nodes[node.inputs[0]].size
    slides = node.layer is not None and node.layer.op.name in ("conv", "maxpool", "avgpool", "blur")
    return slides and any(
        side == 1 < k and whole > 1 for side, k, whole in zip(below, node.layer.kernel, graph.input.size, strict=True)
    )


def shift(network: Network, at: int) -> Fraction:
    """How far apart the branches of a join look, each averaged over many units."""
    graph = graph_of(network)
    found = fields(graph)
    sources = graph.nodes[at].inputs
    most = Fraction(0)
    for axis in range(len(graph.input.size)) if len(sources) > 1 and not any(x.rates for x in found[at]) else ():
        means = [np.mean([found[source][axis].centre(unit) for unit in range(5040)]) for source in sources]
        most = max(most, max(means) - min(means))
    return most


def evenness(layer: Layer) -> Fraction:
    """Writes one sample every stride and looks at the middle of what that gives."""
    share = Fraction(1)
    for k, s, d in zip(layer.kernel, layer.stride, layer.dilation, strict=True):
        written = np.zeros(s * 200 + d * k, dtype=int)
        for sample in range(200):
            for tap in range(k):
                written[sample * s + tap * d] += 1
        inside = written[d * k : s * 199]
        share *= Fraction(int(inside.min()), int(inside.max()))
    return share


def fixes(findings: list[Finding]) -> list:
    return [fix for finding in findings for fix in (finding.fix, *finding.others) if fix is not None]


def assert_fixes_hold(network: Network, object_size: int | None = None) -> int:
    """Better than before, re-measured, and a network that can be written down; how many there were."""
    offered = fixes(check(TypedDesign(network), object_size))
    for fix in offered:
        changed = fix.design.network
        assert fix.after != fix.before
        if changed is None:
            assert isinstance(fix.design, PartialDesign)
            continue
        assert changed != network
        assert parse(str(changed)) == changed
        assert (fix.cost_before, fix.cost) == (cost(graph_of(network)), cost(graph_of(changed)))
        assert fix.pixels == (prod(network.size), prod(changed.size))
        rising = ("paths of a corner", "pixels that a unit", "fewest over most")
        assert (fix.after > fix.before) is fix.measure.startswith(rising)
        if small(network) and small(changed):
            assert fix.before == measured(network, fix.measure)
            assert fix.after == measured(changed, fix.measure)
    return len(offered)


@pytest.mark.parametrize("text", DISTORTED)
def test_fixes_of_distorted_networks_measure_as_they_say(text: str) -> None:
    assert assert_fixes_hold(parse(text), object_size=20)


def test_the_distorted_networks_show_every_measure() -> None:
    names = {fix.measure for text in DISTORTED for fix in fixes(check(TypedDesign(parse(text)), 20))}
    assert len(names) == 10
    for name in names:
        assert measured(parse("9; conv k3 p1"), name) >= 0


@settings(max_examples=40)
@given(networks(), st.sampled_from([None, 5]))
def test_fixes_of_random_networks_measure_as_they_say(network: Network, object_size: int | None) -> None:
    assert_fixes_hold(network, object_size)


@pytest.mark.parametrize("name", CASES)
def test_every_kind_of_layer_and_join_can_be_checked(name: str) -> None:
    assert_fixes_hold(parse(CASES[name]))


SHORTER = {"WaveNet": 400, "Conv-TasNet separator": 200, "HiFi-GAN generator": 2}  # longer ones take seconds


@pytest.mark.parametrize("name", PRESETS)
def test_fixes_of_the_presets_are_better_and_can_be_written_down(name: str) -> None:
    network = PRESETS[name]
    if network.size[0] > 256 and len(network.size) == 2:  # a larger one takes seconds
        network = at_input(network, (204,))
    elif name in SHORTER:
        network = at_input(network, (SHORTER[name],))
    assert assert_fixes_hold(network)


@settings(max_examples=40)
@given(networks())
def test_a_finding_is_one_sentence_about_one_layer_and_becomes_json(network: Network) -> None:
    graph = graph_of(network)
    found = check(TypedDesign(network))
    assert len({finding.code for finding in found}) == len(found)
    for finding in found:
        assert not finding.message.endswith(".")
        assert (finding.layer is None) is (finding.node is None)
        assert finding.node is None or finding.layer == graph.name(finding.node)
        assert as_json(finding)["code"] == finding.code


def test_json_holds_the_fix_as_a_network_with_its_measure() -> None:
    finding = next(found for found in check(TypedDesign(parse("64; conv k3 s2 p1"))) if found.code == "parity")
    found = as_json(finding)
    assert list(found) == [
        "code",
        "severity",
        "layer",
        "message",
        "why",
        "reference",
        "title",
        "number",
        "fix",
        "others",
    ]
    assert found["fix"] == {
        "words": "widen every strided kernel to the next multiple of its stride, by zero rows and columns after it, "
        "padding unchanged",
        "network": "64; conv k4 s2 p1",
        "input": "64",
        "measure": "contrast within the stride period",
        "before": 2.0,
        "after": 1.0,
        "design": "64; conv k3 s2 p1+kernel-padding",
        "multiply_adds": [96, 128],
        "parameters": [3, 4],
        "pixels": [64, 64],
    }
    assert [fix["network"] for fix in found["others"]] == [
        "64; conv k4 s2 p1:2",
        "64; conv k3 s3",
        "64; conv k3 p1; blur k3 s2 p1",
        "64; random r8 seed0; conv k3 s2 p1",
    ]


def test_a_design_that_is_too_large_to_count_is_refused() -> None:
    with pytest.raises(LimitError, match="seconds, more than 60"):
        check(TypedDesign(parse("1024x1024; add(skip | conv k31 p15) x40")))
