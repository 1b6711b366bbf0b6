"""Streams: past, future and state as they are said, against every sample changed alone, and blocks run one by one."""

from fractions import Fraction
from math import ceil, floor

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from core.design.opening import design_of
from core.design.stream_proof import prove
from core.design.stream_text import StreamText
from core.design.text import at_input
from core.design.traced import module_design
from core.errors import UserError
from core.exact.streams import Context, Stream, stream
from core.live.modules.blockwise import Blockwise
from core.live.modules.model import ModelRecipe, build
from core.network import PRESETS, graph_of, parse
from core.network.graph import Graph

LAYERS = [
    "conv k3 p1", "conv k2 d3 p3:0", "conv k3", "conv k4 s2 p1", "conv k3 s2 p1:0", "conv k5 s3 p2", "maxpool k2",
    "tconv k4 s2 p1", "tconv k3 s2", "upsample s2", "upsample s2 bilinear", "upsample s3 bilinear",
    "blur k3 p1", "add(skip | conv k3 p1)",
    "add(conv k3 p2:0 | conv k5 p2)",
]  # fmt: skip


def seen(forward: nn.Module, length: int, unit: int) -> tuple[int, int] | None:
    """The first and last sample of which a change changes an output, each changed alone, in float64."""
    signal = torch.rand(1, 1, length, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        copies = signal.repeat(length, 1, 1)
        copies[torch.arange(length), 0, torch.arange(length)] += 1
        differs = (forward(copies)[..., unit] - forward(signal)[..., unit]).abs().amax(1) > 1e-12
    places = differs.nonzero().ravel().tolist()
    return (places[0], places[-1]) if places else None


def assert_reads_what_is_said(found: Stream, forward: nn.Module, length: int) -> None:
    """Of every phase, an output in the middle."""
    middle = floor(Fraction(length // 2) / found.hop)
    contexts = set()
    for unit in range(middle, middle + len(found.phases)):
        if (ends := seen(forward, length, unit)) is not None:
            assert ends[0] > 0
            assert ends[1] < length - 1
            first, end = floor(unit * found.hop), ceil((unit + 1) * found.hop)
            contexts.add(Context(max(first - ends[0], 0), max(ends[1] + 1 - end, 0)))
    assert contexts == set(found.phases)


def random_graph(layers: list[str], length: int) -> Graph:
    try:
        return graph_of(parse("; ".join([f"{length} c1", *layers])))
    except UserError:
        assume(False)
        raise


@settings(max_examples=15)
@given(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=4))
def test_every_sample_is_read_as_the_context_says(layers: list[str]) -> None:
    graph = random_graph(layers, 240)
    found = stream(graph)
    model = build(parse("; ".join(["240 c1", *layers])), ModelRecipe("linear", weights="ones", width=1))
    assert_reads_what_is_said(found, model, 240)


@settings(max_examples=15)
@given(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=4), st.integers(1, 3))
def test_blocks_need_no_more_than_the_state_that_is_said_and_no_less(layers: list[str], blocks: int) -> None:
    text = "; ".join(["240 c2", *layers])
    found = stream(random_graph(layers, 240))
    model = build(parse(text), ModelRecipe("leaky_relu")).double()
    step, fed = found.block * blocks, Blockwise(model)
    signal = torch.randn(1, 2, 240, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    parts, held = [], {}
    with torch.no_grad():
        for begin in range(0, 240, step):
            parts.append(fed.block(signal[..., begin : begin + step]))
            if begin <= 120 < begin + step and begin + step < 240:
                held = {edge: kept.shape[-1] for edge, kept in fed.held.items() if kept.shape[-1]}
        whole = model(signal)
    assert torch.cat(parts, dim=-1).shape == whole.shape
    assert float((torch.cat(parts, dim=-1) - whole).abs().max()) < 1e-12
    assert held == {(kept.node, kept.source): kept.samples for kept in (*found.kept, *found.delays)}


class Chomp(nn.Module):
    """The block of locuslab/TCN: padded on both sides, and cut off after."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(1, 1, 3, padding=2 * dilation, dilation=dilation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(x)[..., : x.shape[-1]] + x


class Sliced(nn.Module):
    """Every other sample of one that looks ahead, and late by three."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(1, 1, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.pad(self.conv(x), (3, 0))[..., ::2]


class Finer(nn.Module):
    """Twice as many positions, by repeating each or by laying channels between, then a window."""

    def __init__(self, shuffles: bool) -> None:
        super().__init__()
        self.shuffles = shuffles
        self.first, self.last = nn.Conv1d(1, 1 + shuffles, 3, padding=1), nn.Conv1d(1, 1, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.first(x)
        return self.last(x.transpose(1, 2).reshape(len(x), 1, -1) if self.shuffles else x.repeat_interleave(2, -1))


@pytest.mark.parametrize("shuffles", [False, True])
def test_what_repeats_positions_or_lays_channels_between_them_has_two_phases_and_no_delay(shuffles: bool) -> None:
    found = stream(module_design(Finer(shuffles), (1, 96)).graph)
    assert found.phases == (Context(2, 1), Context(1, 2))
    assert [kept.samples for kept in found.kept] == [2, 2]
    assert not found.delays


@pytest.mark.parametrize(
    ("module", "past", "future", "causal"),
    [
        (nn.Sequential(Chomp(1), Chomp(2), Chomp(4)), 14, 0, True),
        (Sliced(), 3, 0, True),
        (nn.Sequential(nn.Conv1d(1, 1, 3, padding=1), nn.Conv1d(1, 1, 4, stride=2, padding=1)), 2, 2, False),
        (nn.Sequential(nn.Conv1d(1, 1, 4, stride=2, padding=1), nn.ConvTranspose1d(1, 1, 4, 2, 1)), 3, 3, False),
        (nn.Sequential(nn.ConstantPad1d((4, 0), 0.0), nn.Conv1d(1, 1, 5), nn.MaxPool1d(2)), 4, 0, True),
        (Finer(shuffles=False), 2, 2, False),
        (Finer(shuffles=True), 2, 2, False),
    ],
)
def test_modules_read_what_is_said_of_them(module: nn.Module, past: int, future: int, causal: bool) -> None:
    for weights in module.eval().parameters():
        nn.init.ones_(weights)
    found = stream(module_design(module, (1, 96)).graph)
    assert (found.past, found.future, found.causal) == (past, future, causal)
    assert_reads_what_is_said(found, module.double(), 96)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("4096; " + "; ".join(f"conv k2 d{2**power} p{2**power}:0" for power in range(10)), 1024),
        ("WaveNet", 3070),  # 3 · 1,023 + 1; a published answer says 1,024 · 3
        ("TCN", 1 + 2 * (7 - 1) * (2**8 - 1)),  # two convolutions a block; formulas with one give half
        ("wav2vec 2.0 encoder", 400),
        ("Conv-TasNet separator", 1531),  # frames of 1 ms: the paper's 1.53 s
        ("4000; conv k8 s4 x5", 2388),  # denoiser: 597 samples at 16 kHz, once resampled by 4
    ],
)
def test_published_fields_are_past_own_and_future(text: str, field: int) -> None:
    found = stream(graph_of(PRESETS[text] if text in PRESETS else parse(text)))
    assert found.past + ceil(found.hop) + found.future == field


@pytest.mark.parametrize(("name", "wrong"), [("WaveNet", 3 * 1024), ("TCN", 1 + (7 - 1) * (2**8 - 1))])
def test_published_formulas_that_are_wrong_are_not_what_a_change_of_every_sample_finds(name: str, wrong: int) -> None:
    network, length = at_input(PRESETS[name], (4000,)), 4000
    found = stream(graph_of(network))
    model = build(parse(str(network).replace("c64", "c1").replace("c25", "c1")), ModelRecipe("linear", weights="ones"))
    signal = torch.zeros(1, 1, length, dtype=torch.float64, requires_grad=True)
    model(signal)[..., -1].sum().backward()
    assert signal.grad is not None
    reached = length - int(signal.grad.ravel().nonzero()[0])
    assert reached == found.past + 1 != wrong


@pytest.mark.parametrize(
    ("name", "hop", "block", "latency", "ratio"),
    [
        ("WaveNet", 1, 1, 1, 1),
        ("wav2vec 2.0 encoder", 320, 320, 400, Fraction(1, 320)),  # 25 ms every 20 ms at 16 kHz
        ("Encodec encoder", 320, 320, 320, Fraction(1, 320)),  # 13.3 ms at 24 kHz
        ("HiFi-GAN generator", Fraction(1, 256), 1, 14, 256),
    ],
)
def test_hop_block_and_latency_of_published_networks(
    name: str, hop: Fraction, block: int, latency: int, ratio: Fraction
) -> None:
    found = stream(graph_of(PRESETS[name]))
    assert (found.hop, found.block, found.latency, found.output_ratio) == (hop, block, latency, ratio)


def test_the_first_layer_that_looks_ahead_is_named_and_none_of_a_causal_network() -> None:
    assert stream(graph_of(parse("64; conv k3 p2:0; conv k2; conv k3 p1"))).looks_ahead == 2
    assert stream(graph_of(PRESETS["Encodec encoder"])).looks_ahead is None


def test_a_branch_that_is_late_makes_the_other_wait() -> None:
    (delay,) = stream(graph_of(parse("64 c5; add(skip | conv k5 p2; conv k3 p1)"))).delays
    assert (delay.node, delay.source, delay.samples, delay.channels) == (3, 0, 3, 5)


@settings(max_examples=30)
@given(
    st.lists(
        st.sampled_from([layer for layer in LAYERS if "tconv" not in layer and "bilinear" not in layer]),
        min_size=1,
        max_size=4,
    )
)
def test_moved_padding_makes_causal_what_windows_alone_made_look_ahead(layers: list[str]) -> None:
    graph = random_graph(layers, 240)
    causal = stream(graph).made_causal
    assert causal is None or causal.causal
    if causal is not None and stream(graph).repaddings:
        remedied = design_of(f"{'; '.join(['240 c1', *layers])}+causal").graph  # the same, as a design
        assert [(node.size, node.maps) for node in remedied.nodes] == [(n.size, n.maps) for n in causal.graph.nodes]


class Gated(nn.Module):
    """As WaveNet's layers are: what one convolution gives is weighed by another."""

    def __init__(self) -> None:
        super().__init__()
        self.filter, self.gate = nn.Conv1d(2, 4, 3, padding=1), nn.Conv1d(2, 4, 5, padding=4, dilation=2)
        self.last = nn.ConvTranspose1d(4, 2, 4, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(torch.tanh(self.filter(x)) * torch.sigmoid(self.gate(x)))


def test_a_module_is_made_causal_with_its_gates_and_is_proved() -> None:
    design = module_design(Gated(), (2, 64))
    found = stream(design.graph)
    assert (found.past, found.future, found.looks_ahead) == (5, 5, 1)
    causal = design.remedied("causal")
    moved = stream(causal.graph)
    assert (moved.past, moved.future, moved.causal) == (9, 0, True)
    assert found.made_causal is not None
    assert (found.made_causal.past, found.made_causal.causal) == (9, True)
    proof = prove(causal, moved)
    assert max(proof.difference, proof.outside) < 1e-12
    assert proof.past_inside > 1e-6


def test_moved_padding_delays_a_chain_by_what_it_looked_ahead() -> None:
    graph = graph_of(parse("64; conv k5 p2; conv k3 d2 p2"))
    found, causal = stream(graph), stream(graph).made_causal
    assert causal is not None
    assert (found.past, found.future, causal.past, causal.future) == (4, 4, 8, 0)
    assert [(one.old, one.new) for one in found.repaddings] == [((2, 2), (4, 0)), ((2, 2), (4, 0))]
    assert causal.graph.output.size == (64,)


def test_what_takes_statistics_over_time_is_no_stream_and_is_named() -> None:
    module = nn.Sequential(nn.Conv1d(1, 4, 3, padding=(1,)), nn.GroupNorm(2, 4))
    found = stream(module_design(module, (1, 64)).graph)
    assert not found.causal
    assert [reason.text for reason in found.reasons] == ["takes statistics over all positions"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("64; concat(maxpool k2 | conv k1; global; upsample s32)", None),
        (
            "64; random r2 seed0; conv k3",
            r"layer 1 \(random r2 seed0\) reads positions that lie anywhere",
        ),
        ("64; global", "every output reads nothing of the input, or all of it"),
    ],
)
def test_what_is_no_stream_is_refused_with_the_way_on(text: str, message: str | None) -> None:
    if message is None:
        assert stream(graph_of(parse(text))).reasons
        return
    with pytest.raises(UserError, match=message):
        stream(graph_of(parse(text)))


@pytest.mark.parametrize(
    ("text", "rate", "field_ms", "hop_ms"),
    [
        ("wav2vec 2.0 encoder", 16000, 25, 20),
        ("4000; conv k8 s4 x5", 4 * 16000, 37, 16),  # denoiser, which works at four times the rate: 37 ms of sound
    ],
)
def test_published_fields_in_ms(text: str, rate: int, field_ms: int, hop_ms: int) -> None:
    told = StreamText(stream(graph_of(PRESETS[text] if text in PRESETS else parse(text))), Fraction(rate))
    field = told.stream.past + told.stream.hop + told.stream.future
    assert round(told.ms(field) or 0) == field_ms
    assert told.ms(told.stream.hop) == hop_ms
