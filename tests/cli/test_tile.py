"""``tile``: the halo, the tiles, what is lost and what is proved, for readers and as JSON."""

import json
import re

import pytest

from core.__main__ import main

UNET = "48x48; conv k3 p1; concat(skip | maxpool k2; conv k3 p1; tconv k2 s2); conv k3 p1"


def _answer(capsys, *arguments):
    status = main(["tile", *arguments])
    said = capsys.readouterr()
    assert status == 0, said.err
    return said.out


def test_json_has_every_key(capsys):
    answer = json.loads(_answer(capsys, "64; conv k3 s2 p1; conv k3 p1", "--json"))
    assert answer == {
        "design": "64; conv k3 s2 p1; conv k3 p1", "network": "64; conv k3 s2 p1; conv k3 p1",
        "gates": {"read": False, "layers": [], "statistics": []},
        "halo": {"before": [3], "after": [2]}, "offset": [0], "grid": [2], "exact": True, "because": [],
        "smallest": [8], "phases": 1, "tile": None, "step": None, "owned": None, "recomputed": None, "bytes": None,
        "lost": None, "proved": None, "settings": [],
        "stages": [
            {"layer": "layer 1 (conv k3 s2 p1)", "output": [32], "before": [1], "after": [0],
             "exchange_before": [1], "exchange_after": [0]},
            {"layer": "layer 2 (conv k3 p1)", "output": [32], "before": [3], "after": [2],
             "exchange_before": [1], "exchange_after": [1]},
        ],
    }  # fmt: skip


def test_a_tile_of_the_u_net_of_2015(capsys):
    answer = json.loads(_answer(capsys, "U-Net 572", "--tile", "572", "--json"))
    assert (answer["halo"], answer["offset"]) == ({"before": [92, 92], "after": [92, 92]}, [92, 92])
    assert (answer["grid"], answer["phases"]) == ([16, 16], 256)
    assert (answer["tile"], answer["step"]) == ([572, 572], [384, 384])
    assert answer["owned"] == [{"first": 0, "end": 388}] * 2


def test_less_overlap_loses_paths(capsys):
    answer = json.loads(_answer(capsys, "64; conv k3 p1 x4", "--tile", "32", "--overlap", "3", "--json"))
    assert answer["lost"] == {"outputs": 2, "share_most": 1 / 81}
    assert "2 of the outputs kept change, and lose up to 1.2 % of their paths" in _answer(
        capsys, "64; conv k3 p1 x4", "--tile", "32", "--overlap", "3"
    )
    assert "nothing: an overlap of 4 is enough" in _answer(capsys, "64; conv k3 p1 x4", "--overlap", "4")


def test_a_network_and_own_code_are_proved(capsys, mine):
    for design in (UNET, f"{mine}:build@3x32x32"):
        proved = json.loads(_answer(capsys, design, "--prove", "--json"))["proved"]
        assert proved["difference"] < 1e-12 < 1e-6 < proved["difference_one_less"]
    assert "standard deviations" in _answer(capsys, UNET, "--prove")


def test_what_makes_tiling_inexact_is_named_with_its_layer(capsys):
    text = "nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.GroupNorm(2, 4))@3x16x16"
    answer = json.loads(_answer(capsys, text, "--json"))
    assert answer["exact"] is False
    assert answer["halo"] == {"before": [1, 1], "after": [1, 1]}
    (because,) = answer["because"]
    assert because["reason"] == "takes statistics over all positions"
    assert "native_group_norm" in because["layer"]
    assert "1 before, 1 after; without that" in _answer(capsys, text)
    answer = json.loads(_answer(capsys, "60; concat(conv k3 s2 p1 | conv k31)", "--json"))
    assert (answer["halo"], answer["grid"], answer["exact"]) == (None, None, False)
    assert "no grid fits tiles" in _answer(capsys, "60; concat(conv k3 s2 p1 | conv k31)")


def test_memory_finds_the_largest_tile(capsys):
    answer = json.loads(_answer(capsys, "U-Net", "--memory", "16", "--json"))
    assert answer["tile"] == [256, 256]
    assert answer["bytes"] <= 16 * 2**20
    assert 2 < answer["recomputed"] < 3


def test_the_code_is_written(capsys, tmp_path):
    path = tmp_path / "tiles.py"
    _answer(capsys, UNET, "--code", str(path))
    assert "GRID = (2, 2)" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["U-Net", "--tile", "250"], "tiles of 250 do not begin on multiples of 8 .* take 248 or 256"),
        (["U-Net", "--tile", "0"], "'0' is no tile; give pixels, as 256 or 256x192"),
        (["64; conv k3", "--tile", "32x32"], "a tile of 32x32 has 2 sides, the input 1; give one number"),
        (["U-Net", "--tile", "256", "--memory", "9"], "leave one of them out"),
        (["U-Net", "--memory", "1"], "the smallest tile, 104x104, holds .* more than 1,048,576"),
        (["64; conv k3 p1; global", "--prove"], "the output is made of all positions; tiles end with layer 1"),
        (["U-Net", "--overlap", "x"], "'x' is no whole number"),
        (["U-Net", "--code", "/nowhere/tiles.py"], "cannot be written"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(capsys, arguments, words):
    assert main(["tile", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert re.search(words, said.err), said.err
