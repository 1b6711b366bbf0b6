"""``field``: every layer's numbers, and what is out of the ordinary about it."""

import json

import pytest

from core.__main__ import main

LAYER = {
    "layer": "conv k3 s2 p1", "output": [4], "size": [3], "stride": [2], "padding": [1], "centre": [0],
    "unread": [1], "unread_input": [0], "branch_strides": [None], "misaligned": [None], "unproductive": False,
    "gate": False,
}  # fmt: skip


def _layers(capsys, network):
    assert main(["field", network, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["layers"]


def test_a_layer_is_told_with_every_key(capsys):
    assert _layers(capsys, "8; conv k3 s2 p1") == [LAYER]


def test_vgg_16_has_the_published_fields(capsys):
    layers = _layers(capsys, "vgg-16")
    assert [layer["size"][0] for layer in layers] == [
        3, 5, 6, 10, 14, 16, 24, 32, 40, 44, 60, 76, 92, 100, 132, 164, 196, 212,
    ]  # fmt: skip
    last = layers[-1]
    assert (last["layer"], last["output"]) == ("maxpool k2", [7, 7])
    assert (last["size"], last["stride"], last["padding"], last["centre"]) == (
        [212] * 2,
        [32] * 2,
        [90] * 2,
        [15.5] * 2,
    )


@pytest.mark.parametrize(
    ("network", "key", "expected"),
    [
        ("9; tconv k1 s2", "size", [[0, 1]]),  # units between the spread samples see nothing
        ("9; tconv k1 s2 p1", "padding", [None]),
        ("9; tconv k1 s2 p1", "centre", [None]),
        ("9; conv k1 s4", "unread", [0]),
        ("9x10; conv k2 s4", "unread", [3, 0]),
        ("9x10; conv k2 s4", "unread_input", [3, 0]),
        ("5; upsample s2", "stride", [0.5]),
        ("5; add(conv k3 | conv k1 s2)", "stride", [None]),
        ("5; add(conv k3 | conv k1 s2)", "branch_strides", [[1, 2]]),
        ("8; add(conv k2 p1:0 | skip)", "misaligned", [[0.5, 0.5]]),
        ("5; conv k5 p2; conv k3 p1", "unproductive", True),
    ],
)
def test_the_last_layer_tells(network, key, expected, capsys):
    assert _layers(capsys, network)[-1][key] == expected


def test_a_network_without_layers_has_none(capsys):
    assert _layers(capsys, "9x9 c3") == []


def test_the_table_has_one_line_per_layer(capsys):
    assert main(["field", "224x224; conv k7 s2 p3; maxpool k3 s2 p1; add(skip | conv k3 p1)"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[3:] == [
        "layer output size stride padding centre unread",
        "1 conv k7 s2 p3 112x112 7 2 3 0 1",
        "2 maxpool k3 s2 p1 56x56 11 4 5 0 1",
        "3 conv k3 p1 56x56 19 4 9 0 0",
        "4 add 56x56 19 4 9 0 0",
    ]


@pytest.mark.parametrize(
    ("network", "remark"),
    [
        ("9; conv k2 s4", "3 of its input's last positions are not read"),
        ("8; add(conv k2 p1:0 | skip)", "its branches' centres are 0.5 apart"),
        ("5; conv k5 p2; conv k3 p1", "what it reads has seen the whole input already"),
        ("5; add(conv k3 | conv k1 s2)", "branches of strides 1..2 meet"),
    ],
)
def test_the_table_remarks_on_what_is_out_of_the_ordinary(network, remark, capsys):
    assert main(["field", network]) == 0
    assert remark in capsys.readouterr().out
