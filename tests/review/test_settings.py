"""The table of pyproject.toml: what it sets, what comes before it, and one line for every mistake in it."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from core.__main__ import main
from core.review import Settings, project_settings
from tests.texts import TEXTS, blocks

UNEVEN = "64x64; conv k3 s2 p1; conv k3 p1 x8"  # warnings
CLEAN = "17x17; conv k3 same circular x8"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(table):
        (tmp_path / "pyproject.toml").write_text(f"[tool.receptive-fields]\n{table}\n")
        return tmp_path

    return write


def test_the_example_of_the_reference_is_read(tmp_path):
    (example,) = blocks(TEXTS["core/cli/README.md"], "toml")
    (tmp_path / "pyproject.toml").write_text(example)
    settings = project_settings(tmp_path)
    assert (settings.designs, settings.fail_on) == (("my.py:build@3x96x96",), "warning")
    assert settings.baseline == tmp_path / "findings.json"
    assert {budget.measure: budget.limit for budget in settings.budgets} == {
        "parity": Fraction(3, 2),
        "corner_centre": Fraction(1, 5),
    }


@pytest.mark.parametrize("text", [None, "", "[tool.other]\nkey = 1\n"])
def test_without_a_table_all_is_as_usual(text, tmp_path):
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    assert project_settings(tmp_path) == Settings()


def test_the_designs_of_the_project_are_checked_where_none_is_given(project, capsys):
    project(f'designs = ["{CLEAN}", "{UNEVEN}"]\nfail-on = "warning"')
    assert main(["check", "--json"]) == 1
    assert [answer["design"] for answer in json.loads(capsys.readouterr().out)] == [CLEAN, UNEVEN]
    assert main(["check", CLEAN]) == 0
    assert main(["check", "--fail-on", "error"]) == 0
    capsys.readouterr()


def test_a_budget_of_the_project_holds_until_the_command_gives_others(project, capsys):
    project(f'designs = ["{UNEVEN}"]\nbudget = {{parity = 1.5, multiply_adds = 2e12}}')
    assert main(["check"]) == 1
    assert main(["check", "--budget", "parity=9"]) == 0
    assert "budget-parity" in capsys.readouterr().out


def test_a_baseline_of_the_project_lies_beside_its_file(project, capsys):
    folder = project(f'designs = ["{UNEVEN}"]\nbaseline = "known.json"\nfail-on = "warning"')
    assert main(["check", "--baseline", "/dev/null"]) == 2
    capsys.readouterr()
    (folder / "known.json").write_text(json.dumps({"design": UNEVEN, "findings": []}))
    assert main(["check", "--json"]) == 1
    (folder / "known.json").write_text(capsys.readouterr().out)
    assert main(["check"]) == 0


def test_a_design_that_cannot_be_carried_out_ends_all_with_status_2(project, capsys):
    project(f'designs = ["{CLEAN}", "9; konv k3"]')
    assert main(["check"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "there is no layer 'konv'" in err


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("budgets = {}", "[tool.receptive-fields] of pyproject.toml: there is no key 'budgets'; did you mean budget?"),
        ("zzz = 1", "there is no key 'zzz'; there are designs, budget, baseline, fail-on"),
        ('designs = "VGG-16"', "designs is 'VGG-16'; give a list of texts"),
        ("designs = [1]", "designs is [1]; give a list of texts"),
        ("budget = 1", "budget is 1; give a table of numbers"),
        ("budget = {parity = true}", "the budget of parity is True; give a number"),
        ("budget = {partiy = 1}", "no measure 'partiy' can be given a budget; did you mean parity?"),
        ("budget = {parity = -1}", "'-1' is no budget of parity"),
        ("budget = {parity = nan}", "'nan' is no budget of parity"),
        ("baseline = 3", "baseline is 3; give the name of a file"),
        ('baseline = "nothing.json"', "nothing.json cannot be read: No such file"),
        ('fail-on = "note"', "fail-on is 'note'; give error or warning"),
        ("designs = [", "pyproject.toml is no TOML"),
    ],
)
def test_a_mistake_is_told_in_one_line(table, words, project, capsys):
    project(table)
    assert main(["check", CLEAN]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


def test_without_designs_anywhere_one_is_asked_for(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        "a design is missing; give one, or list designs in pyproject.toml under [tool.receptive-fields]\n"
    )
