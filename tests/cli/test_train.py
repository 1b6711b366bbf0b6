"""``train``: the table, the document, the folder, and the same contract as the other commands."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from core.__main__ import main
from core.cli import train as command
from core.network import parse
from core.remedies import remedied
from core.training import TrainRecipe, experiment

ROOT = Path(__file__).parents[2]
QUICK = ["--steps", "6", "--batch", "4", "--looks", "2", "--width", "2"]
RECIPE = TrainRecipe(steps=6, batch=4, looks=2, width=2)
NETWORK = "7x6; conv k3 x2"


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def answered(capsys, *argv: str) -> str:
    assert main(["train", *argv, *QUICK]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def document(capsys, *argv: str) -> dict:
    return json.loads(answered(capsys, *argv, "--json"))


def test_the_document_holds_the_numbers_of_the_experiment(capsys):
    found = document(capsys, NETWORK, "--against", "border-circular", "--seeds", "3")
    networks = [parse(NETWORK), remedied(parse(NETWORK), "border-circular")]
    *_, last = experiment(networks, RECIPE, 3)
    assert list(found) == ["design", "network", "against", "recipe", "seeds", "trained", "out"]
    assert (found["network"], found["against"]) == (NETWORK, "7x6; conv k3 p1 circular x2")
    assert (found["seeds"], found["out"]) == ([0, 1, 2], None)
    assert found["recipe"] == {
        "task": "detect", "side": 1, "contrast": 8.0, "steps": 6, "batch": 4, "rate": 0.02, "width": 2,
        "activation": "relu", "looks": 2,
    }  # fmt: skip
    for index, row in enumerate(found["trained"]):
        runs, located = last.experiment.runs[index], last.experiment.mean(index, True)
        assert row["network"] == str(networks[index])
        assert row["parameters"] == 2 * 2 * 9 * 2 + 2 + 2 * 2 + 1
        assert row["loss"] == pytest.approx(np.mean([run.losses for run in runs]))
        assert row["accuracy"]["values"] == [run.accuracy for run in runs]
        assert row["right"]["centre"] == located.right[3, 3]
        edges = [located.right[at] for at in ((0, 3), (6, 3), (3, 0), (3, 5))]
        corners = [located.right[at] for at in ((0, 0), (0, 5), (6, 0), (6, 5))]
        assert (row["right"]["edge"], row["right"]["corner"]) == (np.mean(edges), np.mean(corners))
    told = found["trained"][0]["correlation"]
    for name, asked in (("untrained", (False, False)), ("trained", (True, False))):
        exact = last.experiment.correlation(0, *asked)
        assert (told[name]["mean"], told[name]["low"]) == (exact.mean, exact.low)


def test_any_typed_design_can_be_trained_with_its_input_stage_and_remedies(capsys):
    text, against = "32; conv k3 s2; conv k5 @8 #1 +kernel-padding", "9; conv k3 +border-circular"
    designs = document(capsys, text, "--against", against)
    assert (designs["network"], designs["against"]) == ("8; conv k4 s2", "9; conv k3 p1 circular")


def test_what_does_not_exist_is_null_and_says_why(capsys):
    rows = document(capsys, "9; conv k3", "--against", "9; conv k3 p1 circular")["trained"]
    assert rows[1]["correlation"] == {"untrained": None, "trained": None, "answers": None}
    assert rows[1]["reasons"]["correlation.trained"] == "every place has as many paths"
    for row in rows:
        assert row["right"]["edge"] is None
        assert row["reasons"]["right.edge"] == "a 1-D input has ends only"
        assert (row["accuracy"]["low"], row["accuracy"]["high"]) == (None, None)
        assert row["reasons"]["interval"] == "one seed has no interval"
    assert document(capsys, "9; conv k3")["against"] is None


def test_the_final_loss_is_that_of_the_last_twenty_steps(capsys):
    *_, last = experiment([parse("6; conv k3")], TrainRecipe(steps=50, batch=4, looks=2, width=2))
    losses = last.experiment.runs[0][0].losses
    assert main(["train", "6; conv k3", *QUICK, "--steps", "50", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trained"][0]["loss"] == pytest.approx(np.mean(losses[30:]))


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(capsys):
    one = answered(capsys, NETWORK, "--json", "--seed", "3")
    assert answered(capsys, NETWORK, "--json", "--seed", "3") == one
    other = document(capsys, NETWORK, "--seed", "4")
    assert other["seeds"] == [4]
    assert other["trained"][0]["loss"] != json.loads(one)["trained"][0]["loss"]


def test_the_table_tells_what_was_trained_how_and_what_came_out(capsys):
    argv = [NETWORK, "--against", "border-circular", "--seeds", "3"]
    rows = document(capsys, *argv)["trained"]
    lines = answered(capsys, *argv).splitlines()
    assert lines[:4] == [
        f"network  {NETWORK}",
        "against  7x6; conv k3 p1 circular x2",
        "task     detect: Is there a bright square? There is one in half of the images.",
        "recipe   side 1, contrast 8, steps 6, batch 4, rate 0.02, width 2, activation relu, looks 2; seeds 0 to 2",
    ]
    first, second = (
        next(index for index, line in enumerate(lines) if word in line) for word in ("corners", "change, u")
    )
    for index, name in enumerate(("network", "against")):
        accuracy, right = rows[index]["accuracy"], rows[index]["right"]
        assert re.split(r"  +", lines[first + 1 + index]) == [
            name, "79", f"{rows[index]['loss']:.4f}",
            f"{accuracy['mean']:.3f} ({accuracy['low']:.3f} to {accuracy['high']:.3f})",
            *(f"{right[place]:.3f}" for place in ("centre", "edge", "corner")),
        ]  # fmt: skip
    told = rows[0]["correlation"]["untrained"]
    shown = f"{told['mean']:.3f} ({told['low']:.3f} to {told['high']:.3f})"
    assert re.split(r"  +", lines[second + 1])[:2] == ["network", shown]
    assert lines[second + 2].split() == ["against", "-", "-", "-"]
    reason = "change, untrained; change, trained; right answers  against: every place has as many paths"
    assert reason in lines
    closing = " ".join(lines[-3:])
    assert "this recipe and these 3 seeds; path counts alone promise nothing about accuracy." in closing


def test_other_inputs_are_said_to_have_other_images(capsys):
    out = " ".join(answered(capsys, "6x6; conv k3 s2 p1", "--against", "even-input").split())
    assert "against 7x7; conv k3 s2 p1" in out
    assert "The inputs differ in size, hence the images too." in out
    assert "differ in size" not in answered(capsys, NETWORK)


def test_a_seed_without_a_correlation_is_said_to_have_none():
    recipe = TrainRecipe(steps=6, batch=4, looks=1, width=2)
    *_, last = experiment([parse("12; conv k3 x4")], recipe, 6)
    row = command._network_outcome(last.experiment, 0)
    values = row.correlation["answers"]
    missing = 6 - (0 if values is None else len(values.values))
    assert missing > 0
    told = row.reasons["correlation.answers"]
    assert told.endswith("as many right answers at every place")
    assert values is None or told.startswith(f"{missing} of 6 seeds have no value: ")


def test_a_folder_is_written_whole(tmp_path, capsys):
    out = tmp_path / "run"
    found = document(capsys, NETWORK, "--against", "border-circular", "--out", str(out))
    assert found["out"] == str(out)
    assert os.listdir(tmp_path) == ["run"]
    with np.load(out / "maps.npz", allow_pickle=False) as maps:
        assert maps["paths_network0"].shape == (7, 6)
        assert maps["right_trained_network1_seed0"][3, 3] == found["trained"][1]["right"]["centre"]
    assert (out / "curves.csv").read_text().count("\n") == 7
    again = tmp_path / "again"
    assert f"folder   written to {again}\n" in answered(capsys, NETWORK, "--out", str(again))


def test_a_folder_that_is_there_is_refused_before_the_training(tmp_path, monkeypatch, capsys):
    def refuse(*_):
        raise AssertionError("trained all the same")

    monkeypatch.setattr(command, "experiment", refuse)
    assert main(["train", NETWORK, "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"'{tmp_path}' is there already; name a folder that is not\n"
    assert main(["train", NETWORK, "--out", str(tmp_path / "no" / "run")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_write_that_fails_prints_no_answer_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["train", NETWORK, *QUICK, "--out", str(tmp_path / "run")]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "No space left on device" in err
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "the following arguments are required: DESIGN"),
        (
            ["timm:resnet18"],
            "timm:resnet18 is a PyTorch model, and training takes typed networks: a model of the zoo would take hours; "
            "write it as a text",
        ),
        (["my.py:build"], "my.py:build is a PyTorch model, and training takes typed networks: how a module of one's"),
        (["nn.Sequential(nn.ReLU())"], "is a PyTorch model, and training takes typed networks"),
        (["9; conv k3", "--against", "timm:resnet18"], "timm:resnet18 is a PyTorch model, and training takes typed"),
        (["9; conv k3+kernel-pading"], "did you mean kernel-padding?"),
        (["9; conv k3#2"], "#2 is no stage of '9; conv k3'; give how many of its 1 layers"),
        (["9; konv k3"], "there is no layer 'konv'; did you mean conv?"),
        (["9; conv k3", "--against", "border-circle"], "is neither a remedy nor a preset nor a network"),
        (["9; conv k3", "--against", "kernel-padding"], "kernel-padding: the network has no"),
        (["9; conv k3", "--task", "find"], "argument --task: invalid choice: 'find'"),
        (["9; conv k3", "--task", "shapes"], "shapes need an input of two axes, not 9; choose another task"),
        (["9; conv k3", "--side", "10"], "an object of 10 does not fit an input of 9"),
        (["9; conv k3", "--steps", "0"], "0 steps are outside 1 to 20000"),
        (["9; conv k3", "--rate", "nan"], "a learning rate of nan is outside 0 to 1"),
        (["9; conv k3", "--seeds", "0"], "0 seeds are outside 1 to 20"),
        (["9; conv k3", "--seed", "1", "--seeds", "2"], "argument --seeds: not allowed with argument --seed"),
        (["9; conv k3", "--stage", "x"], "unrecognized arguments: --stage x"),
        (["ResNet-18"], "operations, more than 5.0e+12; use fewer steps or looks"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_status_2(argv, message, capsys):
    assert main(["train", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


def test_the_command_explains_itself(capsys):
    assert main(["train", "--help"]) == 0
    out = capsys.readouterr().out
    assert "example:\n  python -m core train " in out
    for word in ("VGG-16", "Is there a bright square?", '"reasons"', "--against TEXT", "--seed S | --seeds K"):
        assert word in out
    assert main(["--help"]) == 0
    assert "\n  train" in capsys.readouterr().out


def test_ctrl_c_during_a_training_ends_cleanly_and_leaves_nothing(tmp_path):
    terminal, err = pty.openpty()
    own_handler = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # a shell's & turns it off
    argv = ["train", "6x6; conv k3", "--steps", "20000", "--looks", "1", "--out", str(tmp_path / "run")]
    process = subprocess.Popen(
        [sys.executable, "-m", "core", *argv], cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE, stderr=err, preexec_fn=own_handler,
    )  # fmt: skip
    shown = b""
    with process:
        os.close(err)
        while not re.search(rb"\] [1-9]\d{3,} of 1920180 images", shown):  # 36 go before the steps, 96 are a step's
            shown += os.read(terminal, 1000)
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b""
    assert process.returncode == 130
    with suppress(OSError):  # Linux's way to say that nobody writes any more
        while chunk := os.read(terminal, 1000):
            shown += chunk
    os.close(terminal)
    assert shown.endswith(b"\r\x1b[Kstopped\r\n")
    assert b"Traceback" not in shown
    assert os.listdir(tmp_path) == []
