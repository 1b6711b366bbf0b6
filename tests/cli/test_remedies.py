"""``remedies``: the table, the refusals, the answers, and the same contract as the other commands."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.__main__ import main
from core.comparison import MEASURES
from core.remedies import REMEDIES

ROOT = Path(__file__).parents[2]
NETWORK = "32x32; conv k3 s2 p1 x3"


def answered(capsys, *argv: str) -> str:
    assert main(["remedies", *argv]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def document(capsys, *argv: str) -> dict:
    return json.loads(answered(capsys, *argv, "--json"))


def test_every_remedy_is_in_the_table_or_said_not_to_apply(capsys):
    found = document(capsys, NETWORK)
    assert list(found) == ["design", "network", "gates", "rank", "variants", "refused", "answers"]
    told = [tuple(row["remedies"]) for row in found["variants"] + found["refused"]]
    assert sorted(told) == sorted([(), *((name,) for name in REMEDIES)])
    assert found["answers"] == []
    out = answered(capsys, NETWORK)
    for name in REMEDIES:
        assert f"\n{name} " in out
    assert "padding-same        the network has no unpadded window; nothing to change\n" in out


def test_a_row_holds_every_number(capsys):
    row = document(capsys, NETWORK, "--remedy", "kernel-padding", "--rank", "parity")["variants"][0]
    assert row["remedies"] == ["kernel-padding"]
    assert row["network"] == "32x32; conv k4 s2 p1 x3"
    assert row["even"] == {"centre_bias": 0.5289256198347108, "foveation": 1 / 64, "parity": 1.0, "uneven_padding": 1.0}
    assert (row["input"], row["output"], row["left_over"]) == ([32, 32], [4, 4], 0)
    assert (row["field"], row["expected_field"]) == ([22, 22], [19, 19])
    assert (row["parameters"], row["multiply_adds"]) == (48, 16 * (256 + 64 + 16))
    assert row["imbalance"]["max_min"] == 64.0
    assert row["pixels"] == 1024
    line = answered(capsys, NETWORK, "--remedy", "kernel-padding").split("\nkernel-padding")[1].splitlines()[0]
    assert line.split() == [
        "0.5289",
        "0.01562",
        "1",
        "1",
        "0",
        "32x32",
        "4x4",
        "22x22",
        "19x19",
        "48",
        "5,376",
        "1,024",
    ]


def test_several_remedies_are_shown_alone_and_together(capsys):
    asked = ["--remedy", "even-input", "--remedy", "kernel-padding + border-circular"]
    rows = document(capsys, NETWORK, *asked, "--rank", "max_min")["variants"]
    assert sorted(tuple(row["remedies"]) for row in rows) == [
        (),
        ("even-input",),
        ("even-input", "kernel-padding", "border-circular"),
        ("kernel-padding", "border-circular"),
    ]
    assert rows[0]["remedies"] == ["kernel-padding", "border-circular"]
    assert rows[0]["imbalance"]["max_min"] == 1


def test_numbers_of_a_remedy_are_taken(capsys):
    rows = document(capsys, "9; conv k3", "--remedy", "random-connections r2 seed5")["variants"]
    assert "9; random r2 seed5; conv k3" in [row["network"] for row in rows]
    rows = document(capsys, "9; conv k3 p1", "--remedy", "partial-padding")["variants"]
    assert [row["network"] for row in rows if row["remedies"]] == [None]


def test_the_best_comes_first(capsys):
    for measure, metric in MEASURES.items():
        rows = document(capsys, NETWORK, "--remedy", "padding-full", "--rank", measure)
        assert rows["rank"] == measure
        if measure in ("parameters", "multiply_adds", "left_over"):
            values = [row[measure] for row in rows["variants"]]
            assert values == sorted(values, reverse=metric.larger_is_better)


def test_the_stack_exchange_question_is_answered(capsys):
    name = "Stack Exchange: 64-wide windows moved by 4"
    out = " ".join(answered(capsys, name, "--remedy", "border-symmetric").split())
    for told in (
        "is it so? yes: a corner pixel has 1 path, the centre 256: 1 to 256",
        "does it grow exponentially with depth? yes: times 256 with every step: 1 to 256, 65,536 on an input of 1024",
        "the size? no, as far as it goes: times 4 with the first step, 2.71 with the last: 1 to 4, 12.6, 34.3",
        "no: reflect padding helps no more than zeros do: 256 times becomes 4.52 times (zeros: 4); the output is 64x64",
        "yes: symmetric padding makes all pixels equal: 256 times becomes 1 time (zeros: 4); the output is 64x64",
        "yes: full padding makes all pixels equal: 256 times becomes 1 time; the output is 80x80",
        "yes: non-overlapping windows make all pixels equal: 256 times becomes 1 time; the output is 4x4",
        "connections help? on average: with 8 more for each pixel the outermost pixels have 0.903",
    ):
        assert told in out
    points = document(capsys, name, "--remedy", "border-symmetric")["answers"]
    assert len(points) == 8
    assert points[0] == {
        "question": "is it so?",
        "verdict": "yes",
        "told": "a corner pixel has 1 path, the centre 256: 1 to 256",
        "numbers": {"centre over corner": 256.0},
    }


def test_a_model_is_compared_with_every_remedy_or_told_why_not(capsys, mine):
    assert main(["remedies", f"{mine}:build", "--input", "3x32x32", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["design", "model", "stage", "gates", "rank", "variants", "refused", "answers"]
    rows = {tuple(row["remedies"]): row for row in found["variants"]}
    refused = {row["remedies"][0]: row["reason"] for row in found["refused"]}
    assert {remedy for (remedy,) in filter(None, rows)} | set(refused) == set(REMEDIES)
    assert {("kernel-padding",), ("even-input",), ("partial-padding",), ("non-overlapping",)} < set(rows)
    assert refused["deeper"] == "deeper is for typed networks: it adds layers, whose weights would have to be trained"
    assert rows["even-input",]["input"] == [33, 33]
    assert rows[()]["parameters"] == 27 * 8 + 72 * 8
    assert rows["kernel-padding",]["even"]["parity"] == 1


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "the following arguments are required: DESIGN"),
        (
            ["9; conv k3", "--remedy", "kernel-paddin"],
            "there is no remedy 'kernel-paddin'; did you mean kernel-padding?",
        ),
        (["9; conv k3", "--remedy", "deeper+"], "there is no remedy ''; there are border-symmetric"),
        (["9; conv k3", "--remedy", "deeper r3"], "deeper does not take 'r3'; it takes no numbers"),
        (["9; conv k3", "--rank", "ginny"], "there is no measure 'ginny'; did you mean gini?"),
        (["9; conv k11"], "layer 1 (conv k11): a window spanning 11 does not fit 9 samples"),
        (["1024x1024; add(skip | conv k31 p15) x40"], "seconds, more than 60"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_status_2(argv, message, capsys):
    assert main(["remedies", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


def test_the_command_explains_itself(capsys):
    assert main(["remedies", "--help"]) == 0
    out = capsys.readouterr().out
    assert "example:\n  python -m core remedies " in out
    for word in (*REMEDIES, *MEASURES, '"multiply_adds"'):
        assert word in out
    assert main(["--help"]) == 0
    assert "\n  remedies" in capsys.readouterr().out


def test_typed_networks_load_no_torch():
    script = (
        "import sys; from core.__main__ import main; status = main(['remedies', '9; conv k3', '--json']); "
        "sys.exit(status or str({'torch', 'plotly', 'streamlit'} & set(sys.modules)).replace('set()', '') or 0)"
    )
    finished = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True)
    assert (finished.returncode, finished.stderr) == (0, b"")
