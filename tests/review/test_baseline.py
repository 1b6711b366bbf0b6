"""Baselines: what identifies a finding, from either form, and what is said of a file that is none."""

import json

import pytest

from core.__main__ import main
from core.checks import check
from core.design.opening import design_of
from core.errors import UserError
from core.review import read_baseline

UNEVEN = "64x64; conv k3 s2 p1; conv k3 p1 x8"  # warnings
LOST = "64x64; conv k1 s2"  # an error


@pytest.fixture
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(form, designs, folder, capsys):
    """A baseline of designs, in one of the two forms."""
    path = folder / f"known.{form}"
    main(["check", *designs, *(["--json"] if form == "json" else ["--sarif", str(path)])])
    out = capsys.readouterr().out
    if form == "json":
        path.write_text(out)
    return str(path)


@pytest.mark.parametrize("form", ["json", "sarif"])
@pytest.mark.parametrize("designs", [[LOST], [UNEVEN, LOST]])
def test_only_what_is_new_fails(form, designs, inside, capsys):
    known = written(form, designs, inside, capsys)
    assert main(["check", LOST]) == 1
    assert main(["check", LOST, "--baseline", known, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["new"] == []
    other = f"{LOST}; conv k1 s2"
    assert main(["check", other, "--baseline", known]) == 1
    assert "known" not in capsys.readouterr().out


def test_the_answer_tells_what_is_known(inside, capsys):
    document = {"design": UNEVEN, "findings": [{"code": "parity", "severity": "warning"}]}
    (inside / "known.json").write_text(json.dumps(document))
    assert main(["check", UNEVEN, "--baseline", "known.json", "--fail-on", "warning"]) == 1
    out = capsys.readouterr().out
    assert "\nwarning parity (known): " in out
    assert "; 1 of them known\n" in out
    assert out.count("(known)") == 1


@pytest.mark.parametrize(("before", "status"), [("note", 1), ("warning", 0), ("error", 0)])
def test_a_finding_that_grew_worse_is_new(before, status, inside):
    severe = [finding for finding in check(design_of(UNEVEN)) if finding.severity == "warning"]
    document = {"design": UNEVEN, "findings": [{"code": one.code, "severity": before} for one in severe]}
    (inside / "known.json").write_text(json.dumps(document))
    assert main(["check", UNEVEN, "--baseline", "known.json", "--fail-on", "warning"]) == status


def test_a_missed_budget_may_be_known(inside, capsys):
    (inside / "known.json").write_text(
        json.dumps({"design": UNEVEN, "findings": [{"code": "budget-parity", "severity": "error"}]})
    )
    assert main(["check", UNEVEN, "--budget", "parity=1.5", "--baseline", "known.json"]) == 0
    assert main(["check", UNEVEN, "--budget", "parity=1.5"]) == 1
    capsys.readouterr()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[1]", "holds no findings of check"),
        ("{}", "holds no findings of check"),
        ('{"design": "9", "findings": [{"code": "parity"}]}', "holds no findings of check"),
        ('{"design": "9", "findings": [{"code": "parity", "severity": "fatal"}]}', "holds no findings of check"),
        ('{"design": [], "findings": [{"code": "parity", "severity": "note"}]}', "holds no findings of check"),
        ('{"runs": [{"tool": {"driver": {"name": "ruff"}}, "results": []}]}', "holds no findings of check"),
    ],
)
def test_what_is_no_baseline_is_refused(text, words, tmp_path):
    path = tmp_path / "known.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UserError, match=words):
        read_baseline(path)
