"""``check``: the findings, as text and as JSON, and exit statuses that a build can rely on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.__main__ import main
from core.checks import SEVERITIES, as_json, check
from core.design.opening import design_of
from core.design.typed import TypedDesign
from core.network import PRESETS, parse

ROOT = Path(__file__).parents[2]
CLEAN = "17x17; conv k3 same circular x8"  # notes at most
UNEVEN = "64x64; conv k3 s2 p1; conv k3 p1 x8"  # warnings
LOST = "64x64; conv k1 s2"  # an error


def severities(network: str) -> set[str]:
    return {finding.severity for finding in check(TypedDesign(parse(network)))}


def test_the_networks_here_have_the_levels_that_they_are_here_for():
    assert severities(CLEAN) <= {"note"}
    assert "warning" in severities(UNEVEN)
    assert "error" not in severities(UNEVEN)
    assert "error" in severities(LOST)


@pytest.mark.parametrize(
    ("network", "level", "status"),
    [
        (CLEAN, None, 0),
        (CLEAN, "error", 0),
        (CLEAN, "warning", 0),
        (UNEVEN, None, 0),
        (UNEVEN, "error", 0),
        (UNEVEN, "warning", 1),
        (LOST, None, 1),
        (LOST, "error", 1),
        (LOST, "warning", 1),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_status_is_1_for_findings_at_the_level_or_above(network, level, status, form, capsys):
    assert main(["check", network, *(["--fail-on", level] if level else []), *form]) == status
    out, err = capsys.readouterr()
    assert (bool(out), err) == (True, "")


def test_the_status_is_that_of_the_process():
    argv = [sys.executable, "-m", "core", "check", LOST, "--json"]
    finished = subprocess.run(argv, cwd=ROOT, capture_output=True)
    assert (finished.returncode, finished.stderr) == (1, b"")
    assert json.loads(finished.stdout)["findings"][0]["code"] == "unread"


@pytest.mark.parametrize("name", ["ResNet-18", "VGG-16", "U-Net"])
def test_the_document_holds_every_finding(name, capsys):
    assert main(["check", name, "--json"]) in (0, 1)
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["design", "network", "gates", "findings", "new", "budgets"]
    assert document["design"] == name
    assert document["network"] == str(PRESETS[name])
    expected = [as_json(finding) for finding in check(design_of(name))]
    assert document["findings"] == json.loads(json.dumps(expected))
    titles = {finding.code: (finding.title, finding.number) for finding in check(design_of(name))}
    assert {finding["code"]: (finding["title"], finding["number"]) for finding in document["findings"]} == titles
    for finding in document["findings"]:
        assert list(finding)[:4] == ["code", "severity", "layer", "message"]
        assert finding["severity"] in SEVERITIES
        if finding["fix"] is not None:
            keys = {"words", "input", "measure", "before", "after", "design", "multiply_adds", "parameters", "pixels"}
            assert keys == set(finding["fix"]) - {"network"}
            assert finding["fix"]["before"] != finding["fix"]["after"]


@pytest.mark.parametrize("side", [200, None])
def test_an_object_is_to_be_seen_whole(side, capsys):
    argv = ["check", "224x224; conv k3 p1 x4", "--json", *(["--object", str(side)] if side else [])]
    main(argv)
    found = {finding["code"]: finding for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert ("200" in found["field-small"]["message"]) == (side is not None)


def test_the_text_tells_severity_code_layer_reason_and_fix(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "90")
    assert main(["check", LOST]) == 1
    out = capsys.readouterr().out
    assert out.startswith("network   64x64; conv k1 s2\ninput     64x64\noutput    32x32\nfindings  1 error, ")
    assert "\n\nerror unread: layer 1 (conv k1 s2)\n  " in out
    assert "\n  why: " in out
    assert "\n  see: " in out
    assert "\n  fix: " in out
    assert " 0.75 → 0, at 4 times the multiply-adds\n    64x64; conv k1\n" in out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 90


def test_a_network_without_findings_says_none(capsys):
    assert main(["check", "9; conv k9"]) == 0
    assert "findings  none\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["9; conv k3", "--object", "0"], "an object of 0 pixels is outside 1 to 1000000"),
        (["9; conv k3", "--object", "big"], "argument --object: invalid int value: 'big'"),
        (["9; conv k3", "--fail-on", "note"], "argument --fail-on: invalid choice: 'note'"),
        (["9; konv k3"], "there is no layer 'konv'; did you mean conv?"),
        (["9; conv k11"], "layer 1 (conv k11): a window spanning 11 does not fit 9 samples"),
    ],
)
def test_bad_input_has_status_2_and_one_line(argv, message, capsys):
    assert main(["check", *argv]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err


@pytest.mark.parametrize(
    ("name", "level", "status"),
    [("even", "warning", 0), ("build", "error", 0), ("build", "warning", 1), ("skipping", "error", 1)],
)
def test_own_code_is_checked(name, level, status, mine, capsys):
    argv = ["check", f"mine.py:{name}", "--input", "3x32x32", "--fail-on", level]
    assert main(argv) == status
    assert "findings  " in capsys.readouterr().out
    assert main([*argv, "--json"]) == status
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["design", "model", "stage", "gates", "findings", "new", "budgets"]
    assert document["model"] == f"mine.py:{name}"


def test_the_fixes_of_a_model_are_measured(mine, capsys):
    main(["check", "mine.py:build", "--input", "3x32x32", "--json"])
    findings = {finding["code"]: finding for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert findings["parity"]["layer"] == "layer 1 (stem.0: conv k3 s2 p1)"
    fix = findings["parity"]["fix"]
    assert "network" not in fix
    assert (fix["before"], fix["after"]) == (4, 1)
    fixes = [findings["uneven-padding"]["fix"], *findings["uneven-padding"]["others"]]
    assert {"31x31", "33x33"} <= {fix["input"] for fix in fixes}


@pytest.mark.usefixtures("zoo")
def test_a_model_of_the_zoo_has_the_findings_of_its_preset(capsys):
    told = []
    for name in ("timm:resnet18", "ResNet-18"):
        assert main(["check", name, "--json", "--fail-on", "warning"]) == 1
        told.append(json.loads(capsys.readouterr().out)["findings"])
    one, other = ([(finding["code"], finding["severity"]) for finding in each] for each in told)
    assert one == other
