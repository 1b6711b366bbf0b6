"""``sizes``: the table, the formula, and the objects, for readers and as JSON."""

import json

import pytest

from core.__main__ import main


def _answer(capsys, *arguments):
    status = main(["sizes", *arguments])
    said = capsys.readouterr()
    assert status == 0, said.err
    return said.out


def test_json_has_every_key(capsys):
    answer = json.loads(_answer(capsys, "9; conv k3 s2 p1", "--near", "8", "--objects", "3", "--json"))
    assert list(answer) == [
        "design", "network", "gates", "formula", "possible", "even", "smallest", "demands", "reason", "sizes", "stages",
    ]  # fmt: skip
    assert answer["formula"] == ["floor((n - 1)/2) + 1"]
    assert (answer["possible"], answer["even"]) == (
        [{"modulus": 1, "residues": [0]}],
        [{"modulus": 2, "residues": [1]}],
    )
    assert answer["demands"] == [{"layer": "layer 1 (conv k3 s2 p1)", "axis": 0, "modulus": 2, "residues": [1]}]
    assert [row["input"] for row in answer["sizes"]] == [[7], [8], [9]]
    assert answer["sizes"][0] == {
        "input": [7], "output": [4], "even": True, "left_over": 0, "uneven_padding": 0, "unproductive": 0,
        "unread": 0.0, "parity": 1.0, "corner_centre": 0.5, "multiply_adds": 12, "reason": None, "findings": [
            {"code": "field-small", "severity": "note", "title": "Units see too little", "number": "3 pixels"},
            {"code": "tiling", "severity": "note", "title": "Tiles must overlap", "number": "1 pixel"},
        ],
    }  # fmt: skip
    assert answer["stages"] == [
        {
            "stage": "layer 1 (conv k3 s2 p1)", "output": [5], "field": [3], "stride": [2],
            "objects": [{"object": [3], "share": 3 / 7, "units": [0, 1]}],
        }
    ]  # fmt: skip


def test_an_impossible_size_is_told_with_its_reason(capsys):
    answer = json.loads(_answer(capsys, "U-Net@32", "--near", "36", "--json"))
    assert answer["stages"] is None
    (row,) = [row for row in answer["sizes"] if row["input"] == [36, 36]]
    assert (row["output"], row["even"], row["left_over"]) == (None, None, None)
    assert "branches give maps of" in row["reason"]


def test_the_readable_answer_says_the_formula_once_where_axes_agree(capsys):
    text = _answer(capsys, "65x65; conv k3 s2 p1 x2")
    assert text.count("floor((n - 1)/4) + 1") == 1
    assert "evenly    n mod 4 = 1" in text
    assert "asked by  layer 2 (conv k3 s2 p1): n mod 4 = 1" in text
    other = _answer(capsys, "65x64; conv k3x2 s2 p1x0", "--objects", "3")
    assert "output in height    floor((n - 1)/2) + 1" in other
    assert "output in width     floor(n/2)" in other


def test_objects_are_told_by_stage(capsys):
    lines = _answer(capsys, "16x16; conv k3 p1; conv k3 s2 p1", "--objects", "3,4x2").splitlines()
    head, first, second = lines[-3:]
    assert head.split() == ["stage", "output", "field", "stride", "3", "4x2"]
    assert first.split()[-4:] == ["100", "%,", "1", "-"]
    assert second.split()[-6:] == ["100", "%,", "1..4", "100", "%,", "1..2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--near", "big"], "'big' is no list of sizes; give sides, as in 224,256 or 192x256"),
        (["--near", "9x9"], "9x9 has 2 sides, the input has 1; give one number"),
        (["--near", "0"], "an input of 0 does not fit 1 axes"),
        (["--objects", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17"], "17 objects are asked about; give 1 to 16"),
    ],
)
def test_what_cannot_be_asked(arguments, message, capsys):
    assert main(["sizes", "9; conv k3", *arguments]) == 2
    assert message in capsys.readouterr().err
