"""What the README says can be typed gives what the README says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from core.__main__ import main
from core.exact import imbalance, path_counts, stride_period
from core.network import graph_of, parse

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python -m core (.+?)(?: +#.*)?$", TEXT, re.MULTILINE)
NETWORKS = re.findall(r"\| `(\d+[^`|]*;[^`|]*)` \|$", TEXT, re.MULTILINE)

# Of each network in the README's table of answers, the measure that the answer quotes, to the digits it quotes.
QUOTED = {
    "9x9; conv k3 x4": ("max_min", 361),
    "65; conv k3 p1 x20": ("corner_centre", 0.213),
    "65; conv k3 x20": ("max_min", 3_485_425_401),
    "65; conv k3 full x20": ("max_min", 1),
    "65; conv k3 same symmetric x20": ("max_min", 1),
    "64x64; conv k3 s2 p1 x3": ("parity", 25),
    "65x65; random r8 seed0; conv k3 p1 x20": ("corner_centre", 0.48),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_answers(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out


def test_the_python_of_the_readme_prints_what_its_comments_say() -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
    run = subprocess.run([sys.executable, "-c", code], cwd=README.parent, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == re.findall(r"^print.*  # (.*)$", code, re.MULTILINE)


def test_every_network_of_the_table_of_answers_has_a_quoted_measure() -> None:
    assert set(NETWORKS) == set(QUOTED)


@pytest.mark.parametrize("text", QUOTED)
def test_the_answers_of_the_readme_are_right(text: str) -> None:
    name, told = QUOTED[text]
    graph = graph_of(parse(text))
    found = imbalance(path_counts(graph), stride_period(graph))[name]
    assert found is not None
    assert float(found) == pytest.approx(told, rel=0.005)
    shown = f"{told:,}" if isinstance(told, int) else str(told)
    assert told == 1 or shown in TEXT


def test_the_readme_has_one_line_to_start_and_one_to_test() -> None:
    lines = re.findall(r"^python3 -m venv \.venv && .*$", TEXT, re.MULTILINE)
    assert sum(line.endswith("streamlit run app.py") for line in lines) == 1
    assert sum(line.endswith("-m pytest -n auto") for line in lines) == 1
