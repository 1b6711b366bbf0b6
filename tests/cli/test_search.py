"""``search``: the size first, then the front with texts that other commands take; or one line of refusal."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.__main__ import main

ROOT = Path(__file__).parents[2]
SPACE = "64; conv k{3,4,5} s2 p{0..2}; conv k{3,5} p{1,2}; conv k{3,99} p1"


def document(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, object]:
    assert main(["search", *argv, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_front_is_told_best_first_with_texts_that_other_commands_take(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", SPACE, "--where", "unread == 0", "--pareto", "parity,multiply_adds"]) == 0
    out, err = capsys.readouterr()
    assert err == "72 members\n"
    head, front, impossible = out.split("\n\n")
    assert "members      72 members\ncounted      36 designs\nimpossible   36, listed below\n" in head
    assert "where        unread == 0: 28 designs" in head
    assert "the best of  parity (smaller), multiply_adds (smaller): 2 designs" in head
    assert front.splitlines() == [
        "parity  multiply_adds  alike  design",
        "     1            310         64; conv k4 s2; conv k3 p1 x2",
        "     2            288         64; conv k3 s2 p1; conv k3 p1 x2",
    ]
    assert "  36: a window spanning … does not fit … samples padded by …\n" in impossible
    assert "the first: 64; conv k3 s2 p0; conv k3 p1; conv k99 p1" in impossible
    for line in front.splitlines()[1:]:
        assert main(["paths", line[line.index("64; ") :]]) == 0


def test_the_document_holds_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, SPACE, "--where", "unread == 0", "--pareto", "parity,multiply_adds")
    assert [best["design"] for best in found["front"]] == [
        "64; conv k4 s2; conv k3 p1 x2", "64; conv k3 s2 p1; conv k3 p1 x2",
    ]  # fmt: skip
    assert [best["values"] for best in found["front"]] == [
        {"parity": 1.0, "multiply_adds": 310}, {"parity": 2.0, "multiply_adds": 288},
    ]  # fmt: skip
    assert (found["size"], found["counted"], found["met"], found["sample"], found["out"]) == (72, 36, 28, None, None)
    assert found["pareto"][0] == {"name": "parity", "better": "smaller"}


def test_another_question_is_answered_from_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "found.parquet")
    first = document(capsys, SPACE, "--pareto", "max:field,multiply_adds", "--out", out)
    written = Path(out).read_bytes()
    again = document(capsys, SPACE, "--pareto", "max:field,multiply_adds", "--where", "field > 15", "--out", out)
    assert Path(out).read_bytes() == written
    assert again["front"] == [best for best in first["front"] if best["values"]["field"] > 15]


def test_a_sample_is_named_with_its_seed(capsys: pytest.CaptureFixture[str]) -> None:
    space = "; ".join(["99", *["conv k{3..60} p{0..20}"] * 8])
    found = document(capsys, space, "--sample", "20", "--seed", "5")
    assert found["sample"] == {"members": 20, "seed": 5}
    assert found["size"] == (58 * 21) ** 8
    assert found == document(capsys, space, "--sample", "20", "--seed", "5")
    assert main(["search", space, "--sample", "20"]) == 0
    assert capsys.readouterr().err == f"{(58 * 21) ** 8:,} members, of which 20 are drawn\n"


def test_workers_change_nothing(tmp_path: Path) -> None:
    space = "12x12; conv k{1..6} p{0..5}; add(skip | conv k{1,3} same); conv k{1,2}"
    files = []
    for workers in ("1", "2"):
        files.append(tmp_path / f"{workers}.parquet")
        argv = [sys.executable, "-m", "core", "search", space, "--workers", workers, "--out", str(files[-1])]
        ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True)
        assert (ended.returncode, ended.stderr) == (0, "144 members\n")
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["9; conv k{3"], "character 10: this brace is not closed"),
        (["9; conv k{3,x}"], "the member '9; conv kx' cannot be read: character"),
        (["9; conv k{3,5}", "--where", "size > 3"], "there is no 'size' to search by"),
        (["9; conv k{3,5}", "--pareto", "fields"], "did you mean field?"),
        (["9; conv k{1..9999}; conv k{1..9999}"], "are counted at most; draw some with --sample"),
        (["9; conv k{3,5}", "--sample", "0"], "'0' is no number of members"),
        (["9; conv k{3,5}", "--workers", "none"], "'none' is no number of processes"),
        (["9; conv k{3,5}", "--seed", "-1"], "'-1' is no seed"),
        (["9; conv k{3,5}", "--out", "found.csv"], "does not end in .parquet"),
    ],
)
def test_bad_input_has_status_2_and_one_line(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err.splitlines()[-1]
    assert [line for line in err.splitlines() if not line.endswith(" members")] == err.splitlines()[-1:]
