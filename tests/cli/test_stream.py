"""``stream``: past, future, latency and state for readers and as JSON, and the proof on the live model."""

import json
from pathlib import Path

import pytest

from core.__main__ import main
from core.design.opening import design_of
from core.design.stream_proof import prove
from core.exact.streams import stream


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["stream", *arguments]) == 0
    return capsys.readouterr().out


def test_json_has_the_keys_that_are_promised(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(answer(capsys, "64 c2; add(skip | conv k3 p1 c2); conv k4 s2 p1", "--rate", "16000", "--json"))
    assert list(told) == [
        "design", "rate", "past", "future", "past_ms", "future_ms", "causal", "looks_ahead", "hop", "block", "latency",
        "latency_ms", "state", "delays", "proved",
    ]  # fmt: skip
    assert (told["past"], told["future"], told["latency"], told["hop"], told["block"]) == (2, 2, 4, 2, 2)
    assert (told["past_ms"], told["latency_ms"]) == (0.125, 0.25)
    assert told["looks_ahead"] == "layer 1 (conv k3 p1 c2)"
    assert told["state"] == [
        {"layer": "layer 1 (conv k3 p1 c2)", "samples": 2, "channels": 2},
        {"layer": "layer 3 (conv k4 s2 p1)", "samples": 2, "channels": 2},
    ]
    assert told["delays"] == [{"layer": "layer 2 (add)", "samples": 1, "channels": 2}]
    assert told["proved"] is None


def test_without_a_rate_nothing_is_in_ms_and_a_rate_may_be_a_fraction(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(answer(capsys, "HiFi-GAN generator", "--json"))["latency_ms"] is None
    told = json.loads(answer(capsys, "HiFi-GAN generator", "--rate", "22050/256", "--json"))
    assert told["latency_ms"] == pytest.approx(1000 * 14 * 256 / 22050)
    assert told["hop"] == 1 / 256


def test_readers_are_told_of_phases_state_and_what_makes_it_causal(capsys: pytest.CaptureFixture[str]) -> None:
    lines = answer(capsys, "64; conv k3 s2 p1; tconv k4 s2 p1", "--rate", "8000").splitlines()
    assert "latency  3 samples, 0.375 ms" in lines
    assert "phase  past  future" in lines
    assert [line.split() for line in lines if line.startswith("    ")][:2] == [["0", "3", "1"], ["1", "2", "2"]]
    assert lines[-1] == "That is the design 64; conv k3 s2 p1; tconv k4 s2 p1+causal"
    assert ["layer", "2", "(tconv", "k4", "s2", "p1)", "1:1", "0:2"] in [line.split() for line in lines]


def test_an_image_streams_along_the_axis_that_is_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    text = "32x48; conv k5x3 p4:0x1"
    width = json.loads(answer(capsys, text, "--json"))
    height = json.loads(answer(capsys, text, "--axis", "height", "--json"))
    assert (width["past"], width["future"], width["state"][0]["channels"]) == (1, 1, 32)
    assert (height["past"], height["future"], height["causal"]) == (4, 0, True)


@pytest.mark.parametrize(
    "text",
    [
        "64; conv k3 p1 x2; conv k4 s2 p1",
        "64; add(skip | conv k3 d4 p8:0) x3",
        "64; conv k4 s2 p1; tconv k4 s2 p1; maxpool k2",
        "16x24; conv k3 p1; conv k4 s2 p1",
        "nn.Sequential(nn.Conv1d(2, 4, 5, padding=4), nn.ReLU(), nn.Conv1d(4, 2, 4, 2, 1))@2x64",
    ],
)
def test_blocks_and_changed_samples_say_the_same_as_the_numbers(text: str) -> None:
    design = design_of(text)
    found = stream(design.graph, len(design.graph.input.size) - 1)
    proof = prove(design, found)
    assert proof.blocks > 1
    assert proof.difference < 1e-12
    assert proof.outside < 1e-12
    assert min(proof.past_inside, proof.future_inside) > 1e-6


def test_the_proof_fails_where_the_context_is_told_too_short(monkeypatch: pytest.MonkeyPatch) -> None:
    design = design_of("16x64; conv k5 p2 x2")
    found = stream(design.graph, 1)
    other = stream(design_of("16x64; conv k3 p1; conv k5 p2").graph, 1)
    short = prove(design, other)
    assert (found.past, other.past) == (4, 3)
    assert short.difference > 1e-3
    assert short.outside > 1e-3


def test_the_proof_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(answer(capsys, "64; conv k3 p1 x2", "--prove", "--json"))["proved"]
    assert list(told) == ["blocks", "at_input", "difference", "outside", "past_inside", "future_inside"]
    assert told["difference"] < 1e-12 < told["past_inside"]
    assert "in 8 blocks with the state of every layer" in answer(capsys, "64; conv k3 p1 x2", "--prove")


def test_a_module_that_takes_statistics_is_told_and_is_not_proved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "nn.Sequential(nn.Conv1d(2, 4, 3, padding=1), nn.GroupNorm(2, 4))@2x64"
    assert "takes statistics over all positions" in answer(capsys, text)
    assert main(["stream", text, "--prove"]) == 2
    assert "and no blocks can; name an earlier stage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["64; conv k3", "--rate", "fast"], "'fast' is no rate; give samples a second, as 16000 or 22050/256"),
        (["64; conv k3", "--rate", "0"], "a rate of 0 is outside 0 to 1000000000 samples a second"),
        (["64; conv k3", "--axis", "width"], "the input 64 has one axis; leave --axis out"),
        (["64; global"], "every output reads nothing of the input, or all of it; take an earlier stage"),
    ],
)
def test_bad_requests_are_told_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stream", *arguments]) == 2
    assert message in capsys.readouterr().err
