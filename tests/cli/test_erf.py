"""``erf``: the measured map beside its recipe, and a file that is written whole or not at all."""

import json
import os

import numpy as np
import pytest

from core.__main__ import main
from core.cli import erf, map_file
from core.exact import path_counts
from core.network import graph_of, parse

TEXT = "9x7; conv k3 p1 x3"


def _document(capsys, *argv):
    assert main(["erf", *argv, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


@pytest.mark.parametrize(
    ("network", "argv", "unit"),
    [
        (TEXT, [], (4, 3)),
        (TEXT, ["--unit", "0,6"], (0, 6)),
        (TEXT, ["--all"], None),
        ("9; add(skip | conv k3 p1) x2", ["--all"], None),
        ("9 c2; conv k3 p1 c3", ["--unit", "4"], (4,)),
        ("9 c1; concat(skip | conv k3 p1 c3); conv k1 c1", ["--all"], None),  # channels change the map's shape
    ],
)
def test_weights_of_one_give_the_path_counts(network, argv, unit, tmp_path, capsys):
    out = tmp_path / "map.npy"
    document = _document(capsys, network, "--weights", "ones", "--out", str(out), *argv)
    measured = np.load(out)
    assert measured.dtype == np.float64
    assert measured.tolist() == path_counts(graph_of(parse(network)), unit, channels=True).array().tolist()
    assert document["agreement"] == {"correlation": 1, "relative_error": pytest.approx(0, abs=1e-12)}
    assert (document["samples"], document["standard_error"]) == (1, 0)
    assert document["recipe"]["unit"] == ("all" if unit is None else list(unit))
    assert os.listdir(tmp_path) == ["map.npy"]


def test_the_recipe_stands_beside_every_number(capsys):
    argv = ["--weights", "xavier", "--activation", "tanh", "--reduce", "square", "--samples", "12", "--seed", "3"]
    document = _document(capsys, TEXT, *argv)
    assert document["network"] == TEXT
    assert document["recipe"] == {
        "unit": [4, 3], "weights": "xavier", "activation": "tanh", "batch_norm": False, "channels": 8, "redraw": True,
        "input": "noise", "reduce": "square", "samples": 12, "seed": 3,
    }  # fmt: skip
    assert (document["samples"], document["rejected"], document["out"]) == (12, 0, None)
    assert 0 < document["standard_error"] < 1
    assert document["agreement"]["correlation"] > 0.5
    assert document["sizes"]["gaussian"]["ratio"] == document["sizes"]["gaussian"]["side"] / 7
    assert document["reasons"] == {}
    assert _document(capsys, TEXT, *argv) == document
    assert _document(capsys, TEXT, *argv[:-1], "4")["sizes"]["mean"] != document["sizes"]["mean"]


@pytest.mark.parametrize(
    ("argv", "absent"),
    [
        (["--all", "--samples", "2"], {"sizes": "one unit's field"}),
        (
            ["--reduce", "signed", "--samples", "2"],
            {"agreement": "expected signed gradient is zero", "sizes": "negative"},
        ),
    ],
)
def test_what_does_not_exist_is_null_and_says_why(argv, absent, capsys):
    document = _document(capsys, TEXT, *argv)
    for name, reason in absent.items():
        assert document[name] is None
        assert reason in document["reasons"][name]
    assert document["reasons"].keys() == absent.keys()


def test_one_sample_has_no_standard_error(capsys):
    assert _document(capsys, TEXT, "--samples", "1")["standard_error"] is None


def test_the_table_tells_the_recipe_the_samples_and_the_sizes(tmp_path, capsys):
    out = str(tmp_path / "map.npy")
    assert main(["erf", "9; conv k3 x4", "--weights", "ones", "--out", out]) == 0
    text = capsys.readouterr().out
    assert "weights ones, activation linear; input noise; seed 0" in text
    assert "samples         1 used, 0 not finite, on cpu" in text
    assert "correlation 1.0000, relative error 0.00%" in text
    assert f"map             written to {out}" in text
    assert "3.00         33.3%  side of the centred square holding 50 % of the mass" in text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("map.txt", "does not end in .npy; name it like map.npy"),
        ("missing/map.npy", "there is no folder"),
        ("folder.npy", "is there already and no file that may be written"),
        ("a" * 300 + ".npy", "the map cannot be written to"),
    ],
)
def test_a_map_that_cannot_be_written_is_refused_before_measuring(name, message, tmp_path, monkeypatch, capsys):
    def refuse(*_):
        raise AssertionError("measured all the same")

    monkeypatch.setattr(erf, "effective_map", refuse)
    (tmp_path / "folder.npy").mkdir()
    assert main(["erf", TEXT, "--out", str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err
    assert os.listdir(tmp_path) == ["folder.npy"]


def test_a_write_that_fails_midway_leaves_the_old_map(tmp_path, monkeypatch, capsys):
    def half(file, *_, **__):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    out = tmp_path / "map.npy"
    np.save(out, np.arange(3.0))
    monkeypatch.setattr(np, "save", half)
    assert main(["erf", TEXT, "--weights", "ones", "--out", str(out)]) == 2
    printed, err = capsys.readouterr()
    assert printed == ""
    assert "No space left on device; write elsewhere" in err
    assert os.listdir(tmp_path) == ["map.npy"]
    assert np.load(out).tolist() == [0, 1, 2]


def test_a_link_to_a_map_stays_a_link(tmp_path):
    (tmp_path / "there").mkdir()
    link = tmp_path / "map.npy"
    link.symlink_to(tmp_path / "there" / "map.npy")
    map_file.refuse_unwritable(link)
    map_file.save(link, np.arange(3.0))
    assert link.is_symlink()
    assert np.load(link).tolist() == [0, 1, 2]


def test_the_expected_field_is_found_without_samples(tmp_path, capsys):
    out = tmp_path / "map.npy"
    document = _document(capsys, TEXT, "--method", "expected", "--out", str(out))
    assert (document["method"], document["samples"], document["standard_error"]) == ("expected", None, None)
    assert document["assumes"]
    assert (document["recipe"]["reduce"], document["recipe"]["samples"]) == (None, None)
    assert document["agreement"]["correlation"] > 0.99
    assert np.load(out).shape == (9, 7)
    assert _document(capsys, TEXT, "--method", "expected", "--seed", "1")["sizes"] != document["sizes"]
    assert _document(capsys, TEXT, "--samples", "2")["assumes"] is None
    assert main(["erf", TEXT, "--method", "expected"]) == 0
    text = capsys.readouterr().out
    assert "expected   √E[g²] of output unit 4,3" in text
    assert "\nassumed    weights: " in text


@pytest.mark.parametrize("method", ["sampled", "expected"])
def test_a_model_is_measured_with_its_own_weights(method, mine, tmp_path, capsys):
    out = tmp_path / "map.npy"
    argv = ["mine.py:build", "--input", "3x16x12", "--method", method, "--seed", "3", "--out", str(out)]
    assert main(["erf", *argv, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document)[:5] == ["design", "model", "stage", "gates", "method"]
    assert document["recipe"]["weights"] == document["recipe"]["activation"] == "own"
    assert (document["recipe"]["unit"], document["recipe"]["channels"]) == ([4, 3], 3)
    assert document["reasons"] == {}
    assert document["sizes"]["gaussian"]["side"] > 0
    assert np.load(out).shape == (16, 12)
    assert (np.load(out) > 0).sum() == 49  # the field of 7x7
    assert main(["erf", *argv]) == 0
    assert "as the model draws them; input noise; seed 3" in capsys.readouterr().out


def test_a_gap_leaves_the_measured_map_and_takes_what_is_exact(mine, capsys):
    assert main(["erf", "mine.py:attentive", "--input", "3x8x8", "--samples", "2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["samples"], document["agreement"], document["sizes"]) == (2, None, None)
    assert "depends on bmm in 1" in document["reasons"]["agreement"]
    assert (document["recipe"]["unit"], document["gates"]) == ([4, 4], None)
    assert document["reasons"]["unit"].startswith("the one at half of each side is taken, as nothing exact can be said")
    for option, unit in (["--unit", "0,7"], [0, 7]), (["--all"], "all"):
        assert main(["erf", "mine.py:attentive@3x8x8", "--samples", "2", "--json", *option]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["recipe"]["unit"] == unit
        assert "unit" not in document["reasons"]


def test_the_centre_unit_is_the_one_that_looks_at_the_centre(capsys):
    """Unit u sees the positions from u - 2 to u: the middle one of 9 is 4, which is the middle of what unit 5 sees."""
    typed = _document(capsys, "9; conv k3 p2:0", "--weights", "ones")
    module = _document(capsys, "nn.Sequential(nn.ZeroPad1d((2, 0)), nn.Conv1d(1, 1, 3))", "--input", "1x9")
    assert typed["recipe"]["unit"] == module["recipe"]["unit"] == [5]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--method", "guessed"], "argument --method: invalid choice: 'guessed'"),
        (["--method", "expected", "--samples", "9"], "--method expected takes no samples; leave --samples 9 out"),
        (["--method", "expected", "--reduce", "abs"], "--method expected takes no samples; leave --reduce abs out"),
        (["--method", "expected", "--weights", "ones"], "--weights ones counts paths, exactly, from one sample"),
    ],
)
def test_options_that_a_method_has_no_use_for_are_refused(argv, message, capsys):
    assert main(["erf", TEXT, *argv]) == 2
    assert message in capsys.readouterr().err


def test_a_model_draws_its_own_weights(mine, capsys):
    assert main(["erf", "mine.py:build", "--input", "3x16x12", "--weights", "xavier"]) == 2
    assert "a model draws its own weights; leave --weights xavier out" in capsys.readouterr().err
