"""The command line as other programs meet it: its own process, exit statuses, and one line for every mistake."""

import io
import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from core.__main__ import main

ROOT = Path(__file__).parents[2]


def _started(*argv: str, **options) -> subprocess.Popen:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen([sys.executable, "-m", "core", *argv], cwd=ROOT, **options)


def test_paths_answers_json_in_a_process_of_its_own():
    process = _started("paths", "9; Conv k3 p1 x4", "--json")
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    document = json.loads(out)
    assert list(document) == [
        "design",
        "network",
        "gates",
        "input",
        "output",
        "counts",
        "imbalance",
        "shares",
        "padding",
        "lengths",
        "aliasing",
        "live",
    ]
    assert document["network"] == "9; conv k3 p1 x4"
    assert (document["input"], document["output"]) == ([9], [9])
    assert document["counts"] == ["35", "61", "75", "80", "81", "80", "75", "61", "35"]
    assert document["imbalance"]["max_min"] == 81 / 35


def test_paths_and_field_load_no_torch():
    script = (
        "import sys; from core.__main__ import main; "
        "statuses = [main(['paths', '9; conv k3']), main(['field', 'VGG-16', '--json'])]; "
        "sys.exit(str(statuses) if any(statuses) or {'torch', 'plotly', 'streamlit'} & set(sys.modules) else 0)"
    )
    finished = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True)
    assert (finished.returncode, finished.stderr) == (0, b"")


def test_a_reader_who_leaves_early_sees_no_traceback():
    with _started("paths", "512x512; conv k3 p1 x20", "--json") as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_full_disk_is_told_in_one_line():
    with open("/dev/full", "wb") as full:
        process = _started("field", "9; conv k3", stdout=full)
        _, err = process.communicate()
    assert process.returncode == 2
    assert err.startswith(b"the answer cannot be written: ")
    assert err.count(b"\n") == 1


def test_ctrl_c_during_a_measurement_ends_cleanly_and_leaves_the_old_map(tmp_path):
    out = tmp_path / "map.npy"
    np.save(out, np.arange(3.0))
    terminal, err = pty.openpty()
    own_handler = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # a shell's & turns it off
    argv = ["erf", "32x32; conv k3 p1 x8", "--samples", "4096", "--out", str(out)]
    shown = b""
    with _started(*argv, stderr=err, preexec_fn=own_handler) as process:
        os.close(err)
        while b"of 4096 samples" not in shown:
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
    assert os.listdir(tmp_path) == ["map.npy"]
    assert np.load(out).tolist() == [0, 1, 2]


@pytest.mark.parametrize("command", ["paths", "field", "erf", "check"])
def test_every_command_explains_itself_with_an_example(command, capsys):
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"example:\n  python -m core {command} " in out
    assert "VGG-16" in out
    assert main(["--help"]) == 0
    assert f"\n  {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "a command is missing; give one of paths, field, erf, check, tile, sizes, coverage"),
        (["chekc"], "there is no command 'chekc'; did you mean check?"),
        (["path"], "there is no command 'path'; did you mean paths?"),
        (["zzz"], "there is no command 'zzz'; there are paths, field, erf"),
        (["paths"], "the following arguments are required: DESIGN"),
        (["paths", "9", "8"], "unrecognized arguments: 8"),
        (["paths", "9", "--jso"], "unrecognized arguments: --jso"),
        (["paths", "9", "--unit", "1", "--pixel", "1"], "argument --pixel: not allowed with argument --unit"),
        (["paths", "9", "--unit", "1.5"], "argument --unit: '1.5' is no position; give R,C"),
        (["paths", "9; conv k3", "--unit", "7"], "there is no output unit 7 in a map of 7"),
        (["paths", "9x9; conv k3", "--pixel", "4"], "there is no input pixel 4 in a map of 9x9"),
        (["paths", "9; konv k3"], "character 4: there is no layer 'konv'; did you mean conv?"),
        (["paths", "9;\nconv\nk3 zzz"], "'zzz' says nothing about a layer"),
        (["paths", ""], "a design is missing; type a network, as in 32x32; conv k3 p1 x4, or name a model"),
        (["paths", "bogus"], "character 1: a network begins with its input size"),
        (["field", "vgg16"], "there is no preset 'vgg16'; did you mean 'VGG-16'?"),
        (["field", "9; conv k11"], "layer 1 (conv k11): a window spanning 11 does not fit 9 samples"),
        (["field", "2000000"], "an input side of 2000000 is outside 1 to 1000000"),
        (["erf", "9; conv k3", "--unit", "9"], "there is no output unit 9 in a map of 7"),
        (["erf", "9; conv k3", "--unit", "1", "--all"], "argument --all: not allowed with argument --unit"),
        (["erf", "9; conv k3", "--samples", "0"], "0 samples are outside 1 to"),
        (["erf", "9; conv k3", "--samples", "many"], "argument --samples: invalid int value: 'many'"),
        (["erf", "9; conv k3", "--weights", "heavy"], "argument --weights: invalid choice: 'heavy'"),
        (["erf", "9; conv k3", "--weights", "ones", "--activation", "relu"], "go without activation relu"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_status_2(argv, message, capsys):
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert err.endswith("\n")


def test_a_network_is_read_from_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("9;\n conv k2 x8\n"))
    assert main(["paths", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == ["1", "8", "28", "56", "70", "56", "28", "8", "1"]


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (io.StringIO("9;" + " " * 20_000), "standard input has more than 20000 characters"),
        (io.TextIOWrapper(io.BytesIO(b"\xff9"), "utf-8"), "standard input is no utf-8 text"),
        (None, "a design is missing"),
    ],
)
def test_standard_input_is_bounded_and_checked(stdin, message, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(["field", "-"]) == 2
    assert message in capsys.readouterr().err


def test_a_preset_is_named_in_any_case(capsys):
    assert main(["paths", "PASCAL'S triangle", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["network"] == "9; conv k2 x8"
