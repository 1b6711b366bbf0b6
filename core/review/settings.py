"""A project's own settings: the table ``[tool.receptive-fields]`` of the ``pyproject.toml`` in the current folder."""

import difflib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..checks import Severity
from ..errors import UserError
from .budgets import Budget, budgets_of

FILE = "pyproject.toml"
TABLE = "receptive-fields"
KEYS = ("designs", "budget", "baseline", "fail-on")
LEVELS: tuple[Severity, ...] = ("error", "warning")  # notes are no fault


@dataclass(frozen=True, slots=True)
class Settings:
    """What the project asks of ``check``; what its commands say comes first."""

    designs: tuple[str, ...] = ()
    budgets: tuple[Budget, ...] = ()
    baseline: Path | None = None
    fail_on: Severity = "error"
    places: dict[str, tuple[str, int]] = field(default_factory=dict)  # of each design: the file and line that list it


def project_settings(folder: Path) -> Settings:
    """The settings of a folder, all of them usual where it has none.

    Raises :class:`~.errors.UserError`, in one line, for a file that cannot be read, and for an unknown key or value.
    """
    path = folder / FILE
    if not path.is_file():
        return Settings()
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text).get("tool", {}).get(TABLE, {})
    except OSError as error:
        raise UserError(f"{FILE} cannot be read: {error.strerror}; make it readable, or start elsewhere") from error
    except (ValueError, AttributeError) as error:
        raise UserError(f"{FILE} is no TOML: {' '.join(str(error).split())}; mend it") from error
    where = f"[tool.{TABLE}] of {FILE}"
    if not isinstance(table, dict):
        raise UserError(f"{where} is {table!r}; make it a table")
    try:
        return _settings(table, path, text.splitlines())
    except UserError as error:
        raise UserError(f"{where}: {error}") from error


def _settings(table: dict[str, Any], path: Path, lines: list[str]) -> Settings:
    for key in table:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(KEYS)}"
            raise UserError(f"there is no key {key!r}; {hint}")
    designs = table.get("designs", [])
    if not isinstance(designs, list) or not all(isinstance(design, str) for design in designs):
        raise UserError(f'designs is {designs!r}; give a list of texts, as in ["my.py:build@3x96x96"]')
    baseline = table.get("baseline")
    if baseline is not None and not isinstance(baseline, str):
        raise UserError(f"baseline is {baseline!r}; give the name of a file")
    fail_on = table.get("fail-on", LEVELS[0])
    if fail_on not in LEVELS:
        raise UserError(f"fail-on is {fail_on!r}; give {' or '.join(LEVELS)}")
    places = {
        design: (str(path), next((number for number, line in enumerate(lines, start=1) if design in line), 1))
        for design in designs  # one that is written with escapes is on no line as it is: then the first
    }
    known = None if baseline is None else path.parent / baseline
    return Settings(tuple(designs), _budgets(table.get("budget", {})), known, fail_on, places)


def _budgets(limits: Any) -> tuple[Budget, ...]:
    if not isinstance(limits, dict):
        raise UserError(f"budget is {limits!r}; give a table of numbers, as in budget = {{parity = 1.5}}")
    for name, limit in limits.items():
        if isinstance(limit, bool) or not isinstance(limit, (int, float)):
            raise UserError(f"the budget of {name} is {limit!r}; give a number")
    return budgets_of({name: repr(limit).replace("e+", "e") for name, limit in limits.items()})
