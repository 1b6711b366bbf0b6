"""``coverage``: one line for each name, and never a traceback."""

import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Timer

import pytest

from core.__main__ import main
from core.cli import coverage as command
from core.design import coverage as source
from core.errors import UserError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _one_process(monkeypatch, zoo):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)


def test_every_name_has_a_line_and_the_last_lines_count_them(capsys):
    assert main(["coverage", "--filter", "*resnet18"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines[: lines.index("")]]
    assert names == sorted(names)
    assert {"timm:resnet18", "torchvision:resnet18"} <= set(names)
    assert {line[: len(max(names, key=len)) + 2].rstrip() for line in lines[: len(names)]} == set(names)
    assert lines[-2:] == [f"{len(names) - 1} of {len(names) - 1} timm names exact", "1 of 1 torchvision names exact"]


def test_a_gap_is_told_by_operator_module_and_reason(capsys):
    assert main(["coverage", "--filter", "volo_d1_224"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("timm:volo_d1_224  gap    im2col in network.0.0.attn.unfold: no rule covers it")
    assert "0 of 1 timm names exact" in out


def test_the_document_holds_the_same(capsys):
    assert main(["coverage", "--filter", "volo_d1_224", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (model,) = document["models"]
    assert list(model) == ["model", "exact", "gap", "failure"]
    assert (model["model"], model["exact"], model["failure"]) == ("timm:volo_d1_224", False, None)
    assert list(model["gap"]) == ["operator", "module", "reason"]
    assert document["exact"] == {"timm": [0, 1]}


def test_a_model_that_raises_is_told_in_its_line(monkeypatch, capsys):
    def broken(name):
        raise UserError(f"{name} cannot be made: ZeroDivisionError: division by zero")

    monkeypatch.setattr(source, "zoo_model", broken)
    assert main(["coverage", "--filter", "resnet18"]) == 0
    out, err = capsys.readouterr()
    assert "timm:resnet18         fails  timm:resnet18 cannot be made: ZeroDivisionError: division by zero\n" in out
    assert ("0 of 1 timm names exact" in out, err) == (True, "")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--filter", "resnet999*"], "no name of the zoo matches 'resnet999*'"),
        (["resnet18"], "unrecognized arguments: resnet18"),
    ],
)
def test_bad_input_has_status_2_and_one_line(argv, message, capsys):
    assert main(["coverage", *argv]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err


def test_a_process_that_is_ended_from_outside_is_told(monkeypatch, capsys):
    def ended(*_):
        raise UserError("a process was ended from outside, for want of memory perhaps; close other programs")
        yield

    monkeypatch.setattr(command, "coverage", ended)
    assert main(["coverage", "--filter", "resnet18"]) == 2
    assert "ended from outside" in capsys.readouterr().err


def test_ctrl_c_ends_all_processes_cleanly():
    terminal, err = pty.openpty()
    own_handler = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # a shell's & turns it off
    argv = [sys.executable, "-m", "core", "coverage", "--filter", "timm:*"]
    shown = b""
    with subprocess.Popen(
        argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=err, preexec_fn=own_handler, start_new_session=True
    ) as process:
        os.close(err)
        hangman = Timer(60, os.killpg, (process.pid, signal.SIGKILL))  # a lost Ctrl-C would go through the whole zoo
        hangman.start()
        while b"] 0 of 1371 models" not in shown:
            shown += os.read(terminal, 1000)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        process.stdout.read()
        hangman.cancel()
    with suppress(OSError):  # Linux's way to say that nobody writes any more
        while chunk := os.read(terminal, 1000):
            shown += chunk
    os.close(terminal)
    assert process.returncode == 130
    assert shown.endswith(b"\r\x1b[Kstopped\r\n")
    assert b"Traceback" not in shown
