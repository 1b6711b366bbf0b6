"""The commands on volumes and video: what is told of three axes, what is proved, and what is refused by name."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.__main__ import main
from core.exact import path_counts
from core.network import graph_of, parse

VOLUME = "6x8x7 c2; conv k3 p1 c2; add(skip | conv k3 p1 c2)"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 0
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer(capsys, *arguments, "--json"))
    return found


@pytest.mark.parametrize("text", [VOLUME, "4x3x5; conv k3x1x2 s1x2x1 p1x0x0"])
def test_counts_are_lists_of_planes_of_rows(capsys: pytest.CaptureFixture[str], text: str) -> None:
    told = document(capsys, "paths", text)
    counts = path_counts(graph_of(parse(text)))
    assert np.array(told["counts"]).astype(object).tolist() == [
        [[str(count) for count in row] for row in plane] for plane in counts.array().tolist()
    ]
    assert {"face_centre", "asymmetry_depth", "asymmetry_height", "asymmetry_width"} <= set(told["imbalance"])


def test_a_readable_answer_names_the_axes_and_the_planes(capsys: pytest.CaptureFixture[str]) -> None:
    text = answer(capsys, "paths", "3x4x5; conv k3 p1", "--unit", "1,2,3")
    assert "input    3x4x5 (depth x height x width)" in text
    assert [line for line in text.splitlines() if line.startswith("plane")] == ["plane 0", "plane 1", "plane 2"]
    large = answer(capsys, "paths", "20x30x30; conv k3 p1 x2")
    assert [line for line in large.splitlines() if line.startswith("plane")] == ["plane 0", "plane 10", "plane 19"]
    assert "3 of 20 planes are shown" in large
    assert "centre line through the planes: least 405 (plane 0), most 729 (plane 2)" in large


def test_tiles_and_streams_of_volumes_are_proved_on_the_live_model(capsys: pytest.CaptureFixture[str]) -> None:
    tiles = document(capsys, "tile", "16x16x16 c1; conv k3 p1 c2; maxpool k2; conv k3 p1 c2", "--prove")
    assert tiles["halo"] == {"before": [3] * 3, "after": [3] * 3}
    assert tiles["proved"]["difference"] < 1e-9 < tiles["proved"]["difference_one_less"]
    video = document(capsys, "stream", "12x6x6 c2; conv k3 p2:0x1x1 c2; conv k3x1x1 p2:0x0x0 c2", "--prove")
    assert (video["past"], video["future"], video["causal"]) == (4, 0, True)  # along the depth, which is time
    assert video["proved"]["difference"] < 1e-9
    across = document(capsys, "stream", "12x6x6 c2; conv k3 p2:0x1x1 c2", "--axis", "width")
    assert (across["past"], across["future"]) == (1, 1)


def test_effective_fields_of_volumes_are_maps_of_three_axes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "map.npy"
    told = document(capsys, "erf", "5x6x7; conv k3 p1 x2", "--weights", "ones", "--out", str(out))
    counts = path_counts(graph_of(parse("5x6x7; conv k3 p1 x2")), (2, 3, 3)).array().astype(float)
    assert np.load(out) == pytest.approx(counts)
    assert told["agreement"]["correlation"] == pytest.approx(1)
    assert "cube" in told["sizes"]["square_50"]["recipe"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["paths", "4x4x4x4; conv k3"], "the input has 4 axes; it may have 1 (as in 64), 2 (as in 64x48) or 3"),
        (["paths", "4x4x4; conv k3@4x4"], "an input of 4x4 does not fit a network of 3 axes; give N, DxHxW or CxDxHxW"),
        (["paths", "4x4x4; conv k3", "--unit", "1,1"], "there is no output unit 1,1 in a map of 2x2x2"),
        (["paths", "4x4x4; attn causal"], "causal attention reads the past, and a map of several axes has none"),
        (["stream", "9x9; conv k3", "--axis", "depth"], "the input 9x9 has no depth; choose height or width"),
        (["train", "5x5x5; conv k3"], "training takes an input of one or two axes, and 5x5x5 has three"),
    ],
)
def test_what_three_axes_lack_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
