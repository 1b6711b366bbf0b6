"""What the README and the references beside the code say can be typed, gives what they say."""

import re
import shlex
from pathlib import Path

import pytest

from core.__main__ import COMMANDS, main
from core.design.analysis import DesignAnalysis
from core.design.opening import design_of
from core.exact import imbalance, path_counts, stride_period
from core.network import graph_of, parse
from tests.live.onnx.files import two_scales
from tests.texts import NAMES, ROOT, TEXTS, blocks, quoted, rows

README = TEXTS["README.md"]
MINE = "from torch import nn\ndef build(): return nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU())\n"
_COMMAND = re.compile(r"^(?: *- run: )?(?:python -m core|receptive-fields) (.+?)(?: +# .*)?$", re.MULTILINE)

# Of networks in the README's table of answers, a measure that the answer quotes, to the digits it quotes.
QUOTED = [
    ("9x9; conv k3 x4", "max_min", "361"),
    ("65; conv k3 p1 x5", "corner_centre", "0.395"),
    ("65; conv k3 p1 x20", "corner_centre", "0.213"),
    ("65; conv k3 x20", "max_min", "3,485,425,401"),
    ("65; conv k3 full x20", "max_min", "1"),
    ("65; conv k3 same symmetric x20", "max_min", "1"),
    ("65; conv k3 same reflect x20", "max_min", "1.99"),
    ("64x64; conv k2 s2 x3", "max_min", "1"),
    ("64x64; conv k3 s2 p1 x3", "parity", "25"),
    ("65x65; conv k3 p1 x20", "corner_centre", "0.045"),
    ("65x65; conv k3 p1 x20", "gini", "0.129"),
    ("65x65; random r8 seed0; conv k3 p1 x20", "corner_centre", "0.48"),
    ("65x65; random r8 seed0; conv k3 p1 x20", "gini", "0.185"),
]


def typed_commands() -> list[str]:
    """Every command of every text, once each, without the program's name."""
    code = "\n".join(block for text in TEXTS.values() for kind in ("sh", "yaml") for block in blocks(text, kind))
    return list(dict.fromkeys(_COMMAND.findall(code)))


def test_all_commands_are_found() -> None:
    commands = typed_commands()
    assert "check my.py:build --input 3x96x96 --fail-on warning" in commands
    assert {command.split()[0] for command in commands} == set(COMMANDS)


@pytest.mark.parametrize("command", typed_commands())
def test_every_command_answers(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.py").write_text(MINE)
    (tmp_path / "exported").mkdir()
    (tmp_path / "exported" / "unet.onnx").write_bytes(two_scales())
    status = main(shlex.split(command))
    said = capsys.readouterr()
    assert status == int("--fail-on warning" in command), said.err
    assert said.out


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if blocks(text, "python")])
def test_the_python_of_each_text_prints_what_its_comments_say(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = "\n".join(blocks(TEXTS[name], "python"))
    exec(code, {"__name__": "__main__"})  # noqa: S102  # it is what a reader would run
    assert capsys.readouterr().out.splitlines() == re.findall(r"^print.*  # (.*)$", code, re.MULTILINE)


@pytest.mark.parametrize(("text", "measure", "digits"), QUOTED)
def test_the_answers_of_the_readme_are_right(text: str, measure: str, digits: str) -> None:
    graph = graph_of(parse(text))
    value = imbalance(path_counts(graph), stride_period(graph))[measure]
    assert value is not None
    decimals = len(digits.partition(".")[2])
    assert f"{float(value):,.{decimals}f}" == digits
    assert digits == "1" or digits in README


def test_every_network_of_the_table_of_answers_has_a_quoted_measure() -> None:
    networks = {text for *_, cell in rows(README, "asked") for text in quoted(cell)}
    assert len(networks) == 7
    assert networks <= {text for text, *_ in QUOTED}


def test_the_numbers_beside_the_pictures_are_right() -> None:
    counts = path_counts(graph_of(parse("15x15; conv k3 p1 x4")))
    assert f"{counts.at((7, 7)):,} paths lead from the centre pixel" in README.replace("\n", " ")
    assert f"= {counts.at((0, 0)):,} from a corner" in README.replace("\n", " ")
    along = path_counts(graph_of(parse("15; conv k3 p1 x4")))
    assert f"{along.at((7,))} × {along.at((7,))} =" in README
    assert f"{along.at((0,))} × {along.at((0,))} =" in README
    corners = []
    for change in ("conv k3 s2 p1 x3", "conv k4 s2 p1 x3", "conv k4 s2 p1 circular x3"):
        counts = path_counts(graph_of(parse(f"32x32; {change}")))
        corners.append((counts.at((0, 0)), max(counts.multiplicities())))
    assert corners == [(1, 25), (1, 64), (64, 64)]
    assert "a corner has 1 of 25 paths, with kernel padding 1 of 64, with circular borders as well 64 of 64" in README
    designs = (design_of("timm:resnet50"), design_of("timm:resnet50+kernel-padding"))
    before, after = (DesignAnalysis(design).measures()["parity"] for design in designs)
    assert before is not None
    assert after is not None
    assert (f"{float(before):.2f}", f"{float(after):.3f}") == ("2.41", "1.021")
    assert "read unequally, 2.41 times; kernel padding leaves 1.021" in README


def test_the_readme_has_one_line_to_start_and_one_to_test() -> None:
    lines = re.findall(r"^python3 -m venv \.venv && .*$", README, re.MULTILINE)
    assert sum(line.endswith("streamlit run app.py") for line in lines) == 1
    assert sum(line.endswith("-m pytest -n auto") for line in lines) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_file_and_a_heading(name: str) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", TEXTS[name])
    assert targets
    for target in targets:
        file, _, heading = target.partition("#")
        path = (ROOT / name).parent / file if file else ROOT / name
        assert path.exists(), target
        assert path.suffix != ".png" or path.stat().st_size < 300_000, target
        if heading:
            titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]
            assert heading in anchors, target
