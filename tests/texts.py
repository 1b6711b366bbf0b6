"""The README and the references beside the code, as the tests read them: code, tables, sections."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FOLDERS = (
    "core/cli",
    "core/design",
    "core/exact",
    "core/remedies",
    "pages",
    "core/lessons",
    "core/search",
    "core/review",
)
NAMES = ("README.md", *(f"{folder}/README.md" for folder in _FOLDERS))
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}


def blocks(text: str, language: str) -> list[str]:
    """The code between fences that name a language; between those that name none where it is empty."""
    code = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [block for named, block in code if named == language]


def rows(text: str, head: str) -> list[list[str]]:
    """The cells of the rows of the only table whose head begins so; an escaped bar is a bar."""
    (body,) = re.findall(rf"^\| {re.escape(head)}.*\|\n\| ---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in body.splitlines()]
    return [[cell.strip().replace("\\|", "|") for cell in cells] for cells in lines]


def quoted(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level."""
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
