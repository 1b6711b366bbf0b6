"""The commands on an ONNX file."""

import json
from pathlib import Path

import pytest
from onnx import helper

from core.__main__ import main
from tests.live.onnx.files import file_of, two_scales


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.onnx").write_bytes(two_scales())


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main([*arguments, "--json"]) == 0
    result: dict[str, object] = json.loads(capsys.readouterr().out)
    return result


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err.strip()


def test_its_paths_are_counted_at_the_input_that_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    """The middle is read by 9 windows at once, and by four more each through the pool: 9 + 9 · 4."""
    answer = answered(capsys, "paths", "net.onnx@3x8x8")
    assert (answer["design"], answer["stage"]) == ("net.onnx@3x8x8", "output")
    assert answer["counts"][3][3] == "45"  # type: ignore[index]
    assert answer == answered(capsys, "paths", "net.onnx", "--input", "8") | {"design": "net.onnx@3x8x8"}


def test_its_stages_are_the_modules_that_it_was_exported_from(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "field", "net.onnx@8", "--stage", "list")
    stages = [stage["stage"] for stage in answer["stages"]]  # type: ignore[attr-defined]
    assert stages == ["down.conv", "down.relu", "down", "pool", "up", "join", "head", "output"]


def test_its_windows_take_remedies(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, "paths", "net.onnx@8+border-circular")["imbalance"]["max_min"] == 1  # type: ignore[index]
    answer = answered(capsys, "check", "net.onnx@8")
    assert [finding["code"] for finding in answer["findings"]][:1] == ["border"]  # type: ignore[attr-defined]


def test_other_commands_answer(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("tile", "sizes", "remedies"):
        assert answered(capsys, command, "net.onnx@64")


def test_what_needs_numbers_is_absent_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert "an ONNX file is counted and not run" in refusal(capsys, "erf", "net.onnx@8")
    assert "an ONNX file is counted and not run" in refusal(capsys, "tile", "net.onnx@64", "--prove")
    assert "net.onnx is an ONNX file, and training takes typed networks" in refusal(capsys, "train", "net.onnx")


def test_a_gap_is_told_with_operator_node_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [
        helper.make_node("MaxPool", ["x"], ["a"], name="/stem/MaxPool", kernel_shape=[2, 2]),
        helper.make_node("NonMaxSuppression", ["a", "a"], ["y"], name="/head/nms"),
    ]
    Path("boxes.onnx").write_bytes(file_of(nodes))
    assert refusal(capsys, "paths", "boxes.onnx") == (
        "nothing exact can be said of 'output' of boxes.onnx, it depends on NonMaxSuppression in head: "
        "no rule covers it; #stem ends before it"
    )
    assert answered(capsys, "paths", "boxes.onnx#stem")["counts"][0][0] == "1"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("other.onnx", "other.onnx cannot be read: No such file or directory"),
        ("net.onnx", "net.onnx: the file leaves height and width open; give them, as in @3x224x224"),
        ("net.onnx@4x8x8", "net.onnx: the file fixes its input at 3x?x?, and cannot be asked about 4x8x8; export it"),
        ("net.onnx@8x8x8x8", "net.onnx: an input of 8x8x8x8 does not fit; give channels and 2 sides"),
        ("folder.onnx", "folder.onnx cannot be read: Is a directory"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("folder.onnx").mkdir()
    assert refusal(capsys, "paths", text).startswith(said)
