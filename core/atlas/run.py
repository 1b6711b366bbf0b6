"""A run over the zoo: every model's row, kept as soon as it is known, so that a run that was stopped goes on."""

import json
import os
import shutil
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import torch

from ..errors import UserError
from ..pool import spread
from ..search.store import write_whole
from .row import Row, model_row

_ATTEMPTS = 3  # at a model whose process ends
_ABOUT = "about.json"


class Parts:
    """The rows that are known, a file each, in a folder beside ``out``; ``about``: what they depend on."""

    def __init__(self, out: Path, about: dict[str, Any]) -> None:
        """Raises :class:`~.errors.UserError` where the folder holds others, or nothing can be written."""
        if out.suffix != ".parquet":
            raise UserError(f"the atlas {str(out)!r} does not end in .parquet; name it like atlas.parquet")
        self._out = Path(os.path.realpath(out))
        self._folder = self._out.with_name(f"{self._out.name}.parts")
        told = self._folder / _ABOUT
        try:
            if told.exists() and json.loads(told.read_text(encoding="utf-8")) != about:
                raise UserError(f"{self._folder} holds rows of other versions; remove it, or name another file")
            self._folder.mkdir(exist_ok=True)
            write_whole(told, json.dumps(about).encode())
        except (OSError, json.JSONDecodeError) as error:
            raise self._unwritable(error) from error

    def row(self, name: str) -> Row | None:
        """A row that is known already."""
        try:
            row: Row = json.loads(self._path(name).read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError):
            return None
        return row

    def keep(self, row: Row) -> None:
        """Writes a row."""
        try:
            write_whole(self._path(row["model"]), json.dumps(row).encode())
        except OSError as error:
            raise self._unwritable(error) from error

    def end(self, content: bytes) -> None:
        """Puts the whole file in its place, and takes the rows away."""
        try:
            write_whole(self._out, content)
            shutil.rmtree(self._folder)
        except OSError as error:
            raise self._unwritable(error) from error

    def _path(self, name: str) -> Path:
        return self._folder / f"{quote(name, safe='')}.json"

    def _unwritable(self, error: Exception) -> UserError:
        words = error.strerror if isinstance(error, OSError) else str(error)
        return UserError(f"the atlas cannot be written to {str(self._out)!r}: {words}; write elsewhere")


def rows(names: Sequence[str], parts: Parts, processes: int, lost: Callable[[str, int], object]) -> Generator[Row]:
    """The row of every name, those that are known first; ``lost`` hears of each process that ended from outside."""
    missing = []
    for name in names:
        if (row := parts.row(name)) is None:
            missing.append(name)
        else:
            yield row
    if processes == 1:
        for name in missing:
            row = row_alone(name)
            parts.keep(row)
            yield row
        return
    with closing(spread(row_alone, missing, processes, _ATTEMPTS, lost)) as done:
        for _, row in done:
            parts.keep(row)
            yield row


def row_alone(name: str) -> Row:
    """The row of a model, with one thread and without the warnings of models."""
    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model_row(name)
