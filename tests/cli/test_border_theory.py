"""``paths``: padding, lengths and aliasing as keys and as lines."""

import json

import pytest

from core.__main__ import main


def _document(capsys, *arguments):
    assert main(["paths", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_padding_lengths_and_aliasing_of_a_chain(capsys):
    found = _document(capsys, "11; conv k3 p1 x2; maxpool k2; conv k2 s2")
    assert found["padding"]["shares"] == pytest.approx([(4 + 1) / 36, 0])
    assert found["padding"]["corner"] == pytest.approx(5 / 36)
    assert (found["padding"]["reach"], found["padding"]["reason"]) == ([[1, 0]], None)
    assert found["lengths"] == {"all": {"4": "67"}, "centre": {"4": "9"}, "reason": None}
    assert [(one["layer"], one["stride"]) for one in found["aliasing"]] == [
        ("layer 3 (maxpool k2)", [2]),
        ("layer 4 (conv k2 s2)", [2]),
    ]
    assert found["aliasing"][0]["ones"] is None
    assert found["aliasing"][1]["ones"] == pytest.approx(0.1817, abs=1e-4)
    assert found["live"] is None


def test_two_axes_and_shortcuts(capsys):
    found = _document(capsys, "3x4; add(skip | conv k3 p1)", "--unit", "1,1")
    assert [len(row) for row in found["padding"]["shares"]] == [4, 4, 4]
    assert found["padding"]["unit"] == 0
    assert found["padding"]["reach"] == [[1, 1], [1, 1]]
    assert found["lengths"]["all"] == {"0": "1", "1": "9"}
    assert found["lengths"]["centre"] == {"1": "1"}  # pixel 1,2, beside the unit


def test_with_a_pixel_they_are_absent(capsys):
    found = _document(capsys, "9; conv k3 p1", "--pixel", "4")
    assert [found[key] for key in ("padding", "lengths", "aliasing", "live")] == [None] * 4


def test_what_is_not_known_says_why(capsys, monkeypatch):
    monkeypatch.setattr("core.exact.path_lengths.MAX_NUMBERS", 10)
    found = _document(capsys, "9; conv k3 p1")
    assert (found["lengths"]["all"], found["lengths"]["centre"]) == (None, None)
    assert "9 pixels and up to 1 windows on a path are more than 10" in found["lengths"]["reason"]


def test_a_live_model_is_measured_where_it_is_asked_for(capsys):
    found = _document(capsys, "16x16; add(skip | conv k3 p1); conv k3 s2 p1", "--live", "0")["live"]
    assert (found["seed"], found["reasons"]) == (0, {})
    assert found["alpha"]["after"] >= found["alpha"]["before"]
    assert [one["layer"] for one in found["aliasing"]] == ["layer 3 (conv k3 s2 p1)"]
    assert [one["shift"] for one in found["shifts"]] == [1, 2]
    assert main(["paths", "16x16; add(skip | conv k3 p1); conv k3 s2 p1", "--live", "0"]) == 0
    said = capsys.readouterr().out
    assert "fits best: correlation with a field" in said
    assert "a shift by 2 changes the mean output by" in said


def test_what_a_chain_has_not_is_told_with_its_reason(capsys):
    live = _document(capsys, "12; conv k3 p1", "--live", "1")["live"]
    assert live["alpha"] is None
    assert live["reasons"] == {"alpha": "all paths to the unit have as many windows on them; alpha changes nothing"}
    assert (live["aliasing"], [one["shift"] for one in live["shifts"]]) == ([], [1])


def test_the_readable_answer_tells_them_after_the_measures(capsys):
    assert main(["paths", "9; conv k3 p1 x4; maxpool k2"]) == 0
    said = capsys.readouterr().out
    assert "% of the paths pass through it" in said
    assert "aliased" in said
    assert "a maximum is not linear" in said
    assert main(["paths", "9; conv k3 x2"]) == 0
    assert "padding" not in capsys.readouterr().out


@pytest.mark.parametrize("seed", ["-1", "x", "99999999999"])
def test_a_seed_is_a_whole_number(seed, capsys):
    assert main(["paths", "9; conv k3", f"--live={seed}"]) == 2
    assert "is no seed; give a whole number from 0 to" in capsys.readouterr().err
